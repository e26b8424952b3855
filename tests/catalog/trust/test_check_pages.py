"""The public side: signed records by address, the check page, the badge. Anonymous, no cookie."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog.models import SigningKey
from catalog.states import TechnologyStatus
from catalog.trust import certificate, credentials, keys, verifying
from core.canonical import canonical_json
from tests.builders import accounts, catalog
from tests.catalog.addresses import address, queries
from tests.catalog.test_publishing import run_out
from tests.catalog.trust.lost import lose
from tests.reading import texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

KEYS = "/.well-known/technology-pool-keys.json"
LIST = "/.well-known/technology-pool-delisted.json"


def record_of(technology, version=None):
    middle = f"/versions/{version}" if version else ""
    return f"/records/{technology.number}{middle}.json"


def known():
    return verifying.keys_of(json.loads(Client().get(KEYS).content))


def check(**asked):
    """Ask the page as a browser does that has no cookie and sends no token."""
    return Client(enforce_csrf_checks=True).get(address("check"), asked)


def bring(content=None, **more):
    given = dict(more)
    if content is not None:
        given["record"] = SimpleUploadedFile("record.json", content)
    return Client(enforce_csrf_checks=True).post(address("check"), given)


def found(answer):
    finding = answer.context["finding"]
    return finding and (finding.tone, finding.title)


def facts(answer):
    return {str(one["label"]): one["value"] for one in answer.context["finding"].facts}


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


@pytest.mark.parametrize("path", ["/records/GBR-1999-0001.json", "/badges/GBR-1999-0001.svg"])
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
    catalog.take(catalog.technology(), "withdraw")

    first, again = (Client().get(LIST).content for _turn in range(2))
    keys.rotate(compromised="Stolen.")
    anew = Client().get(LIST).content

    assert first == again != anew
    assert verifying.judge(anew, known(), credentials.DELISTED).genuine


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


# The check page -------------------------------------------------------------------------------


def test_the_page_asks_for_a_number_or_a_record():
    answer = check()

    assert answer.status_code == 200
    assert answer.context["finding"] is None
    page = answer.content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert "verify/verify_record.py" in page
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
    assert Client().get("/records/")["Location"] == "/en/catalogue/check/"


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


# Of the list: the facts it is kept by, the key, and the cache. Of a badge and the check: the
# listing, and what time it is; of a code also that no listing is called so, its version, the last.
COSTS = (1, 3, 2, 1, 2, 2, 5)


def test_each_asks_the_database_as_often_for_fifty_as_for_one():
    technology = catalog.technology()
    assert Client().get(LIST).status_code == 200
    one = [queries(path) for path in addresses(technology)]
    for other in catalog.technologies(50):
        catalog.take(other, "suspend")
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
