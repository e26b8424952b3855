"""A set of rules: which apply, how grave each is, with which figures. Data, versioned. Pure.

``{"rules": [{"rule": "claim_has_evidence", "level": "warning", "params": {}}], "manual": [{"key":
"stamp", "labels": {"en": "…"}, "helps": {"en": "…"}}]}``; a rule that is not named does not apply.
What a scheme itself asks is none of these rules: it always applies. ``manual`` is what an officer
sees by eye in the formal check.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import structlog
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reference.names import in_language, validate_names
from submissions.checks import figures, proofs, texts
from submissions.checks.papers import Found, Papers
from submissions.checks.remarks import Level, Remark

logger = structlog.get_logger(__name__)

MOST_MANUAL = 50
LONGEST_TEXT = 500
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
Check = Callable[[Papers, dict[str, Any]], Iterator[Found]]
# What a mistake in a rule raises; that the database is away is not for a rule to hide.
MISTAKES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Bounds(NamedTuple):
    """Between which whole numbers a figure of a rule lies, both included."""

    least: int
    most: int


PERCENT = Bounds(0, 100)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule there is: what it is called, what it looks at, which figures it takes."""

    name: str | Promise
    check: Check
    params: Mapping[str, Bounds] = field(default_factory=dict)
    # Looked for while a text is written; officers see it beside a declaration, on every desk.
    only_live: bool = False
    # It reckons with more than the place it remarks: what is said of it holds for the section.
    reckons: bool = False


RULES: dict[str, Rule] = {
    "claim_has_evidence": Rule(_("A file proves each figure"), proofs.claim_has_evidence),
    "case_has_evidence": Rule(_("A file proves each case"), proofs.case_has_evidence),
    "certificate_in_force": Rule(_("Certificates are in force"), proofs.certificate_in_force),
    "number_of_patent": Rule(
        _("Numbers of patents are shaped as their office writes them"), proofs.number_of_patent
    ),
    "unit_of_indicator": Rule(
        _("An indicator is given in one of its usual units"), figures.unit_of_indicator
    ),
    "share_within_bounds": Rule(
        _("A share lies between 0 and 100 per cent"), figures.share_within_bounds
    ),
    "removal_fits_inlet_and_outlet": Rule(
        _("A removal rate fits inlet and outlet"),
        figures.removal_fits_inlet_and_outlet,
        {"tolerance": PERCENT},
        reckons=True,
    ),
    "outlet_below_inlet": Rule(_("Less comes out than went in"), figures.outlet_below_inlet),
    "case_of_measurement": Rule(
        _("Measurements and photographs belong to a case"), figures.case_of_measurement
    ),
    "sum_of_operating_cost": Rule(
        _("Parts of the operating cost stay below the total"),
        figures.sum_of_operating_cost,
        reckons=True,
    ),
    "unit_investment_fits": Rule(
        _("Unit investment fits investment and scale"),
        figures.unit_investment_fits,
        # Less than once as much is nothing; and the rule divides by it.
        {"factor": Bounds(1, 1000)},
        reckons=True,
    ),
    "operation_since_start": Rule(
        _("Months of operation fit the year of start"), figures.operation_since_start
    ),
    "language_of_text": Rule(
        _("Texts are in the language of the declaration"),
        texts.language_of_text,
        {"share": PERCENT},
    ),
    "says_enough": Rule(
        _("Long texts say enough"), texts.says_enough, {"words": Bounds(0, 10_000)}
    ),
    "look_alike": Rule(
        _("Texts are not those of another declaration"),
        texts.look_alike,
        {"likeness": PERCENT},
        only_live=True,
    ),
}


class RuleSetError(ValueError):
    """The document is no set of rules; ``problems`` says where and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule as a set applies it."""

    rule: str
    level: Level
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ManualItem:
    """What an officer looks at by eye; ``key`` stays the same from version to version."""

    key: str
    labels: Mapping[str, str]
    helps: Mapping[str, str]

    @property
    def label(self) -> str:
        return in_language(dict(self.labels))

    @property
    def help(self) -> str:
        return in_language(dict(self.helps))


@dataclass(frozen=True, slots=True)
class Rules:
    """A set of rules that was read: what is computed, and what an officer sees by eye."""

    applied: tuple[Applied, ...]
    manual: tuple[ManualItem, ...] = ()


def read(document: Any, *, stored: bool = False) -> Rules:
    """Read a set of rules; RuleSetError names everything that is unsound in it.

    ``stored``: it was laid down and cannot change any more. A figure from before it had bounds
    is no reason to break every page of an activity.
    """
    document = document if isinstance(document, dict) else {}
    problems: list[str] = []
    rules = _list(document.get("rules"), "rules", problems)
    manual = _list(document.get("manual", []), "manual", problems)
    if len(manual) > MOST_MANUAL:
        problems.append(f"manual: more than {MOST_MANUAL}")
    found = tuple(_applied(part, f"rules[{at}]", problems) for at, part in enumerate(rules))
    if not stored:
        problems += _out_of_bounds(found)
    items = tuple(_manual(part, f"manual[{at}]", problems) for at, part in enumerate(manual))
    _once([one.rule for one in found], "rules", problems)
    _once([one.key for one in items], "manual", problems)
    if problems:
        raise RuleSetError(problems)
    return Rules(found, items)


def _list(value: Any, at: str, problems: list[str]) -> list[Any]:
    if isinstance(value, list):
        return value
    problems.append(f"{at}: must be a list")
    return []


def _once(names: list[str], at: str, problems: list[str]) -> None:
    twice = sorted(name for name in set(names) if names.count(name) > 1)
    problems += [f"{at}: {name} is there twice" for name in twice]


def _applied(part: Any, at: str, problems: list[str]) -> Applied:
    part = part if isinstance(part, dict) else {}
    name, level, params = part.get("rule"), part.get("level"), part.get("params", {})
    rule = RULES.get(str(name))
    if rule is None:
        problems.append(f"{at}: there is no rule {name!r}")
    if level not in set(Level):
        problems.append(f"{at}: level {level!r} is none of {', '.join(Level)}")
    if not isinstance(params, dict):
        problems.append(f"{at}: params must be an object")
        params = {}
    for key, value in params.items():
        if rule is not None and key not in rule.params:
            problems.append(f"{at}: {name} takes no {key}")
        elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
            problems.append(f"{at}: {key} must be a whole number, 0 or more")
            params = {}
    problems += [
        f"{at}: {key} is not part of a rule"
        for key in sorted(set(part) - {"rule", "level", "params"})
    ]
    return Applied(str(name), Level(level) if level in set(Level) else Level.ERROR, params)


def _out_of_bounds(found: tuple[Applied, ...]) -> list[str]:
    return [
        f"rules[{at}]: {key} must lie between {bounds.least} and {bounds.most}"
        for at, one in enumerate(found)
        for key, bounds in (RULES[one.rule].params if one.rule in RULES else {}).items()
        if key in one.params and not bounds.least <= one.params[key] <= bounds.most
    ]


def _manual(part: Any, at: str, problems: list[str]) -> ManualItem:
    part = part if isinstance(part, dict) else {}
    key = part.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        problems.append(f"{at}: key must be small letters, digits and _, a letter first")
    elif key in RULES:
        problems.append(f"{at}: {key} is the name of a rule")
    labels = _texts(part.get("labels"), f"{at}.labels", problems)
    helps = _texts(part["helps"], f"{at}.helps", problems) if part.get("helps") else {}
    problems += [
        f"{at}: {name} is not part of a manual item"
        for name in sorted(set(part) - {"key", "labels", "helps"})
    ]
    return ManualItem(str(key), labels, helps)


def _texts(value: Any, at: str, problems: list[str]) -> dict[str, str]:
    try:
        validate_names(value)
    except ValidationError as error:
        problems += [f"{at}: {message}" for message in error.messages]
        return {}
    texts: dict[str, str] = value
    if any(len(text) > LONGEST_TEXT for text in texts.values()):
        problems.append(f"{at}: longer than {LONGEST_TEXT} characters")
    return texts


def remarks(applied: tuple[Applied, ...], papers: Papers) -> list[Remark]:
    """Run the rules and list what they find, in the order of the set.

    A rule that could not be run says that, as gravely as it says anything (``failed``).
    """
    return [remark for one in applied for remark in _found_by(one, papers)]


def _found_by(one: Applied, papers: Papers) -> list[Remark]:
    try:
        return [
            Remark(one.rule, one.level, section, field, message)
            for section, field, message in RULES[one.rule].check(papers, one.params)
        ]
    except MISTAKES:
        # A set cannot change any more, nor can what was filed: one rule is left out, not the page.
        logger.exception("rule failed", rule=one.rule, params=one.params)
        message = gettext("This rule could not be run; look at what it is about by eye.")
        return [Remark(one.rule, one.level, "", "", message, failed=True)]
