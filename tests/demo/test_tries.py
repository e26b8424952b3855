"""The lines of the first page that lead to panel, objections, letter, appointment and measure."""

import pytest
from django.test import Client
from django.urls import reverse

from demo import accounts, people, plan, tries
from demo.letters import VISITED
from submissions.models import Declaration
from tests.builders import verifications
from tests.builders.accounts import signed_in
from tests.reading import text

pytestmark = pytest.mark.django_db

# Of the small plan, in which nobody is visited.
TRIES = {
    ("Run the meeting of the panel", "officer"),
    ("Attend the panel, read the papers", "e02"),
    ("Read an entry and object to it", ""),
    ("Confirm it: open the mail that went to you", ""),
    ("Answer an objection to your entry", "owner"),
    ("Rule on an objection", "officer3"),
    ("Read the feedback letter to your firm", "owner"),
    ("See how a feedback letter is written", "officer"),
    ("Answer before a listing is suspended", "owner"),
    ("Confirm a suspension, or drop it", "officer2"),
    ("Ask the holder of a technology", ""),
    ("Answer an enquiry about your technology", "owner"),
}


def test_all_of_them_are_there_once_the_demonstration_is_loaded(loaded):
    found = {(str(one.label), one.who.key if one.who else "") for one in tries.found()}

    assert found == TRIES


def test_whoever_is_named_may_open_the_page(loaded):
    for one in tries.found():
        client = signed_in(accounts.account(one.who)) if one.who else Client()

        answer = client.get(one.url)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, one.url), one


def test_the_page_names_the_login_and_leads_there_by_signing_in(loaded):
    page = Client().get(reverse("demo:start"))

    assert len(page.context["tries"]) == len(TRIES)
    for one in page.context["tries"]:
        assert str(one["label"]) in text(page)
    by_login = [one for one in page.context["tries"] if one["who"] == people.OWNER.email]
    assert all(one["url"].startswith(reverse("account_login")) for one in by_login)


def test_the_appointment_of_the_firm_that_is_visited():
    row = verifications.arranged()
    Declaration.objects.filter(pk=row.case.declaration_id).update(start_key=plan.key_of(VISITED))

    found = [(one.who.key, one.url) for one in tries.found() if one.who]

    assert (
        "owner",
        reverse("evaluation:verification-list", args=[row.case.declaration_id]),
    ) in found
    assert ("officer", reverse("admin:evaluation_verification_change", args=[row.pk])) in found
