"""The public pages of collection activities."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.clock import database_now
from core.moments import element
from core.moments import written as moment
from submissions import noticeboard
from submissions.models import Activity, Annex, DemandTheme, Supporter
from submissions.noticeboard import Phase
from submissions.paging import newest_first

__all__ = ["activity_detail", "activity_list", "annex", "facts_of", "logo", "moment"]

TONES = {
    Phase.OPEN: "success",
    Phase.COMING: "info",
    Phase.RUNNING: "progress",
    Phase.PUBLICITY: "info",
    Phase.PAST: "neutral",
}


@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    now = database_now()
    asked = request.GET.get("show", "")
    phase = Phase(asked) if asked in Phase.values else None
    rows = noticeboard.placed(Activity.objects.visible_to(request.user), now)
    rows = rows.prefetch_related("fields")
    if phase:
        rows = rows.filter(stands=phase)
    page = newest_first(rows, by="opens_at", after=request.GET.get("after", ""))
    here = reverse("submissions:activity-list")
    kept = {"show": phase.value} if phase else {}
    context = {
        "cards": [{"activity": one, **facts_of(one)} for one in page.rows],
        "next_url": f"{here}?{urlencode({**kept, 'after': page.next_key})}"
        if page.next_key
        else "",
        "phase": phase,
        "phases": [
            {"label": one.label, "url": f"{here}?show={one.value}", "here": one is phase}
            for one in Phase
        ],
    }
    return render(request, "submissions/activity_list.html", context)


@require_safe
def activity_detail(request: HttpRequest, code: str) -> HttpResponse:
    visible = noticeboard.placed(Activity.objects.visible_to(request.user), database_now())
    visible = visible.select_related("scheme")
    activity = get_object_or_404(visible, code=code)
    themes = DemandTheme.objects.visible_to(request.user).filter(activity=activity)
    context = {
        "activity": activity,
        **facts_of(activity),
        "sections": activity.scheme.load().sections,
        "annexes": Annex.objects.visible_to(request.user).filter(activity=activity),
        "supporters": Supporter.objects.visible_to(request.user).filter(activity=activity),
        "themes": themes.prefetch_related("countries"),
        "changes": [
            {"change": one, "before": element(one.before), "after": element(one.after)}
            for one in activity.closing_changes.all()
        ],
    }
    context["facts"] = [*context["facts"], *noticeboard.facts(activity)]
    return render(request, "submissions/activity_detail.html", context)


@require_safe
def annex(request: HttpRequest, code: str, annex_id: int) -> FileResponse:
    """Hand out an annex, only ever as a download."""
    rows = Annex.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=annex_id, activity__code=code)
    response = _file(found.file, found.media_type, name=found.file_name)
    return _cached(response, found)


@require_safe
def logo(request: HttpRequest, code: str, supporter_id: int) -> FileResponse:
    rows = Supporter.objects.visible_to(request.user).exclude(logo="")
    found = get_object_or_404(rows, pk=supporter_id, activity__code=code)
    return _cached(_file(found.logo, found.logo_type, name=""), found)


def _cached(response: FileResponse, found: Annex | Supporter) -> FileResponse:
    """Let others keep what everybody may have; what an officer prepares is nobody's to keep."""
    everybody = type(found)._default_manager.visible_to(AnonymousUser())
    if everybody.filter(pk=found.pk).exists():
        patch_cache_control(response, public=True, max_age=300)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


def _file(stored: Any, media_type: str, *, name: str) -> FileResponse:
    try:
        stream = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        stream, as_attachment=bool(name), filename=name, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def facts_of(activity: Any) -> dict[str, Any]:
    """Say whether an activity takes declarations now, and what there is to know about it.

    It comes from ``noticeboard.placed``.
    """
    phase = Phase(activity.stands)
    return {
        "takes": phase is Phase.OPEN,
        "status": {"label": phase.label, "tone": TONES[phase]},
        "opens": element(activity.opens_at),
        "closes": element(activity.closes_at),
        "facts": [
            {"label": _("Opens"), "value": element(activity.opens_at)},
            {"label": _("Closes"), "value": element(activity.closes_at)},
            {"label": _("Fields of technology"), "value": _field_names(activity)},
            *_terms(activity),
            {"label": _("Days of publicity"), "value": str(activity.publicity_days)},
            {"label": _("Contact"), "value": activity.contact},
        ],
    }


def _terms(activity: Activity) -> list[dict[str, Any]]:
    """Return the terms that only some activities have."""
    grace = _("%(count)d minutes, for a declaration begun before")
    terms = (
        (activity.grace_minutes, _("Grace"), grace % {"count": activity.grace_minutes}),
        (activity.quota, _("Declarations per organisation"), str(activity.quota)),
        (activity.sealed, _("Sealed"), _("Nobody opens it before the closing.")),
        (
            activity.recommended,
            _("Recommending unit"),
            _("To be named by the applicant; it is asked before the formal check."),
        ),
    )
    return [{"label": label, "value": value} for holds, label, value in terms if holds]


def _field_names(activity: Activity) -> str:
    return "\n".join(field.name for field in activity.fields.all())
