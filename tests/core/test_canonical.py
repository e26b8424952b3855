import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json, content_hash

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_keys_are_sorted_by_utf_16_units_as_the_rfc_shows():
    # RFC 8785, section 3.2.3
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }

    assert canonical_json(names).decode() == (
        '{"\\r":"Carriage Return","1":"One","\u0080":"Control",'
        '"ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign",'
        '"\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
    )


def test_the_hash_of_the_empty_object():
    assert content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_order_of_keys_does_not_matter_and_everything_else_does():
    assert content_hash({"a": 1, "b": [1, 2]}) == content_hash({"b": [1, 2], "a": 1})
    assert content_hash({"a": "1"}) != content_hash({"a": 1})
    assert content_hash({"a": None}) != content_hash({})
    assert content_hash([1, 2]) != content_hash([2, 1])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, object(), {1: "a"}])
def test_what_json_cannot_hold_exactly_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        canonical_json(value)


@given(values)
def test_equal_values_have_one_form(value):
    again = json.loads(canonical_json(value))

    assert again == value
    assert canonical_json(again) == canonical_json(value)
