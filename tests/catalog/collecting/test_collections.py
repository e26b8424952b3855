"""Collections: made by an officer, by hand or by a rule, seen by everybody once published."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from catalog.collecting import keeping
from catalog.collecting.keeping import MOST
from catalog.collecting.states import CollectionStatus
from catalog.collecting.workflow import COLLECTIONS
from catalog.models import Collection
from core.errors import DomainError
from core.models import AuditEntry
from tests.builders import accounts, catalog, collections
from tests.catalog.addresses import address, queries
from tests.reading import text

pytestmark = pytest.mark.django_db


def page(one: Collection, language: str = "en") -> str:
    return address("collection", one.code, language=language)


def shown(one: Collection) -> str:
    return text(Client().get(page(one)))


def test_one_chosen_by_hand_shows_what_is_listed_in_the_order_of_the_officer():
    first, second, gone = (catalog.technology(title=f"Filter {n}") for n in "ABC")
    catalog.take(gone, "suspend")
    numbers = [second.number, gone.number, first.number, second.number]

    one = collections.published(numbers=numbers)

    catalog.numbered()
    said = shown(one)
    assert one.numbers == [second.number, gone.number, first.number]
    assert said.index("Filter B") < said.index("Filter A")
    assert "Filter C" not in said
    assert "2 technologies" in said


def test_one_by_a_rule_shows_what_matches_now():
    one = collections.published(rule="https://pool.example/en/catalogue/?sort=newest&country=NO&q=")
    assert one.rule == "?country=NO"
    catalog.technology(title="Northern filter")
    catalog.technology(title="Southern filter", country="KE")
    catalog.numbered()

    said = shown(one)

    assert "Northern filter" in said
    assert "Southern filter" not in said
    assert f"{address()}?country=NO" in said


def test_everybody_reads_it_in_their_language_and_no_cookie_is_set():
    one = collections.published()
    answer = Client().get(page(one, "zh-hans"))

    assert "小城镇可运行的技术。" in text(answer)
    assert not answer.cookies
    assert one.title_en in text(Client().get(address("collections")))


def test_only_what_is_published_is_seen():
    one = collections.draft()
    assert Client().get(page(one)).status_code == 404
    assert one.title_en not in text(Client().get(address("collections")))
    officer = accounts.officer()
    COLLECTIONS.perform("publish", one.pk, actor=officer)
    assert Client().get(page(one)).status_code == 200
    with pytest.raises(DomainError, match="give a reason"):
        COLLECTIONS.perform("withdraw", one.pk, actor=officer)

    COLLECTIONS.perform("withdraw", one.pk, actor=officer, reason="Out of date.")

    assert Client().get(page(one)).status_code == 404
    assert AuditEntry.objects.get(act="collection.withdraw").reason == "Out of date."


def test_it_is_either_by_hand_or_by_a_rule():
    number = catalog.technology().number
    for said in ({"numbers": [], "rule": ""}, {"numbers": [number], "rule": "?country=NO"}):
        with pytest.raises(DomainError, match="one of the two") as refused:
            keeping.begin(actor=accounts.officer(), **collections.stated(**said))
        assert refused.value.field == "numbers"

    one = collections.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.filter(pk=one.pk).update(numbers=[number])


@pytest.mark.parametrize(
    ("said", "field", "why"),
    [
        ({"numbers": ["GBR-1999-0001"]}, "numbers", "No technology has these numbers: GBR-1999"),
        ({"numbers": [str(n) for n in range(MOST + 1)]}, "numbers", "At most 60 technologies"),
        ({"rule": "https://pool.example/en/catalogue/"}, "rule", "not the address of a list"),
        ({"rule": "?country=XX"}, "rule", "Not all of this address is understood: A filter"),
        ({"rule": "?country=NO&field=XXX"}, "rule", "A filter of this address is unknown"),
        ({"rule": "?country=NO&least.capacity||m3/d=1,234"}, "rule", "Not all of this address"),
        ({"rule": f"?q={'a' * 201}"}, "rule", "Not all of this address"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field(said, field, why):
    with pytest.raises(DomainError, match=why) as refused:
        keeping.begin(actor=accounts.officer(), **collections.stated(**said))
    assert refused.value.field == field


def test_only_officers_make_and_change_one_and_every_change_is_noted():
    one = collections.draft()
    for person in (accounts.user(), accounts.auditor()):
        with pytest.raises(PermissionDenied):
            keeping.edit(one.pk, actor=person, title_en="Mine")
        with pytest.raises(PermissionDenied):
            keeping.begin(actor=person, **collections.stated(rule="?country=NO"))

    keeping.edit(one.pk, actor=accounts.officer(), title_en="Water for villages")

    act = AuditEntry.objects.get(act="collection.changed")
    assert act.details == {"title_en": ["Water for towns", "Water for villages"]}


def test_nobody_puts_a_technology_of_their_own_house_forward():
    own = catalog.technology(holder=accounts.organisation())
    officer = accounts.officer()
    add_member(own.holder_id, officer, Level.VIEW, actor=accounts.owner_of(own.holder))
    with pytest.raises(DomainError, match="another officer names it"):
        collections.draft(actor=officer, numbers=[own.number])
    one = collections.draft(numbers=[own.number])

    with pytest.raises(PermissionDenied):
        keeping.edit(one.pk, actor=officer, title_en="Ours")
    with pytest.raises(PermissionDenied):
        COLLECTIONS.perform("publish", one.pk, actor=officer)


def test_nobody_puts_one_forward_by_a_rule_either():
    own = catalog.technology(holder=accounts.organisation(country="NO"))
    officer, other = accounts.officer(), accounts.officer()
    add_member(own.holder_id, officer, Level.VIEW, actor=accounts.owner_of(own.holder))
    country = own.country_id
    catalog.numbered()
    one = collections.draft(actor=officer, rule=f"?country={country}")
    with pytest.raises(DomainError, match="another officer names it") as refused:
        COLLECTIONS.perform("publish", one.pk, actor=officer)
    assert refused.value.field == "rule"

    COLLECTIONS.perform("publish", one.pk, actor=other)

    with pytest.raises(DomainError, match="another officer names it"):
        keeping.edit(one.pk, actor=officer, title_en="Ours")
    keeping.edit(one.pk, actor=officer, rule="?country=KE")
    assert Collection.objects.get(pk=one.pk).rule == "?country=KE"


def test_of_a_rule_that_is_understood_no_more_nothing_is_shown():
    catalog.technology(title="Northern filter")
    catalog.numbered()
    one = collections.published(rule="?country=NO&field=WAT")
    assert "Northern filter" in shown(one)
    Collection.objects.filter(pk=one.pk).update(rule="?country=NO&field=OLD")

    said = shown(one)

    assert "A filter of this collection is no longer known" in said
    assert "Northern filter" not in said
    assert "Open it as a list" not in said


def test_an_officer_fills_it_in_on_the_desk_and_publishes_it():
    technology = catalog.technology()
    client = accounts.signed_in(accounts.officer())
    given = collections.stated(numbers=f"{technology.number}\n", code="towns")

    refused = client.post(
        reverse("admin:catalog_collection_add"), {**given, "numbers": "GBR-1999-0001"}
    )
    assert "No technology has these numbers" in text(refused)
    client.post(reverse("admin:catalog_collection_add"), given)
    one = Collection.objects.get()
    client.post(reverse("admin:catalog_collection_step", args=[one.pk, "publish"]))

    one.refresh_from_db()
    assert (one.status, one.numbers) == (CollectionStatus.PUBLISHED, [technology.number])


@pytest.mark.parametrize("rule", ["", "?country=NO"])
def test_a_page_costs_the_same_however_many_are_in_it(rule):
    few = catalog.technologies(1, country="NO")
    one = collections.published(rule=rule, numbers=[] if rule else [few[0].number])
    catalog.numbered()
    queries(page(one))
    cost = queries(page(one))
    more = catalog.technologies(30, country="NO")
    if not rule:
        Collection.objects.update(numbers=[row.number for row in more])
    catalog.numbered()
    queries(page(one))

    assert queries(page(one)) == cost <= 8
