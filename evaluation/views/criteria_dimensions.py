"""The officers' pages on which a dimension comes into a draft, or is taken out of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from evaluation.criteria import draft_forms as forms
from evaluation.criteria.documents import Document
from evaluation.models import CriteriaDraft
from evaluation.views import criteria_drafts as drafts
from reference.names import in_language


@require_http_methods(drafts.FORM_METHODS)
def add(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show an empty dimension, and put it last."""
    draft = drafts.being_written(request, draft_id)
    form = forms.DimensionForm(
        request.POST or None, document=draft.document, initial={"revision": draft.revision}
    )

    def save() -> CriteriaDraft:
        return drafts.store(request, draft, form, form.changed_document(), draft.reason)

    if drafts.saved(request, form, save):
        return redirect("admin:evaluation_criteriadraft_outline", draft.pk)
    template = "evaluation/admin/draft_dimension.html"
    return drafts.page(request, draft, template, _("New dimension"), {"form": form})


@require_http_methods(drafts.FORM_METHODS)
def leave_out(request: HttpRequest, draft_id: UUID, dimension: str) -> HttpResponse:
    """Name what goes with a dimension, and take it out of the draft."""
    draft = drafts.being_written(request, draft_id)
    gone = drafts.dimension_of(draft.document, dimension)
    form = forms.LeaveOutForm(
        request.POST or None, document=draft.document, initial={"revision": draft.revision}
    )

    def save() -> CriteriaDraft:
        return drafts.store(request, draft, form, _without(draft.document, gone), draft.reason)

    if drafts.saved(request, form, save):
        return redirect("admin:evaluation_criteriadraft_outline", draft.pk)
    context = {
        "form": form,
        "name": in_language(gone["names"]),
        "indicators": [in_language(one["names"]) for one in gone["indicators"]],
    }
    template = "evaluation/admin/draft_dimension_out.html"
    return drafts.page(request, draft, template, _("Leave a dimension out"), context)


def _without(document: Document, gone: Document) -> Document:
    left = [one for one in document["dimensions"] if one["code"] != gone["code"]]
    if not left:
        raise DomainError(_("A set has at least one dimension."))
    return {**document, "dimensions": left}
