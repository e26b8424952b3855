"""Experts who judged a declaration before, and the next declaration of the same organisation."""

from typing import Any

from django.utils import timezone

from evaluation.models import Case, Expert, ScoreSheet
from submissions.joint import CONFIRMATIONS
from submissions.models import Declaration
from tests.builders import accounts, submissions
from tests.builders import evaluation as build

NO_BAR = "By the rule of today this does not bar."


def day() -> str:
    """Return today, as the pages write the day of a sheet."""
    return f"{timezone.localdate():%Y-%m-%d}"


def sentence(case: Case) -> str:
    """Return what is said of a sheet of today on an earlier case of the same applicant."""
    return f"Judged {case.declaration.number} of the same organisation; sheet of {day()}."


def judged(case: Case, expert: Expert) -> ScoreSheet:
    """Return the sheet an expert submitted on a case."""
    (asked,) = build.assign(case, expert)
    return build.submit(build.accept(asked))


def before(**more: Any) -> tuple[Case, Expert]:
    """Return a case and an expert who judged it."""
    case, expert = build.case(**more), build.expert(subcategories=["WAT-01"])
    judged(case, expert)
    return case, expert


def next_of(case: Case, **more: Any) -> Case:
    """Return a later case of the same applicant."""
    return build.case(organisation=case.declaration.organisation, **more)


def copied(case: Case, source: Case) -> None:
    """Let a declaration have been begun as a copy of an earlier one."""
    Declaration.objects.filter(pk=case.declaration_id).update(copied_from=source.declaration_id)


def with_partner(partner: dict[str, Any], **more: Any) -> Case:
    """Return a case whose version names a joint applicant, who was asked and answered by letter."""
    document = submissions.content()
    document["applicant"]["joint"] = [partner]
    draft = submissions.draft(document=document, activity=build.activity(), **more)
    officer = accounts.officer()
    submissions.take(draft, "submit", accounts.owner_of(draft.organisation))
    submissions.take(draft, "begin_check", officer)
    (asked,) = draft.joint_confirmations.all()
    CONFIRMATIONS.perform("waive", asked.pk, actor=officer, reason="By letter.")
    submissions.take(draft, "accept", officer)
    return Case.objects.get(declaration=draft)
