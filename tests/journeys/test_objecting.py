"""Objections in Chromium: one is not upheld and the entry is listed, one removes its entry."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings

from catalog.models import Technology
from evaluation import services
from evaluation.models import Case, Objection
from evaluation.states import CaseStatus
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.journeys.conftest import let_the_server_go
from tests.journeys.people import Person, at_a_browser, open_row, take

pytestmark = pytest.mark.django_db(transaction=True)
RULING = {"ruling": "The station confirms the figure.", "summary": "The figures were checked."}


def in_publicity(title: str) -> Case:
    return build.reread(build.case(CaseStatus.PUBLICITY, document=submissions.content(title)))


def test_one_objection_is_not_upheld_and_one_removes_its_entry(
    browser: Browser, live_server: Any, settings: Settings
) -> None:
    origin = settings.PORTAL_ORIGIN = live_server.url
    kept, removed = in_publicity("Sound filter"), in_publicity("Borrowed filter")

    with at_a_browser(browser, origin) as visitor, at_a_browser(browser, origin) as desk:
        desk.come_in(accounts.officer(name="Third Officer"))
        for case in (kept, removed):
            object_to(visitor, case)
            open_row(desk, "evaluation/objection", case.declaration.number or "")
            take(desk, "Admit the objection")
            desk.reads("admitted, being examined")
        visitor.go("evaluation/publicity/")
        visitor.reads("An objection is being examined")

        for case in (kept, removed):
            with at_a_browser(browser, origin) as enterprise:
                enterprise.come_in(accounts.owner_of(case.declaration.organisation))
                answer(enterprise, case)
        with at_a_browser(browser, origin) as fourth:
            fourth.come_in(accounts.officer(name="Fourth Officer"))
            rule(fourth, removed, "Rule: upheld, the entry is removed")
        rule(desk, kept, "Rule: not upheld")
        with make.after_the_end(kept):
            assert services.end_due_publicity() == 1
        the_outcome_is_public(visitor, kept, removed)
    let_the_server_go()


def object_to(visitor: Person, case: Case) -> None:
    """Fill in the form, first without evidence; then confirm by the link of the mail."""
    visitor.go("evaluation/publicity/")
    entry = visitor.page.locator(f'a[href*="{case.pk}/objection/"]')
    entry.click()
    visitor.fill(
        {
            "statement": "The rate was measured at another plant.",
            "proposed_kind": "substantive",
            "name": "Wen Yi",
            "address": f"wen.{case.pk.hex[:6]}@example.org",
            "protected": True,
        }
    )
    visitor.press("Send the objection")
    visitor.reads("evidence")
    visitor.fill({"evidence": "Report 7 of the station, page 3."})
    visitor.press("Send the objection")
    visitor.reads("only then the objection counts")
    row = Objection.objects.get(case=case)
    visitor.go(f"evaluation/objections/{make.token_of(row)}/")
    visitor.press("Confirm the objection")
    visitor.reads("received")


def answer(enterprise: Person, case: Case) -> None:
    enterprise.go(f"declarations/{case.declaration_id}/")
    enterprise.press("Objections")
    enterprise.reads("The rate was measured at another plant.")
    assert "Wen Yi" not in enterprise.page.inner_text("main")
    enterprise.page.get_by_label("Your answer").fill("It was measured here; see our log.")
    enterprise.press("Send the answer")
    enterprise.reads("It was measured here; see our log.")


def rule(desk: Person, case: Case, step: str) -> None:
    open_row(desk, "evaluation/objection", case.declaration.number or "")
    desk.reads("It was measured here; see our log.")
    take(desk, step, RULING)
    desk.reads(f"Done: {step}")


def the_outcome_is_public(visitor: Person, kept: Case, removed: Case) -> None:
    assert build.reread(kept).status == CaseStatus.CLEARED
    assert build.reread(removed).status == CaseStatus.NOT_INCLUDED
    assert [str(one) for one in Technology.objects.all()] == ["Sound filter"]
    visitor.go("evaluation/publicity/")
    visitor.reads("The figures were checked.")
    assert "Wen Yi" not in visitor.page.content()
