"""The page of an entry in publicity: what anybody reads before they object."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Technology
from core.models import AuditEntry
from evaluation import services
from evaluation.states import CaseStatus
from submissions.translations import save_translation
from tests.builders import accounts, clock, submissions
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def entry(case):
    return reverse("evaluation:publicity-entry", args=[case.pk])


def get(case):
    return Client().get(entry(case))


def over(case):
    case.refresh_from_db()
    clock.stop(case.publicity_ends_at)
    services.end_due_publicity()


def test_the_list_leads_to_what_is_public_of_the_entry(case):
    listed = Client().get(reverse("evaluation:publicity-list")).content.decode()
    answer = get(case)
    page = text(answer)

    assert f'href="{entry(case)}"' in listed
    technology = case.version.content["sections"]["technology"]
    for shown in (
        case.declaration.number,
        technology["title"],
        technology["summary"],
        str(case.declaration.organisation),
        "Field",
        "Sub-category",
        "Decided: to be included in the pool.",
        "days left",
        "Object to this entry",
    ):
        assert shown in page, shown
    assert answer.cookies == {}
    assert Client().post(entry(case)).status_code == 405


def test_nothing_private_is_on_it_nor_on_the_form(case):
    form = Client().get(reverse("evaluation:objection-form", args=[case.pk]))

    assert case.version.content["sections"]["technology"]["summary"] in text(form)
    for page in (text(get(case)), text(form)):
        for secret in ("contact@example.org", "Nordmann", "signatory", "A sound technology"):
            assert secret not in page


def test_what_the_applicant_withholds_is_not_on_it(case):
    content = submissions.content()
    content["commitment"]["withheld"] = ["cases"]
    keeping = build.case(CaseStatus.PUBLICITY, experts_wanted=1, document=content)

    assert "Pilot plant" in text(get(case))
    assert "Pilot plant" not in text(get(keeping))


def translate(case, summary):
    """Confirm a title and a summary in Chinese as the applicant."""
    save_translation(
        case.declaration_id,
        "zh-hans",
        {"technology.title": "膜生物反应器", "technology.summary": summary},
        actor=accounts.owner_of(case.declaration.organisation),
        confirm=True,
    )


@pytest.mark.parametrize("place", ["publicity-entry", "objection-form"])
def test_it_stays_as_it_was_when_the_publicity_began(place):
    decided = build.case(CaseStatus.DECIDED, experts_wanted=1)
    translate(decided, "先前的简介")
    case = build.release(decided)
    translate(case, "后来的简介")
    url = reverse(f"evaluation:{place}", args=[case.pk])

    page = text(Client().get(url.replace("/en/", "/zh-hans/")))

    assert "先前的简介" in page
    assert "后来的简介" not in page
    over(case)
    listed = Technology.objects.get(case=case)
    assert listed.content["texts"]["zh-hans"]["summary"] == "后来的简介"


def test_what_it_shows_is_in_the_audit():
    decided = build.case(CaseStatus.DECIDED, experts_wanted=1)
    translate(decided, "先前的简介")
    before = decided.version.translations.get()
    case = build.release(decided)
    translate(case, "后来的简介")

    act = AuditEntry.objects.get(act="case.begin_publicity")
    assert act.details["shown"] == {
        "version": case.version.content_hash,
        "translations": {"zh-hans": before.content_hash},
    }


def test_before_the_publicity_there_is_no_such_page():
    for state in (CaseStatus.SCORED, CaseStatus.DECIDED):
        answer = get(build.case(state))
        assert (answer.status_code, "Membrane bioreactor" in text(answer)) == (404, False)


def test_afterwards_only_how_it_came_out_is_read(case):
    summary = case.version.content["sections"]["technology"]["summary"]
    make.ruled("upheld", case)

    page = text(get(case))

    assert "Objection upheld: entry removed" in page
    assert f"{case.declaration.number}-O1" in page
    assert summary not in page
    assert "Object to this entry" not in page


def test_when_no_list_shows_it_any_more_it_is_gone(case):
    over(case)
    number = case.declaration.number
    assert number in text(get(case))

    with make.after_the_end(case, days=90, microseconds=1):
        answer = get(case)
    assert (answer.status_code, number in text(answer)) == (404, False)


def test_it_costs_the_same_however_much_is_said_against_it(case):
    get(case)  # the names of the catalogue are read once
    with CaptureQueriesContext(connection) as one:
        get(case)
    for number in range(5):
        make.received(case, statement=f"Reason {number}.")

    with CaptureQueriesContext(connection) as many:
        get(case)

    assert len(one) == len(many) == ENTRY


# The clock, the entry, objections, joint applicants, translations, and which names are in force.
ENTRY = 9
