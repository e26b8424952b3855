"""Which declarations have texts alike: for officers against all that was filed, for applicants
against their own and against what is public.

Compared are the hashes of versions in force (``submissions.fingerprints``). A phrase that more
than ``MANY`` organisations use is nobody's: it is no resemblance. Whoever stands above may
``register`` what else an applicant's text is compared with: the listed technologies.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from submissions.checks.look_alikes import (
    FEWEST,
    Likeness,
    compared,
    fingerprints,
    likeness,
    passages,
    texts_of,
)
from submissions.checks.papers import Alike
from submissions.models import Declaration, Fingerprint
from submissions.scheme import Scheme
from submissions.scheme.fields import MOST_CHARACTERS
from submissions.states import Status

MANY = 10  # organisations that use a phrase; of more it is common
SHOWN = 5
PASSAGES = 5

Hashes = Mapping[str, Set[int]]  # by language
# Of a version and a language: how many hashes there are, and which of them are shared.
Stored = dict[int, dict[str, tuple[int, frozenset[int]]]]
# A function of the database (migration 0027), which says why it is one.
_SHARED = "select * from submissions_shared_hashes(%s::bigint[], %s, %s)"


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of an applicant, as it would be filed, and who asks about it."""

    declaration: UUID
    organisation: UUID
    texts: Mapping[str, list[str]]  # by language
    hashes: Hashes
    stored: Stored  # where they are found

    @classmethod
    def of(cls, declaration: Declaration, translations: Mapping[str, Mapping[str, str]]) -> Self:
        """Read the working copy; ``translations`` are those that would be filed with it."""
        scheme = declaration.activity.scheme.load()
        every = {**translations, declaration.language: texts_of(scheme, declaration.content)}
        texts = {language: _read(scheme, by_place) for language, by_place in every.items()}
        hashes = {language: fingerprints(*some) for language, some in texts.items()}
        return cls(declaration.pk, declaration.organisation_id, texts, hashes, found_in(hashes))

    def compare(self, version: int, theirs: Hashes) -> Likeness | None:
        """Compare with texts of a version; phrases that many use do not count."""
        some = (hashes for _count, hashes in self.stored[version].values())
        return likeness(self.hashes, theirs, counted=frozenset().union(*some))

    def alike(self, found: Likeness, *, sentence: str, url: str) -> Alike:
        """Say what was found; the passages are cut out of the applicant's own text."""
        shared = passages(self.texts[found.mine], found.shared)
        return Alike(sentence, found.share, url, found.mine, tuple(shared[:PASSAGES]))


def _read(scheme: Scheme, by_place: Mapping[str, str]) -> list[str]:
    """Return what is compared of these texts: of one too long to be filed no more than could be."""
    places = compared(scheme)
    ceilings = {f"{section.key}.{one.key}": one.ceiling for section, one in scheme.translatable()}
    return [
        text[: ceilings.get(place, MOST_CHARACTERS)]
        for place, text in by_place.items()
        if place in places
    ]


# Asked with a draft; returns what it resembles that the applicant may open, best first.
Source = Callable[[Draft], Iterable[Alike]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Let a higher app compare drafts with what it holds; called once, from its ready()."""
    _sources.append(source)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A declaration as officers see it beside another one."""

    declaration: Declaration
    title: str
    found: Likeness


@dataclass(slots=True)
class Seen:
    """What an officer is shown: look-alikes, and what the organisation filed elsewhere itself."""

    look_alikes: list[LookAlike] = field(default_factory=list)
    elsewhere: list[LookAlike] = field(default_factory=list)


def of_applicant(
    declaration: Declaration, translations: Mapping[str, Mapping[str, str]]
) -> tuple[Alike, ...]:
    """Compare a draft with what its organisation filed, and with what the world may read."""
    draft = Draft.of(declaration, translations)
    filed = Declaration.objects.filter(
        organisation=draft.organisation, version__isnull=False
    ).exclude(status=Status.WITHDRAWN)
    near = nearest(draft.hashes, draft.stored, filed.exclude(pk=draft.declaration))
    own = [
        draft.alike(one.found, sentence=_sentence(one), url=_own_page(one)) for one in near[:SHOWN]
    ]
    return (*own, *(one for source in _sources for one in source(draft)))


def _sentence(one: LookAlike) -> str:
    return _(
        "This resembles your declaration %(number)s “%(title)s”: %(share)d %% of the shorter text."
    ) % {"number": one.declaration.number, "title": one.title, "share": one.found.share}


def _own_page(one: LookAlike) -> str:
    return reverse("submissions:declaration-detail", args=[one.declaration.pk])


def of_officer(declaration: Declaration, officer: Any) -> Seen:
    """Compare what is filed with everything that was, as far as this officer may open it.

    Asked when the page is read: of two that are filed in the same moment each shows the other.
    """
    mine = {
        one.language: frozenset(one.hashes)
        for one in Fingerprint.objects.filter(version=declaration.version_id)
    }
    seen = open_to(officer).exclude(pk=declaration.pk)
    found = Seen()
    for one in nearest(mine, found_in(mine), seen):
        other = one.declaration
        same = other.organisation_id == declaration.organisation_id
        apart = same and other.activity_id != declaration.activity_id
        (found.elsewhere if apart else found.look_alikes).append(one)
    del found.look_alikes[SHOWN:], found.elsewhere[SHOWN:]
    return found


def open_to(officer: Any) -> QuerySet[Declaration]:
    """Return what was filed and this person may open as an officer, not as a member."""
    mine = Organisation.objects.of_member(officer)
    rows = Declaration.objects.visible_to(officer).filter(version__isnull=False)
    return rows.exclude(organisation__in=mine.values("pk"))


def found_in(hashes: Hashes) -> Stored:
    """Look for hashes among all versions in force, whosoever they are; one query."""
    every = sorted({one for some in hashes.values() for one in some})
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [every, MANY, FEWEST])
        rows = cursor.fetchall()
    stored: Stored = {}
    for version, language, count, shared in rows:
        stored.setdefault(version, {})[language] = (count, frozenset(shared))
    return stored


def nearest(mine: Hashes, stored: Stored, declarations: QuerySet[Declaration]) -> list[LookAlike]:
    """Return those of the declarations that are alike, best first; one query."""
    alike = {}
    for version, theirs in stored.items():
        shared = {language: hashes for language, (_count, hashes) in theirs.items()}
        counts = {language: count for language, (count, _hashes) in theirs.items()}
        if found := likeness(mine, shared, counts=counts):
            alike[version] = found
    technology = KeyTransform("technology", KeyTransform("sections", F("version__content")))
    rows = (
        declarations.filter(version__in=alike)
        .select_related("organisation", "activity")
        .defer("content", "activity__notices")
        .annotate(filed_title=KeyTextTransform("title", technology))
    )
    near = [LookAlike(one, _title(one), alike[one.version_id]) for one in rows if one.version_id]
    return sorted(near, key=lambda one: (-one.found.share, str(one.declaration.number)))


def _title(row: Declaration) -> str:
    return getattr(row, "filed_title", "") or ""
