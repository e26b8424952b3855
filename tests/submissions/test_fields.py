"""What each kind of field takes."""

from decimal import Decimal

import pytest

from submissions.scheme.fields import FieldSpec, Kind, words

NUMBER = "Write a number, for example 1234.5; words and units go elsewhere."
KNOWN = {"country": {"NO", "CN"}, "subcategory": {"WAT-01"}, "maturity": {"pilot"}}


def spec(kind, **more):
    return FieldSpec(key="f", kind=Kind(kind), labels={"en": "F"}, helps={}, **more)


def fault(field, value):
    return field.fault(value, lambda source: KNOWN[source])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (spec("text", max_length=5), "abcde"),
        (spec("long_text", max_words=3), "one two\nthree"),
        (spec("long_text", max_words=3), "膜技术"),
        (spec("choice", vocabulary="maturity"), "pilot"),
        (spec("choice", options=(("a", {"en": "A"}),)), "a"),
        (spec("choices", vocabulary="maturity"), ["pilot"]),
        (spec("country"), "NO"),
        (spec("countries"), ["NO", "CN"]),
        (spec("subcategory"), "WAT-01"),
        (spec("decimal", minimum=Decimal(0)), "0.00"),
        (spec("decimal"), "-12.5"),
        (spec("integer", maximum=Decimal(10)), 10),
        (spec("year", minimum=Decimal(1900)), 1999),
        (spec("boolean"), False),
        (spec("date"), "2026-03-31"),
        (spec("email"), "a@example.org"),
        (spec("phone"), "+86 10 8226 8221 ext. 12"),
        (spec("url"), "https://example.org/path?x=1"),
        (spec("url"), "https://例子.中国/页"),
        (spec("decimal"), ""),
        (spec("choices", vocabulary="maturity"), []),
        (spec("date"), None),
    ],
)
def test_value_is_taken(field, value):
    assert fault(field, value) == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (spec("text", max_length=5), "abcdef", "Use at most 5 characters; these are 6."),
        (spec("text", max_length=5), 7, "This is not a text."),
        (spec("text", max_length=50), "a\nb", "Write this on one line."),
        (spec("long_text", max_words=2), "膜技术", "Use at most 2 words; these are 3."),
        (
            spec("long_text", max_words=9),
            "a\x00b",
            "This text holds characters that cannot be stored.",
        ),
        (spec("choice", vocabulary="maturity"), "lab", "“lab” is not offered."),
        (spec("choice", vocabulary="maturity"), ["pilot"], "Choose one of the list."),
        (spec("choices", vocabulary="maturity"), "pilot", "Choose from the list, each once."),
        (
            spec("choices", vocabulary="maturity"),
            ["pilot", "pilot"],
            "Choose from the list, each once.",
        ),
        (spec("country"), "XX", "“XX” is not offered."),
        (spec("decimal"), "1,5", NUMBER),
        (spec("decimal"), 1.5, NUMBER),
        (spec("decimal", minimum=Decimal(0)), "-1", "Not below 0."),
        (spec("year", maximum=Decimal(2100)), 2101, "Not above 2100."),
        (spec("integer"), True, "Write a whole number."),
        (spec("integer"), 2**53, "Write a whole number."),
        (spec("boolean"), "yes", "Answer yes or no."),
        (spec("date"), "31.3.2026", "Write a date as 2026-03-31."),
        (spec("date"), "20260331", "Write a date as 2026-03-31."),
        (spec("email"), "a@", "This is not an e-mail address."),
        (spec("phone"), "call me", "Write a telephone number with its country code: +86 10 …"),
        (spec("url"), "javascript:alert(1)", "Write a whole address: https://…"),
        (spec("url"), "https://a b.org", "Write a whole address: https://…"),
    ],
)
def test_value_is_refused_with_its_reason(field, value, message):
    assert fault(field, value) == message


def test_box_that_must_be_ticked_is_answered_by_a_tick_only():
    box = spec("boolean", required=True)

    assert [box.is_filled(value) for value in (True, False, None)] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one, two - three", 3),
        ("don't", 2),
        ("膜生物反应器", 6),
        ("MBR 膜技术", 4),
        ("98.5 %", 2),
    ],
)
def test_words_are_counted_as_the_page_counts_them(text, count):
    assert words(text) == count


def test_marks_that_count_as_no_words_cannot_be_filed_without_end():
    field = spec("long_text", max_words=3)

    assert fault(field, "-" * 60) == ""
    assert fault(field, "-" * 61) == "Use at most 60 characters; these are 61."
    assert field.fault("-" * 61, lambda _source: (), limits=False) == ""


def test_an_address_that_no_mail_can_be_sent_to_is_refused():
    field = spec("email")
    host = ".".join(["x" * 60] * 4)
    fits, long = f"{'a' * (254 - len(host) - 4)}@{host}.cn", f"{'a' * 12}@{host}.cn"

    assert len(fits) == 254
    assert fault(field, fits) == ""
    assert field.fault(long, lambda _source: (), limits=False) == (
        f"Use at most 254 characters; these are {len(long)}."
    )
