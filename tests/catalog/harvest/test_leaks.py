"""What nobody may read stands in no answer to a machine: not in one byte, not in a header.

A declaration is filed in which every field carries a token of its own; of those the record does
not hold, and of people, scores, reasons and measures, none may come out anywhere.
"""

import copy
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from arro3.io import read_parquet
from django.test import Client

from accounts.models import Organisation
from catalog.harvest import files
from catalog.models import ListingMeasure, Technology
from catalog.tasks import write_bulk
from submissions.models import DeclarationVersion
from tests.builders import accounts, catalog

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "leaktoken"
# Sections of a declaration, and what of the organisation's entry, that are nobody's business.
PRIVATE_SECTIONS = {
    "applicant": (
        *("contact_name", "contact_email", "contact_phone", "contact_position", "role"),
        *("credit_statement", "bank_account", "after_sales", "address"),
    ),
    "commitment": ("signatory", "place", "position", "statement"),
    "recommendation": ("unit", "opinion", "contact"),
    "technology": ("internal_note", "patent_strategy", "reviewer_note"),
    "evidence": ("internal_report", "rating"),
    "economics": ("margin", "payer"),
    "scores": ("total", "expert", "comment"),
}
PRIVATE_OF_HOLDER = ("registration_number", "bank_account", "contact_email", "legal_person")
PRIVATE_OF_ROWS = {
    "performance": ("indicators", "score"),
    "cases": ("cases", "contact_phone"),
    "property": ("rights", "inventor"),
}


def planted() -> tuple[dict[str, Any], set[str]]:
    """Return a document with a token in every private place, and the tokens."""
    document, tokens = copy.deepcopy(catalog.document(title="Public title", title_zh="公开")), []

    def token(where: str) -> str:
        tokens.append(f"{TOKEN}-{where.replace('.', '-').replace('_', '-')}")
        return tokens[-1]

    sections = document["sections"]
    for section, keys in PRIVATE_SECTIONS.items():
        for key in keys:
            sections.setdefault(section, {})[key] = token(f"{section}.{key}")
    for section, (table, column) in PRIVATE_OF_ROWS.items():
        for row in sections.setdefault(section, {}).setdefault(table, [{"name": "Public row"}]):
            row[column] = token(f"{section}.{column}")
    translated = document["translations"]["zh-hans"]
    translated["applicant.contact_name"] = token("translated.contact")
    translated["technology.internal_note"] = token("translated.note")
    document["attachments"] = [{"title": token("attachment"), "file": token("file")}]
    document["experts"] = [token("expert")]
    return document, set(tokens)


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Let there be a listed technology, one that is suspended and one revoked, all planted."""
    document, planted_here = planted()
    monkeypatch.setattr(catalog, "document", lambda **_content: copy.deepcopy(document))
    holders = [_holder(number) for number in range(3)]
    listed, suspended, revoked = (catalog.technology(holder=one) for one in holders)
    for one, kind in ((suspended, "suspend"), (revoked, "revoke")):
        measure = catalog.proposed(
            one, kind, reason=f"{TOKEN}-reason", statement=f"{TOKEN}-statement"
        )
        catalog.take(one, measure.kind)
    for version in DeclarationVersion.objects.all():
        assert TOKEN in json.dumps(version.content)
    assert TOKEN in "".join(ListingMeasure.objects.values_list("reason", flat=True))
    assert Technology.objects.filter(status="listed").get() == listed
    return planted_here


def _holder(number: int) -> Organisation:
    holder = accounts.organisation()
    Organisation.objects.filter(pk=holder.pk).update(
        registration_number=f"{TOKEN}-registration-{number}",
    )
    owner = accounts.owner_of(holder)
    owner.name = f"{TOKEN}-person"
    owner.save(update_fields=["name"])
    holder.refresh_from_db()
    return holder


def answers() -> Iterator[tuple[str, bytes]]:
    """Yield every answer a machine can get, headers and all, opened where it is packed."""
    write_bulk()
    pks = [str(pk) for pk in Technology.objects.values_list("pk", flat=True)]
    client = Client()
    for path, headers in _asked(pks):
        answer: Any = client.get(path, headers=headers, follow=True)
        body = (
            b"".join(answer.streaming_content)
            if getattr(answer, "streaming", False)
            else answer.content
        )
        yield path, str(sorted(answer.headers.items())).encode() + _opened(path, body)


def _opened(path: str, body: bytes) -> bytes:
    if path.endswith(files.LINES):
        return gzip.decompress(body)
    if path.endswith(files.PARQUET):
        found = read_parquet(io.BytesIO(body)).read_all()
        return json.dumps([found.column(name).to_pylist() for name in found.column_names]).encode()
    return body


def _asked(pks: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    yield from ((path, {}) for path in (*_harvested(pks), *SINGLE, *_paged(pks)))
    for pk in pks:
        for kind in ("text/turtle", "application/ld+json", "application/json"):
            yield f"/catalogue/{pk}", {"accept": kind}


SINGLE = (
    *("/oai?verb=Identify", "/oai?verb=ListSets", "/oai?verb=ListMetadataFormats", "/oai"),
    *("/oai/tp.xsd", "/catalogue/dcat.ttl", "/catalogue/dcat.jsonld", "/robots.txt"),
    *("/sitemap.xml", "/sitemap/pages.xml", "/sitemap/0.xml"),
    *(f"/catalogue/bulk/{name}" for name in ("manifest.json", *files.KINDS)),
)


def _harvested(pks: list[str]) -> Iterator[str]:
    for prefix in ("oai_dc", "tp"):
        yield f"/oai?verb=ListRecords&metadataPrefix={prefix}"
        for pk in pks:
            identifier = f"oai:technology-pool.invalid:{pk}"
            yield f"/oai?verb=GetRecord&metadataPrefix={prefix}&identifier={identifier}"


def _paged(pks: list[str]) -> Iterator[str]:
    for language in ("en", "zh-hans", "ar"):
        for page in ("feed.atom", "feed.rss", "machines/", "machines/fields/", ""):
            yield f"/{language}/catalogue/{page}"
            yield f"/{language}/catalogue/{page}?q=public"
        yield from (f"/{language}/catalogue/{pk}/" for pk in pks)


def test_nothing_that_is_not_public_is_in_any_answer(tokens):
    assert len(tokens) > 30

    told = dict(answers())

    assert [path for path, body in told.items() if TOKEN.encode() in body.lower()] == []
    assert sum(b"Public title" in body for body in told.values()) > 10  # it was there to be read


def test_what_is_suspended_or_revoked_is_told_of_by_its_number_alone(tokens):
    gone = [
        str(pk) for pk in Technology.objects.exclude(status="listed").values_list("pk", flat=True)
    ]

    told = dict(answers())

    assert len(gone) == 2
    machines = {
        path
        for path, body in told.items()
        if any(pk.encode() in body for pk in gone) and not any(pk in path for pk in gone)
    }
    assert {path.partition("&")[0] for path in machines} == {"/oai?verb=ListRecords"}


def test_no_answer_knows_who_asks():
    for path, headers in _asked([]):
        answer = Client().get(path, headers=headers)
        assert not answer.cookies, path
        if "html" not in answer.get("Content-Type", ""):  # pages greet who is signed in
            assert "Cookie" not in answer.get("Vary", ""), path
