"""The officers' and auditors' pages of the figures of an activity."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import rights
from evaluation.figures import charts, words
from evaluation.figures.asking import is_stale
from evaluation.figures.page import Seen
from evaluation.models import Case, FigureScenario, StatisticRun
from reference.names import in_language


@require_safe
def overview(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show agreement, the cut line, and the declarations page by page."""
    run = computed_run(request, run_id)
    seen = Seen(run, request.user)
    keys, following = seen.page(request.GET.get("after", ""))
    seen.read(keys)
    lines, agreement = seen.lines(keys), seen.agreement()
    return page(
        request,
        run,
        "figures.html",
        _("Figures"),
        {
            "lines": lines,
            "following": following,
            "dimensions": [in_language(one["names"]) for one in seen.dimensions],
            "hidden": seen.hidden,
            "mixed": seen.mixed(),
            "counts": run.result["counts"],
            "parts": run.result["parts"],
            "components": _components(run.result["components"]),
            "agreement": agreement,
            "swaps": seen.swaps(),
            "proposals": seen.proposals(),
            "chart": seen.interval_chart(lines),
            "heat": seen.heat_map(lines),
            "ranked": seen.is_ranked,
            "lacks": words.lacks(line.adjusted for line in lines),
            "lacks_agreement": words.lacks(
                figure for one in agreement for figure in (one["alpha"], one["correlation"])
            ),
        },
    )


def _components(found: dict[str, float] | None) -> dict[str, str] | None:
    return {key: words.number(value) for key, value in found.items()} if found else None


@require_safe
def experts(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show how each expert uses the scale."""
    run = computed_run(request, run_id)
    seen = Seen(run, request.user)
    habits = seen.habits()
    context = {
        "habits": habits,
        "chart": seen.severity_chart(),
        "ranked": seen.is_ranked,
        "lacks": words.lacks(one["severity"] for one in habits),
    }
    return page(request, run, "figures_experts.html", _("Experts"), context)


@require_safe
def declaration(request: HttpRequest, run_id: UUID, case_id: UUID) -> HttpResponse:
    """Show the figures of one declaration."""
    run = computed_run(request, run_id)
    seen, key = Seen(run, request.user), str(case_id)
    if key not in run.result["declarations"]:
        raise Http404
    open_to_reader = Case.objects.with_right(request.user, "figures")
    get_object_or_404(open_to_reader, pk=case_id, declaration__activity=run.activity_id)
    seen.read([key])
    (line,) = seen.lines([key])
    one = run.result["declarations"][key]
    profile: list[dict[str, Any]] = [
        {
            "name": in_language(d["names"]),
            "raw": mean,
            "adjusted": words.told(one["adjusted"].get(d["code"])),
        }
        for d, mean in zip(seen.dimensions, line.profile, strict=True)
    ]
    chart = charts.bars([(row["name"], _given(row["raw"])) for row in profile])
    context = {
        "line": line,
        "profile": profile,
        "lacks": words.lacks([line.adjusted, *(row["adjusted"] for row in profile)]),
        "chart": chart,
        "raw": one["raw"],
        "to_case": rights.may_ever(request.user, rights.READ, Case),
    }
    return page(request, run, "figures_declaration.html", str(line.case), context)


def _given(mean: str) -> str | None:
    return None if mean == words.NOTHING else mean


def computed_run(request: HttpRequest, run_id: UUID) -> StatisticRun:
    """Return a run that was computed and that the reader may see."""
    runs = StatisticRun.objects.visible_to(request.user).computed().defer("input")
    return get_object_or_404(runs.select_related("activity", "asked_by"), pk=run_id)


def page(
    request: HttpRequest, run: StatisticRun, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    return TemplateResponse(
        request,
        f"evaluation/admin/{template}",
        {
            **admin.site.each_context(request),
            "title": title,
            "run": run,
            "cut": words.cut_line(run.cut),
            "level": words.percent(float(run.level)),
            "stale": is_stale(run),
            "lack": words.lack_of(run.result),
            "ask_url": f"{reverse('admin:evaluation_statisticrun_add')}?activity={run.activity_id}",
            "opts": StatisticRun._meta,
            "may_try": rights.may_ever(request.user, "add", FigureScenario),
            **context,
        },
    )
