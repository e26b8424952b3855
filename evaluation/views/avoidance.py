"""What an enterprise asks about who judges: its own requests and their state, nothing else."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.access import FORM_METHODS, person
from core import rights
from core.http import attempt
from evaluation.conflicts import avoiding
from evaluation.conflicts.avoidance_forms import AvoidanceForm
from evaluation.conflicts.avoiding import AVOIDANCES
from evaluation.models import AvoidanceRequest
from submissions.views.access import own


@require_http_methods(FORM_METHODS)
def avoidance(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    declaration = own(request, declaration_id)
    mine = AvoidanceRequest.objects.with_right(request.user, "own").filter(declaration=declaration)
    form = AvoidanceForm(request.POST or None)
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: avoiding.ask(declaration.pk, actor=person(request), **form.cleaned_data),
        )
    ):
        messages.success(request, _("Sent. An officer decides, and you get a mail."))
        return redirect("evaluation:avoidance", declaration.pk)
    page = {
        "declaration": declaration,
        "form": form,
        "open": rights.can(request.user, "avoid", declaration),
        "requests": mine,
    }
    return render(request, "evaluation/avoidance.html", page)


@require_POST
def withdraw(request: HttpRequest, declaration_id: UUID, request_id: int) -> HttpResponse:
    mine = AvoidanceRequest.objects.with_right(request.user, "own")
    row = get_object_or_404(mine, pk=request_id, declaration=declaration_id)
    if attempt(request, None, lambda: AVOIDANCES.perform("withdraw", row.pk, actor=request.user)):
        messages.success(request, _("Withdrawn."))
    return redirect("evaluation:avoidance", declaration_id)
