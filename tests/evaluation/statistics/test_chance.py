"""Random numbers that stay the same for ever."""

import numpy as np
import pytest

from evaluation.statistics.chance import Chance


def test_the_bits_are_those_of_the_published_algorithm():
    """Known answer of Random123 for philox4x64-10, counter 0 and key 0; NumPy counts up first."""
    bits = np.random.Philox(key=0, counter=2**256 - 1).random_raw(4)

    assert [f"{word:016x}" for word in bits.tolist()] == [
        "16554d9eca36314c",
        "db20fe9d672d0fdc",
        "d7e772cee186176b",
        "7e68b68aec7ba23b",
    ]


def test_a_seed_gives_the_same_numbers_on_every_machine():
    assert Chance(1).uniform(3).tolist() == [
        0.3035680343067587,
        0.848708749685777,
        0.1561347780434732,
    ]
    assert Chance(1).normal(3) == pytest.approx(
        [0.8587950145843563, 0.5618760255086765, 1.2832654357623114], abs=1e-12
    )


def test_normal_numbers_are_normal():
    found = Chance(7).normal(200, 1000)

    assert found.shape == (200, 1000)
    assert found.mean() == pytest.approx(0.0, abs=0.01)
    assert found.std() == pytest.approx(1.0, abs=0.01)
    assert (np.abs(found) > 1.959964).mean() == pytest.approx(0.05, abs=0.002)


def test_whole_numbers_stay_below_their_limit():
    found = Chance(3).below(7, 10_000)

    assert set(found.tolist()) == set(range(7))
    assert found.mean() == pytest.approx(3.0, abs=0.06)


def test_a_seed_has_128_bits():
    assert Chance(2**128 - 1).uniform(1)[0] != Chance(0).uniform(1)[0]
    with pytest.raises(ValueError, match="key"):
        Chance(2**128)
