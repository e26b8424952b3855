"""A letter is written by keyboard beside the comments, and read by the enterprise, in Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import FeedbackLetter
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.journeys.people import As

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_comment_is_taken_over_by_a_key_and_the_letter_reaches_the_enterprise(
    opened_as: As,
) -> None:
    case = build.scored_case(experts_wanted=1)
    page = opened_as(accounts.officer(), reverse("admin:evaluation_case_change", args=[case.pk]))
    page.get_by_role("button", name="Write a feedback letter").click()

    page.get_by_label("Passage: Maturity").fill("It reached 78 points.")
    whole = page.get_by_role("button", name="Take over On the whole")
    whole.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Passage: On the whole")).to_have_value("A sound technology.")
    expect(page.get_by_text("It gives points: “78 points”.")).to_be_visible()
    page.get_by_label("Passage: Maturity").fill("It runs for three years.")
    page.get_by_role("button", name="Save and finish").click()
    page.get_by_role("button", name="Finish the letter").click()
    expect(page.get_by_text("What the enterprise reads after the release")).to_be_visible()

    build.decide(case)
    build.release(case)
    owner = accounts.owner_of(case.declaration.organisation)
    decision = reverse("evaluation:decision-detail", args=[case.declaration_id])
    read = opened_as(owner, decision)
    expect(read.get_by_text("It runs for three years.")).to_be_visible()
    read.get_by_role("link", name="To print").click()
    expect(read.get_by_text("A sound technology.")).to_be_visible()
    assert FeedbackLetter.objects.get().status == "handed_out"
