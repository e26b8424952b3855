"""Published tables with the figures printed beside them, and rounds to compute with."""

from typing import Any

import numpy as np

# Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428, table 2: 6 targets by 4 judges.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", part C: 4 observers by 12 units.
_: Any = None
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]


# The example of the encyclopedias, after Krippendorff: 3 observers by 15 units.
THREE_OBSERVERS = [
    [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
    [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
    [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
]


def by_observer(table):
    """Turn lines of observers into scores by (declaration, expert)."""
    return {
        (f"unit {unit:02}", f"observer {observer}"): value
        for observer, line in enumerate(table)
        for unit, value in enumerate(line)
    }


def by_target(table):
    """Turn lines of declarations into scores by (declaration, expert)."""
    return {
        (f"unit {unit:02}", f"observer {observer}"): value
        for unit, line in enumerate(table)
        for observer, value in enumerate(line)
    }


def known(optional):
    """Hand a figure on that is there in this test; what the types cannot know."""
    return optional


def judged(scores):
    """Return the keys of all declarations that have a score."""
    return {declaration for (declaration, _expert), value in scores.items() if value is not None}


def drawn(seed=1, declarations=40, experts=10, each=4, bias=5.0, noise=6.0, places=1):
    """Scores around 70 with a deviation of merit of 8; each declaration by other experts."""
    chance = np.random.default_rng(seed)
    merit, severity = chance.normal(70, 8, declarations), chance.normal(0, bias, experts)
    scores = {}
    for declaration in range(declarations):
        for expert in chance.choice(experts, each, replace=False):
            exact = merit[declaration] + severity[expert] + chance.normal(0, noise)
            scores[f"d{declaration:03}", f"e{expert:03}"] = round(float(exact), places)
    return scores
