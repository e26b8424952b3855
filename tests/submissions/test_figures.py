"""What can be read of a figure as a source states it, and what stays words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.figures import Figure, figure


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        (110, Figure("110", typical="110")),
        (84.6, Figure("84.6", typical="84.6")),
        (-40, Figure("-40", typical="-40")),
        (0, Figure("0", typical="0")),
        (0.00011, Figure("0.00011", typical="0.00011")),
        (0.0000021, Figure("0.0000021", typical="0.0000021")),
        (1500000000, Figure("1500000000", typical="1500000000")),
        ("11-19", Figure("11-19", minimum="11", maximum="19")),
        ("0-10", Figure("0-10", minimum="0", maximum="10")),
        ("3-8000", Figure("3-8000", minimum="3", maximum="8000")),
        ("up to 80", Figure("up to 80", maximum="80")),
        ("<7", Figure("<7", maximum="7")),
        ("<0.02", Figure("<0.02", maximum="0.02")),
        (">=85", Figure(">=85", minimum="85")),
        (">= 95", Figure(">= 95", minimum="95")),
        ("more than 95", Figure("more than 95", minimum="95")),
        (">300,000", Figure(">300,000", minimum="300000")),
        ("about 10", Figure("about 10", typical="10")),
        ("around -20", Figure("around -20", typical="-20")),
    ],
)
def test_figure_reads(stated, read):
    assert figure(stated) == read


@pytest.mark.parametrize(
    "words",
    [
        "not detected",
        "close to 100",
        "within 0.05",
        "350 / 200",
        ">0.7-0.8",
        "IV",
        "1,2",
        "",
        "up to",
    ],
)
def test_figure_leaves_words_it_cannot_read_for_certain(words):
    assert figure(words) == Figure(words)


@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=3))
def test_figure_keeps_the_words_and_every_digit(number):
    words = f"up to {number}"

    assert figure(words) == Figure(words, maximum=f"{number}")
