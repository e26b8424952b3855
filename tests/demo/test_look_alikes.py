"""What is called alike leaves the technologies of the demonstration apart, with room to spare."""

from itertools import combinations

from demo import records
from submissions import importing
from submissions.checks.look_alikes import SHARE, fingerprints, likeness, texts_of
from submissions.scheme import load
from tests.builders import submissions as build


def stored(keys):
    scheme = load(build.shipped()["sections"])
    for key in keys:
        texts = texts_of(scheme, {"technology": importing.technology(records.technology(key), "")})
        yield key, fingerprints(*texts.values())


def share(mine, theirs):
    return 100 * len(mine & theirs) // min(len(mine), len(theirs))


def test_no_two_of_the_56_technologies_come_near_the_threshold():
    """The figures in submissions/checks/look_alikes.py are these."""
    real = dict(stored(records.technologies()))
    shares = {(one, other): share(real[one], real[other]) for one, other in combinations(real, 2)}

    some = {pair: found for pair, found in shares.items() if found}
    assert (len(real), len(shares)) == (56, 1540)
    assert some == {("us-dustgard", "us-stormfilter-zpg"): 11, ("dk-snox", "fi-lifac"): 4}
    assert SHARE == 25


def test_invented_ones_share_their_phrases_and_are_not_alike():
    every = dict(stored([*records.technologies(), *records.invented()]))
    pairs = list(combinations(every, 2))

    assert max(share(every[one], every[other]) for one, other in pairs) == 17
    assert not [
        (one, other) for one, other in pairs if likeness({"en": every[one]}, {"en": every[other]})
    ]
