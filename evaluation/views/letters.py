"""The officers' page on which a feedback letter is written, and the letter the enterprise reads."""

from typing import cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core import rights
from core.errors import DomainError
from core.http import attempt
from evaluation.letters import pages, writing
from evaluation.letters.forms import LetterForm
from evaluation.letters.words import field_of
from evaluation.models import Case, Decision, FeedbackLetter
from submissions.services import StaleRevision

FORM_METHODS = ("GET", "HEAD", "POST")
RELATED = ("case__declaration__organisation", "case__criteria_set", "case__weighed_by")


@require_POST
def begin(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin the letter of a case, or go on with the one that is there."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=case_id)
    made: list[FeedbackLetter] = []
    if attempt(request, None, lambda: made.append(writing.begin(case.pk, actor=_officer(request)))):
        return redirect("admin:evaluation_feedbackletter_write", made[0].pk)
    return redirect("admin:evaluation_case_change", case.pk)


@require_http_methods(FORM_METHODS)
def write(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Show the passages beside the comments of the experts, and store what was typed."""
    letter = _letter(request, letter_id)
    if request.method != "POST":
        if not rights.can(request.user, "write", letter):
            return redirect("admin:evaluation_feedbackletter_change", letter.pk)
        return _page(request, letter, LetterForm(letter=letter))
    verb, _colon, rest = request.POST.get("action", "save").partition(":")
    place, _colon, key = rest.rpartition(":")
    taken = _taken_over(letter, request.POST, place, key) if verb == "take" else None
    form = LetterForm(taken or request.POST, letter=letter)
    if verb == "take" and taken is None:
        form.add_error(None, _("This comment is no longer there."))
    if not form.is_valid():
        return _page(request, letter, form)
    return _saved(request, letter, form, verb, place)


def _saved(
    request: HttpRequest, letter: FeedbackLetter, form: LetterForm, verb: str, place: str
) -> HttpResponse:
    try:
        writing.save(
            letter.pk,
            form.passages(),
            overall=form.overall(),
            actor=_officer(request),
            revision=form.cleaned_data["revision"],
        )
    except StaleRevision as error:
        return _stale(request, error.stored, form)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, letter, form)
    messages.success(request, _("Saved."))
    if verb == "finish":
        return redirect("admin:evaluation_feedbackletter_step", letter.pk, "finish")
    address = reverse("admin:evaluation_feedbackletter_write", args=[letter.pk])
    return redirect(f"{address}#{field_of(place)}" if verb == "take" else address)


def _stale(request: HttpRequest, stored: FeedbackLetter, form: LetterForm) -> HttpResponse:
    """Give back what was typed beside what somebody saved: saving again is a choice then."""
    letter = _letter(request, stored.pk)
    data = cast("QueryDict", form.data).copy()
    data["revision"] = str(letter.revision)
    again = LetterForm(data, letter=letter)
    again.add_error(
        None,
        _(
            "%(who)s saved this letter while the page was open. What you typed is still here and "
            "not stored; saving again puts it in the place of what is stored."
        )
        % {"who": letter.saved_by},
    )
    return _page(request, letter, again, stale=True)


def _taken_over(letter: FeedbackLetter, sent: QueryDict, place: str, key: str) -> QueryDict | None:
    """Put a comment behind what is typed in a passage; None where it is gone."""
    for comment in pages.comments_of(letter).get(place, []):
        if comment.key == key:
            data, name = sent.copy(), field_of(place)
            typed = data.get(name, "").strip()
            data[name] = f"{typed}\n\n{comment.text}" if typed else comment.text
            return data
    return None


def _page(
    request: HttpRequest, letter: FeedbackLetter, form: LetterForm, *, stale: bool = False
) -> HttpResponse:
    change = reverse("admin:evaluation_feedbackletter_change", args=[letter.pk])
    return TemplateResponse(
        request,
        "evaluation/admin/letter_write.html",
        {
            **admin.site.each_context(request),
            "title": _("Write the letter"),
            "letter": letter,
            "form": form,
            "rows": pages.rows_of(letter, form, stale=stale),
            "opts": FeedbackLetter._meta,
            "back": change,
            "case_url": reverse("admin:evaluation_case_change", args=[letter.case_id]),
        },
    )


def _letter(request: HttpRequest, letter_id: UUID) -> FeedbackLetter:
    seen = FeedbackLetter.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related(*RELATED, "saved_by"), pk=letter_id)


def _officer(request: HttpRequest) -> User:
    return cast("User", request.user)  # the gate let no one else in


# The enterprise -------------------------------------------------------------------------------


@require_safe
def decision_letter(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Show the letter by itself, to be read on paper; before the release there is none."""
    decision = get_object_or_404(
        Decision.objects.visible_to(request.user)
        .filter(released_at__isnull=False)
        .select_related("case__declaration__organisation"),
        case__declaration=declaration_id,
    )
    feedback = pages.to_enterprise(decision.case, request.user)
    if feedback is None:
        raise Http404
    context = {"decision": decision, "declaration": decision.case.declaration, **feedback}
    return render(request, "evaluation/decision_letter.html", context)
