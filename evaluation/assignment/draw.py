"""The seeded draw: a number in [0, 1) for each pair, from the seed and the two keys alone.

The keys are hashed with the seed (BLAKE2b), the two hashes are mixed by the finaliser of SplitMix64
(Steele, Lea, Flood 2014), so that nobody can choose a place in a list to be drawn, and anybody who
knows the published seed can draw again.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]


def hashes(seed: str, part: str, keys: Sequence[str]) -> Hashes:
    """Return (n,) hashes of the keys; ``part`` keeps a declaration and an expert apart."""
    secret = blake2b(seed.encode(), digest_size=32).digest()
    digests = b"".join(
        blake2b(key.encode(), digest_size=8, key=secret, person=part.encode()).digest()
        for key in keys
    )
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def drawn(rows: Hashes, columns: Hashes) -> NDArray[np.float32]:
    """Return draws in [0, 1) for rows and columns that broadcast against each other."""
    mixed = rows + columns
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    # 24 bits are what a float32 holds exactly; one bit more could round up to 1.
    return (mixed >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)
