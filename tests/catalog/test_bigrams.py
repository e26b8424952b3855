import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import bigrams


def test_a_run_is_kept_as_pairs_and_its_last_character():
    assert bigrams.pairs("水处理厂") == ["水处", "处理", "理厂", "厂"]


def test_a_vector_counts_places_over_all_runs():
    assert bigrams.vector("水处理 and 水处", "A") == "'水处':1A,4A '处理':2A '理':3A '处':5A"


@pytest.mark.parametrize(
    ("typed", "han", "latin"),
    [
        ("水处理", "('水处' <-> '处理')", ""),
        ("疫苗", "('疫苗')", ""),
        ("膜", "'膜':*", ""),
        ("海水淡化 membrane", "('海水' <-> '水淡' <-> '淡化')", "membrane"),
        ("PM2.5监测 -激光", "('监测') & !('激光')", "PM2.5"),
        ("除尘－脱硫", "('除尘') & ('脱硫')", ""),
        ("ＰＭ２．５", "", "PM2.5"),
        ('"carbon capture" -biomass', "", '"carbon capture" -biomass'),
        ("' & | ! <-> :*", "", ""),
        ("   ", "", ""),
    ],
)
def test_what_is_typed_is_parted_into_han_and_latin(typed, han, latin):
    assert bigrams.asked(typed) == bigrams.Asked(han, latin)


def test_old_and_wide_characters_are_the_plain_ones():
    assert bigrams.vector("\uf9f7場", "D") == bigrams.vector("立場", "D")


@given(st.text())
def test_nothing_but_han_and_signs_of_ours_enters_the_han_query(text):
    han = bigrams.asked(text).han

    assert bigrams.RUN.sub("", han).strip("'()&!<->:* ") == ""
