import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.credit_code import ALPHABET, check_character, is_valid, normalised

# Published on the web pages of the organisations themselves.
KNOWN = [
    "9144030071526726XG",
    "91330100799655058B",
    "914403001922038216",
    "12100000400000624D",
    "12100000400002259P",
    "91100000100003962T",
    "91110000802100433B",
]
places = st.text("0123456789", min_size=6, max_size=6)
letters = st.sampled_from(ALPHABET)
bodies = st.builds(
    lambda kind, place, rest: kind + place + rest,
    st.text(letters, min_size=2, max_size=2),
    places,
    st.text(letters, min_size=9, max_size=9),
)


@pytest.mark.parametrize("code", KNOWN)
def test_codes_of_real_organisations_are_valid(code):
    assert is_valid(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "9144030071526726XH",  # another check character
        "9144030071526726X",  # one too short
        "9144030071526726XGG",  # one too long
        "9144030071526726xg",  # as typed; it is stored in capitals
        "914403007152672OXG",  # the letter O is not in the alphabet
        "91A403007152672 6XG"[:18],
        "９144030071526726XG",  # a full-width digit
        "000000000000000000\n",
    ],
)
def test_what_is_no_code_is_refused(code):
    assert not is_valid(code)


def test_what_people_type_is_normalised():
    assert normalised(" 91440300-7152 6726xg\n") == "9144030071526726XG"


def test_check_character_wants_seventeen_others():
    with pytest.raises(ValueError, match="seventeen"):
        check_character("9144")


@given(bodies)
def test_every_body_has_exactly_one_check_character(body):
    valid = [last for last in ALPHABET if is_valid(body + last)]

    assert valid == [check_character(body)]


@given(bodies, st.integers(0, 16), letters)
def test_one_wrong_character_is_always_noticed(body, at, other):
    code = body + check_character(body)
    mistyped = code[:at] + other + code[at + 1 :]

    assert is_valid(mistyped) == (mistyped == code)


@given(bodies, st.integers(0, 16))
def test_two_neighbours_exchanged_are_always_noticed(body, at):
    code = body + check_character(body)
    exchanged = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    assert is_valid(exchanged) == (exchanged == code)
