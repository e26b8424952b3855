"""What the applicant answers to a wording that an officer proposed."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from submissions.forms import ProposalForm
from submissions.models import Correction
from submissions.proposals import answer_proposal
from submissions.views.access import may_edit, own, person


@require_POST
def proposal(request: HttpRequest, declaration_id: UUID, correction_id: int) -> HttpResponse:
    declaration = own(request, declaration_id)
    form = ProposalForm(request.POST)
    if not may_edit(request, declaration) or not form.is_valid():
        raise Http404
    taken = form.cleaned_data["answer"] == "take"
    try:
        answer_proposal(
            declaration.pk,
            correction_id,
            taken=taken,
            note=form.cleaned_data["note"],
            actor=person(request),
        )
    except Correction.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The wording is taken over.") if taken else _("Your own wording stays.")
        )
    return redirect("submissions:declaration-detail", declaration.pk)
