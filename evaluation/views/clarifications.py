"""Questions about a declaration: the expert asks, the enterprise reads and answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import StepForm
from core.http import attempt
from evaluation.clarifications import pages
from evaluation.clarifications.clarifying import CLARIFICATIONS, ask
from evaluation.clarifications.forms import AnswerForm, AskForm
from evaluation.clarifications.places import scheme_of
from evaluation.clarifications.states import SHOWN, ClarificationStatus
from evaluation.models import Clarification, ScoreSheet
from evaluation.views.answering import Answering, thank
from submissions.models import Declaration
from submissions.views.access import own, person

RELATED = (
    "assignment__case__version__declaration__activity__scheme",
    "assignment__expert",
)
ANSWERS = Answering(CLARIFICATIONS, AnswerForm)


@require_http_methods(["GET", "HEAD", "POST"])
def clarification_ask(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Show the questions of a case beside the form for another one."""
    opened = ScoreSheet.objects.with_right(request.user, "open")
    mine = opened.filter(assignment__expert=request.user.pk)
    sheet = get_object_or_404(mine.select_related(*RELATED), pk=assignment_id)
    declaration = sheet.assignment.case.version.declaration
    form = AskForm(request.POST or None, scheme=scheme_of(declaration))
    if (
        form.is_bound
        and form.is_valid()
        and attempt(request, form, lambda: ask(sheet.pk, actor=person(request), **form.asked()))
    ):
        messages.success(request, _("Your question is with the officers now."))
        return redirect("evaluation:clarification-ask", sheet.pk)
    context = {"declaration": declaration, "form": form, **pages.on_desk(sheet, person(request))}
    return render(request, "evaluation/clarification_ask.html", context)


@require_safe
def clarification_list(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    return _enterprise_page(request, own(request, declaration_id))


@require_POST
def clarification_answer(
    request: HttpRequest, declaration_id: UUID, clarification_id: UUID
) -> HttpResponse:
    declaration = own(request, declaration_id)
    seen = Clarification.objects.with_right(request.user, "see").filter(status__in=SHOWN)
    row = get_object_or_404(
        seen.filter(assignment__case__declaration=declaration.pk), pk=clarification_id
    )
    form = ANSWERS.form_of(request, row, bound=True)
    if _is_sent_again(row, form) or ANSWERS.is_given(request, row, form):
        thank(request)
        return redirect("evaluation:clarification-list", declaration.pk)
    return _enterprise_page(request, declaration, form)


def _is_sent_again(row: Clarification, form: StepForm) -> bool:
    """Say whether this very answer is there already: the button was pressed twice."""
    return bool(row.answer) and form.is_valid() and form.cleaned_data["answer"] == row.answer


def _enterprise_page(
    request: HttpRequest, declaration: Declaration, refused: StepForm | None = None
) -> HttpResponse:
    """Show all that was asked; ``refused`` is the form that came back, with what was typed."""
    entries = pages.to_enterprise(declaration, person(request))
    open_to = Clarification.objects.with_right(request.user, "answer")
    answering = open_to.filter(
        pk__in=[one.row.pk for one in entries], status=ClarificationStatus.PASSED_ON
    )
    mine = set(answering.values_list("pk", flat=True))
    shown = ANSWERS.beside(request, entries, mine, refused)
    context = {"declaration": declaration, "entries": shown}
    return render(request, "evaluation/clarification_list.html", context)
