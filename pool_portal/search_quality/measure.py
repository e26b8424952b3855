"""How good an order is, as arithmetic. Pure.

nDCG as in Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (ACM
TOIS 20, 2002), with the gain 2^grade - 1 and the discount log2(place + 1).
"""

import math
from collections.abc import Collection, Iterable, Sequence

TOP = 10


def dcg(grades: Iterable[int], top: int = TOP) -> float:
    """Return the gain of these grades, best place first, each worth less the later it comes."""
    return sum(
        (2.0**grade - 1) / math.log2(place + 1)
        for place, grade in zip(range(1, top + 1), grades, strict=False)
    )


def ndcg(found: Sequence[int], all_grades: Iterable[int], top: int = TOP) -> float:
    """Return the gain of what was found by that of the best order of all there is: 0 to 1.

    ``all_grades``: of every entry; ValueError when none of them is worth anything.
    """
    best = dcg(sorted(all_grades, reverse=True), top)
    if not best:
        raise ValueError("no entry answers the question")
    return dcg(found, top) / best


def recall(found: Collection[int], wanted: Collection[int]) -> float:
    """Return which part of what was wanted was found; 1 where nothing was."""
    return len(set(wanted) & set(found)) / len(set(wanted)) if wanted else 1.0
