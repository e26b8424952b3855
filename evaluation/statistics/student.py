"""Quantiles of Student's distribution for whole degrees of freedom, without scipy.

The distribution is the finite sum of Abramowitz and Stegun 1964, 26.7.3 and 26.7.4; its quantile
is found by halving, which ends at the last digit.
"""

import math


def quantile(probability: float, degrees: int) -> float:
    """Return t with P(T <= t) = probability, for a probability from 0.5 below 1."""
    if not 0.5 <= probability < 1.0 or degrees < 1:
        raise ValueError("Asks for 0.5 <= probability < 1 and degrees >= 1.")
    low, high = 0.0, 1.0
    while distribution(high, degrees) < probability:
        high *= 2.0
    for _step in range(100):
        middle = (low + high) / 2.0
        if distribution(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return high


def distribution(t: float, degrees: int) -> float:
    """Return P(T <= t) for t of nought or more."""
    angle = math.atan(t / math.sqrt(degrees))
    square = math.cos(angle) ** 2
    odd = degrees % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for step in range(1 + odd, degrees, 2):
        total += term
        term *= square * step / (step + 1)
    inner = math.sin(angle) * total
    middle = (angle + inner) * 2.0 / math.pi if odd else inner
    return 0.5 + middle / 2.0
