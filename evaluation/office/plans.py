"""The officers' desk of plans: asked for, followed, read, published, undone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import acts, progress, rights
from core.admin import ReadOnlyAdmin, ServiceAdmin, StepsAdmin
from core.beside import Link, beside
from evaluation.models import AssignmentPlan, Case, Replacement
from evaluation.planning import asking, differences, facts, pages, words
from evaluation.planning.forms import (
    BeginForm,
    PlanForm,
    PublishForm,
    UndoForm,
    activities_for,
    bases_for,
)
from evaluation.planning.states import AT_WORK, DRAWN, PlanStatus
from evaluation.planning.told import seed_in_words
from evaluation.planning.undoing import staying
from evaluation.planning.wishes import wishes
from evaluation.planning.workflow import PLANS
from evaluation.states import SheetStatus
from evaluation.views import plans as views

acts.name(
    {
        "assignment plan.asked": _("Plan asked for"),
        "assignment.drawn": _("Drawn in the place of who declined"),
    }
)
PRICE = 10  # offered where a plan is drawn anew from another
MOST_STAYING = 100


@beside(Case)
def plans_of(case: Case, person: Any) -> Iterator[Link]:
    """Lead from a case to the plan that asked its experts, as long as it stands."""
    asked = AssignmentPlan.objects.visible_to(person).filter(
        asked__assignment__case=case, status=PlanStatus.PUBLISHED
    )
    for plan in asked.distinct().order_by("published_at"):
        name = "admin:evaluation_assignmentplan_declaration"
        yield Link(_("Assignment plan"), str(plan), reverse(name, args=[plan.pk, case.pk]))


class AssignmentPlanAdmin(StepsAdmin[AssignmentPlan], ServiceAdmin[AssignmentPlan]):
    workflow = PLANS
    form = PlanForm
    leads_to_added = True
    step_forms = {"publish": PublishForm, "undo": UndoForm}
    change_form_template = "evaluation/admin/plan.html"
    list_display = ("name", "activity", "status", "origin", "asked_by", "asked_at", "published_at")
    list_filter = ("status", "activity")
    list_select_related = ("activity", "asked_by")
    kept = ("status", "origin", "seed_told", "asked_by", "asked_at", "finished_at", "published_by",
            "published_at", "due_at", "undone_at", "not_computed")  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssignmentPlan]:
        return super().get_queryset(request).defer("activity__notices")

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "evaluation_assignmentplan"
        at = "<uuid:plan_id>/seats/"
        one = f"{at}<uuid:case_id>/"
        return [
            path(at, view(views.seats), name=f"{name}_seats"),
            path(one, view(views.declaration), name=f"{name}_declaration"),
            path(f"{one}change/", view(views.change_seat), name=f"{name}_by_hand"),
            path("<uuid:plan_id>/compare/", view(views.compare), name=f"{name}_compare"),
            *super().get_urls(),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with what can be met in the activity, or in each of those there are to choose."""
        begun = wishes(BeginForm(request.GET, person=request.user).activities())
        return begun | super().get_changeform_initial_data(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*PlanForm.Meta.fields, *(self.kept if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    @admin.display(description=_("seed of the draw"))
    def seed_told(self, plan: AssignmentPlan) -> str:
        return seed_in_words(plan)

    @admin.display(description=_("why not computed"))
    def not_computed(self, plan: AssignmentPlan) -> str:
        return words.failure(plan.failure)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Another wish is another plan; a refused one is drawn once more.
        return obj is None and super().has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        choices = {"activity": activities_for, "base": bases_for}
        kwargs["queryset"] = choices[db_field.name](request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: AssignmentPlan, form: Any, change: bool
    ) -> None:
        given = dict(form.cleaned_data)
        made = asking.ask(
            given.pop("activity"),
            actor=request.user,  # type: ignore[arg-type]  # the gate let no one else in
            **given,
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        plan: AssignmentPlan | None = kwargs.get("obj")
        if plan is not None:
            context |= _of_work(plan) if plan.status in AT_WORK else {}
            context |= _of_outcome(plan, request.user) if plan.status in DRAWN else {}
            context["again_url"] = _again(plan, request.user)
        return super().render_change_form(request, context, *args, **kwargs)


def _of_work(plan: AssignmentPlan) -> dict[str, Any]:
    work = progress.of(asking.progress_name(plan))
    note = words.STEP_NAMES.get(work.note, "") if work else ""
    return {"followed": True, "work": work, "step_name": note or gettext("It waits its turn.")}


def _of_outcome(plan: AssignmentPlan, reader: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "outcome": pages.told(plan, plan.outcome, reader),
        "loads": pages.loads(plan),
        "inputs_hash": plan.inputs.content_hash,
        "draws": AssignmentPlan.objects.filter(
            activity=plan.activity_id, origin=AssignmentPlan.Origin.DRAWN, status__in=DRAWN
        ).count(),
    }
    if plan.status == PlanStatus.COMPUTED:
        now = facts.read(plan.activity)
        found["changes"] = differences.since(plan, plan.inputs.document, now, reader)
    if plan.status == PlanStatus.UNDONE:
        rows = staying(plan).filter(case__in=Case.objects.visible_to(reader).values("pk"))
        found["staying"] = rows.select_related("expert__user", "case__declaration").order_by("pk")[
            :MOST_STAYING
        ]
    return found


def _again(plan: AssignmentPlan, reader: Any) -> str:
    """Return where the same is asked for once more, with a price on what would change."""
    if not rights.may_ever(reader, "add", AssignmentPlan):
        return ""
    asked = {key: getattr(plan, key) for key in asking.ASKED if getattr(plan, key) is not None}
    if plan.status in DRAWN:
        asked |= {"base": plan.pk, "price": plan.price or PRICE}
    elif plan.base_id is not None:
        asked |= {"base": plan.base_id}
    url = reverse("admin:evaluation_assignmentplan_add")
    return f"{url}?{urlencode({'activity': plan.activity_id, **asked})}"


class ReplacementAdmin(ReadOnlyAdmin[Replacement]):
    """Seats that became free, and who was drawn for them."""

    list_display = ("who", "number", "plan", "owed_at", "drawn_at", "instead")
    list_select_related = (
        "plan",
        "declined__expert__user",
        "declined__case__declaration",
        "assignment__expert__user",
    )
    list_filter = ("plan__activity",)
    fields = ("who", "number", "reason", "plan", "owed_at", "drawn_at", "instead", "order")
    readonly_fields = ("who", "number", "reason", "instead", "order")

    @admin.display(description=_("who declined"))
    def who(self, one: Replacement) -> str:
        return str(one.declined.expert)

    @admin.display(description=_("declaration"))
    def number(self, one: Replacement) -> str:
        return one.declined.case.declaration.number or ""

    @admin.display(description=_("reason"))
    def reason(self, one: Replacement) -> str:
        sheet = getattr(one.declined, "sheet", None)
        if sheet is not None and sheet.status == SheetStatus.EXCLUDED:
            return gettext("the score sheet was excluded")
        return one.declined.reason

    @admin.display(description=_("drawn in their place"))
    def instead(self, one: Replacement) -> str:
        if one.assignment is not None:
            return str(one.assignment.expert)
        if one.drawn_at is None:
            return gettext("is being drawn")
        if one.details.get("undone"):
            return gettext("nobody: the plan was undone")
        if one.details.get("needless"):
            return gettext("nobody was needed any more")
        return gettext("nobody could be asked")

    @admin.display(description=_("place in the reserve"))
    def order(self, one: Replacement) -> str:
        if "place" not in one.details:
            return ""
        return str(gettext("%(place)d of %(of)d") % one.details)


PAGES: dict[Any, Any] = {AssignmentPlan: AssignmentPlanAdmin, Replacement: ReplacementAdmin}
