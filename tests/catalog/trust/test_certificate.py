"""What a holder can show: the certificate with its QR code, and the badge."""

import io
import re

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.roles import Level
from catalog.trust import certificate, codes
from tests.builders import accounts, catalog, earlier
from tests.catalog.addresses import address
from tests.catalog.test_publishing import run_out

pytestmark = pytest.mark.django_db


def path_of(technology):
    return address("listing-certificate", technology.pk)


def pages(content):
    """Return the words of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_the_certificate_is_one_sheet_in_both_languages(settings):
    settings.PORTAL_ORIGIN = "https://pool.example.org"
    technology = catalog.technology(
        holder=accounts.organisation(),
        title="Membrane bioreactor for landfill leachate",
        title_zh="垃圾渗滤液膜生物反应器",
    )
    client = accounts.signed_in(accounts.member(Level.VIEW, technology.holder))

    answer = client.get(path_of(technology))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="{technology.number}.pdf"'
    [sheet] = pages(answer.content)
    code = str(certificate.code_of(technology))
    for said in (
        *("Certificate of listing", technology.number, technology.holder.name_en),
        *("Membrane bioreactor for landfill leachate", "垃圾渗滤液膜生物反应器"),
        *(technology.content["listed_on"], technology.content["valid_until"]),
        *("Listing is not a certification of its performance", "This is a demonstration"),
        *(code, f"https://pool.example.org/check/{code}/"),
    ):
        assert said in sheet


def test_it_says_what_was_evaluated_before_the_portal_and_by_which_list():
    technology = earlier.technology()

    [sheet] = pages(certificate.certificate(technology))

    for said in (
        *("Evaluated before the portal", "Technologies of 2019", "2019年技术名单"),
        "Bureau of the Environment, 2019, № 1",
    ):
        assert said in sheet
    [other] = pages(certificate.certificate(catalog.technology()))
    assert "Evaluated before the portal" not in other


def test_the_qr_code_is_the_address_of_the_check_page():
    technology = catalog.technology()

    sheet = certificate.sheet(technology)

    assert sheet["address"].endswith(f"/check/{sheet['code']}/")
    assert sheet["qr"] == certificate.qr(sheet["address"])
    assert sheet["qr"].startswith("<svg")
    assert sheet["qr"] != certificate.qr(f"{sheet['address']}x")


def test_text_of_a_holder_is_no_markup_of_the_sheet():
    title = '#panic("x") $x$ *b* _i_ <a> \\ "q" @ref'
    technology = catalog.technology(title=title)

    [sheet] = pages(certificate.certificate(technology))

    assert '#panic("x") $x$ *b* _i_ <a>' in sheet


def test_a_long_title_stays_on_the_sheet():
    technology = catalog.technology(title="Membrane " * 30, title_zh="膜生物反应器" * 25)

    assert len(pages(certificate.certificate(technology))) == 1


def test_who_may_have_it():
    technology = catalog.technology(holder=accounts.organisation())
    asked = {
        "viewer": accounts.member(Level.VIEW, technology.holder),
        "officer": accounts.officer(),
        "another holder": accounts.member(Level.OWN, accounts.organisation()),
        "expert": accounts.expert_user(),
    }

    given = {
        who: accounts.signed_in(person).get(path_of(technology)).status_code
        for who, person in asked.items()
    }

    assert given == {"viewer": 200, "officer": 200, "another holder": 404, "expert": 404}
    assert Client().get(path_of(technology)).status_code == 302


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_there_is_none_of_what_is_not_listed(step):
    technology = catalog.technology(holder=accounts.organisation())
    client = accounts.signed_in(accounts.owner_of(technology.holder))
    catalog.take(technology, step)

    assert client.get(path_of(technology)).status_code == 404
    assert path_of(technology) not in holder_page(client, technology)


def test_there_is_none_of_what_ran_out_last_night():
    technology = catalog.technology(holder=accounts.organisation())
    client = accounts.signed_in(accounts.owner_of(technology.holder))
    run_out(technology)

    assert client.get(path_of(technology)).status_code == 404
    assert path_of(technology) not in holder_page(client, technology)


def holder_page(client, technology):
    answer = client.get(address("listing", technology.pk))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_the_holder_offers_certificate_and_badge(settings):
    settings.PORTAL_ORIGIN = "https://pool.example.org"
    technology = catalog.technology(holder=accounts.organisation())
    client = accounts.signed_in(accounts.owner_of(technology.holder))

    page = holder_page(client, technology)

    assert f'href="{path_of(technology)}"' in page
    badge = f"https://pool.example.org/badges/{technology.number}.svg"
    snippet = re.search(r"<code>(.*?)</code>", page, re.DOTALL)
    assert snippet
    assert badge in snippet[1]
    assert f"https://pool.example.org/check/{technology.number}/" in snippet[1]
    assert "<" not in snippet[1]


# Codes ----------------------------------------------------------------------------------------


def test_the_code_of_a_version():
    code = codes.code_of("GBR-2026-0001", 3, "0" * 64)

    assert str(code) == "GBR-2026-0001-3-V1960D6W"
    assert codes.parse(str(code)) == code
    assert codes.code_of("GBR-2026-0001", 4, "0" * 64).check != code.check
    assert codes.code_of("GBR-2026-0001", 3, "1" * 64).check != code.check


@pytest.mark.parametrize("text", ["", "-", "GBR-2026-0001", "-3-V1960D6W", "A-B-BT9GY68A"])
def test_what_is_no_code(text):
    assert codes.parse(text) is None
