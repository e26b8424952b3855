"""What is shown of feedback letters: to officers beside the comments, to the enterprise after all.

The comments of experts are raw material: without names, each once, in an order that tells nothing
of who wrote which.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evaluation.letters import writing
from evaluation.letters.forms import LetterForm, stored_text
from evaluation.letters.tone import OVERALL
from evaluation.letters.words import field_of, place_names, sentence
from evaluation.models import Case, FeedbackLetter, Score
from evaluation.results import case_result, counted
from evaluation.states import WITH_FIGURES


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote about an indicator; ``key`` says which comment, and not whose."""

    key: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One passage on the page; ``stored`` where somebody else saved another text meanwhile."""

    place: str
    name: str
    field: Any
    comments: list[Comment]
    remarks: list[str]
    below: bool
    stored: str | None


def rows_of(letter: FeedbackLetter, form: LetterForm, *, stale: bool = False) -> list[Row]:
    """Lay the passages beside what the experts wrote."""
    case = letter.case
    comments = comments_of(letter)
    below = set(case_result(case)["failed_dimensions"]) if case.status in WITH_FIGURES else set()
    said: dict[str, list[str]] = {}
    for one in writing.remarks_of(letter):
        said.setdefault(one.place, []).append(sentence(one))
    return [
        Row(
            place=place,
            name=name,
            field=form[field_of(place)],
            comments=comments.get(place, []),
            remarks=said.get(place, []),
            below=place in below,
            stored=_stored(letter, form, place) if stale else None,
        )
        for place, name in form.places.items()
    ]


def _stored(letter: FeedbackLetter, form: LetterForm, place: str) -> str | None:
    typed = str(form[field_of(place)].value() or "").replace("\r\n", "\n").strip()
    there = stored_text(letter, place)
    return None if there == typed else there


def comments_of(letter: FeedbackLetter) -> dict[str, list[Comment]]:
    """Return the comments by the code of their dimension, those on the whole under ""."""
    if letter.case.status not in WITH_FIGURES:
        return {}
    sheets = list(counted(letter.case))
    rows = Score.objects.filter(sheet__in=sheets).exclude(comment="")
    found: dict[tuple[str, int, str, str], Comment] = {}
    for one in rows.select_related("indicator__dimension"):
        place, about = one.indicator.dimension.code, one.indicator
        made = _comment(letter, place, about.name, one.comment)
        found[place, about.order, made.key, made.about] = made
    for sheet in sheets:
        if sheet.comment:
            made = _comment(letter, OVERALL, _("On the whole"), sheet.comment)
            found[OVERALL, 0, made.key, made.about] = made
    shown: dict[str, list[Comment]] = {}
    for key in sorted(found):
        shown.setdefault(key[0], []).append(found[key])
    return shown


def _comment(letter: FeedbackLetter, place: str, about: str, text: str) -> Comment:
    """Name a comment by a hash of its text and the letter: by it they are ordered."""
    given = "\n".join([str(letter.pk), place, about, text.strip()])
    return Comment(hashlib.sha256(given.encode()).hexdigest()[:16], about, text.strip())


def to_enterprise(case: Case, person: Any) -> dict[str, Any] | None:
    """Return the letter that was handed out, as the enterprise reads it, if there is one."""
    rows = FeedbackLetter.objects.with_right(person, "see").filter(case=case)
    letter = rows.select_related("case__criteria_set", "case__weighed_by").first()
    if letter is None:
        return None
    passages = [
        {"name": name, "text": text}
        for place, name in place_names(letter.case).items()
        if (text := stored_text(letter, place))
    ]
    return {"passages": passages, "letter": letter}
