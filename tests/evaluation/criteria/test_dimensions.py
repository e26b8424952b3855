"""A dimension comes into a draft, or is taken out of it, on the officers' pages."""

import pytest

from accounts.roles import Role
from core.models import AuditEntry
from evaluation.criteria.drafts import begin_draft, save_draft
from evaluation.criteria.sealing import field_codes
from evaluation.criteria.soundness import faults
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.evaluation.criteria.test_pages import address, stored, typed
from tests.reading import text

pytestmark = pytest.mark.django_db
CLIMATE = {
    "code": "Climate",
    "name_en": "Climate",
    "name_zh_hans": "气候",
    "weight": "10",
    "minimum": "50",
}


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


@pytest.fixture
def draft(officer):
    return begin_draft(build.criteria(), actor=officer)


def codes(draft):
    return [one["code"] for one in stored(draft).document["dimensions"]]


FIVE = ["advanced", "practicability", "economy", "maturity", "service"]


def test_a_dimension_is_added_last_in_both_languages(client, draft, officer):
    page = address("new_dimension", draft)
    names = [name for name in typed(client, page) if name.startswith("name")]
    given = CLIMATE | dict(zip(names, ("Climate", "气候"), strict=True))

    answer = client.post(page, {"revision": "0", **given})

    assert answer.status_code == 302
    assert codes(draft) == [*FIVE, "climate"]
    made = stored(draft).document["dimensions"][-1]
    assert (made["weight"], made["minimum"], made["indicators"]) == (10, "50", [])
    assert sorted(made["names"].values()) == ["Climate", "气候"]
    act = AuditEntry.objects.filter(act="criteria draft.saved").get()
    assert (act.actor, act.details) == (officer, {"revision": 1})
    said = faults(stored(draft).document, fields=field_codes())
    assert said == [
        "The weights in “Technology evaluation criteria” sum to 110, not to 100.",
        "The weights in “Climate” sum to 0, not to 100.",
    ]
    assert "The weights in “Climate” sum to 0, not to 100." in text(
        client.get(address("outline", draft))
    )


@pytest.mark.parametrize("code", ["service", "SERVICE", "dimension-out"])
def test_a_code_of_a_dimension_is_used_once_and_nothing_typed_is_lost(client, draft, code):
    answer = client.post(
        address("new_dimension", draft), {"revision": "0", **CLIMATE, "code": code}
    )

    form = answer.context["form"]
    assert form.errors == {"code": ["This code is used already."]}
    assert form["weight"].value() == "10"
    assert codes(draft) == FIVE


def test_a_dimension_is_taken_out_with_its_indicators_after_they_were_named(client, draft):
    page = address("dimension_out", draft, "service")

    shown = text(client.get(page))
    answer = client.post(page, {"revision": "0"})

    assert "Service capability of the organisation” leaves the draft" in shown
    assert shown.count("<li>") >= 3
    assert answer.status_code == 302
    assert codes(draft) == FIVE[:-1]
    said = faults(stored(draft).document, fields=field_codes())
    assert said == ["The weights in “Technology evaluation criteria” sum to 90, not to 100."]


def test_the_last_dimension_stays(client, draft, officer):
    document = {**draft.document, "dimensions": draft.document["dimensions"][:1]}
    save_draft(draft.pk, document, reason="", actor=officer, revision=0)

    answer = client.post(address("dimension_out", draft, "advanced"), {"revision": "1"})

    assert "A set has at least one dimension." in text(answer)
    assert codes(draft) == ["advanced"]


def test_what_somebody_saved_meanwhile_is_said(client, draft):
    save_draft(draft.pk, draft.document, reason="", actor=accounts.second_officer(), revision=0)

    answer = client.post(address("dimension_out", draft, "service"), {"revision": "0"})

    assert "Somebody saved this draft while the page was open." in text(answer)
    assert codes(draft) == FIVE
    assert client.get(address("dimension_out", draft, "nothing")).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM, Role.EXPERT])
def test_only_officers_change_the_dimensions(draft, role):
    client = accounts.signed_in(accounts.with_role(role))

    for page in (address("new_dimension", draft), address("dimension_out", draft, "service")):
        assert client.post(page, {"revision": "0", **CLIMATE}).status_code in (403, 404)
    assert codes(draft) == FIVE
