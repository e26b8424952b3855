"""Making a technology found: traits and spans for lists, a vector for search, a numbered change.

What a technology is found by follows from its public record and from the reference. When the
reference changes, ``follow_reference`` writes it anew, behind the page.
"""

from typing import Any

from django.db import connection, transaction

from catalog import kept, origins, vocabulary
from catalog.browsing import search, words
from catalog.browsing.ranges import spans_of
from catalog.browsing.traits import traits_of
from catalog.models import Change, Technology
from catalog.states import TechnologyStatus
from catalog.version import version_now
from catalog.vocabulary import Reference
from core.alone import alone

BATCH = 200

_WRITE = f"""
    UPDATE catalog_technology
       SET traits = %s::text[], figures = %s::jsonb, edition = %s, search = {search.VECTOR}
     WHERE id = %s
"""  # noqa: S608 -- a part of our own


def note(technology: Technology, kind: str) -> None:
    """Put a change into the order of changes; its number comes with the commit."""
    Change.objects.create(technology=technology, kind=kind, seq=technology.seq)
    kept.changed()


def index(technology: Technology) -> None:
    """Make a technology found by what is public of it now: by nothing, unless it is listed."""
    # Edition 0: the words of its titles are noted behind the page (follow_reference).
    _write(technology, vocabulary.reference_at(version_now().edition), edition=0)


def follow_reference() -> int:
    """Index anew what was indexed by another edition of the reference; return how many were.

    One runs at a time: two that began at different editions would undo each other's rows.
    """
    with alone("catalog.follow_reference") as mine:
        return _follow() if mine else 0


def _follow() -> int:
    done, told, last = 0, True, None
    while pks := _due(edition := version_now().edition):
        for pk in pks:
            if (changed := _index_anew(pk, edition)) is not None:
                done, told, last = done + 1, changed, pk
    if last and not told:
        # Vectors and words are none of the traits: pages kept meanwhile are drawn anew.
        note(Technology.objects.defer("search").get(pk=last), Change.Kind.INDEXED)
    return done


def _due(edition: int) -> list[Any]:
    rows = Technology.objects.exclude(edition=edition)
    return list(rows.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _index_anew(pk: Any, edition: int) -> bool | None:
    """Index one anew; say whether a change was noted, None where somebody was quicker."""
    technology = Technology.objects.select_for_update(no_key=True).defer("search").get(pk=pk)
    if technology.edition == edition:
        return None
    known = technology.traits
    reference = vocabulary.reference_at(edition)
    _write(technology, reference, edition=edition)
    if technology.status == TechnologyStatus.LISTED:
        words.note(words_of(technology, reference))
    if technology.traits == known:
        return False
    note(technology, Change.Kind.INDEXED)
    return True


def _write(technology: Technology, reference: Reference, *, edition: int) -> None:
    names: list[str] = []
    technology.traits, technology.figures = [], []
    if technology.status == TechnologyStatus.LISTED:
        technology.traits = traits_of(
            technology.content, year=origins.year_of(technology), corridors=reference.corridors_of
        )
        spans = spans_of(technology.content)
        technology.figures = [[str(one.measure), one.low, one.high] for one in spans]
        names = names_of(technology, reference)
    technology.edition = edition
    figures = search.as_json(technology.figures)
    vector = search.values(technology.content, names)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [technology.traits, figures, edition, *vector, technology.pk])


def names_of(technology: Technology, reference: Reference) -> list[str]:
    """Return names people look for: of its field, country, form, of what it treats and in what."""
    record, terms = technology.content, reference.terms
    return [
        *vocabulary.all_names(reference.subcategories, [record["subcategory"]]),
        *vocabulary.all_names(reference.fields, [record["field"]]),
        *vocabulary.all_names(reference.countries, [record["holder"]["country"]]),
        *vocabulary.all_names(terms.get("pollutant", {}), record.get("pollutants") or []),
        *vocabulary.all_names(terms.get("matrix", {}), [record.get("matrix") or ""]),
        *vocabulary.all_names(terms.get("form", {}), [record.get("form") or ""]),
    ]


def words_of(technology: Technology, reference: Reference) -> list[str]:
    record = technology.content
    keywords = [text.get("keywords") or "" for text in record["texts"].values()]
    return [
        *record["titles"].values(),
        *(" ".join(one) if isinstance(one, list) else str(one) for one in keywords),
        *names_of(technology, reference),
        record["holder"].get("name_en") or "",
    ]
