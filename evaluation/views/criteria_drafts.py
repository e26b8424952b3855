"""The officers' pages of a draft: outline, one indicator, preview, effect on the results."""

import copy
from collections.abc import Callable, Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core.errors import DomainError
from evaluation.criteria import draft_forms as forms
from evaluation.criteria.asking import asked_of
from evaluation.criteria.documents import Document
from evaluation.criteria.drafts import begin_draft, begun_beside, newer_than, save_draft
from evaluation.criteria.effects import effects, uncounted
from evaluation.criteria.reading import readable
from evaluation.criteria.sealing import field_codes
from evaluation.criteria.soundness import faults
from evaluation.models import Case, CriteriaDraft, CriteriaSet
from evaluation.states import DraftStatus
from evaluation.words import VERDICTS
from reference.names import in_language
from submissions.services import StaleRevision

FORM_METHODS = ("GET", "HEAD", "POST")


@require_POST
def begin(request: HttpRequest, criteria_set_id: int) -> HttpResponse:
    based_on = get_object_or_404(CriteriaSet.objects.visible_to(request.user), pk=criteria_set_id)
    there = begun_beside(based_on)
    if there and "another" not in request.POST:
        return TemplateResponse(
            request,
            "evaluation/admin/draft_begun.html",
            {
                **admin.site.each_context(request),
                "title": _("A draft of this version is there already"),
                "opts": CriteriaDraft._meta,
                "based_on": based_on,
                "drafts": there,
            },
        )
    try:
        draft = begin_draft(based_on, actor=officer_of(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("admin:evaluation_criteriaset_change", based_on.pk)
    return redirect("admin:evaluation_criteriadraft_outline", draft.pk)


@require_http_methods(FORM_METHODS)
def outline(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show names, gates and all weights, and store what was typed."""
    draft = being_written(request, draft_id)
    form = forms.OutlineForm(request.POST or None, document=draft.document, initial=_begun(draft))

    then = _then(draft, request.POST.get("then", ""))

    def save() -> CriteriaDraft:
        return store(request, draft, form, form.changed_document(), form.cleaned_data["reason"])

    if then and form.is_valid() and form.changes_nothing(draft.reason):
        return redirect(then)
    if saved(request, form, save):
        return redirect(then or reverse("admin:evaluation_criteriadraft_outline", args=[draft.pk]))
    return page(
        request,
        draft,
        "evaluation/admin/draft_outline.html",
        _("Outline"),
        {
            "form": form,
            "faults": faults(draft.document, fields=field_codes()),
            "newer": newer_than(draft.based_on),
        },
    )


def _then(draft: CriteriaDraft, pressed: str) -> str:
    """Return where a button of the outline leads once what was typed is stored; "" to itself."""
    name, _colon, at = pressed.partition(":")
    where = tuple(at.split(".")) if at else ()
    pages = {
        "change": 0,
        "new_dimension": 0,
        "new_indicator": 1,
        "dimension_out": 1,
        "indicator": 2,
    }
    if pages.get(name) != len(where):
        return ""
    try:
        return reverse(f"admin:evaluation_criteriadraft_{name}", args=[draft.pk, *where])
    except NoReverseMatch:
        return ""


@require_http_methods(FORM_METHODS)
def indicator(request: HttpRequest, draft_id: UUID, dimension: str, code: str = "") -> HttpResponse:
    """Show one indicator, or an empty one, and store it in its place."""
    draft = being_written(request, draft_id)
    stored = _indicator(dimension_of(draft.document, dimension), code)
    form = forms.IndicatorForm(
        request.POST or None,
        document=draft.document,
        indicator=stored,
        initial={"revision": draft.revision},
    )

    def save() -> CriteriaDraft:
        document = copy.deepcopy(draft.document)
        _put(dimension_of(document, dimension), form.changed_indicator())
        return store(request, draft, form, document, draft.reason)

    if saved(request, form, save):
        return redirect("admin:evaluation_criteriadraft_outline", draft.pk)
    name = in_language(stored["names"]) if code else _("New indicator")
    return page(
        request,
        draft,
        "evaluation/admin/draft_indicator.html",
        name,
        {"form": form, "dimension": dimension, "code": code},
    )


@require_POST
def leave_out(request: HttpRequest, draft_id: UUID, dimension: str, code: str) -> HttpResponse:
    """Take an indicator out of the draft."""
    draft = being_written(request, draft_id)
    document = copy.deepcopy(draft.document)
    place = dimension_of(document, dimension)
    gone = _indicator(place, code)
    place["indicators"].remove(gone)
    try:
        save_draft(
            draft.pk,
            document,
            reason=draft.reason,
            actor=officer_of(request),
            revision=revision_of(request),
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = _("“%s” is left out of the draft.") % in_language(gone["names"])
        messages.success(request, said)
    return redirect("admin:evaluation_criteriadraft_outline", draft.pk)


@require_safe
def preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show what an expert would be asked about a declaration in a field of technology."""
    draft = _draft(request, draft_id)
    form = forms.PreviewForm(request.GET or None)
    chosen = form.cleaned_data["field"] if form.is_bound and form.is_valid() else None
    dimensions = readable(asked_of(draft.document, chosen.pk if chosen else None))
    return page(
        request,
        draft,
        "evaluation/admin/draft_preview.html",
        _("As an expert sees it"),
        {"form": form, "dimensions": dimensions},
    )


@require_safe
def effect(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show which results there are would be others by this draft."""
    draft = _draft(request, draft_id)
    cases = Case.objects.visible_to(request.user).filter(criteria_set__code=draft.document["code"])
    unsound = faults(draft.document, fields=field_codes())
    found = [] if unsound else effects(cases, draft.document)
    return page(
        request,
        draft,
        "evaluation/admin/draft_effect.html",
        _("Effect on the results there are"),
        {
            "effects": told(found),
            "looked_at": len(found),
            "unsound": unsound,
            "uncounted": None if unsound else uncounted(cases, draft.document),
        },
    )


def told(found: list[Any]) -> list[dict[str, Any]]:
    """Return the lines of the cases whose verdict would be another."""
    return [
        {
            "case": one.case,
            "decided": one.is_decided,
            "before": one.before["total"]["mean"],
            "after": one.after["total"]["mean"],
            "verdict_before": VERDICTS[one.before["verdict"]]["label"],
            "verdict_after": VERDICTS[one.after["verdict"]]["label"],
        }
        for one in found
        if one.flips
    ]


def kept(cases: Iterable[Case], rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the same of a change that was confirmed, out of what was kept of it."""
    found = [(case, rows[str(case.pk)]) for case in cases]
    return [
        {
            "case": case,
            "before": row["before"][0],
            "after": row["after"][0],
            "verdict_before": VERDICTS[row["before"][1]]["label"],
            "verdict_after": VERDICTS[row["after"][1]]["label"],
        }
        for case, row in found
        if row["before"][1] != row["after"][1]
    ]


# Reading and storing ----------------------------------------------------------------------


def _begun(draft: CriteriaDraft) -> dict[str, Any]:
    return {"revision": draft.revision, "reason": draft.reason}


def saved(request: HttpRequest, form: forms.DraftForm, save: Callable[[], CriteriaDraft]) -> bool:
    """Store what was typed; a refusal is said on the form, which keeps it."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except StaleRevision as error:
        _mark_stored(form, error.stored)
        return False
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True


def _mark_stored(form: forms.DraftForm, stored: CriteriaDraft) -> None:
    """Let the form be sent once more, in the knowledge that somebody saved meanwhile."""
    data = cast("QueryDict", form.data).copy()
    data["revision"] = str(stored.revision)
    form.data = data
    form.add_error(
        None,
        _(
            "Somebody saved this draft while the page was open. What you typed is still here and "
            "not stored; saving again puts it in the place of what is stored for this page."
        ),
    )


def store(
    request: HttpRequest,
    draft: CriteriaDraft,
    form: forms.DraftForm,
    document: Document,
    reason: str,
) -> CriteriaDraft:
    return save_draft(
        draft.pk,
        document,
        reason=reason,
        actor=officer_of(request),
        revision=form.cleaned_data["revision"],
    )


def revision_of(request: HttpRequest) -> int:
    """Return the count of saves the page was drawn at; -1, which no draft has, for nonsense."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < len(str(10**9)) else -1


def dimension_of(document: Document, code: str) -> Document:
    for dimension in document["dimensions"]:
        if dimension["code"] == code:
            return cast("Document", dimension)
    raise Http404


def _indicator(dimension: Document, code: str) -> Document:
    if not code:
        return forms.empty_indicator()
    for one in dimension["indicators"]:
        if one["code"] == code:
            return cast("Document", one)
    raise Http404


def _put(dimension: Document, indicator: Document) -> None:
    """Put an indicator in its place, a new one last."""
    codes = [one["code"] for one in dimension["indicators"]]
    if indicator["code"] in codes:
        dimension["indicators"][codes.index(indicator["code"])] = indicator
    else:
        dimension["indicators"].append(indicator)


def _draft(request: HttpRequest, draft_id: UUID) -> CriteriaDraft:
    drafts = CriteriaDraft.objects.visible_to(request.user).select_related("based_on")
    return get_object_or_404(drafts, pk=draft_id)


def being_written(request: HttpRequest, draft_id: UUID) -> CriteriaDraft:
    draft = _draft(request, draft_id)
    if request.method != "POST" and draft.status != DraftStatus.WRITING:
        raise Http404
    return draft


def officer_of(request: HttpRequest) -> User:
    return cast("User", request.user)  # the gate let no one else in


def page(
    request: HttpRequest,
    draft: CriteriaDraft,
    template: str,
    title: str,
    context: dict[str, Any],
) -> HttpResponse:
    return TemplateResponse(
        request,
        template,
        {
            **admin.site.each_context(request),
            "title": title,
            "draft": draft,
            "opts": CriteriaDraft._meta,
            "back": reverse("admin:evaluation_criteriadraft_change", args=[draft.pk]),
            **context,
        },
    )
