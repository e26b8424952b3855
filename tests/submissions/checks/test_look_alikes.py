"""Texts that are alike are found in either language, with the passage they share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.checks.look_alikes import (
    FEWEST,
    Piece,
    all_hashes,
    compared,
    fingerprints,
    likeness,
    marked,
    passages,
    texts_of,
    tokens,
)
from submissions.scheme import load
from tests.builders import submissions as build

LEACHATE = (
    "A membrane bioreactor treats landfill leachate in two stages; nitrification and "
    "denitrification run at 25 degrees with a sludge age of thirty days."
)
CHINESE = "采用两级膜生物反应器处理垃圾渗滤液，在二十五摄氏度下硝化与反硝化，污泥龄三十天。"


COPIED = "We are proud: a MEMBRANE bioreactor treats landfill leachate in two stages. Ask us."
COPIED_CHINESE = "本公司采用两级膜生物反应器处理垃圾渗滤液，欢迎咨询。"


def alike(mine, theirs, counted=None):
    found = likeness({"en": fingerprints(mine)}, {"en": fingerprints(theirs)}, counted=counted)
    return found.share if found else 0


def shared(text, other):
    """What of a text the other one has too, by the hashes that are stored of it and by all."""
    stored, every = fingerprints(other), all_hashes([other])
    return passages([text], stored), passages([text], every)


def test_words_and_han_characters_are_tokens_wherever_they_stand():
    assert [one.text for one in tokens("ＭＢＲ处理 Café-Abwässer")] == [
        "mbr", "处", "理", "cafe", "abwasser",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [LEACHATE, CHINESE])
def test_same_text_is_wholly_alike(text):
    assert alike(text, text) == 100


def test_case_width_accents_and_punctuation_hide_nothing():
    hidden = LEACHATE.upper().replace(" ", "  ").replace(";", " –").replace("E", "É")

    assert alike(LEACHATE, hidden) == 100


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (LEACHATE, "An electrostatic precipitator removes dust from the flue gas of a kiln."),
        (CHINESE, "静电除尘器去除水泥窑烟气中的颗粒物，排放浓度低于十毫克每立方米。"),
        (LEACHATE, CHINESE),
        ("", LEACHATE),
    ],
)
def test_other_texts_are_not_alike(mine, theirs):
    assert alike(mine, theirs) == 0


@pytest.mark.parametrize(
    ("text", "copied", "mine", "theirs"),
    [
        (
            LEACHATE,
            COPIED,
            "A membrane bioreactor treats landfill leachate in two stages",
            "a MEMBRANE bioreactor treats landfill leachate in two stages",
        ),
        (CHINESE, COPIED_CHINESE, *["采用两级膜生物反应器处理垃圾渗滤液"] * 2),
    ],
)
def test_shared_passage_is_cut_out_of_both_as_each_writes_it(text, copied, mine, theirs):
    assert passages([text], all_hashes([copied])) == [mine]
    assert passages([copied], all_hashes([text])) == [theirs]
    assert marked(copied, all_hashes([text])) == [
        Piece(copied[: copied.index(theirs)]),
        Piece(theirs, shared=True),
        Piece(copied[copied.index(theirs) + len(theirs) :]),
    ]


@pytest.mark.parametrize(("text", "copied"), [(LEACHATE, COPIED), (CHINESE, COPIED_CHINESE)])
def test_what_is_stored_marks_one_stretch_within_the_shared_passage(text, copied):
    (stored,), (whole,) = shared(text, copied)

    assert stored in whole
    assert len(stored) > len(whole) // 2


def test_a_few_words_in_common_are_no_passage():
    assert shared("On request.", "On request.") == ([], [])
    assert shared(LEACHATE, "A membrane bioreactor treats sewage.") == ([], [])


def test_passages_come_the_longest_first_from_whatever_field():
    second = LEACHATE.split("; ")[1]

    assert passages([second, COPIED, "Nothing else."], all_hashes([LEACHATE])) == [
        second.removesuffix("."),
        "a MEMBRANE bioreactor treats landfill leachate in two stages",
    ]


def test_the_share_is_that_of_the_shorter_text():
    """A short text that is wholly part of a long one is wholly alike, whichever asks."""
    numbers = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty"
    )

    assert alike(numbers, f"{LEACHATE} {numbers}") >= 80
    assert alike(f"{LEACHATE} {numbers}", numbers) == alike(numbers, f"{LEACHATE} {numbers}")


def test_translation_of_one_is_found_in_the_original_of_the_other():
    mine = {"en": fingerprints(LEACHATE), "zh-hans": fingerprints(CHINESE)}

    found = likeness(mine, {"zh-hans": fingerprints(CHINESE), "en": fingerprints("Other words.")})

    assert (found.share, found.mine, found.theirs) == (100, "zh-hans", "zh-hans")
    assert found.shared == fingerprints(CHINESE)


def test_language_that_is_named_wrongly_hides_nothing():
    found = likeness({"en": fingerprints(CHINESE)}, {"zh-hans": fingerprints(CHINESE)})

    assert (found.mine, found.theirs) == ("en", "zh-hans")


def test_common_phrases_are_no_resemblance():
    every = fingerprints(LEACHATE)
    assert alike(LEACHATE, LEACHATE, counted=frozenset()) == 0
    assert 80 < alike(LEACHATE, LEACHATE, counted=every - {min(every)}) < 100


@pytest.mark.parametrize("title", ["两级膜生物反应器", "Membrane bioreactor for landfill leachate"])
def test_two_texts_that_are_a_title_and_no_more_are_not_alike(title):
    assert len(fingerprints(title)) < FEWEST
    assert alike(title, title) == 0


def test_what_the_organisation_says_of_itself_is_not_compared():
    scheme = load(build.shipped()["sections"])
    places = compared(scheme)

    assert {"technology.title", "technology.summary", "technology.innovation"} <= places
    assert not places & {"applicant.after_sales", "technology.keywords", "applicant.contact_name"}
    assert texts_of(scheme, {"technology": {"title": "A", "summary": 3}, "applicant": None}) == {
        "technology.title": "A"
    }
    assert texts_of(scheme, {"technology": ["no", "section"]}) == {}


words = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]),
    max_size=30,
)
passage = st.lists(
    st.sampled_from(["one", "two", "three", "four", "five", "six"]), min_size=8, max_size=20
)


@given(before=words, shared=passage, after=words, other=words)
def test_passage_of_eight_words_is_found_whatever_stands_around_it(before, shared, after, other):
    """What winnowing promises: no shared passage of RUN + WINDOW - 1 tokens escapes."""
    mine = " ".join([*before, *shared, *after])
    theirs = " ".join([*other, *shared])

    assert fingerprints(mine) & fingerprints(theirs)


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_marked_text_is_the_text_nothing_added_nothing_lost(text, other):
    pieces = marked(text, all_hashes([other]))

    assert "".join(one.text for one in pieces) == text
    assert all(one.text for one in pieces)


@given(before=words, shared=passage, other=words)
def test_stored_hashes_mark_one_stretch_of_a_shared_passage_without_a_hole(before, shared, other):
    mine = " ".join([*before, *shared])
    found = passages([mine], fingerprints(" ".join([*other, *shared])))

    assert found
    assert all(one in mine for one in found)
