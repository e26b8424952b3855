"""An expert asks, an officer passes on, the enterprise answers; and the one file, in Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.dossier import making
from evaluation.models import Clarification
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.journeys.people import As

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_question_goes_there_and_its_answer_comes_back(opened_as: As) -> None:
    case = build.case(CaseStatus.IN_REVIEW)
    sheets = [build.accept(one) for one in case.assignments.order_by("invited_at", "pk")]
    asker, other = (one.assignment.expert.user for one in sheets)
    asking = [reverse("evaluation:clarification-ask", args=[one.pk]) for one in sheets]

    page = opened_as(asker, asking[0])
    page.get_by_label("What the question is about").select_option(label="Summary")
    page.get_by_label("Your question to the enterprise").fill("Mine: over how long?")
    page.get_by_role("button", name="Send the question to the officers").click()
    expect(page.get_by_text("Your question is with the officers now.")).to_be_visible()

    row = Clarification.objects.get()
    step = reverse("admin:evaluation_clarification_step", args=[row.pk, "pass_on"])
    desk = opened_as(accounts.officer(), step)
    wording = desk.get_by_label("Question as the enterprise reads it")
    expect(wording).to_have_value("Mine: over how long?")
    wording.fill("Over how long was this measured?")
    desk.get_by_role("button", name="Pass on to the enterprise").click()
    expect(desk.get_by_text("waits for the enterprise").first).to_be_visible()

    owner = accounts.owner_of(case.declaration.organisation)
    home = opened_as(owner, reverse("submissions:declaration-detail", args=[case.declaration_id]))
    home.get_by_role("link", name="Questions about the declaration").click()
    expect(home.get_by_text("Over how long was this measured?")).to_be_visible()
    expect(home.get_by_text("Mine:")).to_have_count(0)
    home.get_by_label("Your answer").fill("Fourteen months.")
    home.get_by_role("button", name="Send the answer").click()
    expect(home.get_by_text("Your answer was sent.")).to_be_visible()
    expect(home.get_by_label("Your answer")).to_have_count(0)

    read = opened_as(other, asking[1])
    expect(read.get_by_text("Fourteen months.")).to_be_visible()
    expect(read.get_by_text("Mine:")).to_have_count(0)


def test_the_one_file_comes_by_itself_while_the_page_is_open(opened_as: As) -> None:
    sheet = build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))

    page = opened_as(sheet.assignment.expert.user, reverse("evaluation:dossier", args=[sheet.pk]))
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("The file is being made")).to_be_visible()
    assert making.make_due() == 1
    expect(page.get_by_role("link", name="Download the PDF")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert download.value.suggested_filename.endswith("-en.pdf")
