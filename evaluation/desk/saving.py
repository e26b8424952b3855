"""The save of a score sheet: entry by entry, each only where nobody was quicker.

An entry is what was given for one indicator, or one of the texts over all. A page says what each
entry it sends was begun from (``mark_of``); where the sheet is still as it was begun from, the
entry goes in, and where another page of the same expert wrote meanwhile it is laid aside: it stays
on its page, beside what is stored. Locks: the sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from evaluation.desk import anchors
from evaluation.models import Case, Indicator, Score, ScoreSheet
from evaluation.states import Recommendation

WORDS = ("comment", "recommendation", "remark")  # fields of the sheet beside its scores


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for one indicator: a score from 0 to the best of the set, or none."""

    value: int | None = None
    comment: str = ""
    not_applicable: bool = False
    evidence: tuple[str, ...] = ()  # texts of evaluation.desk.anchors

    @property
    def is_empty(self) -> bool:
        return self == Given(comment=self.comment) and not self.comment.strip()


Scores = Mapping[int, Given]  # by the id of the indicator
Entry = Given | str


@dataclass(frozen=True, slots=True)
class Begun:
    """What a page was begun from: a mark for each entry, and the name of the page."""

    marks: Mapping[str, str] = field(default_factory=dict)
    page: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save, by entry: the id of the indicator as text, or one of ``WORDS``.

    ``marks``: of what the page shows as it is stored, or sees now beside what it typed.
    """

    sheet: ScoreSheet
    marks: dict[str, str]
    aside: tuple[str, ...]


def mark_of(entry: Entry) -> str:
    """Sum up an entry shortly: equal marks, equal content."""
    if isinstance(entry, str):
        return content_hash(_plain(entry))[:16]
    told = [entry.value, _plain(entry.comment), entry.not_applicable, *entry.evidence]
    return content_hash(told)[:16]


def _plain(text: str) -> str:
    """Take away what makes no difference: blanks around, and how lines end."""
    return text.replace("\r\n", "\n").strip()


def stored_entries(sheet: ScoreSheet) -> dict[str, Entry]:
    """Return what lies in the database; an indicator without a row is not among it."""
    scores = {
        str(one.indicator_id): Given(
            one.value, one.comment, one.not_applicable, anchors.texts_of(one.evidence)
        )
        for one in sheet.scores.all()
    }
    return {**scores, **{name: getattr(sheet, name) for name in WORDS}}


@transaction.atomic
def save_scores(
    assignment_id: UUID,
    scores: Scores,
    *,
    actor: User,
    words: Mapping[str, str] | None = None,
    begun: Begun | None = None,
    generated: bool = False,
) -> Saved:
    """Save the entries that are given; all others stay as they are.

    ``words`` are the texts over all that are given, by the names of ``WORDS``. Without ``begun``
    the entries go over whatever is stored. ``generated`` marks scores no person gave
    (demonstration only).
    """
    if generated and not settings.DEMO:
        raise PermissionDenied("generated scores exist in the demonstration only")
    sheet = _lock_for_scoring(assignment_id, actor)
    _check(sheet.assignment.case, scores)
    said = words or {}
    _check_words(said)
    given: dict[str, Entry] = {**{str(pk): one for pk, one in scores.items()}, **said}
    stored = {**dict.fromkeys(map(str, scores), Given()), **stored_entries(sheet)}
    touched, aside = _sort(sheet, given, stored, begun)
    if touched or (generated and not sheet.generated):
        _write(sheet, touched, begun)
        sheet.generated = sheet.generated or generated
        sheet.revision += 1
        sheet.save(
            update_fields=[*WORDS, "revision", "generated", "written", "updated_at"],
        )
    now = {**stored, **touched}
    shown = {name for name, one in given.items() if mark_of(one) == mark_of(now[name])}
    marks = {name: mark_of(now[name]) for name in given if name in shown or name in aside}
    return Saved(sheet, marks, aside)


def _lock_for_scoring(assignment_id: UUID, actor: User) -> ScoreSheet:
    sheets = ScoreSheet.objects.select_related(
        "assignment__case__criteria_set",
        "assignment__case__version__declaration__activity__scheme",
    )
    sheet = sheets.select_for_update(of=("self",), no_key=True).get(pk=assignment_id)
    if rights.can(actor, "score", sheet):
        return sheet
    if rights.can(actor, rights.READ, sheet):
        raise TransitionError(_("The score sheet has been submitted; it can no longer be changed."))
    raise PermissionDenied(f"score {assignment_id}")


def _sort(
    sheet: ScoreSheet, given: Mapping[str, Entry], stored: Mapping[str, Entry], begun: Begun | None
) -> tuple[dict[str, Entry], tuple[str, ...]]:
    """Tell what goes in from what is laid aside; what is as stored, or untouched, is neither."""
    touched: dict[str, Entry] = {}
    aside = []
    for name, entry in given.items():
        sent, there = mark_of(entry), mark_of(stored[name])
        if sent == there:
            continue
        began = None if begun is None else begun.marks.get(name, "")
        if begun is None or began == there or _is_own(sheet, name, begun):
            touched[name] = entry
        elif sent != began:
            aside.append(name)
    return touched, tuple(aside)


def _is_own(sheet: ScoreSheet, name: str, begun: Begun) -> bool:
    """Say whether this page wrote what is stored, from the same beginning: the answer was lost."""
    if not begun.page:
        return False
    return bool(sheet.written.get(name) == [begun.page, begun.marks.get(name, "")])


def _check(case: Case, scores: Scores) -> None:
    asked = {one.pk: one for dimension in case.asked() for one in dimension.indicators.all()}
    best = case.criteria_set.best
    if not set(scores) <= set(asked):
        raise DomainError(_("This indicator is not among the criteria of this case."))
    for pk, given in scores.items():
        if given.value is not None and not 0 <= given.value <= best:
            raise DomainError(_("A score lies between 0 and %(best)d.") % {"best": best})
        if given.not_applicable:
            _check_not_applicable(asked[pk], given)


def _check_not_applicable(indicator: Indicator, given: Given) -> None:
    if not indicator.not_applicable:
        raise DomainError(_("“%s” applies to every declaration.") % indicator.name)
    if given.value is not None:
        raise DomainError(_("“%s” has a score, or does not apply: not both.") % indicator.name)


def _check_words(words: Mapping[str, str]) -> None:
    if not set(words) <= set(WORDS):
        raise TypeError(f"a score sheet has no {set(words) - set(WORDS)}")
    if words.get("recommendation", "") not in ("", *Recommendation.values):
        raise DomainError(_("Choose one of the recommendations."))


def _write(sheet: ScoreSheet, touched: Mapping[str, Entry], begun: Begun | None) -> None:
    scores = {int(name): one for name, one in touched.items() if isinstance(one, Given)}
    empty = [pk for pk, one in scores.items() if one.is_empty]
    if empty:
        sheet.scores.filter(indicator__in=empty).delete()
    Score.objects.bulk_create(
        [_score(sheet, pk, one) for pk, one in sorted(scores.items()) if not one.is_empty],
        update_conflicts=True,
        unique_fields=["sheet", "indicator"],
        update_fields=["value", "comment", "not_applicable", "evidence"],
    )
    for name, entry in touched.items():
        if isinstance(entry, str):
            setattr(sheet, name, entry.strip())
        sheet.written.pop(name, None)
        if begun is not None and begun.page:
            sheet.written[name] = [begun.page, begun.marks.get(name, "")]


def _score(sheet: ScoreSheet, indicator: int, given: Given) -> Score:
    return Score(
        sheet=sheet,
        indicator_id=indicator,
        value=given.value,
        comment=given.comment.strip(),
        not_applicable=given.not_applicable,
        evidence=anchors.documents(given.evidence, sheet.assignment.case.version),
    )
