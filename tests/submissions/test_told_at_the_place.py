"""What people asked for when they first used it: told where they look, and before they act."""

import pytest
from django.urls import reverse

from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db

SAME = "Nothing has changed since the declaration was returned"


def step(declaration, name):
    return reverse("admin:submissions_declaration_step", args=[declaration.pk, name])


def desk(declaration):
    return reverse("admin:submissions_declaration_check", args=[declaration.pk])


def test_the_last_page_before_filing_again_says_what_was_asked_and_that_nothing_changed():
    declaration = build.returned("technology", "summary")
    client, url = owner_client(declaration), address("declaration-check", declaration.pk)

    before = text(client.get(url))
    declaration.refresh_from_db()
    changed = declaration.content["technology"] | {"summary": "Treats leachate of landfills."}
    build.fill(
        declaration,
        {"technology": changed},
        actor=accounts.owner_of(declaration.organisation),
    )
    after = text(client.get(url))

    assert "Say what is treated." in before
    assert SAME in before
    assert "Say what is treated." in after
    assert SAME not in after


def test_what_is_to_be_put_right_says_in_which_row():
    document = build.content()
    first = document["performance"]["indicators"][0]
    document["performance"]["indicators"] = [first, {"typical": "5"}]
    draft = build.draft(document=document)

    page = text(owner_client(draft).get(address("declaration-check", draft.pk)))

    assert "<li>Performance – Indicators, row 2: <a" in page


def test_the_applicant_reads_why_it_was_rejected():
    declaration = build.declaration(Status.IN_CHECK, officer=(officer := accounts.officer()))
    perform("reject", declaration.pk, actor=officer, reason="Filed twice.", code="duplicate")

    page = text(owner_client(declaration).get(address("declaration-detail", declaration.pk)))

    assert "Why it was rejected" in page
    assert page.index("Declared twice") < page.index("Contest the rejection")


def test_a_step_says_on_what_it_was_taken():
    declaration = build.declaration(Status.SUBMITTED)
    client = accounts.signed_in(accounts.officer())

    page = client.post(step(declaration, "begin_check"), {"reason": ""}, follow=True)

    assert f"Done: Begin the formal check – {declaration}." in text(page)


def test_who_may_not_take_a_step_is_told_that_it_is_not_the_state():
    officer = accounts.officer()
    declaration = build.declaration(Status.REJECTED, officer=officer)
    build.take(declaration, "contest", accounts.owner_of(declaration.organisation))
    build.take(declaration, "reopen", accounts.officer())

    page = accounts.signed_in(officer).get(step(declaration, "return"), follow=True)

    assert "You may read this declaration and do not judge it" in text(page)


def test_a_note_alone_says_above_that_nothing_is_saved():
    officer = accounts.officer()
    declaration = build.declaration(Status.IN_CHECK, officer=officer)
    sent = {"action": "save", "reason_files_legible": "Page 3 is blurred."}

    page = text(accounts.signed_in(officer).post(desk(declaration), sent))

    assert "Nothing is saved yet; see what is marked below." in page
