"""Affinity: each term by hand, its range, the folding of Chinese and Latin keywords."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.assignment.affinity import (
    TERMS,
    Profile,
    Topic,
    Weights,
    affinity,
    features,
    keywords,
    past,
    shared,
    specialists,
    taxonomy,
)

WATER = Topic("water", "water.sludge", ["Sludge drying", "污水处理"], frozenset({"zh"}))


def expert(fields=(), sub_categories=(), words=(), languages=(), past=None):
    return Profile(
        frozenset(fields), frozenset(sub_categories), words, frozenset(languages), past or {}
    )


def test_taxonomy_knows_sub_category_field_and_nothing():
    experts = [expert(["water"], ["water.sludge"]), expert(["water"]), expert(["air"])]

    assert taxonomy([WATER], experts).tolist() == [[1, 0.5, 0]]
    assert specialists([WATER], experts).tolist() == [[True, False, False]]


def test_a_topic_without_codes_has_no_specialists():
    unknown = expert([""], [""])

    assert taxonomy([Topic("", "")], [unknown]).tolist() == [[0]]
    assert not specialists([Topic("", "")], [unknown]).any()


def test_past_work_grows_slower_with_each_piece_and_stops_at_five():
    experts = [
        expert(past={"water.sludge": 1}),
        expert(past={"water.sludge": 5}),
        expert(past={"water.sludge": 50}),
        expert(past={"water": 5}),
        expert(),
    ]

    found = past([WATER], experts)[0]

    assert found == pytest.approx([np.log(2) / np.log(6), 1, 1, 0.5, 0])


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Sludge  DRYING", {"sludge", "drying"}),
        ("ＭＢＲ膜", {"mbr", "膜"}),
        ("污水处理", {"污水", "水处", "处理"}),
        ("CO2-capture", {"co2", "capture"}),
        ("Straße", {"strasse"}),
        (" ", set()),
    ],
)
def test_keywords_are_folded_into_parts(word, parts):
    assert features([word]) == parts


def test_keywords_count_by_what_the_expert_knows_and_rare_ones_more():
    experts = [
        expert(words=["污水处理技术", "sludge", "drying"]),
        expert(words=["Drying"]),
        expert(),
    ]

    found = keywords([WATER], experts)[0]

    assert found[0] == pytest.approx(1)
    assert 0 < found[1] < 0.2  # one part of five, and one that two of three experts name
    assert found[2] == 0


def test_shared_keywords_are_shown_as_the_declaration_writes_them():
    assert shared(WATER, expert(words=["drying", "膜"])) == ("Sludge drying",)


def test_terms_and_shares_add_up_to_the_affinity():
    experts = [expert(["water"], (), ["sludge"], ["zh", "en"], {"water": 2})]

    found = affinity([WATER], experts, Weights(taxonomy=2, keywords=1, language=1, past=0))

    terms = found.of(0, 0)
    assert [term.name for term in terms] == list(TERMS)
    assert [term.share for term in terms] == [0.5, 0.25, 0.25, 0]
    assert terms[2].value == 1
    assert sum(term.value * term.share for term in terms) == pytest.approx(found.values[0, 0])


words = st.lists(st.text(max_size=8), max_size=4)
codes = st.sampled_from(["", "a", "a.1", "b"])
topics = st.builds(Topic, codes, codes, words, st.frozensets(st.sampled_from(["en", "zh"])))
profiles = st.builds(
    Profile,
    st.frozensets(codes),
    st.frozensets(codes),
    words,
    st.frozensets(st.sampled_from(["en", "zh"])),
    st.dictionaries(codes, st.integers(0, 9), max_size=3),
)


@given(st.lists(topics, max_size=4), st.lists(profiles, max_size=4))
def test_every_term_lies_within_nought_and_one(some, experts):
    found = affinity(some, experts)

    for matrix in (found.values, *found.terms.values()):
        assert matrix.shape == (len(some), len(experts))
        assert ((matrix >= 0) & (matrix <= 1)).all()
