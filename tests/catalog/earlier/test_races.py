"""Two officers at one earlier list in the same moment, on PostgreSQL."""

from threading import Event
from time import sleep

import pytest
from django.db import transaction

from catalog.earlier import keeping
from catalog.earlier.workflow import EARLIER_LISTS
from catalog.models import EarlierList, Technology
from tests.builders import accounts, earlier
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_officers_who_release_at_once_list_each_technology_once():
    row = earlier.proposed(entries=[earlier.line("1"), earlier.line("2")])
    officers = [accounts.officer(), accounts.officer()]

    said = at_once(
        *(lambda one=one: EARLIER_LISTS.perform("release", row.pk, actor=one) for one in officers)
    )

    assert sorted(type(one).__name__ for one in said) == ["EarlierList", "TransitionError"]
    assert Technology.objects.count() == 2


def test_two_lists_released_at_once_number_without_gaps():
    rows = [earlier.proposed(entries=[earlier.line(n) for n in "123"]) for _list in range(2)]
    officer = accounts.second_officer()

    at_once(
        *(lambda one=one: EARLIER_LISTS.perform("release", one.pk, actor=officer) for one in rows)
    )

    places = sorted(int(one.number[-4:]) for one in Technology.objects.all())
    assert places == [1, 2, 3, 4, 5, 6]


def test_a_sheet_read_while_the_list_is_proposed_changes_nothing_or_comes_first():
    row = earlier.prepared()
    one, other = accounts.officer(), accounts.officer()

    said = at_once(
        lambda: EARLIER_LISTS.perform("propose", row.pk, actor=one),
        lambda: keeping.edit(row.pk, actor=other, entries=[earlier.line("9")]),
    )

    numbers = [entry.number for entry in row.entries.all()]
    refused = [error for error in said if isinstance(error, Exception)]
    assert EarlierList.objects.get().status == "proposed"
    assert numbers == (["1"] if refused else ["9"])


@pytest.mark.parametrize("known", [True, False], ids=["recognised", "not yet recognised"])
def test_a_listing_follows_its_holder_merged_in_the_same_moment(known: bool):
    """The merge is done and not committed when the release comes: it waits, and follows."""
    house, target = accounts.organisation(name_en="Filter Works"), accounts.organisation()
    if known:
        accounts.verified(house)
    row = earlier.proposed(entries=[earlier.line(holder_en="Filter Works")])
    if not known:
        accounts.verified(house)
    accounts.verified(target)
    officer, merged = accounts.second_officer(), Event()

    def merge() -> None:
        with transaction.atomic():
            accounts.merged(house, target)
            merged.set()
            sleep(0.3)

    def release() -> None:
        assert merged.wait(5)
        EARLIER_LISTS.perform("release", row.pk, actor=officer)

    said = at_once(merge, release)

    assert not [error for error in said if isinstance(error, Exception)]
    holder = Technology.objects.get().holder
    assert holder == target if known else holder not in (house, target)
