"""Signed records, keys, list and badge by their addresses: anonymous, no cookie."""

import datetime as dt
import hashlib
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import SigningKey
from catalog.states import TechnologyStatus
from catalog.trust import certificate, credentials, keys, verifying
from core.canonical import canonical_json
from tests.builders import accounts, catalog
from tests.catalog.addresses import address, queries
from tests.catalog.test_publishing import run_out
from tests.catalog.trust.lost import lose
from tests.catalog.trust.pages import KEYS, LIST, bring, found, known, record_of
from tests.reading import texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

# Signed records -------------------------------------------------------------------------------


def test_the_signed_record_by_its_address():
    technology = catalog.technology()

    answer = Client().get(record_of(technology))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vc"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Disposition"] == f'attachment; filename="{technology.number}-1.json"'
    verdict = verifying.judge(answer.content, known())
    assert verdict.genuine
    assert verdict.record == technology.content
    assert verdict.document["id"].endswith(record_of(technology, 1))
    assert Client().get(record_of(technology, 1)).content == answer.content
    assert answer["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    again = Client().get(record_of(technology), headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ((), {1: 200, 2: 404}),
        (("suspend",), {1: 404, 2: 200}),
        (("suspend", "resume"), {1: 200, 2: 200, 3: 200}),
        (("suspend", "revoke"), {1: 404, 2: 404, 3: 410}),
        (("withdraw",), {1: 404, 2: 410}),
    ],
)
def test_versions_are_public_as_long_as_what_they_say_is(steps, shown):
    technology = catalog.technology()
    for step in steps:
        technology = catalog.take(technology, step)

    given = {one: Client().get(record_of(technology, one)).status_code for one in shown}

    assert given == shown
    now = Client().get(record_of(technology))
    assert now.status_code == (410 if technology.status in ("revoked", "withdrawn") else 200)
    verdict = verifying.judge(now.content, known())
    assert verdict.record == technology.content


def test_a_record_that_waits_for_its_signature_is_not_there():
    technology = catalog.technology()
    lose(SigningKey.objects.get())
    technology = catalog.take(technology, "suspend")
    technology = catalog.take(technology, "resume")

    assert Client().get(record_of(technology)).status_code == 200  # the very record of version 1
    catalog.take(technology, "suspend")
    assert Client().get(record_of(technology)).status_code == 404
    assert Client().get(LIST).status_code == 503


def test_a_record_signed_again_is_handed_out_with_the_new_signature():
    technology = catalog.technology()
    old = Client().get(record_of(technology)).content
    keys.rotate(compromised="Stolen.")

    assert Client().get(record_of(technology)).status_code == 404
    from_new = bring(old)

    assert found(from_new) == ("danger", "Not genuine")
    assert "somebody else may have" in from_new.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        *("/records/GBR-1999-0001.json", "/badges/GBR-1999-0001.svg"),
        *("/records/%00.json", "/records/%00/versions/1.json", "/badges/%00.svg"),
        f"/records/{'1' * 41}.json",
        f"/records/GBR-1999-0001/versions/{'9' * 30}.json",
    ],
)
def test_what_is_not_there_is_not_found(path):
    assert Client().get(path).status_code == 404


def test_the_key_document():
    catalog.technology()
    keys.rotate()

    answer = Client().get(KEYS)

    document = json.loads(answer.content)
    assert answer["Content-Type"] == "application/json"
    assert document == json.loads(
        canonical_json(credentials.key_document(SigningKey.objects.all()))
    )
    assert len(document["assertionMethod"]) == 2


# The list -------------------------------------------------------------------------------------


def delisted():
    answer = Client().get(LIST)
    verdict = verifying.judge(answer.content, known(), credentials.DELISTED)
    assert verdict.genuine
    return {one["number"]: one["state"] for one in verdict.subject["delisted"]}


def test_the_list_names_what_is_not_listed_any_more_at_once():
    first, second, third = catalog.technologies(3)
    assert delisted() == {}

    catalog.take(first, "revoke")
    assert delisted() == {first.number: "revoked"}
    catalog.take(second, "suspend")
    assert delisted() == {first.number: "revoked", second.number: "suspended"}
    catalog.take(second, "resume")
    catalog.take(third, "suspend")

    assert delisted() == {first.number: "revoked", third.number: "suspended"}


def test_the_list_is_the_same_until_something_changes_or_the_key_does():
    technology = catalog.take(catalog.technology(), "withdraw")
    catalog.numbered()

    first, again = (Client().get(LIST) for _turn in range(2))
    catalog.technology()
    catalog.numbered()
    changed = Client().get(LIST)
    keys.rotate(compromised="Stolen.")
    anew = Client().get(LIST)

    assert first.content == again.content != anew.content
    assert len({one["ETag"] for one in (first, again, changed, anew)}) == 3
    assert delisted() == {technology.number: "withdrawn"}


def test_the_list_is_made_anew_on_another_day(time_machine):
    catalog.take(catalog.technology(), "withdraw")
    catalog.numbered()
    time_machine.move_to(dt.datetime(2030, 1, 1, 10, tzinfo=dt.UTC), tick=False)
    first = Client().get(LIST)["ETag"]
    time_machine.move_to(dt.datetime(2030, 1, 1, 23, tzinfo=dt.UTC), tick=False)
    assert Client().get(LIST)["ETag"] == first

    time_machine.move_to(dt.datetime(2030, 1, 2, 1, tzinfo=dt.UTC), tick=False)

    assert Client().get(LIST)["ETag"] != first


def test_who_has_the_list_of_now_is_told_so_by_its_name():
    """The list is neither made nor read: it is not in the cache any more."""
    catalog.take(catalog.technology(), "withdraw")
    catalog.numbered()
    name = Client().get(LIST)["ETag"]
    cache.clear()

    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(LIST, headers={"if-none-match": name})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", name)
    assert answer["Cache-Control"] == "public, no-cache"
    assert len(captured) == 2  # how far the catalogue is, and the key
    catalog.technology()
    catalog.numbered()
    assert Client().get(LIST, headers={"if-none-match": name}).status_code == 200


def test_a_revoked_record_says_so_offline_with_a_fresh_list():
    technology = catalog.technology()
    record = Client().get(record_of(technology)).content
    before = Client().get(LIST).content
    catalog.take(technology, "revoke")
    verdict = verifying.judge(record, known())

    now = timezone.now()
    answers = [
        verifying.ask(verdict, told, known(), now).standing
        for told in (before, Client().get(LIST).content)
    ]

    assert answers == [verifying.Standing.LISTED, verifying.Standing.DELISTED]


# Badge ----------------------------------------------------------------------------------------


def test_the_badge_says_listed_until_it_is_not():
    technology = catalog.technology()
    path = f"/badges/{technology.number}.svg"

    alive = Client().get(path)
    catalog.take(technology, "revoke")
    dead = Client().get(path)

    assert alive["Content-Type"] == "image/svg+xml"
    assert alive["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert alive["Cache-Control"] == "public, max-age=300"
    assert "no longer listed" not in alive.content.decode()
    assert technology.number in alive.content.decode()
    assert "demonstration 演示" in alive.content.decode()
    assert dead.status_code == 200
    assert "no longer listed" in dead.content.decode()


def test_the_badge_of_a_listing_that_ran_out():
    technology = catalog.technology()
    run_out(technology)

    assert "no longer listed" in Client().get(f"/badges/{technology.number}.svg").content.decode()


# Who, and how ---------------------------------------------------------------------------------


def addresses(technology):
    return [
        KEYS,
        LIST,
        record_of(technology),
        record_of(technology, 1),
        f"/badges/{technology.number}.svg",
        f"{address('check')}?q={technology.number}",
        f"{address('check')}?q={certificate.code_of(technology)}",
    ]


def test_nothing_public_sets_a_cookie_or_opens_a_session():
    technology = catalog.technology()
    content = Client().get(record_of(technology)).content

    answers = [Client().get(path) for path in addresses(technology)]

    for answer in (*answers, bring(content), bring(b"x"), Client().get("/check/x/")):
        assert not answer.cookies


def test_a_person_who_is_signed_in_sees_the_same():
    technology = catalog.technology()
    client = accounts.signed_in(accounts.officer())

    for path in addresses(technology):
        mine, theirs = client.get(path), Client().get(path)
        assert (texts(mine, "main") or mine.content) == (texts(theirs, "main") or theirs.content)


def test_the_addresses_are_only_read_but_for_the_check():
    technology = catalog.technology()

    for path in addresses(technology)[:-2]:
        assert Client().post(path).status_code == 405


# Of the list: how far the catalogue is, the key, and the cache. Of a badge and the check: the
# listing, and what time it is; of a code also that no listing is called so, its version, the last.
COSTS = (1, 3, 2, 1, 2, 2, 5)


def test_each_asks_the_database_as_often_for_fifty_as_for_one():
    technology = catalog.technology()
    catalog.numbered()
    assert Client().get(LIST).status_code == 200
    one = [queries(path) for path in addresses(technology)]
    for other in catalog.technologies(50):
        catalog.take(other, "suspend")
    catalog.numbered()
    Client().get(LIST)

    assert [queries(path) for path in addresses(technology)] == one == list(COSTS)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_the_page_in_every_language(language):
    technology = catalog.technology()

    answer = Client().get(address("check", language=language), {"q": technology.number})

    assert answer.status_code == 200
    assert technology.number in answer.content.decode()


def test_the_page_of_a_technology_leads_to_its_record_and_to_the_check():
    listed = catalog.technology()
    gone = catalog.take(catalog.technology(), "withdraw")

    for technology in (listed, gone):
        page = Client().get(address("technology-detail", technology.pk)).content.decode()
        assert f'href="{record_of(technology)}"' in page
        assert f'href="{address("check")}?q={technology.number}"' in page
    assert gone.status == TechnologyStatus.WITHDRAWN
