"""The officers' page on which an appointment is arranged, and the enterprise's page of its own."""

from typing import cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core import rights
from core.clock import database_now
from core.forms import StepForm
from core.http import attempt
from evaluation.models import Case, Verification
from evaluation.verifications import pages, verifying
from evaluation.verifications.forms import AppointmentForm, ArrangeForm
from evaluation.verifications.states import VerificationStatus
from evaluation.verifications.verifying import VERIFICATIONS
from evaluation.views.answering import Answering, thank
from submissions.models import Declaration
from submissions.views.access import own, person

ANSWERS = Answering(VERIFICATIONS, AppointmentForm)


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the form of an appointment, and arrange it."""
    seen = Case.objects.visible_to(request.user)
    case = get_object_or_404(seen.select_related("declaration__activity"), pk=case_id)
    back = reverse("admin:evaluation_case_change", args=[case.pk])
    if request.method != "POST" and not rights.can(request.user, "verify", case):
        messages.warning(request, _("This is arranged while the case is scored and not decided."))
        return redirect(back)
    officer = cast("User", request.user)  # the gate let no one else in
    form = ArrangeForm(request.POST or None, case=case, reader=officer)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(request, form, lambda: verifying.arrange(case.pk, form.wanted(), actor=officer))
    ):
        messages.success(request, _("Arranged. The enterprise and who takes part get a mail."))
        return redirect(back)
    form.helper.template = "admin/core/_form.html"
    form.helper.field_template = "admin/core/_field.html"
    context = {
        **admin.site.each_context(request),
        "title": _("Arrange a defence or on-site verification"),
        "case": case,
        "form": form,
        "back": back,
        "opts": Case._meta,
    }
    return TemplateResponse(request, "evaluation/admin/verification_arrange.html", context)


# The enterprise -------------------------------------------------------------------------------


@require_safe
def verification_list(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    return _page(request, own(request, declaration_id))


@require_POST
def verification_answer(
    request: HttpRequest, declaration_id: UUID, verification_id: UUID
) -> HttpResponse:
    declaration = own(request, declaration_id)
    seen = Verification.objects.with_right(request.user, "see")
    row = get_object_or_404(seen, pk=verification_id, case__declaration=declaration.pk)
    form = ANSWERS.form_of(request, row, bound=True)
    if ANSWERS.is_given(request, row, form):
        thank(request)
        return redirect("evaluation:verification-list", declaration.pk)
    return _page(request, declaration, form)


def _page(
    request: HttpRequest, declaration: Declaration, refused: StepForm | None = None
) -> HttpResponse:
    """Show the appointments; ``refused`` is the form that came back, with what was typed."""
    entries = pages.to_enterprise(declaration, person(request))
    answering = Verification.objects.with_right(request.user, "answer").filter(
        # Not until the report: the form going would tell when that was handed in.
        held_at__gt=database_now(),
        answered_at=None,
        status=VerificationStatus.ARRANGED,
        case__declaration=declaration.pk,
    )
    mine = set(answering.values_list("pk", flat=True))
    shown = ANSWERS.beside(request, entries, mine, refused)
    context = {"declaration": declaration, "entries": shown}
    return render(request, "evaluation/verification_list.html", context)
