import datetime as dt
import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import record
from catalog.sync import payloads
from core.canonical import canonical_json, content_hash
from submissions import profiles

AT = dt.datetime(2026, 3, 2, 8, 0, 0, 250_000, tzinfo=dt.UTC)
LISTING = record.Listing(
    id="4b6c1f5e-0000-4000-8000-000000000001",
    number="GBR-2026-0001",
    state="listed",
    field="WAT",
    activity="2026-1",
    activity_titles={"en": "First call", "zh-hans": "第一批"},
    listed_on=dt.date(2026, 3, 2),
    valid_until=dt.date(2031, 3, 2),
    demonstration=True,
    version=2,
    confirmed_on={"zh-hans": dt.date(2026, 3, 1), "ar": dt.date(2026, 3, 1)},
)
EVERYTHING = record.FIELDS | {
    "applicant.contact_name",
    "applicant.contact_email",
    "applicant.contact_phone",
    "applicant.credit_statement",
    "commitment.signatory",
    "performance.indicators.score",
}


def filed() -> dict[str, Any]:
    return {
        "language": "en",
        "organisation": {
            "id": "CANARY",
            "name_en": "Nordic Water",
            "name_zh": "北欧水务",
            "country": "NO",
            "kind": "enterprise",
            "website": "https://example.org",
            "registration_number": "CANARY",
            "bank_account": "CANARY",
        },
        "sections": {
            "applicant": {
                "role": "owner",
                "after_sales": "CANARY",
                "contact_name": "CANARY",
                "contact_email": "CANARY",
                "contact_phone": "CANARY",
                "credit_statement": "CANARY",
            },
            "technology": {
                "title": "Membrane bioreactor",
                "subcategory": "WAT-01",
                "summary": "Treats leachate.",
                "maturity": "commercial",
                "pollutants": ["cod"],
                "internal_note": "CANARY",
            },
            "performance": {
                "indicators": [
                    {"name": "COD removal", "typical": "98.5", "unit": "%", "score": "CANARY"}
                ],
                "expert": "CANARY",
            },
            "economics": {"costs": [{"kind": "capex", "amount": "12.5", "payer": "CANARY"}]},
            "cases": {"cases": [{"name": "Oslo", "country": "NO", "phone": "CANARY"}]},
            "property": {"rights": [{"kind": "patent", "inventor": "CANARY"}]},
            "evidence": {
                "evidence_grade": "peer_reviewed",
                "sources": [{"title": "A paper", "url": "https://example.org", "by": "CANARY"}],
            },
            "commitment": {"signatory": "CANARY", "truthful": True},
            "scores": {"total": "CANARY"},
        },
        "translations": {
            "zh-hans": {
                "technology.title": "膜生物反应器",
                "applicant.contact_name": "CANARY",
                "technology.internal_note": "CANARY",
            }
        },
        "attachments": [{"title": "CANARY"}],
        "experts": ["CANARY"],
    }


def test_a_record_holds_what_is_public_and_nothing_else():
    made = record.public_record(filed(), EVERYTHING, LISTING)

    assert made == {
        "schema": "1",
        "id": "4b6c1f5e-0000-4000-8000-000000000001",
        "number": "GBR-2026-0001",
        "state": "listed",
        "demonstration": True,
        "note": "Listing in the pool is not a certification.",
        "notice": record.NOTICE,
        "titles": {"en": "Membrane bioreactor", "zh-hans": "膜生物反应器"},
        "language": "en",
        "texts": {
            "en": {"title": "Membrane bioreactor", "summary": "Treats leachate."},
            "zh-hans": {"title": "膜生物反应器"},
        },
        "translations": {"zh-hans": {"of_version": 2, "confirmed_on": "2026-03-01"}},
        "field": "WAT",
        "subcategory": "WAT-01",
        "form": "",
        "matrix": "",
        "maturity": "commercial",
        "pollutants": ["cod"],
        "cooperation": [],
        "target_countries": [],
        "first_use_year": None,
        "applications_count": None,
        "holder": {
            "name_en": "Nordic Water",
            "name_zh": "北欧水务",
            "country": "NO",
            "kind": "enterprise",
            "website": "https://example.org",
        },
        "indicators": [{"name": "COD removal", "typical": "98.5", "unit": "%"}],
        "costs": [{"kind": "capex", "amount": "12.5"}],
        "cases": [{"name": "Oslo", "country": "NO"}],
        "property": [{"kind": "patent"}],
        "sources": [{"title": "A paper", "url": "https://example.org"}],
        "evidence_grade": "peer_reviewed",
        "activity": {"code": "2026-1", "titles": {"en": "First call", "zh-hans": "第一批"}},
        "listed_on": "2026-03-02",
        "valid_until": "2031-03-02",
    }


def test_what_later_schemes_make_public_stands_beside():
    content = filed()
    content["sections"]["economics"] |= {"scale": "500", "scale_unit": "m3/d", "payer": "CANARY"}
    content["sections"]["process"] = {
        "limits": [{"kind": "temperature", "minimum": "5", "unit": "degC", "who": "CANARY"}]
    }
    content["organisation"]["profile"] = {
        "sections": {
            "capacity": {"staff": "CANARY"},
            "service": {"training": "Two weeks.", "secret": "CANARY"},
            "presence": {"offices": [{"country": "KZ", "phone": "CANARY"}]},
            "qualifications": {"certificates": [{"name": "ISO", "number": "CANARY"}]},
        }
    }

    public = profiles.scheme().public_keys({}) | {"capacity.staff"}
    made = record.public_record(content, EVERYTHING, LISTING, profile=public)

    assert made["economics"] == {"scale": "500", "scale_unit": "m3/d"}
    assert made["limits"] == [{"kind": "temperature", "minimum": "5", "unit": "degC"}]
    assert made["holder"]["profile"] == {
        "training": "Two weeks.",
        "offices": [{"country": "KZ"}],
        "qualifications": [{"name": "ISO"}],
    }
    assert b"CANARY" not in canonical_json(made)


def test_of_a_profile_only_what_its_scheme_makes_public_is_shown():
    content = filed()
    content["organisation"]["profile"] = {"sections": {"service": {"training": "Two weeks."}}}

    assert "profile" not in record.public_record(content, EVERYTHING, LISTING)["holder"]


def test_no_canary_gets_into_a_record_even_when_a_scheme_calls_it_public():
    assert b"CANARY" in canonical_json(filed())

    made = record.public_record(filed(), EVERYTHING, LISTING)

    assert b"CANARY" not in canonical_json(made)


@pytest.mark.parametrize("kept_back", sorted(record.FIELDS))
def test_a_field_the_scheme_keeps_back_is_not_in_the_record(kept_back):
    content = filed()
    section, _dot, path = kept_back.partition(".")
    holder = content["sections"].setdefault(section, {})
    for key in path.split(".")[:-1]:
        holder = holder.setdefault(key, [{}])[0]
    holder[path.split(".")[-1]] = "KEPT BACK"
    if section == "technology":
        content["translations"]["zh-hans"][kept_back] = "KEPT BACK"

    with_it = record.public_record(content, record.FIELDS, LISTING)
    without = record.public_record(content, record.FIELDS - {kept_back}, LISTING)

    assert "KEPT BACK" in json.dumps(with_it)
    assert "KEPT BACK" not in json.dumps(without)


@given(
    st.dictionaries(
        st.text(max_size=8),
        st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=4)), max_size=3),
        max_size=3,
    )
)
def test_sections_the_code_does_not_name_change_nothing(strange):
    plain, content = filed(), filed()
    content["sections"] = {**strange, **content["sections"]}

    assert record.public_record(content, EVERYTHING, LISTING) == record.public_record(
        plain, EVERYTHING, LISTING
    )


def test_a_real_listing_bears_no_notice_of_a_demonstration():
    real = record.public_record(filed(), EVERYTHING, replace(LISTING, demonstration=False))

    assert real["demonstration"] is False
    assert "notice" not in real


def test_a_suspended_technology_keeps_its_name_only():
    listed = record.public_record(filed(), EVERYTHING, LISTING)

    assert record.state_record(listed, "suspended", dt.date(2026, 4, 1)) == {
        "schema": "1",
        "id": LISTING.id,
        "number": "GBR-2026-0001",
        "state": "suspended",
        "demonstration": True,
        "note": record.NOTE,
        "notice": record.NOTICE,
        "titles": {"en": "Membrane bioreactor", "zh-hans": "膜生物反应器"},
        "language": "en",
        "suspended_on": "2026-04-01",
    }


@pytest.mark.parametrize("state", ["withdrawn", "revoked"])
def test_a_tombstone_keeps_number_and_date_only(state):
    listed = record.public_record(filed(), EVERYTHING, LISTING)

    assert record.tombstone(listed, state, AT) == {
        "schema": "1",
        "id": LISTING.id,
        "number": "GBR-2026-0001",
        "state": state,
        "demonstration": True,
        "note": record.NOTE,
        "notice": record.NOTICE,
        f"{state}_at": "2026-03-02T08:00:00.250000+00:00",
    }


def event(**over: Any) -> payloads.Event:
    made = record.public_record(filed(), EVERYTHING, LISTING)
    values: dict[str, Any] = {
        "type": "technology.listed",
        "technology": uuid.UUID(LISTING.id),
        "at": AT,
        "epoch": 1,
        "seq": 3,
        "content_hash": content_hash(made),
        "record": made,
        **over,
    }
    return payloads.Event(**values)


def test_an_event_is_a_cloud_event():
    one = event()

    assert payloads.envelope(one) == {
        "specversion": "1.0",
        "id": f"{LISTING.id}:1:3:{one.content_hash[:12]}",
        "source": "urn:technology-pool:catalogue",
        "type": "technology.listed",
        "subject": LISTING.id,
        "time": "2026-03-02T08:00:00.250000+00:00",
        "datacontenttype": "application/json",
        "dataschema": "urn:technology-pool:record:1",
        "data": one.record,
        "epoch": 1,
        "seq": 3,
        "contenthash": one.content_hash,
        "demonstration": True,
    }


def test_the_rows_of_the_lake_hold_what_the_event_says():
    one = payloads.envelope(event())

    logged = payloads.log_row(one, "{}", 7)
    current = payloads.current_row(one, "{}", 7)

    assert (logged["id"], logged["event_date"], logged["batch"]) == (one["id"], "2026-03-02", 7)
    assert current == {
        "id": LISTING.id,
        "number": "GBR-2026-0001",
        "state": "listed",
        "epoch": 1,
        "seq": 3,
        "content_hash": one["contenthash"],
        "title_en": "Membrane bioreactor",
        "title_zh": "膜生物反应器",
        "language": "en",
        "field": "WAT",
        "subcategory": "WAT-01",
        "country": "NO",
        "maturity": "commercial",
        "evidence_grade": "peer_reviewed",
        "listed_on": "2026-03-02",
        "valid_until": "2031-03-02",
        "demonstration": True,
        "record": "{}",
        "event_id": one["id"],
        "event_type": "technology.listed",
        "event_time": one["time"],
        "batch": 7,
    }


@given(st.permutations([(1, 1), (1, 2), (1, 9), (2, 1), (2, 3)]))
def test_the_newest_row_wins_in_any_order(order):
    rows = [{"id": "a", "epoch": epoch, "seq": seq} for epoch, seq in order]

    assert payloads.newest([*rows, {"id": "b", "epoch": 1, "seq": 1}]) == [
        {"id": "a", "epoch": 2, "seq": 3},
        {"id": "b", "epoch": 1, "seq": 1},
    ]


def test_a_record_of_an_earlier_list_holds_what_is_public_and_nothing_else():
    stated = {
        "language": "en",
        "texts": {"en": {"title": "Stack filter", "summary": "Catches dust.", "score": "CANARY"}},
        "subcategory": "AIR-01",
        "holder": {"name_en": "Filter Works", "country": "NO", "contact": "CANARY"},
        "indicators": [{"name": "dust", "as_stated": "≤ 5", "score": "CANARY"}],
        "cases": [{"name": "Oslo", "country": "NO", "owner": "CANARY"}],
        "sources": [{"title": "A list", "year": 2019, "read_by": "CANARY"}],
        "earlier": {"list": "of-2019", "titles": {"en": "A list"}, "number": "7", "by": "CANARY"},
        "scores": {"total": "CANARY"},
    }

    made = record.earlier_record(stated, LISTING)

    assert "CANARY" not in str(made)
    assert (made["texts"], made["field"], made["evidence_grade"], made["maturity"]) == (
        {"en": {"title": "Stack filter", "summary": "Catches dust."}}, "WAT", "", "",
    )  # fmt: skip
    assert made["indicators"] == [{"name": "dust", "as_stated": "≤ 5"}]
    assert made["earlier"] == {"list": "of-2019", "titles": {"en": "A list"}, "number": "7"}
    assert record.was_earlier(made)
    assert not record.was_earlier(record.public_record(filed(), EVERYTHING, LISTING))
