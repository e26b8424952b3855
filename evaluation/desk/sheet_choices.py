"""What may be written into a score sheet that is a spreadsheet: how it is said, and how it is read.

A person fills in words, in the language of the download; they are read in every language of the
portal, and so are the codes, which older downloads hold.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import DomainError
from evaluation.models import Indicator
from evaluation.states import Recommendation

MARK, NO_MARK = "x", "–"
TICKS = {MARK, "yes", "true", "1", "是", "√"}
NO_TICKS = {"", "no", "false", "0", "否", "-", "‐", "‑", "—", NO_MARK}


def is_marked(indicator: Indicator, typed: str) -> bool:
    """Say whether a cell says “not applicable”; DomainError where it may not, or says neither."""
    plain = _plain(typed)
    if plain in NO_TICKS:
        return False
    if not indicator.not_applicable:
        said = _(
            "this indicator applies to every declaration: it cannot be “not applicable” (“%s”)."
        )
        raise DomainError(said % typed)
    if plain not in TICKS:
        said = _("“%s” is no mark. Write x where the indicator is not applicable, or nothing.")
        raise DomainError(said % typed)
    return True


def recommendation(typed: str) -> str:
    """Return the recommendation of a label or code, in whatever language it was written."""
    if not typed:
        return ""
    found = {_plain(value): value for value in Recommendation.values}
    for language in settings.LANGUAGES_COMPLETE:
        with override(language):
            found |= {_plain(str(one.label)): one.value for one in Recommendation}
    if _plain(typed) in found:
        return found[_plain(typed)]
    told = {"typed": typed, "choices": "; ".join(_labels())}
    raise DomainError(_("“%(typed)s” is none of the recommendations: %(choices)s.") % told)


def recommendation_help() -> str:
    return "\n".join([_("Write one of these into the column “Comment”:"), *_labels()])


def rows(best: int) -> list[list[str]]:
    """Return what the sheet “Choices” says: where, and what may be written there."""
    whole = _("A whole number from 0 to %d") % best
    return [
        *_above(),
        *(["", one] for one in _labels()),
        [_("Score"), whole],
        [_("Not applicable (x)"), _("x, or nothing. Then the score stays empty.")],
        ["", _("“–” stands where an indicator applies to every declaration: leave it.")],
    ]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where what stands in the first worksheet: letters of columns, numbers of lines."""

    scores: str
    marks: str
    texts: str
    indicators: Sequence[tuple[int, Indicator]]
    recommendation: int


def guard(page: Worksheet, best: int, at: Layout) -> None:
    """Let the spreadsheet offer what may be written, and refuse the rest where it is typed."""
    score = DataValidation(type="whole", operator="between", formula1="0", formula2=str(best))
    lines = [line for line, _one in at.indicators]
    cells = [f"{at.scores}{min(lines)}:{at.scores}{max(lines)}"] if lines else []
    _add(page, score, cells, _("A whole number from 0 to %d") % best)
    for value, may in ((MARK, True), (NO_MARK, False)):
        cells = [f"{at.marks}{line}" for line, one in at.indicators if one.not_applicable is may]
        said = _("x, or nothing. Then the score stays empty.")
        if not may:
            said = _("This indicator applies to every declaration.")
        rule = DataValidation(type="list", formula1=f'"{value}"', showDropDown=not may)
        _add(page, rule, cells, said)
    told = DataValidation(type="list", formula1=_range())
    _add(page, told, [f"{at.texts}{at.recommendation}"], _("Choose one of the recommendations."))


def _add(page: Worksheet, rule: DataValidation, cells: Iterable[str], said: str) -> None:
    rule.allow_blank = True
    rule.showInputMessage = rule.showErrorMessage = True
    rule.prompt = rule.error = said
    found = list(cells)
    for one in found:
        rule.add(one)
    if found:
        page.add_data_validation(rule)


def _above() -> list[list[str]]:
    """Return what stands above the recommendations in the sheet “Choices”."""
    return [
        [_("Place in the sheet"), _("What may be written")],
        [_("Your recommendation"), ""],
    ]


def _range() -> str:
    """Return where the sheet “Choices” lists the recommendations."""
    above = len(_above())
    return f"'{_('Choices')}'!$B${above + 1}:$B${above + len(Recommendation)}"


def _labels() -> list[str]:
    return [str(one.label) for one in Recommendation]


def _plain(text: str) -> str:
    """Take away what makes no difference: capitals, blanks, wide letters, a full stop."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".。")
