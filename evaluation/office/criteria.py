"""The officers' pages of criteria: sealed sets, drafts, what an activity is judged by, changes."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from core import acts, rights
from core.admin import ReadOnlyAdmin, ServiceAdmin, StepsAdmin
from core.beside import Link, beside
from core.forms import StepForm
from core.lifecycle import Transition
from evaluation.criteria.differences import Difference, differences
from evaluation.criteria.documents import document_of
from evaluation.criteria.drafts import OPEN, newer_than, out_of_date, overtaken
from evaluation.criteria.effects import effects, uncounted
from evaluation.criteria.sealing import field_codes, set_activity_criteria
from evaluation.criteria.signing import SignForm
from evaluation.criteria.soundness import faults
from evaluation.criteria.workflow import (
    ANOTHER_SEALS,
    CHANGES,
    DRAFTS,
    has_written,
    propose_change,
    to_confirm,
    to_seal,
)
from evaluation.models import (
    ActivityCriteria,
    Case,
    CriteriaChange,
    CriteriaDraft,
    CriteriaSet,
)
from evaluation.office.forms import ActivityCriteriaForm, CriteriaChangeForm
from evaluation.states import DraftStatus
from evaluation.views import criteria_dimensions as dimension_pages
from evaluation.views import criteria_drafts as pages
from submissions.models import Activity

acts.name(
    {
        "criteria set.sealed": _("Criteria sealed"),
        "criteria draft.begun": _("Draft begun"),
        "criteria draft.saved": _("Draft saved"),
        "criteria change.proposed": _("Change of criteria proposed"),
        "activity.criteria_set": _("Criteria chosen"),
    }
)


@beside(CriteriaSet)
def draft_of(criteria_set: CriteriaSet, person: Any) -> Iterator[Link]:
    begun = Q(based_on=criteria_set, status__in=OPEN)
    rows = CriteriaDraft.objects.visible_to(person).filter(Q(sealed_as=criteria_set) | begun)
    for draft in rows.order_by("created_at", "pk"):
        url = reverse("admin:evaluation_criteriadraft_change", args=[draft.pk])
        label = _("Draft") if draft.sealed_as_id else _("Draft of the next version")
        yield Link(label, str(draft), url)


class CriteriaSetAdmin(ReadOnlyAdmin[CriteriaSet]):
    """Sealed sets; the next version begins as a draft."""

    change_form_template = "evaluation/admin/criteria_set.html"
    list_display = ("name", "code", "version", "content_hash", "created_at")
    fields = (
        "name", "code", "version", "best", "content_hash", "created_at", "based_on", "reason",
        "proposed_by", "sealed_by",
    )  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(pages.begin)
        name = "evaluation_criteriaset_draft"
        return [path("<int:criteria_set_id>/draft/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        criteria_set: CriteriaSet | None = kwargs.get("obj")
        if criteria_set is not None:
            context["dimensions"] = criteria_set.with_dimensions()
            context["gates"] = criteria_set.gates
            public = CriteriaSet.objects.with_right(AnonymousUser(), "notice")
            context["is_public"] = public.filter(pk=criteria_set.pk).exists()
            if rights.may_ever(request.user, "add", CriteriaDraft):
                context["draft_url"] = reverse(
                    "admin:evaluation_criteriaset_draft", args=[criteria_set.pk]
                )
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("name"))
    def name(self, criteria_set: CriteriaSet) -> str:
        return criteria_set.name


class MySignature(admin.SimpleListFilter):
    """What waits for the second signature, and that by the reader."""

    title = _("second signature")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("waits for my signature"))]

    def among(self, queryset: QuerySet[Any], mine: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=mine.values("pk")) if self.value() == "me" else queryset


class MySeal(MySignature):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = CriteriaDraft.objects.with_right(request.user, "seal")
        return self.among(queryset, to_seal(rows, request.user))


class CriteriaDraftAdmin(StepsAdmin[CriteriaDraft]):
    workflow = DRAFTS
    step_forms = {"propose": SignForm, "seal": SignForm}
    step_templates = dict.fromkeys(("propose", "seal"), "evaluation/admin/criteria_sign.html")
    change_form_template = "evaluation/admin/criteria_draft.html"
    list_display = ("name", "status", "is_out_of_date", "based_on", "by", "proposed_by",
                    "updated_at")  # fmt: skip
    list_filter = ("status", MySeal)
    list_select_related = ("based_on", "proposed_by")
    fields = ("name", "status", "based_on", "reason", "by", "created_at", "updated_at",
              "proposed_by", "proposed_at", "sealed_as")  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[Any]:
        site, name = self.admin_site, "evaluation_criteriadraft"
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("outline/", pages.outline, "outline"),
            ("preview/", pages.preview, "preview"),
            ("effect/", pages.effect, "effect"),
            ("new-dimension/", dimension_pages.add, "new_dimension"),
            ("dimension-out/<slug:dimension>/", dimension_pages.leave_out, "dimension_out"),
            ("<slug:dimension>/new/", pages.indicator, "new_indicator"),
            ("<slug:dimension>/<slug:code>/", pages.indicator, "indicator"),
            ("<slug:dimension>/<slug:code>/leave-out/", pages.leave_out, "leave_out"),
        ]
        made = [
            path(f"<uuid:draft_id>/parts/{at}", site.admin_view(view), name=f"{name}_{label}")
            for at, view, label in own
        ]
        return [*made, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CriteriaDraft]:
        rows = super().get_queryset(request).annotate(is_overtaken=overtaken())
        return rows.prefetch_related("writers")

    def steps_of(self, request: HttpRequest, obj: CriteriaDraft) -> list[Transition]:
        """Offer no seal to who wrote in the draft, nor on one that is out of date."""
        steps = super().steps_of(request, obj)
        hidden = {"propose", "seal"} if newer_than(obj.based_on) else set()
        if obj.status == DraftStatus.PROPOSED and has_written(obj, request.user):
            hidden.add("seal")
        return [step for step in steps if step.name not in hidden]

    def why_not(self, request: HttpRequest, obj: CriteriaDraft, transition: Transition) -> str:
        newer = newer_than(obj.based_on)
        if newer is not None and obj.status in OPEN:
            return out_of_date(newer)
        if transition.name == "seal" and obj.status == DraftStatus.PROPOSED:
            return str(ANOTHER_SEALS)
        return super().why_not(request, obj, transition)

    def _page(self, request: HttpRequest, obj: CriteriaDraft, form: StepForm) -> dict[str, Any]:
        found = super()._page(request, obj, form)
        if form.transition.name in self.step_templates:
            found |= {"differences": self._differences(obj), "since": obj.based_on}
        return found

    def _differences(self, draft: CriteriaDraft) -> list[Difference]:
        based_on = document_of(draft.based_on) if draft.based_on else None
        return differences(based_on, draft.document) if based_on else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a draft begins at the set it is the next version of

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # It is written on the pages of its parts: here there is nothing to save.
        return obj is None and super().has_change_permission(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        draft: CriteriaDraft | None = kwargs.get("obj")
        if draft is not None:
            context |= {
                "faults": faults(draft.document, fields=field_codes()),
                "differences": self._differences(draft),
                "is_written": draft.status == DraftStatus.WRITING,
                "wrote": has_written(draft, request.user),
                "newer": newer_than(draft.based_on) if draft.status in OPEN else None,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("name"))
    def name(self, draft: CriteriaDraft) -> str:
        return str(draft)

    @admin.display(description=_("out of date"), boolean=True)
    def is_out_of_date(self, draft: Any) -> bool:
        return bool(draft.is_overtaken and draft.status in OPEN)

    @admin.display(description=_("written by"))
    def by(self, draft: CriteriaDraft) -> str:
        return ", ".join(str(one) for one in draft.writers.all())


class ActivityCriteriaAdmin(ServiceAdmin[ActivityCriteria]):
    form = ActivityCriteriaForm
    list_display = ("activity", "criteria_set", "experts_wanted")
    list_select_related = ("activity", "criteria_set")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("activity",) if obj else ()

    def acted_on(self, obj: ActivityCriteria) -> Activity:
        return obj.activity

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        set_activity_criteria(
            obj.activity,
            form.cleaned_data["criteria_set"],
            experts_wanted=form.cleaned_data["experts_wanted"],
            actor=request.user,  # type: ignore[arg-type]  # the gate let no one else in
        )


class MyConfirmation(MySignature):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = CriteriaChange.objects.with_right(request.user, "confirm")
        return self.among(queryset, to_confirm(rows, request.user))


class CriteriaChangeAdmin(StepsAdmin[CriteriaChange], ServiceAdmin[CriteriaChange]):
    """Proposed on the form, confirmed by another officer, who reads what it would do."""

    workflow = CHANGES
    form = CriteriaChangeForm
    change_form_template = "evaluation/admin/criteria_change.html"
    list_display = ("activity", "previous", "criteria_set", "status", "proposed_by", "proposed_at")
    list_filter = ("status", MyConfirmation, "activity")
    list_select_related = ("activity", "previous", "criteria_set", "proposed_by")
    fields = ("activity", "criteria_set", "reason")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False if obj is not None else super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return self.fields
        return ("activity", "previous", "criteria_set", "reason", "status", "proposed_by",
                "proposed_at", "confirmed_by", "confirmed_at")  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = propose_change(
            form.cleaned_data["activity"],
            form.cleaned_data["criteria_set"],
            reason=form.cleaned_data["reason"],
            actor=request.user,  # type: ignore[arg-type]  # the gate let no one else in
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        change: CriteriaChange | None = kwargs.get("obj")
        if change is not None:
            before, after = document_of(change.previous), document_of(change.criteria_set)
            cases = Case.objects.visible_to(request.user).filter(
                declaration__activity=change.activity
            )
            context["differences"] = differences(before, after)
            if change.confirmed_at is None:
                found = effects(cases, after)
                context |= {"effects": pages.told(found), "looked_at": len(found)}
                context["uncounted"] = uncounted(cases, after)
            else:
                kept = {row["case"]: row for row in change.effect}
                seen = cases.filter(pk__in=kept).select_related("declaration")
                context |= {"effects": pages.kept(seen, kept), "looked_at": len(kept)}
        return super().render_change_form(request, context, *args, **kwargs)


PAGES: dict[Any, Any] = {
    CriteriaSet: CriteriaSetAdmin,
    CriteriaDraft: CriteriaDraftAdmin,
    ActivityCriteria: ActivityCriteriaAdmin,
    CriteriaChange: CriteriaChangeAdmin,
}
