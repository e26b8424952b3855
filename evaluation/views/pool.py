"""The expert pool as the person sees it: applying, the own profile, its history, days away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import FORM_METHODS, person
from core.forms import StepForm
from core.http import attempt
from evaluation import words
from evaluation.conflicts import connections
from evaluation.models import Absence, Connection, Employment, Expert
from evaluation.pool import employments, profiles
from evaluation.pool.attendance import RULE_MISSED
from evaluation.pool.forms import (
    AbsenceForm,
    ApplicationForm,
    ConnectionForm,
    EmploymentForm,
    EndForm,
    ProfileForm,
    RenewForm,
)
from evaluation.pool.states import LIVE
from evaluation.pool.workflow import EXPERTS

STEP_FORMS: dict[str, type[StepForm]] = {"renew": RenewForm, "leave": StepForm}


@require_safe
def expert_pool(request: HttpRequest) -> HttpResponse:
    """Say who may become an expert, how, and how one ceases to be."""
    mine = _mine(request).first() if request.user.is_authenticated else None
    return render(request, "evaluation/pool.html", {"expert": mine, "missed": RULE_MISSED})


@require_http_methods(FORM_METHODS)
def expert_apply(request: HttpRequest) -> HttpResponse:
    known = _mine(request).first()
    if known is not None and known.status in LIVE:
        return redirect("evaluation:expert-profile")
    form = ApplicationForm(request.POST or None, instance=known, initial=_employer(known))
    if form.is_bound and form.is_valid() and _apply(request, form):
        messages.success(request, _("You have applied. An officer decides, and you get a mail."))
        return redirect("evaluation:expert-profile")
    return render(request, "evaluation/expert_apply.html", {"form": form})


def _apply(request: HttpRequest, form: ApplicationForm) -> bool:
    return attempt(
        request, form, lambda: profiles.apply(actor=person(request), **form.application())
    )


def _employer(known: Expert | None) -> dict[str, Any]:
    return {"employer_name": known.employer_name} if known else {}


@require_safe
def expert_profile(request: HttpRequest) -> HttpResponse:
    expert = get_object_or_404(_mine(request))
    steps = [one for one in EXPERTS.open_to(request.user, expert) if one.name in STEP_FORMS]
    page = {
        "expert": expert,
        "status": words.of_expert(expert),
        "live": expert.status in LIVE,
        "history": expert.employments.filter(mistaken=False),
        "connections": Connection.objects.with_right(request.user, "own").filter(mistaken=False),
        "absences": expert.absences.all(),
        "facts": words.profile(expert),
        "steps": steps,
    }
    return render(request, "evaluation/expert_profile.html", page)


@require_http_methods(FORM_METHODS)
def expert_edit(request: HttpRequest) -> HttpResponse:
    expert = _kept_up(request)
    form = ProfileForm(request.POST or None, instance=_mine(request).get())
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: profiles.edit(expert.pk, actor=person(request), **form.cleaned_data),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("evaluation:expert-profile")
    return _form_page(request, form, _("Edit the profile"))


@require_http_methods(FORM_METHODS)
def expert_step(request: HttpRequest, step: str) -> HttpResponse:
    """Confirm the profile for another year, or leave the pool."""
    expert = get_object_or_404(_mine(request))
    open_steps = {one.name: one for one in EXPERTS.open_to(request.user, expert)}
    if step not in STEP_FORMS or step not in open_steps:
        raise Http404
    form = STEP_FORMS[step](
        request.POST if request.method == "POST" else None,
        transition=open_steps[step],
        obj=expert,
        actor=request.user,
    )
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: EXPERTS.perform(step, expert.pk, actor=request.user, **form.inputs()),
        )
    ):
        return _after(request, step)
    page = {"form": form, "expert": expert, "history": expert.employments.filter(mistaken=False)}
    return render(request, "evaluation/expert_step.html", page)


def _after(request: HttpRequest, step: str) -> HttpResponse:
    if step == "leave":  # the role is gone, and every session of the person with it
        return redirect("home")
    messages.success(request, _("Thank you. Your profile is confirmed for another year."))
    return redirect("evaluation:expert-profile")


# The history, and days away -------------------------------------------------------------


@require_http_methods(FORM_METHODS)
def employment_add(request: HttpRequest) -> HttpResponse:
    expert = _kept_up(request)
    form = EmploymentForm(request.POST or None)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: employments.add(expert.pk, actor=person(request), **form.cleaned_data),
        )
    ):
        messages.success(request, _("Written down."))
        return redirect("evaluation:expert-profile")
    return _form_page(request, form, _("Add an employment or role"))


@require_http_methods(FORM_METHODS)
def employment_end(request: HttpRequest, employment_id: int) -> HttpResponse:
    mine = Employment.objects.with_right(request.user, "end").filter(expert=request.user.pk)
    row = get_object_or_404(mine, pk=employment_id)
    form = EndForm(request.POST or None)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: employments.end(row.pk, actor=person(request), **form.cleaned_data),
        )
    ):
        messages.success(request, _("Written down."))
        return redirect("evaluation:expert-profile")
    return _form_page(request, form, _("It has ended: %s") % row.name)


@require_http_methods(FORM_METHODS)
def connection_add(request: HttpRequest) -> HttpResponse:
    expert = _kept_up(request)
    form = ConnectionForm(request.POST or None)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: connections.declare(expert.pk, actor=person(request), **form.cleaned_data),
        )
    ):
        messages.success(request, _("Written down."))
        return redirect("evaluation:expert-profile")
    return _form_page(request, form, _("Add a connection"))


@require_http_methods(FORM_METHODS)
def absence_add(request: HttpRequest) -> HttpResponse:
    expert = _kept_up(request)
    form = AbsenceForm(request.POST or None)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: profiles.be_away(expert.pk, actor=person(request), **form.cleaned_data),
        )
    ):
        messages.success(request, _("Written down."))
        return redirect("evaluation:expert-profile")
    return _form_page(request, form, _("Add days away"))


@require_POST
def absence_remove(request: HttpRequest, absence_id: int) -> HttpResponse:
    expert = _kept_up(request)
    row = get_object_or_404(Absence, expert=expert, pk=absence_id)
    if attempt(request, None, lambda: profiles.be_back(row, actor=person(request))):
        messages.success(request, _("Taken back."))
    return redirect("evaluation:expert-profile")


def _form_page(request: HttpRequest, form: forms.BaseForm, title: str) -> HttpResponse:
    return render(request, "evaluation/expert_form.html", {"form": form, "title": title})


def _mine(request: HttpRequest) -> Any:
    """Return the own row; what an officer sees of others' is no profile of theirs."""
    mine = Expert.objects.with_right(request.user, "own").filter(pk=request.user.pk)
    return mine.select_related("user")


def _kept_up(request: HttpRequest) -> Expert:
    mine: Any = Expert.objects.with_right(request.user, "maintain").filter(pk=request.user.pk)
    expert: Expert = get_object_or_404(mine)
    return expert
