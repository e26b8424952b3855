"""What is not public stands in nothing the world can ask for: page, feed, API, file or header.

Whole reviews, enquiries, objections and measures are played; then every text of people,
declarations, scores and letters gets a token of its own, and every open address is asked.
"""

import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from arro3.io import read_parquet
from django.test import Client
from pypdf import PdfReader

from catalog.harvest import files
from catalog.models import Technology
from catalog.tasks import write_bulk
from evaluation.states import CaseStatus
from tests.builders import (
    accounts,
    catalog,
    collections,
    earlier,
    enquiries,
    evaluation,
    objections,
    saved,
    tokens,
)
from tests.catalog import planting, public_addresses
from tests.catalog.api.asking import told

pytestmark = pytest.mark.django_db(transaction=True)

# Of what must have taken a token, so that the search for them says something.
PLANTED = {
    *("User.name", "User.email", "EmailAddress.email", "Organisation.registration_number"),
    *("Score.comment", "Decision.statement", "Expert.employer_name", "Objection.statement"),
    *("Enquiry.name", "Enquiry.address", "EnquiryMessage.text", "SavedSearch.address"),
    *("ListingMeasure.reason", "ListingMeasure.statement", "StoredMail.body", "ApiToken.name"),
}
FILED = {"applicant.contact_email", "applicant.contact_name", "commitment.signatory"}


@dataclass
class World:
    listed: list[Technology]
    suspended: Technology
    revoked: Technology
    planted: set[str]


@pytest.fixture
def lived() -> World:
    """Technologies that went through whole reviews, published anew after tokens were planted."""
    made = [catalog.listed_technology() for _turn in range(4)]
    filed = {place for one in made for place in planting.in_the_declaration(one)}
    assert filed >= FILED
    around(made[0])
    collections.published()
    earlier.technology()
    tokens.issued()
    for status in (CaseStatus.PUBLICITY, CaseStatus.AWAITING, CaseStatus.NOT_INCLUDED):
        evaluation.case(status)
    objections.received()
    planted = planting.in_every_column()
    assert planted >= PLANTED
    for one in made:
        catalog.take(one, "suspend")
        if one != made[2]:
            catalog.take(one, "resume")
    catalog.take(made[3], "revoke")
    write_bulk()
    return World(made[:2], made[2], made[3], planted | filed)


def around(technology: Technology) -> None:
    """Let readers ask about a technology, and officers begin a measure against it."""
    accounts.owner_of(technology.holder)
    enquiries.answer(enquiries.received(technology))
    saved.confirmed()
    catalog.answer(catalog.proposed(technology, "suspend"))


def answers() -> Iterator[tuple[str, str, Any, str]]:
    """Yield (name, path, answer, all that is said): every open address, asked for all it has."""
    partner = {"Authorization": tokens.bearer(scopes=["read", "bulk"])}
    for name, path in public_addresses.paths():
        for headers in _headers(name, partner):
            answer = Client().get(path, headers=headers)
            yield name, path, answer, f"{sorted(answer.headers.items())}\n{opened(answer)}"


def _headers(name: str, partner: dict[str, str]) -> list[dict[str, str]]:
    if name == "harvest:item":
        kinds = ("text/turtle", "application/ld+json", "application/json", "text/html")
        return [{"Accept": kind} for kind in kinds]
    return [{}, partner] if name.startswith("api-v1:") else [{}]


def opened(answer: Any) -> str:
    """Return the text of an answer, unpacked where it is packed."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(body)).pages
        return "".join("".join(page.extract_text() for page in pages).split())
    if body.startswith(b"PAR1"):
        rows = read_parquet(io.BytesIO(body)).read_all()
        return json.dumps([rows.column(name).to_pylist() for name in rows.column_names])
    return str(body.decode())


def test_nothing_that_is_not_public_is_said_anywhere(lived):
    assert public_addresses.missing() == set()
    reached, leaks, remembering, telling = set(), set(), set(), set()
    gone = [(str(one.pk), one.number) for one in (lived.suspended, lived.revoked)]

    for name, path, answer, said in answers():
        if answer.status_code == 200:
            reached.add(name)
        leaks |= {(path, token) for token in re.findall(rf"{planting.TOKEN}[\w.]*", said)}
        is_page = "html" in answer.get("Content-Type", "")  # which greets who is signed in
        if answer.cookies or (not is_page and "Cookie" in answer.get("Vary", "")):
            remembering.add(name)
        if any(pk in said and pk not in path and number not in path for pk, number in gone):
            telling.add(name)

    assert leaks == set()
    assert public_addresses.public() - reached == UNREACHED
    assert remembering == FORMS
    assert telling == FOLLOWED


# What sends on to another, and what opens for who holds the link of a mail.
UNREACHED = {
    "root",
    "trust:code",
    "trust:records",
    "harvest:bulk-newest",
} | public_addresses.of_a_link()
# Pages with a form: the guard against forged ones is a cookie.
FORMS = {"catalog:enquiry-form", "catalog:save-search", "evaluation:objection-form"}
# Who follows the catalogue is told what left it: its number alone.
FOLLOWED = {"api-v1:changes", "harvest:oai", "trust:delisted"}


def test_nothing_that_is_not_public_can_be_looked_for(lived):
    for word in (planting.TOKEN, "contact%40example.org"):
        assert told(f"/technologies?q={word}")["total"] == 0
        page = Client().get(f"/en/catalogue/?q={word}")
        assert page.context["total"] == 0
    assert told("/technologies")["total"] == len(lived.listed) + 1  # and the earlier one


def test_the_tokens_are_where_they_were_planted(lived):
    """Else the other tests would find nothing because there is nothing."""
    case = catalog.case_of(lived.listed[0])
    version = case.version
    version.refresh_from_db()

    assert version.content["sections"]["commitment"]["signatory"].startswith(planting.TOKEN)
    scored = case.assignments.first().sheet
    assert planting.TOKEN in str(list(scored.scores.values()))
    assert planting.TOKEN in scored.assignment.expert.user.name
    assert files.current()
