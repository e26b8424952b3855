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

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    Model,
    QuerySet,
    Value,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Least
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
from submissions.states import Status

MANY = 10  # organisations that use a phrase; of more it is common
NEAREST = 50  # rows of the database that are compared exactly
SHOWN = 5
PASSAGES = 5

Hashes = Mapping[str, Set[int]]  # by language


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of an applicant, as it would be filed, and who asks about it."""

    declaration: UUID
    organisation: UUID
    texts: Mapping[str, list[str]]  # by language
    hashes: Hashes
    common: frozenset[int]

    @classmethod
    def of(cls, declaration: Declaration, translations: Mapping[str, Mapping[str, str]]) -> Self:
        """Read the working copy; ``translations`` are those that would be filed with it."""
        scheme = declaration.activity.scheme.load()
        places = compared(scheme)
        texts = {
            language: [text for place, text in by_place.items() if place in places]
            for language, by_place in translations.items()
        }
        texts[declaration.language] = list(texts_of(scheme, declaration.content).values())
        hashes = {language: fingerprints(*some) for language, some in texts.items()}
        return cls(declaration.pk, declaration.organisation_id, texts, hashes, common_of(hashes))

    def compare(self, theirs: Hashes) -> Likeness | None:
        return likeness(self.hashes, theirs, self.common)

    def alike(self, found: Likeness, *, sentence: str, url: str) -> Alike:
        """Say what was found; the passages are cut out of the applicant's own text."""
        shared = passages(self.texts[found.mine], found.shared)
        return Alike(sentence, found.share, url, found.mine, tuple(shared[:PASSAGES]))


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
    own = [
        draft.alike(one.found, sentence=_sentence(one), url=_own_page(one))
        for one in _nearest(draft.hashes, draft.common, filed.exclude(pk=draft.declaration))
    ]
    return (*own[:SHOWN], *(one for source in _sources for one in source(draft)))


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
    for one in _nearest(mine, common_of(mine), seen):
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


def common_of(hashes: Hashes) -> frozenset[int]:
    """Return the hashes of phrases that more than ``MANY`` organisations use, among these."""
    every = _all(hashes)
    rows = (
        in_force()
        .filter(hashes__overlap=every)
        .annotate(one=Func(F("hashes"), function="unnest", output_field=BigIntegerField()))
        .values("one")
        .annotate(users=Count("version__declaration__organisation", distinct=True))
        .filter(users__gt=MANY)
    )
    return frozenset(rows.values_list("one", flat=True)) if every else frozenset()


def in_force() -> QuerySet[Fingerprint]:
    """Return the rows of versions in force; what was corrected away is not compared."""
    return Fingerprint.objects.filter(version__declaration__version=F("version"))


def overlapping(
    rows: QuerySet[Fingerprint], hashes: Hashes, common: Set[int]
) -> QuerySet[Fingerprint]:
    """Keep the rows that share the most with some texts: what is to be compared exactly."""
    wanted = sorted(set(_all(hashes)) - common)
    if not wanted:
        return rows.none()
    longest = max(map(len, hashes.values()))
    shared = Func(
        F("hashes"),
        Value(wanted, output_field=ArrayField(BigIntegerField())),
        template="(SELECT count(*) FROM unnest(%(expressions)s))",
        arg_joiner=") AS one WHERE one = ANY(",
        output_field=IntegerField(),
    )
    share = Cast(F("shared"), FloatField()) / Least(F("count"), Value(longest))
    near = rows.filter(hashes__overlap=wanted).annotate(shared=shared)
    return near.filter(shared__gte=FEWEST).order_by(share.desc(), "pk")[:NEAREST]


def by_owner(rows: Iterable[Fingerprint]) -> dict[Any, dict[str, frozenset[int]]]:
    """Put the rows of one version together, by language."""
    found: dict[Any, dict[str, frozenset[int]]] = {}
    for row in rows:
        found.setdefault(row.version_id, {})[row.language] = frozenset(row.hashes)
    return found


def _nearest(
    mine: Hashes, common: Set[int], declarations: QuerySet[Declaration]
) -> list[LookAlike]:
    """Return the declarations alike, best first; one query."""
    technology = KeyTransform("technology", KeyTransform("sections", F("version__content")))
    rows = (
        in_force()
        .filter(version__declaration__in=declarations.values("pk"))
        .select_related("version__declaration__organisation", "version__declaration__activity")
        .defer("version__content", "version__declaration__content")
        .annotate(title=KeyTextTransform("title", technology))
    )
    near = list(overlapping(rows, mine, common))
    shown = {row.version_id: row for row in near}
    found = [
        LookAlike(shown[key].version.declaration, _title(shown[key]), alike)
        for key, theirs in by_owner(near).items()
        if (alike := likeness(mine, theirs, common))
    ]
    return sorted(found, key=lambda one: (-one.found.share, str(one.declaration.number)))


def _title(row: Model) -> str:
    return getattr(row, "title", "") or ""


def _all(hashes: Hashes) -> list[int]:
    return sorted({one for some in hashes.values() for one in some})
