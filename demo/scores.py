"""The scores of the demonstration: generated, the same in every load, and marked as such."""

import random
from collections.abc import Iterable

from demo.plan import SEED, Destiny, Item
from evaluation.desk.saving import Given
from evaluation.states import Recommendation

SHEET_COMMENT = "Generated for the demonstration: no expert judged this technology."
COMMENT = "Generated comment: the evidence named in the declaration was taken as it stands."
LOW_COMMENT = "Generated comment: the declaration shows a bench test only."
# Points about which the scores of a technology lie that is included, and of one that is not; none
# needs an explanation in the first case (60 to 89), every one in the second (to 59).
GOOD, POOR = 79, 47
MERIT = SEVERITY = CHANCE = 3  # points by which technologies, experts, and single scores differ


def of_sheet(item: Item, expert: str, indicators: Iterable[int]) -> dict[int, Given]:
    """Return a value and a comment for each indicator, by its key."""
    dice = _dice(item.technology, expert)
    poor = item.destiny == Destiny.NOT_INCLUDED
    middle = (POOR if poor else GOOD) + _off(MERIT, item.technology) + _off(SEVERITY, expert)
    given = {key: middle + dice.randint(-CHANCE, CHANCE) for key in indicators}
    # The poor ones lie in the worst band and need what they rest on.
    evidence = ("technology.summary",) if poor else ()
    return {
        key: Given(value, _comment(dice, poor=poor), evidence=evidence)
        for key, value in given.items()
    }


def said(item: Item) -> dict[str, str]:
    """Return what is said over all of a technology."""
    poor = item.destiny == Destiny.NOT_INCLUDED
    advice = Recommendation.NOT_INCLUDE if poor else Recommendation.INCLUDE
    return {"comment": SHEET_COMMENT, "recommendation": advice}


def turn(item: Item, emails: list[str]) -> list[str]:
    """Return the same people, beginning with another one for another technology."""
    begin = _dice(item.technology, "turn").randrange(len(emails))
    return [*emails[begin:], *emails[:begin]]


def _comment(dice: random.Random, *, poor: bool) -> str:
    if poor:
        return LOW_COMMENT
    return COMMENT if dice.random() < 0.25 else ""


def _off(most: int, *of: str) -> int:
    """Return by how many points a technology or an expert lies off the middle, always the same."""
    return _dice(*of).randint(-most, most)


def _dice(*of: str) -> random.Random:
    return random.Random("/".join((str(SEED), *of)))  # noqa: S311 -- no secret hangs on it
