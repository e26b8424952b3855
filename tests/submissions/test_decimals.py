"""Numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from submissions.scheme import decimals

PLAIN = st.decimals(
    min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=3
)


def grouped(number: Decimal, group: str, mark: str) -> str:
    return f"{number:,f}".replace(",", "\0").replace(".", mark).replace("\0", group)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("12", "12"),
        ("12.50", "12.50"),
        ("0.125", "0.125"),
        ("1.234", "1.234"),
        (".5", "0.5"),
        ("007", "7"),
        ("+5", "5"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("-0.00", "0.00"),
        ("1 234,5", "1234.5"),
        ("1\u202f234\u00a0567,5", "1234567.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1'234.5", "1234.5"),
        ("0,125", "0.125"),
        ("1,23", "1.23"),
        ("1234,567", "1234.567"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12,34,567", "1234567"),
        ("１２３４．５", "1234.5"),
        ("٣٫٥", "3.5"),
        ("1 234", "1234"),
    ],
)
def test_number_is_understood(typed, plain):
    assert decimals.parse(typed) == plain


@pytest.mark.parametrize("typed", ["10⁵", "5₂", "①", "⒈5", "1½", "⑴", "🄁5", "1㏠", "³", "１０⁵"])
def test_digit_that_is_not_written_on_the_line_is_no_digit(typed):
    with pytest.raises(decimals.NumberError, match="write the number out"):
        decimals.parse(typed)


@pytest.mark.parametrize("typed", ["𝟏𝟐", "１２", "۱۲"])
def test_digits_of_another_width_are_digits(typed):
    assert decimals.parse(typed) == "12"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "12 %",
        "1e6",
        "1,234",
        "12 34",
        "1,23,4",
        "12.",
        ",",
        "1.2.3",
        "1,2.3,4",
        "9" * 25,
    ],
)
def test_number_that_is_none_or_could_be_two_is_refused(typed):
    with pytest.raises(decimals.NumberError):
        decimals.parse(typed)


def test_refusal_of_an_ambiguous_number_offers_both_readings():
    with pytest.raises(decimals.NumberError) as refusal:
        decimals.parse("12,500")

    assert str(refusal.value) == "This could be 12500 or 12.500. Write it so."


@given(PLAIN)
def test_plain_number_keeps_its_digits(number):
    assert Decimal(decimals.parse(f"{number:f}")) == number


@given(PLAIN, st.sampled_from([(",", "."), (".", ","), (" ", ","), (" ", "."), ("'", ".")]))
def test_grouped_number_is_the_same_number(number, marks):
    group, mark = marks
    assume(mark == "." or abs(number) >= 1000)  # 1,000 alone could be either, and is asked about

    assert Decimal(decimals.parse(grouped(number, group, mark))) == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text):
    try:
        plain = decimals.parse(text)
    except decimals.NumberError:
        return

    assert f"{Decimal(plain):f}" == plain
