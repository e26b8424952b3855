"""Which expert may not judge which declaration, for all of an activity at once.

The one place where a plan, a panel and a reminder learn of conflicts. What bars a pair for another
reason than a tie is one more function in ``SOURCES``: it gets the declarations and the experts, and
yields pairs.

Ties are asked of the views (docs/adr/0016); joint applicants, who are typed in by hand, by their
names and registration numbers, folded by the database. It may find more than
``evaluation.conflicts.finding`` does for one expert, never less.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, TextChoices, Value
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from accounts.keys import NameKey, NumberKey
from accounts.models import Organisation
from evaluation.conflicts import found_late
from evaluation.conflicts.avoided import admitted
from evaluation.conflicts.finding import Kind
from evaluation.conflicts.knowing import KNOWS, who_know
from evaluation.models import (
    BarringReview,
    Case,
    Expert,
    LateBar,
    PanelRecusal,
    Tie,
    TiedName,
)
from reference.models import Field
from submissions.joint import SECTION, TABLE
from submissions.models import DeclarationVersion

MOST_COLUMNS = 500  # folded in one question; PostgreSQL answers 1,664 at most


class Barred(TextChoices):
    """Why a pair may not be; kept with a plan by its value."""

    TIE = "tie", _("The expert is or was tied to the organisation that declares.")
    JOINT = "joint", _("The expert is or was tied to a joint applicant of this version.")
    AVOIDED = "avoided", Kind.AVOIDED.label
    PANEL = "panel", Kind.PANEL.label
    JUDGED = "judged", Kind.JUDGED.label
    LATE = "late", Kind.LATE.label
    KNOWS = "knows", KNOWS


@dataclass(frozen=True, slots=True)
class Declared:
    """What of a case matters here."""

    case: UUID
    organisation: UUID
    version: int


Pair = tuple[UUID, UUID, Barred]  # case, expert, why
Source = Callable[[Sequence[Declared], Sequence[UUID]], Iterable[Pair]]


def pairs(
    declared: Sequence[Declared], experts: Sequence[UUID], sources: Sequence[Source] = ()
) -> dict[tuple[UUID, UUID], Barred]:
    """Return the pairs that may not be; of several reasons the first source is told."""
    found: dict[tuple[UUID, UUID], Barred] = {}
    for source in sources or SOURCES:
        for case, expert, why in source(declared, experts):
            found.setdefault((case, expert), why)
    return found


def tied(declared: Sequence[Declared], experts: Sequence[UUID]) -> Iterator[Pair]:
    """Yield who is tied to the organisation that declares; one question."""
    cases: dict[UUID, list[UUID]] = {}
    for one in declared:
        cases.setdefault(one.organisation, []).append(one.case)
    for expert, organisation in _ties(experts, cases):
        yield from ((case, expert, Barred.TIE) for case in cases[organisation])


def _ties(experts: Sequence[UUID], organisations: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    rows = Tie.objects.filter(user_id__in=experts, organisation_id__in=list(organisations))
    return list(rows.values_list("user_id", "organisation_id"))


# Joint applicants -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Partner:
    """A joint applicant of a case: names and number as the database folds them."""

    case: UUID
    names: frozenset[str]
    number: str
    country: str


def joint(declared: Sequence[Declared], experts: Sequence[UUID]) -> Iterator[Pair]:
    """Yield who is tied to a joint applicant: by its name, or to an entry of it."""
    partners = _partners(declared)
    if not partners:
        return
    by_name: dict[str, set[UUID]] = {}
    for one in partners:
        for name in one.names:
            by_name.setdefault(name, set()).add(one.case)
    named = TiedName.objects.filter(user_id__in=experts, key__in=list(by_name))
    for expert, key in named.values_list("user_id", "key"):
        yield from ((case, expert, Barred.JOINT) for case in by_name[key])
    entries = _entries(partners)
    for expert, organisation in _ties(experts, entries):
        yield from ((case, expert, Barred.JOINT) for case in entries[organisation])


def _partners(declared: Sequence[Declared]) -> list[_Partner]:
    cases = {one.version: one.case for one in declared}
    rows = DeclarationVersion.objects.filter(pk__in=list(cases)).values_list(
        "pk", KeyTransform(TABLE, KeyTransform(SECTION, KeyTransform("sections", "content")))
    )
    typed = [
        (cases[version], row)
        for version, table in rows
        for row in (table if isinstance(table, list) else [])
        if isinstance(row, dict)
    ]
    texts = [
        (place, kind, str(row.get(key) or ""))
        for place, (_case, row) in enumerate(typed)
        for kind, key in ((NameKey, "name_en"), (NameKey, "name_zh"),
                          (NumberKey, "registration_number"))
    ]  # fmt: skip
    folded = _folded([(kind, text) for _place, kind, text in texts])
    names: dict[int, set[str]] = {}
    numbers: dict[int, str] = {}
    for (place, kind, _text), key in zip(texts, folded, strict=True):
        if key and kind is NameKey:
            names.setdefault(place, set()).add(key)
        elif key:
            numbers[place] = key
    return [
        _Partner(
            case,
            frozenset(names.get(place, ())),
            numbers.get(place, ""),
            str(row.get("country") or ""),
        )
        for place, (case, row) in enumerate(typed)
    ]


def _folded(texts: Sequence[tuple[Any, str]]) -> list[str | None]:
    """Let the database fold texts as it folds those of the entries: some hundreds a question."""
    found: list[str | None] = []
    for start in range(0, len(texts), MOST_COLUMNS):
        some = texts[start : start + MOST_COLUMNS]
        asked = {f"key_{n}": kind(Value(text)) for n, (kind, text) in enumerate(some)}
        # Any one row will do: nothing of it is read.
        row: Any = Field.objects.order_by("pk").values(**asked)[:1].get()
        found += [row[name] for name in asked]
    return found


def _entries(partners: Sequence[_Partner]) -> dict[UUID, set[UUID]]:
    """Return the entries that partners have among the organisations, with their cases."""
    names = {name for one in partners for name in one.names}
    numbers = {one.number for one in partners if one.number}
    rows = Organisation.objects.annotate(
        key_en=NameKey("name_en"),
        key_zh=NameKey("name_zh"),
        registered=NumberKey("registration_number"),
    ).filter(Q(key_en__in=names) | Q(key_zh__in=names) | Q(registered__in=numbers))
    found: dict[UUID, set[UUID]] = {}
    for pk, key_en, key_zh, registered, country in rows.values_list(
        "pk", "key_en", "key_zh", "registered", "country"
    ):
        for one in partners:
            same_number = one.number and (registered, country) == (one.number, one.country)
            if same_number or one.names & {key_en, key_zh}:
                found.setdefault(pk, set()).add(one.case)
    return found


# Avoidance requests -----------------------------------------------------------------------


def avoided(declared: Sequence[Declared], experts: Sequence[UUID]) -> Iterator[Pair]:
    """Yield whom an applicant was allowed to avoid: the person found, else who bears the name."""
    asked = admitted().filter(declaration__case__in=[one.case for one in declared])
    rows = asked.values_list("declaration__case", "person", "key")
    wanted = list(rows)
    if not wanted:
        return
    people = Expert.objects.filter(pk__in=experts).annotate(key=NameKey("user__name"))
    named: dict[str, set[UUID]] = {}
    for expert, key in people.values_list("pk", "key"):
        named.setdefault(key, set()).add(expert)
    known = set(experts)
    for case, person, key in wanted:
        meant = {person} & known if person else named.get(key, set())
        yield from ((case, expert, Barred.AVOIDED) for expert in meant)


# Meetings of a panel ----------------------------------------------------------------------


def recused(declared: Sequence[Declared], experts: Sequence[UUID]) -> Iterator[Pair]:
    """Yield who took no part in an item about the declaration, for a conflict."""
    rows = PanelRecusal.objects.filter(
        item__case__in=[one.case for one in declared], member__expert__in=experts
    )
    for case, expert in rows.values_list("item__case", "member__expert").distinct():
        yield case, expert, Barred.PANEL


# Earlier reviews ----------------------------------------------------------------------------


def judged(declared: Sequence[Declared], experts: Sequence[UUID]) -> Iterator[Pair]:
    """Yield who judged an earlier declaration of the same organisation, where the rule bars it."""
    rows = BarringReview.objects.filter(
        user_id__in=experts, case_id__in=[one.case for one in declared]
    )
    for case, expert in rows.values_list("case_id", "user_id").distinct():
        yield case, expert, Barred.JUDGED


# Conflicts found late -----------------------------------------------------------------------


def late(declared: Sequence[Declared], experts: Sequence[UUID]) -> Iterator[Pair]:
    """Yield of whom a conflict was found late with another declaration of the organisation."""
    rows = LateBar.objects.filter(user_id__in=experts, case_id__in=[one.case for one in declared])
    for case, expert in rows.values_list("case_id", "user_id").distinct():
        yield case, expert, Barred.LATE


# Who knows the scores -----------------------------------------------------------------------


def know(declared: Sequence[Declared], experts: Sequence[UUID]) -> Iterator[Pair]:
    """Yield who would score what they have read the scores of."""
    known = set(experts)
    for case, expert in who_know(one.case for one in declared):
        if expert in known:
            yield case, expert, Barred.KNOWS


# Who knows the scores does not score; on a panel everybody knows them.
TO_SIT: tuple[Source, ...] = (tied, joint, avoided, recused, judged, late)
SOURCES: tuple[Source, ...] = (*TO_SIT, know)


def out(cases: Iterable[Case], experts: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Return who takes no part in which case: for a conflict, or what was said or found of it.

    The cases bring their declarations; as many questions for many as for one.
    """
    rows = list(cases)
    declared = [Declared(one.pk, one.declaration.organisation_id, one.version_id) for one in rows]
    found = pairs(declared, experts, TO_SIT)
    return {*found, *found_late.of_cases([one.pk for one in rows], experts)}
