"""Two officers release a list of before the portal; its technologies stand in the catalogue."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from accounts.models import Organisation
from accounts.roles import Level
from accounts.services import add_member
from accounts.workflow import ORGANISATIONS
from catalog.earlier import keeping
from catalog.earlier.workflow import EARLIER_LISTS
from catalog.models import Delivery, EarlierEntry, EarlierList, Technology
from catalog.publishing import VALID_YEARS, years_after
from catalog.sync.drain import drain_all
from core import rights
from core.errors import DomainError
from core.models import AuditEntry
from tests.builders import accounts, catalog, earlier
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def test_a_release_lists_every_entry_as_the_list_states_it():
    before = earlier.technology()
    lines = [
        earlier.line("1", indicators=[{"name": "dust", "as_stated": "≤ 5", "unit_other": "mg"}]),
        earlier.line(
            "2",
            title_en="",
            title_zh="烟囱过滤器",
            summary_zh="除尘。",
            cases=[{"name": "Oslo works", "country": "SE", "year": 2018}],
            source_title="Report",
            source_url="https://example.org/2",
        ),
    ]

    row = earlier.released(code="of-2019", entries=lines)

    first, second = Technology.objects.exclude(pk=before.pk).order_by("number")
    year = timezone.localdate().year
    assert [first.number, second.number] == [f"GBR-{year}-0002", f"GBR-{year}-0003"]
    assert (first.case, first.status, first.seq) == (None, "listed", 1)
    assert first.valid_until == years_after(timezone.localdate(row.released_at), VALID_YEARS)
    assert first.content["earlier"] == {
        "list": "of-2019",
        "titles": {"en": "Technologies of 2019", "zh-hans": "2019年技术名单"},
        "authority": "Bureau of the Environment",
        "year": 2019,
        "number": "1",
        "source": "https://example.org/list",
    }
    assert first.content["indicators"] == [{"name": "dust", "as_stated": "≤ 5", "unit_other": "mg"}]
    assert "activity" not in first.content
    assert (first.evidence_grade, first.maturity) == ("", "")
    assert second.titles == {"zh-hans": "烟囱过滤器"}
    assert (second.language, second.case_countries) == ("zh-hans", ["SE"])
    assert second.content["sources"] == [
        {"title": "2019年技术名单", "url": "https://example.org/list", "year": 2019},
        {"title": "Report", "url": "https://example.org/2"},
    ]


def test_the_record_has_the_keys_of_every_other_but_for_its_origin():
    ours, theirs = earlier.technology().content, catalog.technology().content

    assert set(theirs) - set(ours) == {"activity"}
    assert set(ours) - set(theirs) == {"earlier"}


def test_an_entry_is_announced_searched_and_noted_as_every_listing():
    technology = earlier.technology(title_en="Baghouse of the north")

    found = Technology.objects.filter(search="baghouse")
    assert [one.pk for one in found] == [technology.pk]
    assert technology.versions.get().content_hash == technology.content_hash
    assert Delivery.objects.get(aggregateid=technology.pk).type == "technology.listed"
    noted = AuditEntry.objects.get(act="technology.listed")
    assert noted.actor == EarlierList.objects.get().released_by
    assert drain_all()
    assert Delivery.objects.get(aggregateid=technology.pk).state == "done"


# Holders --------------------------------------------------------------------------------------


def test_a_holder_the_portal_does_not_know_is_entered_without_members():
    lines = [
        earlier.line("1", holder_en="Filter Works"),
        earlier.line("2", holder_en="FILTER works"),
    ]

    earlier.released(entries=lines)

    house = Organisation.objects.get()
    assert (house.name_en, house.status, house.invented) == ("Filter Works", "unverified", False)
    assert not house.memberships.exists()
    assert {one.holder for one in Technology.objects.all()} == {house}


def test_a_verified_organisation_of_that_name_and_country_is_the_holder():
    house = accounts.verified(accounts.organisation(name_en="Filter Works"))
    entry = earlier.line(holder_en="filter works")

    row = earlier.prepared(
        entries=[entry, earlier.line("2", holder_en="Filter Works", country="SE")]
    )

    assert [one.organisation for one in row.entries.all()] == [house, None]


@pytest.mark.parametrize("step", ["propose", "release"])
def test_a_holder_whose_verification_was_taken_back_is_recognised_no_more(step):
    house = accounts.verified(accounts.organisation(name_en="Filter Works"))
    officer = accounts.officer()
    row = earlier.prepared(house, actor=officer)
    if step == "release":
        EARLIER_LISTS.perform("propose", row.pk, actor=officer)
    ORGANISATIONS.perform("take_back", house.pk, actor=accounts.officer(), reason="Another.")

    if step == "propose":
        EARLIER_LISTS.perform("propose", row.pk, actor=officer)
        assert row.entries.get().organisation is None
    EARLIER_LISTS.perform("release", row.pk, actor=accounts.second_officer())

    holder = Technology.objects.get().holder
    assert holder != house
    assert (holder.name_en, holder.memberships.count()) == ("Filter Works", 0)


def test_a_holder_that_was_merged_meanwhile_stays_recognised():
    house = accounts.verified(accounts.organisation(name_en="Filter Works"))
    other = accounts.verified(accounts.organisation(name_en="Works of Filters"))
    row = earlier.proposed(holder=house)
    accounts.merged(house, other)

    EARLIER_LISTS.perform("release", row.pk, actor=accounts.second_officer())

    assert Technology.objects.get().holder == other


def test_whoever_types_the_name_of_a_holder_gets_no_listing():
    stranger = accounts.organisation(name_en="Filter Works")

    technology = earlier.technology(holder_en="Filter Works")

    assert technology.holder != stranger
    accounts.merged(technology.holder, stranger)  # an officer says that they are the same
    technology.refresh_from_db()
    assert technology.holder == stranger


def test_of_two_organisations_of_one_name_none_is_taken():
    for _number in range(2):
        accounts.verified(accounts.organisation(name_en="Filter Works"))

    row = earlier.prepared(entries=[earlier.line(holder_en="Filter Works")])

    assert row.entries.get().organisation is None


def test_the_next_list_finds_the_holder_of_the_last_one():
    first = earlier.technology(holder_en="Filter Works")

    second = earlier.technology(holder_en="Filter Works")

    assert second.holder == first.holder


def test_a_merge_takes_the_listing_and_its_entry_along():
    technology = earlier.technology()
    other = accounts.merged(technology.holder)

    technology.refresh_from_db()
    assert technology.holder == other
    assert EarlierEntry.objects.get().organisation == other
    assert technology.content["holder"]["name_en"] == "Filter Works 1"  # as it was published


# Two officers -----------------------------------------------------------------------------------


def test_who_proposed_a_list_does_not_release_it():
    officer = accounts.officer()
    row = earlier.proposed(by=officer)

    with pytest.raises(DomainError, match="A second officer releases the list"):
        EARLIER_LISTS.perform("release", row.pk, actor=officer)

    assert not Technology.objects.exists()


def test_the_database_refuses_one_officer_twice():
    row = earlier.proposed()

    with pytest.raises(IntegrityError, match="catalog_earlierlist_two_officers"):
        EarlierList.objects.filter(pk=row.pk).update(released_by=row.proposed_by_id)


def test_an_empty_list_is_not_proposed():
    row = earlier.prepared(entries=[])

    with pytest.raises(DomainError, match="no technology in this list yet"):
        EARLIER_LISTS.perform("propose", row.pk, actor=accounts.officer())


def test_a_list_sent_back_is_prepared_again_and_says_why():
    row = earlier.proposed()

    EARLIER_LISTS.perform("send_back", row.pk, actor=accounts.officer(), reason="Line 3 is wrong.")

    row.refresh_from_db()
    assert (row.status, row.returned_because) == ("draft", "Line 3 is wrong.")
    keeping.edit(row.pk, actor=accounts.officer(), entries=[earlier.line("3")])
    again = EARLIER_LISTS.perform("propose", row.pk, actor=accounts.officer())
    assert [one.number for one in again.entries.all()] == ["3"]
    assert again.returned_because == ""


@pytest.mark.parametrize("how", ["member", "employer"])
def test_an_officer_of_a_holder_neither_proposes_nor_releases(how: str):
    house = accounts.verified(accounts.organisation(name_en="Filter Works"))
    tied = accounts.officer()
    if how == "member":
        add_member(house.pk, tied, Level.VIEW, actor=None)
    else:
        build.expert(user=tied, employer_name="Filter  works")
    row = earlier.prepared(entries=[earlier.line(), earlier.line("2", holder_en="Filter Works")])
    waiting = earlier.proposed(entries=[earlier.line(holder_en="Filter Works")])

    for name, one in (("propose", row), ("release", waiting), ("send_back", waiting)):
        with pytest.raises(PermissionDenied):
            EARLIER_LISTS.perform(name, one.pk, actor=tied, reason="Because.")
    with pytest.raises(PermissionDenied):
        keeping.edit(row.pk, actor=tied, note="Mine.")
    assert rights.can(tied, "read", row)


def test_an_officer_whose_house_is_verified_meanwhile_is_still_found():
    house = accounts.organisation(name_en="Filter Works", name_zh="过滤厂")
    tied = accounts.officer()
    add_member(house.pk, tied, Level.VIEW, actor=None)
    waiting = earlier.proposed(entries=[earlier.line(holder_en="", holder_zh="过滤厂")])
    accounts.verified(house)

    with pytest.raises((DomainError, PermissionDenied)):
        EARLIER_LISTS.perform("release", waiting.pk, actor=tied)


# What the database keeps -----------------------------------------------------------------------


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except (IntegrityError, InternalError):
        return True
    return False


def test_what_waits_or_was_released_is_not_rewritten():
    row = earlier.proposed()
    entry = row.entries.get()
    entries, lists = EarlierEntry.objects.filter(pk=entry.pk), EarlierList.objects.filter(pk=row.pk)
    new = EarlierEntry(
        earlier_list=row, place=9, number="9", title_en="Nine", holder_en="Nine",
        country_id="NO", subcategory_id="AIR-01",
    )  # fmt: skip

    assert refused(lambda: entries.update(title_en="Another"))
    assert refused(lambda: entries.delete())
    assert refused(lambda: new.save())
    assert refused(lambda: lists.update(authority="Another"))
    assert refused(lambda: lists.delete())
    EARLIER_LISTS.perform("release", row.pk, actor=accounts.officer())
    assert refused(lambda: lists.update(released_at=timezone.now() - dt.timedelta(days=1)))


def test_a_technology_has_one_origin():
    declared, stated = catalog.technology(), earlier.technology()

    for pk, change in (
        (declared.pk, {"earlier": stated.earlier_id}),
        (declared.pk, {"case": None}),
        (stated.pk, {"earlier": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Technology.objects.filter(pk=pk).update(**change)
    assert Technology.objects.get(pk=stated.pk).case is None
