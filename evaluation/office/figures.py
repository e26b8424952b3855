"""The pages of runs of figures and of the scenarios tried on them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import acts, progress, rights
from core.admin import ReadOnlyAdmin, ServiceAdmin, StepsAdmin
from core.beside import Link, beside
from evaluation.figures import words
from evaluation.figures.asking import RUNS, ask_figures, is_open, progress_name, to_choose
from evaluation.figures.page import Seen
from evaluation.figures.states import UNFINISHED, RunStatus
from evaluation.models import Case, FigureScenario, StatisticRun
from evaluation.views import figures as pages
from evaluation.views import figures_bench as bench_pages
from submissions.models import Activity

acts.name(
    {
        "statistic run.asked": _("Figures asked for"),
        "scenario.saved": _("Scenario saved"),
    }
)


def _newest(person: Any, activity: Any) -> StatisticRun | None:
    runs = StatisticRun.objects.visible_to(person).computed().without_documents()
    return runs.filter(activity=activity).select_related("activity").first()


@beside(Activity)
def figures_of(activity: Activity, person: Any) -> Iterator[Link]:
    run = _newest(person, activity)
    if run is not None:
        url = reverse("admin:evaluation_statisticrun_figures", args=[run.pk])
        yield Link(_("Figures"), str(run), url)
    elif rights.may_ever(person, "add", StatisticRun) and is_open(activity, person):
        url = f"{reverse('admin:evaluation_statisticrun_add')}?activity={activity.pk}"
        yield Link(_("Figures"), gettext("Ask for the figures"), url)


@beside(FigureScenario)
def tried_on(scenario: FigureScenario, _person: Any) -> Iterator[Link]:
    url = reverse("admin:evaluation_statisticrun_figures", args=[scenario.run_id])
    yield Link(_("Figures"), str(scenario.run), url)


@beside(Case)
def figures_of_case(case: Case, person: Any) -> Iterator[Link]:
    run = _newest(person, case.declaration.activity_id)
    if run is None or not Case.objects.with_right(person, "figures").filter(pk=case.pk).exists():
        return
    if StatisticRun.objects.filter(pk=run.pk, result__declarations__has_key=str(case.pk)).exists():
        url = reverse("admin:evaluation_statisticrun_declaration", args=[run.pk, case.pk])
        yield Link(_("Figures"), str(run), url)


class AskForm(forms.ModelForm[StatisticRun]):
    """Whose figures are asked for, and where the cut line is."""

    points = forms.DecimalField(
        label=_("Cut line in points"), required=False, min_value=0, max_value=100, decimal_places=2
    )
    places = forms.IntegerField(
        label=_("or number of places"),
        required=False,
        min_value=1,
        help_text=_("Empty: the points from which the criteria recommend."),
    )

    class Meta:
        model = StatisticRun
        fields = ("activity",)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("points") is not None and given.get("places") is not None:
            self.add_error("places", _("Give points or places, not both."))
        return given

    def cut(self) -> dict[str, Any]:
        places, points = self.cleaned_data["places"], self.cleaned_data["points"]
        if places is not None:
            return {"places": places}
        if points is None:
            criteria_set = self.cleaned_data["activity"].criteria.criteria_set
            points = Decimal(criteria_set.gates["recommended"])
        return {"points": str(points)}


class StatisticRunAdmin(StepsAdmin[StatisticRun], ServiceAdmin[StatisticRun]):
    """Asked for on the form; the page follows the work until the figures are there."""

    workflow = RUNS
    leads_to_added = True
    form = AskForm
    change_form_template = "evaluation/admin/statistic_run.html"
    list_display = ("activity", "asked_at", "status", "asked_by", "line", "sheets")
    list_display_links = ("activity", "asked_at")
    list_filter = ("status", "activity")
    list_select_related = ("activity", "asked_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatisticRun]:
        return super().get_queryset(request).defer("input", "result", "activity__notices")

    def get_urls(self) -> list[Any]:
        site, name = self.admin_site, "evaluation_statisticrun"
        own = (
            ("figures/", pages.overview, "figures"),
            ("experts/", pages.experts, "experts"),
            ("what-if/", bench_pages.bench, "bench"),
            ("declarations/<uuid:case_id>/", pages.declaration, "declaration"),
        )
        made = [
            path(f"<uuid:run_id>/{at}", site.admin_view(view), name=f"{name}_{label}")
            for at, view, label in own
        ]
        return [*made, *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False if obj is not None else super().has_change_permission(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["activity"].queryset = to_choose(request.user)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("activity", "points", "places")
        return ("activity", "status", "line", "asked_by", "asked_at", "finished_at", "sheets",
                "newest_sheet_at", "generated", "level", "draws", "seed", "method",
                "input_hash", "criteria_hash")  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = ask_figures(
            form.cleaned_data["activity"],
            cut=form.cut(),
            actor=request.user,  # type: ignore[arg-type]  # the gate let no one else in
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        run: StatisticRun | None = kwargs.get("obj")
        if run is not None:
            followed = run.status in UNFINISHED
            context |= {
                "followed": followed,
                "work": progress.of(progress_name(run.pk)) if followed else None,
                "failed": run.why_failed,
            }
            if run.status == RunStatus.COMPUTED:
                url = reverse("admin:evaluation_statisticrun_figures", args=[run.pk])
                context["figures_url"] = url
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("cut line"))
    def line(self, run: StatisticRun) -> str:
        return words.cut_line(run.cut)


class FigureScenarioAdmin(ReadOnlyAdmin[FigureScenario]):
    """What was tried, by whom, and who would have flipped."""

    list_display = ("title", "run", "saved_by", "saved_at")
    list_select_related = ("run__activity", "saved_by")
    fields = ("title", "run", "saved_by", "saved_at")
    readonly_fields = fields
    change_form_template = "evaluation/admin/figure_scenario.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[FigureScenario]:
        rows = super().get_queryset(request)
        return rows.defer("run__input", "run__result", "run__activity__notices")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        scenario: FigureScenario | None = kwargs.get("obj")
        if scenario is not None:
            seen = Seen(scenario.run, request.user)
            context |= {
                "tried": bench_pages.inputs_in_words(seen, scenario.inputs),
                "found": bench_pages.told(seen, scenario.flips),
            }
        return super().render_change_form(request, context, *args, **kwargs)


PAGES: dict[Any, Any] = {StatisticRun: StatisticRunAdmin, FigureScenario: FigureScenarioAdmin}
