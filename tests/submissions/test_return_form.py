"""What an officer fills in to return a declaration: places, reason codes, wordings."""

from typing import Any

import pytest
from django.urls import reverse

from core.errors import DomainError
from submissions.check_forms import EMPTY_ROWS, MOST_ROWS
from submissions.models import Correction, Declaration
from submissions.proposals import answer_proposal
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.submissions.test_checklist import in_check

pytestmark = pytest.mark.django_db


class TestReturnForm:
    def test_a_wording_of_several_lines_can_be_taken_over(self):
        checked, officer = self.checked()

        self.ask(checked, officer, place_1="technology.summary", proposal_1="One.\r\nTwo.")
        correction = Correction.objects.get()
        accounts.signed_in(accounts.owner_of(checked.organisation)).post(
            reverse("submissions:declaration-proposal", args=[checked.pk, correction.pk]),
            {"answer": "take"},
        )

        checked.refresh_from_db()
        assert checked.content["technology"]["summary"] == "One.\nTwo."

    def test_one_of_before_with_the_browsers_line_ends_too(self):
        declaration = build.returned("technology", "summary")
        assert declaration.version
        assert declaration.checked_by
        old = Correction.objects.create(
            version=declaration.version,
            section="technology",
            field="summary",
            reason="x",
            proposal="One.\r\nTwo.",
            asked_by=declaration.checked_by,
        )

        answer_proposal(
            declaration.pk, old.pk, taken=True, actor=accounts.owner_of(declaration.organisation)
        )

        declaration.refresh_from_db()
        assert declaration.content["technology"]["summary"] == "One.\nTwo."

    @pytest.mark.parametrize(
        ("place", "wording", "said"),
        [
            ("technology.title", "One\r\nTwo", "Write this on one line."),
            ("technology.title", "x" * 201, "Use at most 200 characters; these are 201."),
            ("technology.summary", "word " * 301, "Use at most 300 words; these are 301."),
        ],
    )
    def test_who_proposes_what_could_not_be_filed_is_told_and_loses_nothing(
        self, place, wording, said
    ):
        checked, officer = self.checked()

        page = self.ask(checked, officer, place_1=place, proposal_1=wording)

        assert page.context["form"].errors == {"proposal_1": [said]}
        assert wording.split()[-1] in page.content.decode()
        with pytest.raises(DomainError, match=said):
            section, _dot, field = place.partition(".")
            asked = {"section": section, "field": field, "reason": "x", "code": "unclear"}
            perform(
                "return",
                checked.pk,
                actor=officer,
                reason="x",
                corrections=[{**asked, "proposal": wording.replace("\r", "")}],
            )

    def checked(self) -> tuple[Declaration, Any]:
        officer = accounts.officer()
        return build.declaration(Status.IN_CHECK, officer=officer), officer

    def ask(self, checked: Declaration, officer: Any, **sent: str) -> Any:
        return accounts.signed_in(officer).post(
            reverse("admin:submissions_declaration_step", args=[checked.pk, "return"]),
            {"rows": "1", "reason": "See below.", "code_1": "unclear", "what_1": "Say it.", **sent},
        )

    def test_without_anything_named_there_is_no_return(self):
        checked, officer = self.checked()

        with pytest.raises(DomainError, match="Name at least one thing to correct"):
            perform("return", checked.pk, actor=officer, reason="x")
        with pytest.raises(DomainError, match="Name at least one thing to correct"):
            perform("return", checked.pk, actor=officer, reason="x", corrections=[])

        checked.refresh_from_db()
        assert (checked.status, checked.returns) == (Status.IN_CHECK, 0)

    def test_what_was_proposed_is_left_out_with_one_press(self):
        checked, officer = self.checked()
        second = {"place_2": "technology.title", "code_2": "unclear", "what_2": "Name it."}

        self.ask(
            checked, officer, rows="2", proposals="1",
            place_1="nowhere", what_1="Too long. " * 1000, leave_1="on", **second,
        )  # fmt: skip

        checked.refresh_from_db()
        assert checked.status == Status.RETURNED
        asked = Correction.objects.get()
        assert (asked.section, asked.field, asked.reason) == ("technology", "title", "Name it.")

    def test_nothing_is_returned_when_everything_is_left_out(self):
        checked, officer = self.checked()

        page = self.ask(checked, officer, proposals="1", place_1="technology.summary", leave_1="on")

        checked.refresh_from_db()
        assert checked.status == Status.IN_CHECK
        form = page.context["form"]
        assert form.errors == {"place_1": ["Name at least one thing to correct."]}
        assert form["leave_1"].value() is True
        assert form["what_1"].value() == "Say it."

    def test_a_meddled_count_of_rows_breaks_nothing(self):
        checked, officer = self.checked()

        page = self.ask(checked, officer, rows="9" * 5000, proposals="-1")

        assert page.context["form"].count == MOST_ROWS
        assert page.context["form"].errors["rows"] == ["Enter a whole number."]

    def test_only_what_was_proposed_can_be_left_out(self):
        officer = accounts.officer()
        declaration = in_check(officer)
        url = reverse("admin:submissions_declaration_step", args=[declaration.pk, "return"])

        form = accounts.signed_in(officer).get(url).context["form"]

        offered = [name for name in form.fields if name.startswith("leave_")]
        assert offered == [f"leave_{at}" for at in range(1, form.count - EMPTY_ROWS + 1)]
        assert offered

    def test_the_page_says_what_a_return_does_not_close(self):
        checked, officer = self.checked()

        page = accounts.signed_in(officer).get(
            reverse("admin:submissions_declaration_step", args=[checked.pk, "return"])
        )

        assert "The organisation, its profile and confirmed translations" in page.content.decode()
