"""Texts that are alike are found in either language, with the passage they share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.checks.look_alikes import (
    Passage,
    fingerprints,
    passages,
    resemblance,
    tokens,
)

LEACHATE = (
    "A membrane bioreactor treats landfill leachate in two stages; nitrification and "
    "denitrification run at 25 degrees with a sludge age of thirty days."
)
CHINESE = "采用两级膜生物反应器处理垃圾渗滤液，在二十五摄氏度下硝化与反硝化，污泥龄三十天。"


def alike(mine, theirs):
    return resemblance(fingerprints(mine), fingerprints(theirs))


def test_words_and_han_characters_are_tokens_wherever_they_stand():
    assert [one.text for one in tokens("ＭＢＲ处理 Café-Abwässer")] == [
        "mbr", "处", "理", "cafe", "abwasser",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [LEACHATE, CHINESE])
def test_same_text_is_wholly_alike(text):
    assert alike(text, text) == 1.0


def test_case_width_accents_and_punctuation_hide_nothing():
    hidden = LEACHATE.upper().replace(" ", "  ").replace(";", " –").replace("E", "É")

    assert alike(LEACHATE, hidden) == 1.0


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
    assert alike(mine, theirs) == 0.0


def test_shared_passage_is_cut_out_of_both_as_each_writes_it():
    copied = "We are proud: a MEMBRANE bioreactor treats landfill leachate in two stages. Ask us."

    assert passages(LEACHATE, copied) == [
        Passage(
            "A membrane bioreactor treats landfill leachate in two stages",
            "a MEMBRANE bioreactor treats landfill leachate in two stages",
        )
    ]


def test_shared_passage_in_chinese():
    copied = "本公司采用两级膜生物反应器处理垃圾渗滤液，欢迎咨询。"

    assert passages(CHINESE, copied) == [
        Passage("采用两级膜生物反应器处理垃圾渗滤液", "采用两级膜生物反应器处理垃圾渗滤液")
    ]


def test_a_few_words_in_common_are_no_passage():
    assert passages(LEACHATE, "A membrane bioreactor treats sewage.") == []


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
