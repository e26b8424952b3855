"""The what-if bench of a run, and what a scenario kept."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core import rights
from core.errors import DomainError
from evaluation.figures import words
from evaluation.figures.bench import flips_of, inputs_of, save_scenario
from evaluation.figures.bench_forms import BenchForm
from evaluation.figures.page import Seen
from evaluation.models import FigureScenario, StatisticRun
from evaluation.views.figures import page
from evaluation.words import VERDICTS
from reference.names import in_language

SAVE = "save"
NEWEST = 10  # scenarios shown beside the bench


@require_http_methods(("GET", "HEAD", "POST"))
def bench(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Try what is typed, and keep it where that is asked for."""
    if not rights.may_ever(request.user, "add", FigureScenario):
        raise Http404
    runs = StatisticRun.objects.visible_to(request.user).computed()
    run = get_object_or_404(runs.select_related("activity", "asked_by"), pk=run_id)
    seen = Seen(run, request.user)
    form = BenchForm(
        request.POST or None,
        holds=inputs_of(run),
        dimensions=seen.dimensions,
        experts=[(key, name) for key, (_number, name) in seen.experts.items()],
        lack=words.lack_of(run.result),
    )
    found = None
    if form.is_bound and form.is_valid():
        if request.POST.get("action") == SAVE and (kept := _saved(request, run, form)):
            return redirect("admin:evaluation_figurescenario_change", kept.pk)
        found = told(seen, flips_of(run, form.inputs()))
    scenarios = FigureScenario.objects.visible_to(request.user).filter(run=run)
    context = {
        "form": form,
        "found": found,
        "mixed": seen.mixed(),
        "scenarios": scenarios.select_related("saved_by")[:NEWEST],
    }
    return page(request, run, "figures_bench.html", _("What if"), context)


def _saved(request: HttpRequest, run: StatisticRun, form: BenchForm) -> FigureScenario | None:
    title, actor = form.cleaned_data["title"], cast("User", request.user)  # the gate let him in
    try:
        kept = save_scenario(run.pk, title, form.inputs(), actor=actor)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
    messages.success(request, _("Saved."))
    return kept


def told(seen: Seen, flips: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the flips a reader may see, as lines, and how many are hidden."""
    shown = set(seen.open_keys)
    mine = [one for one in flips if one["case"] in shown]
    seen.read(one["case"] for one in mine)
    mine.sort(key=lambda one: seen.cases[one["case"]].declaration.number or "")
    return {
        "lines": [
            {
                "case": seen.cases[one["case"]],
                "before": _line(one["before"]),
                "after": _line(one["after"]),
            }
            for one in mine
        ],
        "hidden": len(flips) - len(mine),
    }


def _line(one: list[Any]) -> str:
    total, verdict, place, taken = one
    parts = [total or words.NOTHING, str(VERDICTS[verdict]["label"])]
    if place is not None:
        parts.append(_("place %(place)s") % {"place": place})
    if taken is not None:
        parts.append(_("above the line") if taken else _("below the line"))
    return " · ".join(parts)


def inputs_in_words(seen: Seen, inputs: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a scenario tried, line by line."""
    names = {one["code"]: in_language(one["names"]) for one in seen.dimensions}
    experts = {key: name for key, (_number, name) in seen.experts.items()}
    lines = [
        (_("Weight: %(dimension)s") % {"dimension": names.get(code, code)}, weight)
        for code, weight in inputs["weights"].items()
    ]
    lines += _within(seen, inputs.get("indicators", {}))
    lines += [
        (_("Recommended from"), inputs["recommended"]),
        (_("For discussion from"), inputs["panel"]),
        (_("Minimum of each dimension"), inputs["dimension_minimum"]),
        (_("Score"), _("adjusted") if inputs["adjusted"] else _("raw")),
        (_("Number of places"), str(inputs["places"] or words.NOTHING)),
    ]
    left_out = _join(experts.get(key, key) for key in inputs["without"])
    return [*lines, (_("Experts left out"), left_out or words.NOTHING)]


def _within(seen: Seen, indicators: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """Return the weights within those dimensions in which some are tried otherwise."""
    lines = []
    for dimension in seen.dimensions:
        held = {one["code"]: Decimal(one["weight"]) for one in dimension["indicators"]}
        tried = indicators.get(dimension["code"], {})
        if any(Decimal(weight) != held.get(code) for code, weight in tried.items()):
            names = {one["code"]: in_language(one["names"]) for one in dimension["indicators"]}
            label = _("Weights within: %(dimension)s") % {
                "dimension": in_language(dimension["names"])
            }
            lines.append((label, _join(f"{names[code]} {tried[code]}" for code in names)))
    return lines


def _join(names: Iterable[str]) -> str:
    return _(", ").join(names)
