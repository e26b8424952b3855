"""The officers' desk: cases, experts, criteria. Every change goes through a step or a service."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import acts
from core.admin import StepsAdmin
from core.beside import Link, beside
from core.lifecycle import Transition
from evaluation import case_page, confidentiality, procedures
from evaluation.clarifications import pages as clarification_pages
from evaluation.desk.page import scores_shown
from evaluation.models import (
    Assignment,
    Case,
    ScoreSheet,
)
from evaluation.office import (
    avoidance,
    clarifications,
    connections,
    criteria,
    experts,
    figures,
    letters,
    objections,
    panel,
    plans,
    stuck,
    verifications,
)
from evaluation.office import procedures as procedure_pages
from evaluation.office.forms import (
    AskFurtherForm,
    AssignForm,
    CancelAssignmentForm,
    DecideForm,
    ExcludeForm,
)
from evaluation.office.second_signature import SecondSignatureForm
from evaluation.review_steps import totals_opened
from evaluation.words import VERDICTS, of_assignment
from evaluation.workflow import ASSIGNMENTS, CASES, SHEETS, perform_sheet
from submissions.models import Declaration

acts.name(
    {
        "case.opened": _("Case opened"),
    }
)


def _to_case(case: Case) -> Link:
    url = reverse("admin:evaluation_case_change", args=[case.pk])
    return Link(_("Case"), str(case), url)


@beside(Declaration)
def case_of(declaration: Declaration, person: Any) -> Iterator[Link]:
    cases = Case.objects.visible_to(person).filter(declaration=declaration)
    yield from map(_to_case, cases.select_related("declaration"))


@beside(ScoreSheet)
def case_scored(sheet: ScoreSheet, person: Any) -> Iterator[Link]:
    cases = Case.objects.visible_to(person).filter(assignments=sheet.pk)
    yield from map(_to_case, cases.select_related("declaration"))


@admin.register(Case)
class CaseAdmin(StepsAdmin[Case]):
    workflow = CASES
    step_forms = {
        "ask_further": AskFurtherForm,
        "assign": AssignForm,
        "decide": DecideForm,
        "release": SecondSignatureForm,
        "co_release": SecondSignatureForm,
        "send_back": SecondSignatureForm,
    }
    change_form_template = "evaluation/admin/case.html"
    list_display = ("number", "title", "organisation", "activity", "status", "sheets", "opened_at")
    list_display_links = ("number", "title")
    list_filter = ("status", *stuck.FILTERS, "declaration__activity")
    list_select_related = ("declaration__organisation", "declaration__activity")
    search_fields = ("declaration__number", "declaration__title")
    fields = (
        "filed",
        "title",
        "organisation",
        "activity",
        "version_number",
        "criteria_set",
        "weighed_by",
        "status",
        "sheets",
        "opened_at",
        "publicity_began_at",
        "publicity_ends_at",
    )
    readonly_fields = fields

    def get_fields(self, request: HttpRequest, obj: Case | None = None) -> tuple[str, ...]:
        """Leave out by what else it is weighed where that is nothing else."""
        hidden = {"weighed_by"} if obj is None or obj.weighed_by_id is None else set()
        return tuple(name for name in self.fields if name not in hidden)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return super().get_queryset(request).with_sheets_in()  # type: ignore[attr-defined, no-any-return]  # our own queryset

    def steps_of(self, request: HttpRequest, obj: Case) -> list[Transition]:
        """Offer the release to everyone but who took the decision; the step itself refuses too."""
        steps = super().steps_of(request, obj)
        hidden = {"release"} if case_page.is_own_decision(obj, request.user) else set()
        if not case_page.is_asked_to_co_release(obj, request.user):
            hidden.add("co_release")
        return [step for step in steps if step.name not in hidden]

    def why_not(self, request: HttpRequest, obj: Case, transition: Transition) -> str:
        if transition.name == "release" and case_page.is_own_decision(obj, request.user):
            return gettext("You took this decision. Another officer must release it.")
        return super().why_not(request, obj, transition)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        case: Case | None = kwargs.get("obj")
        if case is not None:
            people = case_page.with_earlier_reviews(case, case_page.asked(case), request.user)
            decision = case_page.decision_of(case)
            found = case_page.figures(case, people, decision)
            context |= {
                "asked": [(one, of_assignment(one.assignment)["label"]) for one in people],
                **stuck.of_case(case, people),
                "held_back": case_page.held_back(case),
                "wrongly_counted": case_page.wrongly_counted(case, people),
                **case_page.of_decision(decision, request.user),
                "procedure": procedures.of(case.declaration.activity),
                "clarifications": clarification_pages.to_officers(case, request.user),  # type: ignore[arg-type]  # the gate let no one else in
                "figures": found,
                "late_conflicts": case_page.late_conflicts(case),
                "verdict": VERDICTS[found.verdict] if found else None,
                **letters.of_case(case, request.user),
                **verifications.of_case(case, request.user),
                **panel.of_case(case, request.user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("number"), ordering="declaration__number")
    def number(self, case: Case) -> str:
        return case.declaration.number or ""

    @admin.display(description=_("declaration"))
    def filed(self, case: Case) -> str:
        url = reverse("admin:submissions_declaration_change", args=[case.declaration_id])
        return format_html('<a href="{}">{}</a>', url, case.declaration.number)

    @admin.display(description=_("title"))
    def title(self, case: Case) -> str:
        return case.declaration.title

    @admin.display(description=_("organisation"))
    def organisation(self, case: Case) -> str:
        return case.declaration.organisation.name

    @admin.display(description=_("activity"))
    def activity(self, case: Case) -> str:
        return case.declaration.activity.title

    @admin.display(description=_("version"))
    def version_number(self, case: Case) -> int:
        return case.version.number

    @admin.display(description=_("sheets in / wanted"))
    def sheets(self, case: Any) -> str:
        return f"{case.sheets_in} / {case.experts_wanted}"


@admin.register(Assignment)
class AssignmentAdmin(StepsAdmin[Assignment]):
    workflow = ASSIGNMENTS
    step_forms = {"cancel": CancelAssignmentForm}
    list_display = ("expert", "case", "state", "invited_at", "due_at")
    list_filter = ("status",)
    list_select_related = ("expert__user", "case__declaration", "sheet")
    search_fields = ("expert__user__name", "case__declaration__number")
    fields = (
        "expert",
        "case",
        "state",
        "invited_by",
        "invited_at",
        "answered_at",
        "due_at",
        "reason",
        "declared",
        "promised",
    )
    readonly_fields = fields

    @admin.display(description=_("said of conflicts of interest"))
    def declared(self, assignment: Assignment) -> str:
        """Show what the expert answered, and by which names."""
        return format_html_join(
            "",
            "{}: {} {} ({})<br>",
            (
                (
                    date_format(localtime(one.answered_at), "SHORT_DATETIME_FORMAT"),
                    one.get_answer_display(),
                    one.text,
                    "; ".join([*one.shown["organisations"], one.shown["title"]]),
                )
                for one in assignment.checks.order_by("answered_at", "pk")
            ),
        )

    @admin.display(description=_("promised confidentiality"))
    def promised(self, assignment: Assignment) -> Any:
        promise = confidentiality.of(assignment)
        return promise and promise.signed_at

    @admin.display(description=_("state"))
    def state(self, assignment: Assignment) -> str:
        return str(of_assignment(assignment)["label"])


@admin.register(ScoreSheet)
class ScoreSheetAdmin(StepsAdmin[ScoreSheet]):
    """Sheets that were submitted; the table of rights shows no others."""

    workflow = SHEETS
    step_forms = {"exclude": ExcludeForm}

    change_form_template = "evaluation/admin/score_sheet.html"
    list_display = ("expert", "case", "status", "submitted_at", "generated")
    list_filter = ("status",)
    list_select_related = ("assignment__expert__user", "assignment__case__declaration")
    search_fields = ("assignment__expert__user__name", "assignment__case__declaration__number")
    fields = ("expert", "case", "status", "submitted_at", "comment", "generated")
    readonly_fields = fields

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        sheet: ScoreSheet | None = kwargs.get("obj")
        if sheet is not None:
            context["opened"] = totals_opened(sheet)
            context["scores"] = scores_shown(sheet) if context["opened"] else []
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fields(self, request: HttpRequest, obj: ScoreSheet | None = None) -> tuple[str, ...]:
        hidden = {"comment"} if obj is None or not totals_opened(obj) else set()
        return tuple(name for name in self.fields if name not in hidden)

    def _perform(
        self, request: HttpRequest, obj: ScoreSheet, transition: Transition, form: Any
    ) -> None:
        inputs = form.inputs()
        reason = inputs.pop("reason", "")
        perform_sheet(transition.name, obj.pk, actor=request.user, reason=reason, **inputs)

    @admin.display(description=_("expert"))
    def expert(self, sheet: ScoreSheet) -> str:
        return str(sheet.assignment.expert)

    @admin.display(description=_("case"))
    def case(self, sheet: ScoreSheet) -> str:
        return str(sheet.assignment.case)


# Registered here, and so in this place on the desk.
for _pages in (
    clarifications.PAGES,
    objections.PAGES,
    verifications.PAGES,
    letters.PAGES,
    plans.PAGES,
    panel.PAGES,
    experts.PAGES,
    connections.PAGES,
    avoidance.PAGES,
    criteria.PAGES,
    procedure_pages.PAGES,
    figures.PAGES,
):
    for _model, _page in _pages.items():
        admin.site.register(_model, _page)
