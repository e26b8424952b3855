"""What the remarks about a feedback letter are called, and where they stand."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.letters.tone import (
    COUNT,
    EMPLOYER,
    NAME,
    OVERALL,
    POINTS,
    RANK,
    SILENT,
    Remark,
)

SENTENCES: dict[str, str | Promise] = {
    NAME: gettext_lazy("It names a person who was asked to judge: “%(found)s”. Take the name out."),
    EMPLOYER: gettext_lazy(
        "It names the employer of a person who was asked to judge: “%(found)s”. Take it out."
    ),
    POINTS: gettext_lazy("It gives points: “%(found)s”. The enterprise is told no scores."),
    RANK: gettext_lazy("It gives a rank: “%(found)s”. The enterprise is told no ranks."),
    COUNT: gettext_lazy("It says how many experts judged: “%(found)s”."),
    SILENT: gettext_lazy("It says nothing, and this dimension is below its minimum."),
}


def sentence(remark: Remark) -> str:
    return str(SENTENCES[remark.code]) % {"found": remark.found}


def place_names(case: Any) -> dict[str, str]:
    """Return what each place of a letter is called, in the order of the letter."""
    named = {one.code: one.name for one in case.weights.dimensions.order_by("order")}
    return {**named, OVERALL: _("On the whole")}


def at_its_place(remark: Remark, letter: Any) -> str:
    """Say what is remarked, and about which passage."""
    where = place_names(letter.case).get(remark.place, remark.place)
    return _("%(where)s: %(what)s") % {"where": where, "what": sentence(remark)}


def field_of(place: str) -> str:
    """Return the name of a passage on the form."""
    return f"passage-{place}" if place else "overall"
