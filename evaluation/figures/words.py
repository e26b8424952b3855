"""The figures of a run in words: why one is missing, and how its numbers are written."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOTHING = "–"
TOO_LITTLE: dict[str | None, Any] = {
    None: gettext_lazy("too little data"),
    "no_sheets": gettext_lazy("no score sheet was submitted"),
    "one_sheet": gettext_lazy("one score sheet only"),
    "few_experts": gettext_lazy("fewer than five experts judged two shared declarations"),
    "few_declarations": gettext_lazy("fewer than ten declarations have two score sheets"),
    "few_shared": gettext_lazy("too few declarations are shared between experts"),
    "all_equal": gettext_lazy("all scores are equal"),
    "not_told_apart": gettext_lazy("the experts agree no better than by chance"),
}


def why(lack: str | None) -> str:
    """Say that there is too little data, and of what."""
    if lack is None:
        return str(TOO_LITTLE[None])
    return _("too little data: %(why)s") % {"why": TOO_LITTLE.get(lack, lack)}


def lack_of(result: dict[str, Any]) -> str:
    """Say why nothing of a run is adjusted; empty where something is."""
    return why(result["too_little"]) if result["too_little"] else ""


class Told(str):
    """A figure as a cell shows it: a dash where there is none, and then ``lack`` says why."""

    __slots__ = ("lack",)

    lack: str

    def __new__(cls, text: str, lack: str = "") -> "Told":
        made = super().__new__(cls, text)
        made.lack = lack
        return made


def told(one: dict[str, Any] | None) -> Told:
    """Return a figure with its interval, or a dash that knows what there is too little of."""
    if one is None:
        return Told(NOTHING)
    return Told(interval(one["figure"])) if one["figure"] else Told(NOTHING, why(one["too_little"]))


def lacks(figures: Iterable[Told]) -> list[str]:
    """Return why figures of a table are missing, each reason once: a note under the table."""
    return list(dict.fromkeys(one.lack for one in figures if one.lack))


def number(value: float | None, digits: int = 2) -> str:
    """Write a number; what is rounded to nought has no sign."""
    if value is None:
        return NOTHING
    written = f"{value:.{digits}f}"
    return written if written.strip("-0.") else written.lstrip("-")


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.0f} %"


def interval(figure: list[float | None] | None, digits: int = 2) -> str:
    """Write a figure with the ends of its interval: 71.20 (66.10 – 76.30)."""
    if figure is None:
        return NOTHING
    value, lower, upper = figure
    if lower is None or upper is None:
        return number(value, digits)
    return f"{number(value, digits)} ({number(lower, digits)} – {number(upper, digits)})"


def cut_line(cut: dict[str, Any]) -> str:
    if "places" in cut:
        return _("below the best %(places)s") % {"places": cut["places"]}
    return _("at %(points)s points") % {"points": cut["points"]}
