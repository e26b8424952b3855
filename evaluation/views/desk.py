"""The scoring desk: the declaration beside the criteria, saved while one works, checked, sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core.errors import DomainError
from core.http import attempt
from core.moments import element
from evaluation import review_steps
from evaluation.clarifications import pages as clarification_pages
from evaluation.desk import evidence, version_judged
from evaluation.desk import page as desk
from evaluation.desk.forms import ScoreForm, name_of
from evaluation.desk.queue import next_to_score
from evaluation.desk.saving import Entry, Given, Saved, save_scores, stored_entries
from evaluation.forms import EvidenceForm
from evaluation.models import Dimension, ScoreSheet
from evaluation.states import SheetStatus
from evaluation.workflow import perform_sheet

FORM_METHODS = ("GET", "HEAD", "POST")
RELATED = (
    "assignment__case__version__declaration__activity__scheme",
    "assignment__case__version__declaration__organisation",
    "assignment__case__criteria_set",
)


@dataclass
class Laid:
    """A sheet on the desk, and what its page has to show beside it."""

    request: HttpRequest
    sheet: ScoreSheet
    dimensions: list[Dimension]
    form: ScoreForm
    aside: Mapping[str, Entry] = field(default_factory=dict)
    typed: QueryDict = field(default_factory=QueryDict)  # what the page sent, or what became of it
    unsaved: str = ""  # entries the page holds and the portal does not
    citing: int | None = None  # the indicator evidence is being named for
    picker: EvidenceForm | None = None

    def page(self, *, status: int = 200) -> HttpResponse:
        assignment, user = self.sheet.assignment, cast("User", self.request.user)
        laid = desk.build(self.sheet, self.dimensions, self.form, self.aside)
        context = {
            "sheet": self.sheet,
            "case": assignment.case,
            "declaration": assignment.case.declaration,
            "due": element(assignment.due_at) if assignment.due_at else "",
            "desk": laid,
            "form": self.form,
            "aside": self.aside,
            "unsaved": self.unsaved,
            "citing": self.citing,
            "picker": self.picker or EvidenceForm(),
            "parts": evidence.PARTS_OF_A_PAGE,
            "part_words": evidence.PART,
            "is_open": self.sheet.status == SheetStatus.DRAFT,
            "is_shut": self.sheet.status == SheetStatus.EXCLUDED,
            "questions": clarification_pages.on_desk(self.sheet, user),
            "notice": version_judged.notice_of(assignment),
        }
        return render(self.request, "evaluation/scoring_desk.html", context, status=status)


@require_http_methods(FORM_METHODS)
def scoring_desk(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    laid = _laid(request, assignment_id)
    if request.method != "POST":
        return laid.page()
    verb, _colon, argument = request.POST.get("action", "").partition(":")
    if verb == "save" and request.POST.get("citing") and request.POST.get("place"):
        verb, argument = "add", request.POST["citing"]  # Enter in the choice of a place
    if verb == "retype":  # what a browser kept is put back, to be looked at and saved
        laid.unsaved = _all_entries(laid)
        return laid.page()
    if verb in ("cite", "add", "drop"):
        return _cite(laid, verb, argument)
    return _save(laid, verb)


@require_POST
def scoring_autosave(request: HttpRequest, assignment_id: UUID) -> JsonResponse:
    """Save the entries named in ``changed``; what cannot be read stays with the page.

    Answers JSON: ``saved`` (entries), ``marks`` (what each is begun from now), ``remarks`` (place
    and sentence of what is not saved); ``aside``, ``closed`` and ``hints`` are empty, for the
    script of the page is that of a declaration. 409 with ``refused``: nothing can be saved now.
    """
    sheet = my_sheet(request, assignment_id)
    indicators = desk.indicators_of(sheet.assignment.case.asked())
    only = set(request.POST.getlist("changed"))
    form = ScoreForm(request.POST, sheet=sheet, indicators=indicators, only=only)
    if form.errors.get("begun"):
        return JsonResponse({"refused": _("Load the page anew.")}, status=409)
    try:
        saved = _stored(request, sheet, form)
    except DomainError as error:
        return JsonResponse({"refused": str(error)}, status=409)
    except PermissionDenied:
        raise Http404 from None
    done = only - form.refused() - set(saved.aside)
    there = stored_entries(saved.sheet) if saved.aside else {}
    remarks = [_remark(name, there) for name in saved.aside]
    # Of what is laid aside the page keeps its own mark: no later save goes over it unseen.
    marks = {name: mark for name, mark in saved.marks.items() if name not in saved.aside}
    answer = {"saved": sorted(done), "marks": marks, "remarks": form.remarks() + remarks}
    return JsonResponse(answer | {"aside": [], "closed": [], "hints": [], "compare": ""})


@require_http_methods(FORM_METHODS)
def scoring_check(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Show what is missing, and seal the sheet on the expert's word."""
    laid = _laid(request, assignment_id)
    sheet = laid.sheet
    if request.method == "POST" and attempt(
        request, None, lambda: perform_sheet("submit", sheet.pk, actor=request.user)
    ):
        messages.success(request, _("Submitted. Thank you for your judgement."))
        return redirect("evaluation:scoring-desk", sheet.pk)
    form = ScoreForm(sheet=sheet, indicators=desk.indicators_of(laid.dimensions))
    return render(
        request,
        "evaluation/scoring_check.html",
        {
            "sheet": sheet,
            "declaration": sheet.assignment.case.declaration,
            "desk": desk.build(sheet, laid.dimensions, form),
            "missing": review_steps.missing(sheet),
            "is_open": sheet.status == SheetStatus.DRAFT,
        },
    )


# Saving ---------------------------------------------------------------------------------


def _save(laid: Laid, verb: str) -> HttpResponse:
    request, sheet, form = laid.request, laid.sheet, laid.form
    done: list[Saved] = []
    if form.errors.get("begun"):
        form.add_error(None, _("Load the page anew."))
        return laid.page(status=400)
    if not attempt(request, form, lambda: done.append(_stored(request, sheet, form))):
        return _refused(laid)
    (saved,) = done
    if saved.aside or form.refused():
        return _again(laid, saved)
    messages.success(request, _("Saved."))
    return _left(laid, verb)


def _stored(request: HttpRequest, sheet: ScoreSheet, form: ScoreForm) -> Saved:
    return save_scores(
        sheet.pk,
        form.scores(),
        actor=cast("User", request.user),  # the gate let no one else in
        begun=form.begun_from(),
        words=form.said(),
    )


def _refused(laid: Laid) -> HttpResponse:
    """Give back what was typed; a sheet that was sealed meanwhile shows what it holds instead."""
    sheet = my_sheet(laid.request, laid.sheet.pk)
    if sheet.status == SheetStatus.DRAFT:
        laid.unsaved = _all_entries(laid)
        return laid.page()
    for sentence in laid.form.non_field_errors():
        messages.error(laid.request, str(sentence))
    laid.sheet, laid.form = sheet, ScoreForm(sheet=sheet, indicators=laid.form.indicators)
    return laid.page(status=409)


def _again(laid: Laid, saved: Saved) -> HttpResponse:
    """Give the page back with what was typed, beside what another page saved meanwhile.

    All else is saved. Saving it again is then a choice made in the sight of both.
    """
    sheet = my_sheet(laid.request, laid.sheet.pk)
    data = laid.typed.copy()
    begun = {**laid.form.begun_from().marks, **saved.marks}
    data["begun"] = " ".join(f"{name}:{mark}" for name, mark in begun.items())
    form = ScoreForm(data, sheet=sheet, indicators=laid.form.indicators)
    stored = stored_entries(sheet)
    laid.sheet, laid.form = sheet, form
    # What the other window cleared has no row. Nothing of this is saved by itself: it is a choice.
    laid.aside = {name: stored.get(name, Given()) for name in saved.aside}
    laid.unsaved = " ".join(sorted(form.refused()))
    return laid.page()


def _left(laid: Laid, verb: str) -> HttpResponse:
    """Go on to a page that tells the browser, in its address, which copy it needs no longer."""
    target, pk = "scoring-desk", laid.sheet.pk
    if verb == "check":
        target = "scoring-check"
    elif verb == "next":
        following = next_to_score(laid.sheet.assignment, cast("User", laid.request.user))
        if following is None:
            messages.info(laid.request, _("Nothing else waits for you."))
            return redirect("evaluation:work-list")
        pk = following.pk
    address = reverse(f"evaluation:{target}", args=[pk])
    copy = laid.form.begun_from().page
    return redirect(f"{address}?{urlencode({'saved': copy})}" if copy else address)


def _remark(name: str, there: Mapping[str, Any]) -> dict[str, str]:
    """Say at an entry that another page saved something else, and what."""
    part = "text" if name in ("comment", "recommendation", "remark") else "value"
    stored = there.get(name)
    text = desk.text_in_words(name, stored) if isinstance(stored, str) else desk.in_words(stored)
    sentence = _(
        "Another window saved meanwhile: %(stored)s. What you typed here is not saved. "
        "Press “Save” to see both and choose."
    )
    return {"at": f"div_id_{name_of(name, part)}", "text": sentence % {"stored": text or "–"}}


def _all_entries(laid: Laid) -> str:
    return " ".join([*(str(one.pk) for one in laid.form.indicators), *laid.form.words])


# Evidence -------------------------------------------------------------------------------


def _cite(laid: Laid, verb: str, argument: str) -> HttpResponse:
    """Name evidence, or take it away, on the page as it was typed; then save.

    Without a script each is a press of a button: "cite" opens the choice of places.
    """
    number, _colon, text = argument.partition(":")
    known = {one.pk for one in laid.form.indicators}
    if not number.isdecimal() or int(number) not in known:
        raise Http404
    if verb == "cite":
        laid.citing, laid.unsaved = int(number), _all_entries(laid)
        return laid.page()
    data = laid.typed.copy()
    name = name_of(number, "evidence")
    if verb == "drop":
        data.setlist(name, [one for one in data.getlist(name) if one != text])
    else:
        picker = EvidenceForm(data, version=laid.form.version)
        if not picker.is_valid():
            laid.citing, laid.picker, laid.unsaved = int(number), picker, _all_entries(laid)
            return laid.page()
        data.appendlist(name, picker.text())
    laid.typed = data
    laid.form = ScoreForm(data, sheet=laid.sheet, indicators=laid.form.indicators)
    return _save(laid, "save")


@require_safe
@cache_control(private=True, no_store=True)
def scoring_evidence(request: HttpRequest, assignment_id: UUID) -> JsonResponse:
    """Say what is wrong with a choice of evidence, by its field; nothing is stored."""
    opened = ScoreSheet.objects.with_right(request.user, "open")
    mine = opened.filter(assignment__expert=request.user.pk)
    sheet = get_object_or_404(mine.select_related(*RELATED), pk=assignment_id)
    form = EvidenceForm(request.GET, version=sheet.assignment.case.version)
    refused = {name: " ".join(map(str, found)) for name, found in form.errors.items()}
    return JsonResponse({"refused": refused})


def _laid(request: HttpRequest, assignment_id: UUID) -> Laid:
    sheet = my_sheet(request, assignment_id)
    dimensions = sheet.assignment.case.asked()
    data = request.POST if request.method == "POST" else None
    form = ScoreForm(data, sheet=sheet, indicators=desk.indicators_of(dimensions))
    return Laid(request, sheet, dimensions, form, typed=request.POST)


def my_sheet(request: HttpRequest, assignment_id: UUID) -> ScoreSheet:
    mine = ScoreSheet.objects.visible_to(request.user).filter(assignment__expert=request.user.pk)
    return get_object_or_404(
        mine.select_related(*RELATED).prefetch_related("scores"), pk=assignment_id
    )
