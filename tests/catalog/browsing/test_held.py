"""The index in memory: what follows the changes is what would be made from nothing."""

import random
from typing import Any

import pytest
from pyroaring import BitMap

from catalog import origins
from catalog.browsing import held
from catalog.browsing.held import Held, held_at
from catalog.models import Technology
from catalog.version import Version, version_now
from tests.builders import catalog
from tests.builders.core import at_once

STEPS = {"listed": ("suspend", "revoke"), "suspended": ("resume",)}


def plain(one: Held) -> dict[str, Any]:
    """Return what an index holds, to be compared."""
    return {
        "listed": sorted(one.listed),
        "traits": {
            facet: {code: sorted(places) for code, places in codes.items()}
            for facet, codes in one.traits.items()
            if codes
        },
        "figures": {
            measure: list(zip(c.places.tolist(), c.low.tolist(), c.high.tolist(), strict=True))
            for measure, c in one.figures.items()
        },
    }


def from_nothing(version: Version) -> Held:
    held.forget()
    return held_at(version)


def something(chance: random.Random) -> Technology:
    return catalog.technology(
        subcategory=chance.choice(("WAT-01", "AIR-01", "SOI-01")),
        case_countries=tuple(chance.sample(("NO", "CN", "KZ", "PK"), chance.randrange(3))),
        indicators=[
            {"indicator": code, "typical": str(chance.randrange(100)), "unit": "%"}
            for code in chance.sample(("wat-removal-cod", "wat-recovery"), chance.randrange(3))
        ],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_following_the_changes_leads_to_what_is_made_from_nothing(seed):
    chance = random.Random(seed)
    there = [something(chance) for _number in range(5)]
    catalog.numbered()
    followed = held_at(version_now())

    for _turn in range(6):
        for _change in range(chance.randrange(1, 4)):
            one = chance.choice(there)
            steps = STEPS.get(Technology.objects.get(pk=one.pk).status, ())
            if steps and chance.random() < 0.7:
                catalog.take(one, chance.choice(steps))
            else:
                there.append(something(chance))
        catalog.numbered()
        version = version_now()
        followed = held_at(version)
        known = plain(followed)

        assert followed.change == version.change
        assert known == plain(from_nothing(version))
        held._newest.held = followed


@pytest.mark.django_db
def test_who_holds_an_older_index_keeps_it_as_it_was():
    one = catalog.technology()
    catalog.numbered()
    older = held_at(version_now())
    before = plain(older)

    catalog.take(one, "revoke")
    catalog.technology()
    catalog.numbered()
    newer = held_at(version_now())

    assert plain(older) == before
    assert plain(newer) != before


@pytest.mark.django_db
def test_what_is_not_committed_is_seen_by_its_own_transaction_and_kept_by_nobody():
    catalog.technology()

    seen = held_at(version_now())

    assert version_now().pending
    assert len(seen.listed) == 1
    assert held._newest.held is None


@pytest.mark.django_db
def test_many_changes_are_read_as_a_whole(monkeypatch):
    monkeypatch.setattr(held, "MANY", 2)
    catalog.technology()
    catalog.numbered()
    held_at(version_now())
    catalog.technologies(5)
    catalog.numbered()
    version = version_now()

    assert plain(held_at(version)) == plain(from_nothing(version))
    assert len(held_at(version).listed) == 6


@pytest.mark.django_db
def test_a_technology_that_changed_twice_does_not_hide_the_last_change(monkeypatch):
    monkeypatch.setattr(held, "MANY", 2)
    twice = catalog.technology()
    catalog.numbered()
    held_at(version_now())
    catalog.take(twice, "suspend")
    catalog.take(twice, "resume")
    second, third = catalog.technologies(2)
    catalog.numbered()
    version = version_now()

    followed = held_at(version)

    assert list(followed.listed) == [twice.place, second.place, third.place]
    assert plain(followed) == plain(from_nothing(version))


@pytest.mark.django_db
def test_a_database_that_was_put_back_is_read_anew():
    one = catalog.technology()
    catalog.numbered()
    version = version_now()
    held._newest.held = Held(version.change + 5, BitMap([one.place, one.place + 1]))

    older = held_at(version)

    assert older.change == version.change
    assert list(older.listed) == [one.place]
    assert held._newest.held is older


@pytest.mark.django_db
def test_who_looked_earlier_than_another_thread_is_given_what_that_one_made():
    catalog.technology()
    catalog.numbered()
    earlier = version_now()
    catalog.technology()
    catalog.numbered()
    newer = held_at(version_now())

    assert held_at(earlier) is newer
    assert held._newest.held is newer


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_are_given_one_and_the_same():
    catalog.technologies(2)
    version = version_now()

    found = at_once(*(lambda: held_at(version) for _thread in range(4)))

    assert [one is found[0] for one in found] == [True] * 4
    assert len(found[0].listed) == 2


@pytest.mark.django_db
def test_a_technology_is_of_the_year_of_its_activity():
    one = catalog.technology()
    year = one.case.declaration.activity.opens_at.year

    assert origins.year_of(one) == year
    assert f"year:{year}" in Technology.objects.get(pk=one.pk).traits
