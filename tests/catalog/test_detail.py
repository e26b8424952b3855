"""The page and the record of a technology, and who gets the pages of the catalogue."""

import hashlib
import json
import uuid

import pytest
from django.test import Client

from catalog import naming
from catalog.models import Technology
from catalog.states import TechnologyStatus
from core.canonical import canonical_json
from tests.builders import accounts, catalog
from tests.catalog.addresses import address, asked
from tests.reading import heading, texts

pytestmark = pytest.mark.django_db


# One technology -------------------------------------------------------------------------------


def test_the_page_of_a_technology_says_what_its_record_says():
    technology = catalog.technology(
        title="Membrane bioreactor", title_zh="膜生物反应器", evidence="vendor", country="CN"
    )

    page = Client().get(address("technology-detail", technology.pk)).content.decode()

    for text in (
        technology.number,
        "Membrane bioreactor",
        '<span lang="zh-hans" dir="ltr">膜生物反应器</span>',
        "Treats leachate.",
        "COD removal",
        "98.50",
        "1,250,000",
        "CNY",
        "plant",
        "Plant NO",
        "NO 123456",
        'href="https://example.org/paper" rel="noopener noreferrer nofollow"',
        "The main figures are the supplier’s own.",
        "Listing in the pool is not a certification.",
        "This record is a demonstration. It is not a listing by FECO.",
        technology.content_hash,
        str(technology.valid_until.year),
        address("technology-record", technology.pk),
    ):
        assert text in page, text


def test_the_page_is_read_in_chinese_with_the_original_text_marked():
    technology = catalog.technology(title="Membrane bioreactor", title_zh="膜生物反应器")

    page = Client().get(address("technology-detail", technology.pk, language="zh-hans"))

    assert page.context["title"] == "膜生物反应器"
    assert 'lang="en"' in page.content.decode()


def test_nothing_private_is_on_the_page():
    technology = catalog.technology()

    page = Client().get(address("technology-detail", technology.pk)).content.decode()

    for secret in ("contact@example.org", "Nordmann", "signatory", "score"):
        assert secret not in page


def test_a_link_that_is_no_web_address_is_printed_only():
    assert naming.safe_link("https://example.org") == "https://example.org"
    assert naming.safe_link("javascript:alert(1)") == ""
    assert naming.safe_link("data:text/html,x") == ""


@pytest.mark.parametrize(
    ("step", "status", "says"),
    [
        ("suspend", 200, "This listing is suspended."),
        ("withdraw", 410, "This technology was withdrawn from the pool"),
        ("revoke", 410, "The listing of this technology was revoked."),
    ],
)
def test_a_technology_that_is_not_listed_has_a_page_that_says_so(step, status, says):
    technology = catalog.technology(title="Membrane bioreactor", summary="Treats leachate.")
    catalog.take(technology, step)

    answer = Client().get(address("technology-detail", technology.pk))

    page = answer.content.decode()
    assert answer.status_code == status
    assert says in page
    assert technology.number in page
    assert "Treats leachate." not in page
    assert technology.holder.name_en not in page
    assert ("Membrane bioreactor" in page) == (step == "suspend")


def test_the_record_is_the_bytes_its_hash_is_taken_of():
    technology = catalog.technology()
    path = address("technology-record", technology.pk)

    answer = Client().get(path)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content) == technology.content
    assert hashlib.sha256(answer.content).hexdigest() == technology.content_hash
    assert answer["ETag"] == f'"{technology.content_hash}"'
    again = Client().get(path, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_record_of_a_technology_that_is_gone_is_its_tombstone():
    technology = catalog.take(catalog.technology(), "withdraw")

    answer = Client().get(address("technology-record", technology.pk))

    assert answer.status_code == 410
    assert answer.content == canonical_json(technology.content)
    assert set(json.loads(answer.content)) == {
        "schema",
        "id",
        "number",
        "state",
        "demonstration",
        "note",
        "notice",
        "withdrawn_at",
    }


# Who, and how ---------------------------------------------------------------------------------

PAGES = ("technology-list", "technology-detail", "technology-record")


def all_pages(technology: Technology) -> list[str]:
    return [
        address(),
        address() + asked(q="membrane"),
        address("technology-detail", technology.pk),
        address("technology-record", technology.pk),
    ]


def test_no_public_page_sets_a_cookie():
    technology = catalog.technology()
    gone = catalog.take(catalog.technology(), "withdraw")

    for path in (*all_pages(technology), address("technology-detail", gone.pk)):
        answer = Client().get(path)
        assert not answer.cookies, path
        assert "Set-Cookie" not in answer.headers


def main_part(answer):
    """Return what a page says between its head and its foot; all of it when it is no page."""
    return texts(answer, "main") or answer.content


def test_everybody_sees_the_same_pages():
    technology = catalog.technology()
    for person in (
        accounts.user(),
        accounts.officer(),
        accounts.member(of=technology.holder),
    ):
        client = accounts.signed_in(person)
        for path in all_pages(technology):
            assert main_part(client.get(path)) == main_part(Client().get(path)), path


@pytest.mark.parametrize("name", PAGES[1:])
def test_an_unknown_technology_is_not_there(name):
    assert Client().get(address(name, uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_pages_are_only_read(method):
    technology = catalog.technology()
    client = Client(enforce_csrf_checks=False)

    for path in all_pages(technology):
        assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_every_state_has_its_page_in_every_language(language):
    technology = catalog.technology(title="膜", language="zh-hans")
    assert technology.status == TechnologyStatus.LISTED

    listed = Client().get(address(language=language))
    page = Client().get(address("technology-detail", technology.pk, language=language))

    assert [row["title"] for row in listed.context["rows"]] == ["膜"]
    assert heading(page).split()[0] == "膜"
