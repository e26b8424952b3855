"""Random numbers that a replay finds again, years later and on another machine. No Django here.

NumPy promises the stream of its Generator for one build on one machine only (compatibility
policy of numpy.random, NEP 19). Philox is a published algorithm keyed by the seed itself
(Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"), its bits are
the same everywhere; what is made of the bits is written here. Normal numbers after Box and
Muller (1958) branch nowhere, so that a last digit that differs cannot shift the whole row.
"""

import numpy as np

from evaluation.statistics.crossed import Floats, Ints

METHOD = "philox4x64-10"  # kept beside the seed


class Chance:
    """A row of random numbers of its own; ``seed`` is a whole number from 0 below 2**128."""

    def __init__(self, seed: int):
        self._bits = np.random.Philox(key=seed)

    def uniform(self, *shape: int) -> Floats:
        """Numbers above 0 and up to 1."""
        raw = np.asarray(self._bits.random_raw(int(np.prod(shape))), dtype=np.uint64)
        found: Floats = ((raw >> np.uint64(11)) + np.uint64(1)).astype(np.float64) * 2.0**-53
        return found.reshape(shape)

    def below(self, limit: int, *shape: int) -> Ints:
        """Whole numbers from 0 below ``limit``."""
        return np.minimum((self.uniform(*shape) * limit).astype(np.int64), limit - 1)

    def normal(self, *shape: int) -> Floats:
        """Standard normal numbers."""
        many = int(np.prod(shape))
        half = (many + 1) // 2
        far = np.sqrt(-2.0 * np.log(self.uniform(half)))
        turn = 2.0 * np.pi * self.uniform(half)
        return np.concatenate([far * np.cos(turn), far * np.sin(turn)])[:many].reshape(shape)
