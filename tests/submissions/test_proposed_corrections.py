"""A return begins with what the checklist has open."""

import pytest
from django.urls import reverse

from reference.models import Term
from reference.vocabularies import Vocabulary
from submissions import checklist
from submissions.check_forms import EMPTY_ROWS
from submissions.checks.rulesets import RULES
from submissions.models import Correction
from submissions.proposed_corrections import LONGEST, REASONS
from submissions.states import Status
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.test_checklist import document, in_check

pytestmark = pytest.mark.django_db


class TestProposedCorrections:
    def test_the_return_begins_with_what_is_open(self):
        officer = accounts.officer()
        declaration = in_check(officer)
        client = accounts.signed_in(officer)
        url = reverse("admin:submissions_declaration_step", args=[declaration.pk, "return"])

        form = client.get(url).context["form"]

        assert form.initial["place_1"] == "performance.indicators"
        assert "120 % is no share of a whole" in form.initial["what_1"]
        assert not Correction.objects.exists()

    def test_a_rule_and_a_place_are_one_row_however_many_the_remarks(self):
        officer = accounts.officer()
        made = document()
        made["performance"]["indicators"] *= 50
        declaration = build.declaration(Status.IN_CHECK, officer=officer, document=made)
        unseen = [{"item": "files_legible", "verdict": "not_met", "reason": "Page 2 is blurred."}]
        checklist.mark(declaration.pk, unseen, actor=officer)
        url = reverse("admin:submissions_declaration_step", args=[declaration.pk, "return"])

        form = accounts.signed_in(officer).get(url).context["form"]

        proposed = {
            (form.initial[f"place_{at}"], form.initial[f"code_{at}"]): form.initial[f"what_{at}"]
            for at in range(1, form.count - EMPTY_ROWS + 1)
        }
        proofs = proposed["performance.indicators", "unproven"].splitlines()
        assert proofs[0] == "Indicator 1: no file proves this figure."
        kept = len(proofs) - 1
        assert proofs[-1] == f"There are {50 - kept} more of this kind."
        assert kept > 40
        assert "120 % is no share" in proposed["performance.indicators", "wrong-place"]
        assert proposed["", ""] == "Page 2 is blurred."
        assert max(len(what) for what in proposed.values()) <= LONGEST

    def test_what_found_no_row_is_told_and_rows_stay_empty(self, monkeypatch):
        officer = accounts.officer()
        declaration = in_check(officer)
        monkeypatch.setattr("submissions.check_forms.MOST_ROWS", EMPTY_ROWS + 1)
        url = reverse("admin:submissions_declaration_step", args=[declaration.pk, "return"])

        page = accounts.signed_in(officer).get(url)

        form = page.context["form"]
        assert form.count == EMPTY_ROWS + 1
        assert "place_2" not in form.initial
        told = f"{form.cut} more open item"
        assert form.cut > 0
        assert told in text(page)

    def test_a_reason_is_proposed_for_each_rule_there_is(self):
        codes = Term.objects.of(Vocabulary.RETURN_REASON).active().values_list("code", flat=True)

        # What an officer sees of look-alikes stands beside the list.
        assert set(REASONS) == set(RULES) - {"look_alike"}
        assert set(REASONS.values()) <= set(codes)
