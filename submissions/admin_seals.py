"""The officers' page of a sealed activity: what is there, without what is in it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages  # noqa: TID251 -- a page of the officers
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251 -- as above
from django.shortcuts import redirect  # noqa: TID251 -- as above
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import database_now
from core.errors import DomainError
from submissions import sealing
from submissions.models import Activity, Declaration, EarlyLook
from submissions.paging import newest_first


class AskForm(forms.Form):
    declaration = forms.UUIDField()
    reason = forms.CharField(max_length=2000)


class GrantForm(forms.Form):
    look = forms.UUIDField()


def sealed_page(request: HttpRequest, activity: Activity, context: dict[str, Any]) -> HttpResponse:
    """Show and answer the page; ``context`` is that of the officers' desk."""
    here = reverse("admin:submissions_activity_sealed", args=[activity.pk])
    known = Declaration.objects.with_right(request.user, "know").filter(activity=activity)
    if request.method == "POST":
        _answer(request, {str(pk) for pk in known.values_list("pk", flat=True)})
        return redirect(here)
    looks = EarlyLook.objects.select_related("asked_by", "granted_by").order_by("-asked_at")
    page = newest_first(
        known.only("number", "organisation", "submitted_at", "activity")
        .select_related("organisation")
        .prefetch_related(Prefetch("early_looks", looks)),
        by="submitted_at",
        after=request.GET.get("after", ""),
        size=50,
    )
    now = database_now()
    context |= {
        "title": _("Sealed declarations"),
        "activity": activity,
        "rows": [_row(one, request.user, now) for one in page.rows],
        "next_url": f"{here}?after={page.next_key}" if page.next_key else "",
    }
    return TemplateResponse(request, "admin/submissions/sealed.html", context)


def _row(declaration: Declaration, user: Any, now: Any) -> dict[str, Any]:
    looks = list(declaration.early_looks.all())
    waiting = [one for one in looks if one.granted_at is None]
    mine = next((one for one in looks if one.asked_by_id == user.pk and _open(one, now)), None)
    return {
        "number": declaration.number,
        "organisation": declaration.organisation.name,
        "submitted_at": declaration.submitted_at,
        "pk": declaration.pk,
        "mine": mine,
        "asked": any(one.asked_by_id == user.pk for one in waiting),
        "to_grant": [one for one in waiting if one.asked_by_id != user.pk],
    }


def _open(look: EarlyLook, now: Any) -> bool:
    return look.until is not None and look.until > now


def _answer(request: HttpRequest, known: set[str]) -> None:
    ask, grant = AskForm(request.POST), GrantForm(request.POST)
    try:
        if grant.is_valid():
            sealing.grant_look(_look(grant.cleaned_data["look"], known), actor=request.user)
            messages.success(request, _("The early look is granted for 24 hours."))
        elif ask.is_valid():
            pk = ask.cleaned_data["declaration"]
            if str(pk) not in known:
                raise Http404
            sealing.ask_look(pk, actor=request.user, reason=ask.cleaned_data["reason"])
            messages.success(request, _("Asked. Another officer has to grant it."))
        else:
            messages.error(request, _("Please give a reason."))
    except DomainError as error:
        messages.error(request, str(error))


def _look(pk: UUID, known: set[str]) -> UUID:
    declaration = EarlyLook.objects.filter(pk=pk).values_list("declaration", flat=True).first()
    if str(declaration) not in known:
        raise Http404
    return pk
