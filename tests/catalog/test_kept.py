"""Public pages are drawn once for each version of the catalogue, and sent from memory."""

import gzip
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import kept
from catalog.collecting import keeping as keeping_collections
from catalog.collecting.workflow import COLLECTIONS
from catalog.version import Version, version_now
from reference.models import Field
from tests.builders import accounts, catalog, collections
from tests.catalog.addresses import address, asked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def keeping(settings, monkeypatch):
    settings.KEPT_PAGES_MB = 1
    monkeypatch.setattr(kept, "LOOK_AGAIN", 600)  # however slow the machine


def ask(path: str, client: Any = None, **headers: Any) -> tuple[Any, int]:
    """Return the answer, and how often the database was asked for it."""
    with CaptureQueriesContext(connection) as captured:
        answer = (client or Client()).get(path, headers=headers or None)
    return answer, len(captured)


def test_the_second_reader_is_sent_what_the_first_was():
    technology = catalog.technology(title="Membrane")
    for path in (address(), address("technology-detail", technology.pk)):
        first, drawn = ask(path)
        second, asked_again = ask(path)

        assert drawn > 0
        assert asked_again == 0
        assert second.content == first.content
        assert second.headers["ETag"] == first.headers["ETag"]
        assert "Membrane" in second.content.decode()


def test_collections_are_kept_until_one_of_them_changes():
    catalog.technology()
    one = collections.published()
    for path in (address("collections"), address("collection", one.code)):
        first, _drawn = ask(path)
        second, asked_again = ask(path)
        assert asked_again == 0
        assert second.content == first.content
        not_sent, _queries = ask(path, **{"If-None-Match": first.headers["ETag"]})
        assert not_sent.status_code == 304

    keeping_collections.edit(one.pk, actor=accounts.officer(), title_en="Water for villages")
    for path in (address("collections"), address("collection", one.code)):
        assert "Water for villages" in ask(path)[0].content.decode()

    COLLECTIONS.perform("withdraw", one.pk, actor=accounts.officer(), reason="Out of date.")
    assert "Water for villages" not in ask(address("collections"))[0].content.decode()
    assert ask(address("collection", one.code))[0].status_code == 404


def test_where_nothing_was_ever_listed_a_collection_is_seen_at_once():
    ask(address("collections"))

    collections.published()

    assert "Water for towns" in ask(address("collections"))[0].content.decode()


def test_a_kept_page_carries_every_header_of_a_drawn_one():
    catalog.technology()
    ask(address())

    answer, _queries = ask(address())

    assert answer.headers["Content-Security-Policy"].count("default-src 'none'") == 1
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Content-Language"] == "en"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["X-Request-Id"]
    assert not answer.cookies


def test_a_change_is_seen_at_once_where_it_was_made():
    catalog.technology(title="Before")
    before, _queries = ask(address())

    catalog.technology(title="After")
    after, _queries = ask(address())

    assert "After" not in before.content.decode()
    assert "After" in after.content.decode()


def test_a_change_elsewhere_is_seen_when_it_is_looked_for_again():
    catalog.technology(title="Before")
    ask(address())
    Field.objects.filter(pk="WAT").update(names={"en": "Waters", "zh-hans": "水"})

    kept.watch.look()  # half a second later

    assert "Waters" in ask(address())[0].content.decode()


def test_a_change_made_while_the_version_is_asked_for_is_not_overlooked(monkeypatch):
    catalog.technology(title="Before")
    kept.watch.look()

    def asked_before_it_was_committed() -> Version:
        monkeypatch.setattr(kept, "version_now", version_now)
        before = version_now()
        catalog.technology(title="After")  # by another thread of this process
        return before

    monkeypatch.setattr(kept, "version_now", asked_before_it_was_committed)
    ask(address())

    after = kept.watch.version()
    assert after.startswith(f"{version_now()}.")
    assert "After" in ask(address())[0].content.decode()


@pytest.mark.parametrize(
    "name",
    [
        *("browse-by", "reference-cases", "reference-cases-csv", "statistics", "mapping", "api"),
        *("technology-detail", "technology-version", "statistics-csv"),
    ],
)
def test_a_page_that_reads_no_query_has_one_address(name):
    one = catalog.technology()
    named = {
        "technology-detail": (one.pk,),
        "technology-version": (one.pk, 1),
        "statistics-csv": ("state",),
    }
    path = address(name, *named.get(name, ()))
    ask(path)

    answer, drawn = ask(f"{path}?x=1&next=//elsewhere.example")

    assert (answer.status_code, answer["Location"], drawn) == (302, path, 0)


def test_each_language_and_each_address_has_its_page():
    catalog.technology(title="Membrane", title_zh="膜")

    english, _queries = ask(address())
    chinese, _queries = ask(address(language="zh-hans"))
    nothing, _queries = ask(address() + asked(q="nothing of this kind"))

    assert "Membrane" in english.content.decode()
    assert "膜" in chinese.content.decode()
    assert "Nothing matches" in nothing.content.decode()


@pytest.mark.parametrize(("accepted", "packed"), [("br, gzip", True), ("br", False)])
def test_who_can_unpack_is_sent_it_compressed(accepted, packed):
    catalog.technologies(20)
    for _turn in range(2):
        answer, _queries = ask(address(), **{"accept-encoding": accepted})

        assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
        body = gzip.decompress(answer.content) if packed else answer.content
        assert b"Technology 19" in body
        assert int(answer.headers["Content-Length"]) == len(answer.content)
        assert not packed or len(answer.content) < len(body) / 4


def test_who_has_it_is_told_that_it_still_holds():
    catalog.technology()
    first, _queries = ask(address())

    again, queries = ask(address(), **{"if-none-match": first.headers["ETag"]})
    catalog.technology(title="Another")
    changed, _queries = ask(address(), **{"if-none-match": first.headers["ETag"]})

    assert (again.status_code, again.content, queries) == (304, b"", 0)
    assert changed.status_code == 200


def test_head_is_answered_with_the_length_alone():
    catalog.technology()
    whole, _queries = ask(address())

    answer = Client().head(address())

    assert answer.content == b""
    assert answer.headers["Content-Length"] == str(len(whole.content))


def test_who_is_signed_in_gets_a_page_of_their_own_and_leaves_none_behind():
    technology = catalog.owned()
    client = Client()
    client.force_login(accounts.owner_of(technology.holder))
    mine, _queries = ask(address(), client)
    visitors, _queries = ask(address())

    assert "My work" in mine.content.decode()
    assert "My work" not in visitors.content.decode()
    ask(address())
    assert "My work" in ask(address(), client)[0].content.decode()


@pytest.mark.parametrize("step", ["suspend", "revoke"])
def test_what_is_gone_is_not_sent_again(step):
    technology = catalog.technology(title="Membrane")
    path = address("technology-detail", technology.pk)
    ask(path)

    catalog.take(technology, step)

    answer, _queries = ask(path)
    assert answer.status_code == (410 if step == "revoke" else 200)
    assert "Treats leachate" not in answer.content.decode()


def test_another_host_is_not_sent_a_page_of_this_one(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    catalog.technology()
    ask(address())

    assert ask(address(), host="elsewhere.example")[0].status_code == 400


def test_the_least_asked_for_leave_first(settings):
    keeper = kept.Keeper(3 * (kept.OVERHEAD + 40))
    pages = {name: kept.page("1.1", name.encode(), {}) for name in "abcd"}
    keys = {name: kept.Key("http", "h", f"/{name}", "") for name in pages}
    for name in "abc":
        keeper.keep(keys[name], pages[name])
    keeper.find(keys["a"], "1.1")
    keeper.keep(keys["d"], pages["d"])

    assert [name for name in "abcd" if keeper.find(keys[name], "1.1")] == ["a", "c", "d"]
    assert keeper.find(keys["a"], "1.2") is None
    assert keeper.find(keys["a"], "1.1") is None  # it was of another version, and went


def test_without_a_place_to_keep_them_pages_are_drawn(settings):
    settings.KEPT_PAGES_MB = 0
    catalog.technology(title="Membrane")

    first, queries = ask(address())
    second, queries_again = ask(address())

    assert queries_again > 0
    assert queries >= queries_again
    assert first.content == second.content
