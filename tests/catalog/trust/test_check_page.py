"""The check page: by number, by code, by the record; every bad input has its sentence."""

import pytest
from django.test import Client

from catalog.models import SigningKey
from catalog.trust import certificate
from tests.builders import catalog
from tests.catalog.test_publishing import run_out
from tests.catalog.trust.pages import KEYS, LIST, bring, check, facts, found, record_of

pytestmark = pytest.mark.django_db


def test_the_page_asks_for_a_number_or_a_record():
    answer = check()

    assert answer.status_code == 200
    assert answer.context["finding"] is None
    page = answer.content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert "verify/verify_record.py" in page
    for name in (
        *("verify_record.py", "technology-pool-keys.json", "technology-pool-delisted.json"),
    ):
        assert f'download="{name}"' in page
    assert KEYS in page
    assert LIST in page


def test_by_number():
    technology = catalog.technology(title="Membrane bioreactor")

    answer = check(q=f" {technology.number.lower()} ")

    assert found(answer) == ("success", "Genuine, and listed")
    assert facts(answer)["Title"] == "Membrane bioreactor"
    assert facts(answer)["Holder"] == technology.holder.name_en
    assert facts(answer)["State"] == "Listed"


@pytest.mark.parametrize(
    ("step", "tells_title"),
    [("suspend", True), ("withdraw", False), ("revoke", False)],
)
def test_what_is_not_listed_any_more_is_told_with_its_state(step, tells_title):
    technology = catalog.take(catalog.technology(title="Membrane bioreactor"), step)

    answer = check(q=technology.number)

    assert found(answer) == ("warning", "No longer listed")
    assert facts(answer)["State"] == str(technology.get_status_display()).capitalize()
    assert ("Membrane bioreactor" in answer.content.decode()) == tells_title
    assert "Holder" not in facts(answer)


def test_a_listing_that_ran_out_last_night_is_not_listed():
    technology = catalog.technology()
    run_out(technology)

    answer = check(q=technology.number)

    assert found(answer) == ("warning", "No longer listed")
    assert facts(answer)["State"] == "Expired"


def test_by_the_code_of_a_certificate():
    technology = catalog.technology()
    code = certificate.code_of(technology)
    alike = code._replace(check=code.check.replace("0", "O").replace("1", "l"))
    wide = "".join(chr(ord(one) + 0xFEE0) for one in str(code))

    for typed in (str(code), str(code).lower(), str(code).replace("-", " – "), str(alike), wide):
        answer = check(q=typed)
        assert found(answer) == ("success", "Genuine, and listed"), typed
        assert facts(answer)["Version in hand"] == "1"


def test_a_code_of_an_earlier_version_and_of_one_that_was_revoked():
    technology = catalog.technology()
    code = str(certificate.code_of(technology))
    catalog.take(technology, "suspend")
    catalog.take(technology, "resume")

    earlier = check(q=code)
    catalog.take(technology, "revoke")
    revoked = check(q=code)

    assert found(earlier) == ("success", "Genuine, and listed")
    assert (facts(earlier)["Version in hand"], facts(earlier)["Version now"]) == ("1", "3")
    assert found(revoked) == ("warning", "No longer listed")


@pytest.mark.parametrize("zero", ["٠", "۰", "０", "०"])
def test_digits_of_other_scripts_are_taken(zero):
    technology = catalog.technology()
    code = str(certificate.code_of(technology))
    for typed in (technology.number, code):
        other = "".join(chr(ord(zero) + int(one)) if one.isdigit() else one for one in typed)
        assert other != typed
        assert found(check(q=other)) == ("success", "Genuine, and listed")


@pytest.mark.parametrize(
    "asked",
    [
        *("GBR-2026-9999", "nothing", "-", "--", "1-2-3", "膜", "‮", "'; drop table"),
        "GBR-2026-9999-1-ABCDEFGH",
    ],
)
def test_what_is_unknown_is_said_to_be(asked):
    catalog.technology()

    answer = check(q=asked)

    assert answer.status_code == 200
    assert found(answer) == ("danger", "Not known here")


def test_a_code_that_was_made_up():
    technology = catalog.technology()
    code = certificate.code_of(technology)
    suspended = catalog.take(catalog.technology(), "suspend")

    for made_up in (
        code._replace(version=2),
        code._replace(check="00000000"),
        code._replace(version=999_999),
        code._replace(number=suspended.number, version=2),
    ):
        assert found(check(q=str(made_up))) == ("danger", "Not genuine")


@pytest.mark.parametrize(
    ("asked", "says"), [("1" * 81, "shorter than that"), ("1\x00", "Null characters")]
)
def test_what_cannot_be_a_code_is_an_error_of_the_form(asked, says):
    answer = check(q=asked)

    assert answer.context["finding"] is None
    assert says in answer.content.decode()


def test_by_the_record_as_file_and_as_text():
    technology = catalog.technology()
    content = Client().get(record_of(technology)).content

    for answer in (bring(content), bring(pasted=content.decode())):
        assert found(answer) == ("success", "Genuine, and listed")
        assert facts(answer)["Version in hand"] == "1"
        assert facts(answer)["Signed with"] == SigningKey.objects.get().public_key


def test_a_record_that_was_changed_is_not_genuine():
    technology = catalog.technology(title="Membrane bioreactor")
    content = Client().get(record_of(technology)).content

    answer = bring(content.replace(b"Membrane", b"Nembrane"))

    assert found(answer) == ("danger", "Not genuine")
    assert "something was changed after the signing" in answer.content.decode()


def test_a_genuine_record_of_what_was_withdrawn_tells_nothing_of_it():
    technology = catalog.technology(title="Membrane bioreactor")
    content = Client().get(record_of(technology)).content
    catalog.take(technology, "withdraw")

    answer = bring(content)

    assert found(answer) == ("warning", "No longer listed")
    assert "Membrane" not in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({}, 400, "Choose a file, or paste its text."),
        ({"content": b""}, 400, "Choose a file, or paste its text."),
        ({"pasted": "  \n"}, 400, "Choose a file, or paste its text."),
        ({"content": b"\x00" * 100}, 200, "not a JSON file"),
        ({"content": b"%PDF-1.7"}, 200, "not a JSON file"),
        ({"pasted": "[" * 50_000}, 200, "not a JSON file"),
        ({"pasted": "{}"}, 200, "not a signed record"),
        ({"content": b" " * (1024 * 1024 + 1)}, 413, "smaller than 1 MB"),
        ({"pasted": "x" * (1024 * 1024 + 1)}, 413, "smaller than 1 MB"),
        ({"content": b"[" + b"[]," * 20_001}, 413, "fewer entries than that"),
        ({"content": b"x" * (3 * 1024 * 1024)}, 413, "smaller than 1 MB"),
    ],
)
def test_every_bad_record_has_its_sentence(given, status, says):
    answer = bring(**given)

    assert answer.status_code == status
    assert says in answer.content.decode()


def test_the_qr_code_leads_to_the_page_in_the_language_of_the_reader():
    for language in ("en", "zh-hans"):
        answer = Client().get("/check/GBR-2026-0001/", headers={"accept-language": language})
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/{language}/catalogue/check/?q=GBR-2026-0001",
        )
    nothing = Client().get("/check/%00/")
    assert nothing["Location"] == "/en/catalogue/check/?q=%00"
    assert "Null characters" in Client().get(nothing["Location"]).content.decode()
    assert Client().get("/records/")["Location"] == "/en/catalogue/check/"
