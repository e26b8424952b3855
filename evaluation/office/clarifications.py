"""The officers' desk of questions to enterprises: who asked, what is passed on, what came back."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from core import acts
from core.admin import StepsAdmin
from core.beside import Link, beside
from evaluation.clarifications.clarifying import CLARIFICATIONS
from evaluation.clarifications.forms import DeclineClarificationForm, PassOnForm
from evaluation.clarifications.places import words_of
from evaluation.models import Case, Clarification

acts.name({"clarification.asked": _("Question asked")})
BEGINNING = 80  # characters of a question in the list


@beside(Clarification)
def case_of(row: Clarification, person: Any) -> Iterator[Link]:
    cases = Case.objects.visible_to(person).filter(assignments=row.assignment_id)
    for case in cases.select_related("declaration"):
        yield Link(_("Case"), str(case), reverse("admin:evaluation_case_change", args=[case.pk]))


class ClarificationAdmin(StepsAdmin[Clarification]):
    workflow = CLARIFICATIONS
    step_forms = {"pass_on": PassOnForm, "decline": DeclineClarificationForm}
    list_display = ("number", "beginning", "expert", "status", "asked_at", "due_on")
    list_filter = ("status",)
    list_select_related = ("assignment__case__declaration", "assignment__expert__user")
    search_fields = ("assignment__case__declaration__number", "question", "wording")
    fields = (
        "expert",
        "place",
        "question",
        "status",
        "asked_at",
        "wording",
        "passed_on_at",
        "due_on",
        "reason",
        "answer",
        "answered_at",
    )
    readonly_fields = fields

    @admin.display(description=_("number"), ordering="assignment__case__declaration__number")
    def number(self, row: Clarification) -> str:
        return row.assignment.case.declaration.number or ""

    @admin.display(description=_("question of the expert"))
    def beginning(self, row: Clarification) -> str:
        return Truncator(row.question).chars(BEGINNING)

    @admin.display(description=_("expert"))
    def expert(self, row: Clarification) -> str:
        return str(row.assignment.expert)

    @admin.display(description=_("what the question is about"))
    def place(self, row: Clarification) -> str:
        return words_of(row)


# Where the desk lists them, the admin of the app registers them.
PAGES: dict[Any, Any] = {Clarification: ClarificationAdmin}
