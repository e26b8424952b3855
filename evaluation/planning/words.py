"""What a plan came to, in words: figures, what is missing, which rules clash, why and why not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from core.sentences import follow
from evaluation.assignment.affinity import TERMS
from evaluation.assignment.explain import Alternative, Cost, Loads, Why, WhyNot
from evaluation.assignment.problem import Rule
from evaluation.conflicts.pairs import Barred
from evaluation.planning.documents import UNAVAILABLE

MOST_NAMED = 5
MOST_SENTENCES = 20

# Why a plan was not computed: kept as it stands here, and translated for whoever reads it.
NOTHING_TO_DRAW = gettext_noop("No declaration waits for experts, or nobody can be asked.")
ENDED_AGAIN = gettext_noop("The computation ended 3 times before it was done.")
FAULT = gettext_noop(
    "A fault of the portal ended the computation. System administrators find the cause in the log."
)

TERM_NAMES = {
    "taxonomy": gettext_lazy("Field and sub-category"),
    "keywords": gettext_lazy("Keywords in common"),
    "language": gettext_lazy("Language"),
    "past": gettext_lazy("Past work"),
}
STEP_NAMES = {
    "candidates": gettext_lazy("Looking for who fits"),
    "flow": gettext_lazy("Giving out the seats"),
    "rules": gettext_lazy("Mending rules"),
    "worst": gettext_lazy("Raising the worst-served declaration"),
    "total": gettext_lazy("Raising the total"),
    "graph": gettext_lazy("Making experts comparable"),
    "reasons": gettext_lazy("Looking for reasons"),
}
RULE_NAMES = {
    Rule.NEED: gettext_lazy("the number of experts per declaration"),
    Rule.CAP: gettext_lazy("the most declarations an expert takes"),
    Rule.CONFLICT: gettext_lazy("conflicts of interest and refusals"),
    Rule.EDIT: gettext_lazy("what was asked before, and who cannot be asked"),
    Rule.ORGANISATION: gettext_lazy("the most experts of one organisation"),
    Rule.SPECIALIST: gettext_lazy("the experts of the sub-category"),
    Rule.ECONOMIST: gettext_lazy("one expert with economics"),
}
WHY_NOT = {
    WhyNot.DECLINED: gettext_lazy("Declined this declaration, or was released from it."),
    WhyNot.CAP: gettext_lazy("Has as many declarations as they take."),
    WhyNot.ORGANISATION: gettext_lazy("There are enough experts of the same organisation."),
    WhyNot.SPECIALIST: gettext_lazy("An expert of the sub-category is needed in this place."),
    WhyNot.ECONOMIST: gettext_lazy("An expert with economics is needed in this place."),
    WhyNot.FULL: gettext_lazy("All seats were given before the plan was drawn."),
    WhyNot.NO_ROOM: gettext_lazy("No rule stands against it, but no single exchange makes room."),
    WhyNot.LOADS: gettext_lazy("Loads would be less even."),
    WhyNot.WORST: gettext_lazy("The worst-served declaration would be served less well."),
    WhyNot.TOTAL: gettext_lazy("The total would be smaller."),
    WhyNot.DRAWN: gettext_lazy("It would be as good; the seed decided between the two."),
    WhyNot.PRICE: gettext_lazy(
        "It would be better, but seats of the earlier plan were to stay where they were."
    ),
    WhyNot.BETTER: gettext_lazy(
        "Nothing: this exchange would be better, and the search did not come to it. "
        "It can be made by hand."
    ),
}
CANNOT_BE_ASKED = gettext_lazy("Could not be asked when the plan was drawn.")
ANOTHER_REASON = gettext_lazy("A conflict of interest.")

Names = Mapping[str, str]  # by key; what the reader may not see has none


def percent(share: float) -> str:
    """Return a share from 0 to 1 in hundredths, as the pages show affinity."""
    return f"{share * 100:.1f}"


def signed(share: float) -> str:
    return f"{share * 100:+.1f}"


# Figures ----------------------------------------------------------------------------------


def figures(found: Mapping[str, Any], names: Names) -> Iterator[tuple[Any, str]]:
    """Yield the figures of a plan, line by line; affinities in hundredths."""
    yield _("Seats filled"), _of(found["filled"], found["seats"])
    yield _("Declarations per expert"), f"{found['lowest_load']} – {found['highest_load']}"
    worst = names.get(found["worst_declaration"], "…")
    yield _("Worst-served declaration"), f"{percent(found['worst_mean'])} ({worst})"
    yield _("No plan that keeps the same rules could serve it better than"), ceiling(found)
    yield _("Total affinity"), percent(found["total"])
    yield _("Declarations with enough experts of the sub-category"), str(found["with_specialists"])
    yield _("Declarations with an expert of economics"), str(found["with_economist"])
    yield _("Groups of experts that share no declaration"), str(found["components"])


def ceiling(found: Mapping[str, Any]) -> str:
    """Return the ceiling, but not what was once reckoned with a rule that the plan breaks."""
    if found["ceiling_mean"] < found["worst_mean"]:
        return _("not known: it was reckoned with a rule that this plan does not keep")
    return percent(found["ceiling_mean"])


def _of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}


def missing(found: Iterable[Mapping[str, Any]], names: Names) -> list[str]:
    """Return what declarations did not get, each rule in one sentence."""
    by_rule: dict[str, list[str]] = {}
    for one in found:
        by_rule.setdefault(one["rule"], []).append(one["declaration"])
    return [_missing(Rule(rule), keys) % _naming(keys, names) for rule, keys in by_rule.items()]


def _missing(rule: Rule, keys: list[str]) -> str:
    number = len(keys)
    if rule is Rule.SPECIALIST:
        return ngettext(
            "%(n)d declaration lacks experts of its sub-category: %(named)s.",
            "%(n)d declarations lack experts of their sub-category: %(named)s.",
            number,
        )
    if rule is Rule.ECONOMIST:
        return ngettext(
            "%(n)d declaration has no expert of economics: %(named)s.",
            "%(n)d declarations have no expert of economics: %(named)s.",
            number,
        )
    return ngettext(
        "%(n)d declaration has an empty seat: %(named)s.",
        "%(n)d declarations have empty seats: %(named)s.",
        number,
    )


def _naming(keys: Iterable[str], names: Names) -> dict[str, Any]:
    every = list(keys)
    some = sorted(names[key] for key in every if key in names)[:MOST_NAMED]
    return {
        "n": len(every),
        "named": ", ".join([*some, *(["…"] if len(every) > len(some) else [])]),
    }


def clashes(found: Iterable[Mapping[str, Any]], names: Names) -> list[str]:
    """Return which rules cannot be kept together, and where."""
    return [_clash(one, names) for one in list(found)[:MOST_SENTENCES]]


def _clash(one: Mapping[str, Any], names: Names) -> str:
    rules = [str(RULE_NAMES[Rule(rule)]) for rule in one["rules"]]
    number = len(one["declarations"])
    sentence = ngettext(
        "Cannot be kept together at %(n)d declaration (%(named)s): %(rules)s. "
        "%(required)d seats are asked for, %(available)d can be filled.",
        "Cannot be kept together at %(n)d declarations (%(named)s): %(rules)s. "
        "%(required)d seats are asked for, %(available)d can be filled.",
        number,
    )
    values = {"required": one["required"], "available": one["available"]}
    listed = _("; ").join(rules)
    return sentence % {**_naming(one["declarations"], names), "rules": listed, **values}


def over_limits(found: Iterable[tuple[str, int, int]], cap: int | None, names: Names) -> list[str]:
    """Return whose limit a plan cannot keep, and by how much; ``cap``: the limit of the plan."""
    said = []
    for key, standing, limit in found:
        values = {"expert": names.get(key, "…"), "standing": standing, "limit": limit}
        values["over"] = standing - limit
        sentence = _(
            "%(expert)s was asked about %(standing)d of these declarations before the plan was "
            "drawn, %(over)d more than their own limit leaves room for (%(limit)d)."
        )
        if limit == cap:
            sentence = _(
                "%(expert)s was asked about %(standing)d of these declarations before the plan was "
                "drawn, %(over)d more than the limit of this plan (%(limit)d)."
            )
        said.append(sentence % values)
    return sorted(said)


def failure(kept: str) -> str:
    """Return why a plan was not computed."""
    return _(kept) if kept else ""


def uneven(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return why loads differ by more than one."""
    return [
        _("Without this rule loads would differ by %(without)d: %(rule)s.")
        % {"without": one["without"], "rule": RULE_NAMES[Rule(one["rule"])]}
        for one in found
    ]


# One pair ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term of an affinity: how much of it, and how much it counts."""

    name: str | Promise
    value: str
    share: str


def terms(of_pair: Iterable[Any]) -> list[TermLine]:
    return [
        TermLine(TERM_NAMES[one.name], percent(one.value), percent(one.share)) for one in of_pair
    ]


def term_names() -> list[Any]:
    return [TERM_NAMES[name] for name in TERMS]


def why(one: Why) -> list[str]:
    """Return what a seat rests on."""
    said = [_("Place %(rank)d among those who may judge it.") % {"rank": one.rank}]
    if one.needed_as_specialist:
        said.append(_("Needed as an expert of the sub-category."))
    elif one.specialist:
        said.append(_("Is an expert of the sub-category."))
    if one.needed_as_economist:
        said.append(_("Needed as an expert of economics."))
    if one.fixed:
        said.append(_("Was asked before the plan was drawn."))
    return said


def why_not(one: Alternative, barred: str) -> list[str]:
    """Return what stands against an expert, in words."""
    return [_why_not(reason, barred) for reason in one.reasons]


def _why_not(reason: WhyNot, barred: str) -> str:
    if barred == UNAVAILABLE:
        return str(CANNOT_BE_ASKED)
    if reason in WHY_NOT:
        return str(WHY_NOT[reason])
    return str(Barred(barred).label if barred in Barred.values else ANOTHER_REASON)


def cost(one: Cost | None, names: Names, declarations: Names) -> str:
    """Return what seating an expert would cost, in words."""
    if one is None:
        return _("No single exchange makes room.")
    said = [_("In the place of %(expert)s.") % {"expert": names.get(one.leaving, "…")}]
    if one.partner is not None:
        said.append(
            _("That one goes to %(number)s.") % {"number": declarations.get(one.partner, "…")}
        )
    figures = {"own": signed(one.own), "total": signed(one.total), "worst": signed(one.worst)}
    said.append(_("This declaration %(own)s, all %(total)s, worst-served %(worst)s.") % figures)
    if one.loads is not None:
        said += _loads(one.loads)
    return follow(*said)


def _loads(one: Loads) -> list[str]:
    """Return what becomes of loads where a seat is taken over."""
    own = {
        "own": one.coming,
        "own_before": one.coming - 1,
        "other": one.leaving,
        "other_before": one.leaving + 1,
    }
    said = [
        _(
            "This expert would have %(own)d instead of %(own_before)d declarations, "
            "the other %(other)d instead of %(other_before)d."
        )
        % own
    ]
    if one.before != one.after:
        (low, high), (lower, higher) = one.before, one.after
        values = {"low": low, "high": high, "lower": lower, "higher": higher}
        said.append(
            _("The loads would be %(lower)d to %(higher)d instead of %(low)d to %(high)d.") % values
        )
    return said
