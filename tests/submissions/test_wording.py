"""Two wordings laid together: nothing lost on either side, words whole, Han by character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.scheme.wording import LONGEST_KEPT, Segment, Verb, folded, segments

LONG = "-" * 50_000
LETTERS = st.text(alphabet="ab 12.,，去除率é\n", max_size=60)


def written(parts):
    """Write segments down shortly: -gone-, +come+."""
    marks = {Verb.KEPT: "", Verb.REMOVED: "-", Verb.ADDED: "+", Verb.LEFT_OUT: "…"}
    return "".join(f"{marks[one.verb]}{one.text}{marks[one.verb]}" for one in parts)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "Treats 10 mg/L of COD in water.",
            "Treats 12.5 mg/L of COD in water.",
            "Treats- 10-+ 12.5+ mg/L of COD in water.",
        ),
        (
            "本技术用于处理垃圾渗滤液。",
            "本技术适用于处理填埋场渗滤液。",
            "本技术+适+用于处理-垃圾-+填埋场+渗滤液。",
        ),
        ("A plant of ours.", "A plant of ours. And more.", "A plant of ours.+ And more.+"),
        # A word that stands lost between two changes is read as part of them.
        (
            "It cleans the gas and then dries a sludge of lime quickly, as said",
            "It cleans the gas and then heats a powder of lime quickly, as said",
            "It cleans the gas and then- dries a sludge-+ heats a powder+ of lime quickly, as said",
        ),
        (
            "One thing altogether",
            "Wholly another matter",
            "-One thing altogether-+Wholly another matter+",
        ),
        # Accents stay with their word.
        (
            "un procédé ancien et connu",
            "un procede ancien et connu",
            "un- procédé-+ procede+ ancien et connu",
        ),
        ("مياه الصرف الصحي هنا", "مياه الشرب الصحي هنا", "مياه- الصرف-+ الشرب+ الصحي هنا"),
    ],
)
def test_words_are_kept_removed_and_added(before, after, expected):
    assert written(segments(before, after)) == expected


@settings(deadline=None)
@given(LETTERS, LETTERS)
def test_each_side_can_be_read_back_out_of_the_segments(before, after):
    found = segments(before, after)

    assert "".join(one.text for one in found if one.verb is not Verb.ADDED) == before
    assert "".join(one.text for one in found if one.verb is not Verb.REMOVED) == after


@settings(deadline=None)
@given(LETTERS)
def test_equal_texts_have_nothing_added_or_removed(text):
    assert {one.verb for one in segments(text, text)} <= {Verb.KEPT}


def test_of_a_long_passage_that_stayed_the_ends_are_shown():
    long = "word " * 200
    parts = folded((Segment(Verb.KEPT, long), Segment(Verb.ADDED, long)))

    assert [one.verb for one in parts] == [Verb.KEPT, Verb.LEFT_OUT, Verb.KEPT, Verb.ADDED]
    assert "".join(one.text for one in parts[:3]) == long
    assert len(parts[0].text) + len(parts[2].text) < LONGEST_KEPT
    assert folded((Segment(Verb.KEPT, "short"),)) == (Segment(Verb.KEPT, "short"),)


def test_texts_of_many_thousand_characters_are_no_burden():
    """A word every sixty changed, ten times over: counted in steps of the work, not in seconds."""
    text = "".join(chr(0x4E00 + number * number % 4001) for number in range(10_000))
    other = "".join("改" if at % 60 == 0 else one for at, one in enumerate(text))

    found = segments(text, other)

    assert sum(len(one.text) for one in found if one.verb is Verb.ADDED) <= 2 * 167
    assert "".join(one.text for one in found if one.verb is not Verb.REMOVED) == other


def test_texts_too_long_to_be_laid_together_are_shown_whole():
    """Marks are no words: limits on words let any number of them in."""
    assert segments(LONG, "+" * 50_000) == (
        Segment(Verb.REMOVED, LONG),
        Segment(Verb.ADDED, "+" * 50_000),
    )


def test_a_word_changed_in_a_long_text_is_shown_alone():
    before = "word " * 20_000
    after = before[:50_000] + "other " + before[50_000:]

    assert segments(before, after) == (
        Segment(Verb.KEPT, before[:49_999]),
        Segment(Verb.ADDED, " other"),
        Segment(Verb.KEPT, before[49_999:]),
    )
