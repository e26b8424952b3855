"""The what-if bench of a run, and what a scenario kept."""

from collections.abc import Iterable
from dataclasses import dataclass
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
from evaluation.figures.bench import GATES, flips_of, inputs_of, save_scenario
from evaluation.figures.bench_forms import LABELS, BenchForm
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


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of a scenario; ``held``: what held instead, where that is another."""

    label: str
    value: str
    held: str = ""


def inputs_in_words(seen: Seen, inputs: dict[str, Any]) -> list[Tried]:
    """Return what a scenario tried, line by line, in the order of the form."""
    names = {one["code"]: in_language(one["names"]) for one in seen.dimensions}
    experts = {key: name for key, (_number, name) in seen.experts.items()}
    holds = seen.holds()
    codes = [code for code in names if code in inputs["weights"]]
    codes += [code for code in inputs["weights"] if code not in names]
    lines = [
        _tried(
            _("Weight: %(dimension)s") % {"dimension": names.get(code, code)},
            inputs["weights"][code],
            holds["weights"].get(code),
        )
        for code in codes
    ]
    lines += _within(seen, inputs.get("indicators", {}))
    lines += [_tried(str(LABELS[gate]), inputs[gate], holds[gate]) for gate in GATES]
    score, places = _("raw"), holds["places"]
    left_out = _join(experts.get(key, key) for key in inputs["without"])
    return [
        *lines,
        Tried(_("Score"), _("adjusted"), score) if inputs["adjusted"] else Tried(_("Score"), score),
        _tried(_("Number of places"), inputs["places"], places),
        Tried(_("Experts left out"), left_out or words.NOTHING, words.NOTHING if left_out else ""),
    ]


def _tried(label: str, value: Any, held: Any) -> Tried:
    """Return a line that marks a number other than the one that held."""
    same = value == held or (value and held and Decimal(value) == Decimal(held))
    shown = str(value or words.NOTHING)
    return Tried(label, shown) if same else Tried(label, shown, str(held or words.NOTHING))


def _within(seen: Seen, indicators: dict[str, dict[str, str]]) -> list[Tried]:
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
            now = _join(f"{names[code]} {tried[code]}" for code in names)
            before = _join(f"{names[code]} {held[code]}" for code in names)
            lines.append(Tried(label, now, before))
    return lines


def _join(names: Iterable[str]) -> str:
    return _(", ").join(names)
