"""One's declarations: the list, beginning one, and the home of each."""

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.roles import Level
from core.http import attempt
from submissions import copying, joint, leading, services, standing
from submissions.contests import rejected_for
from submissions.findings import days_of
from submissions.formal_check import may_contest_until, overdue
from submissions.forms import StartForm
from submissions.models import Activity, Correction, Declaration
from submissions.notifications import remarks_on
from submissions.paging import newest_first
from submissions.scheme import Scheme
from submissions.scheme.contradictions import contradictions
from submissions.section_forms import anchor
from submissions.states import Status
from submissions.views.access import may_edit, may_translate, own, person
from submissions.views.activities import moment
from submissions.views.translations import offered
from submissions.workflow import DECLARATIONS


@require_safe
def declaration_list(request: HttpRequest) -> HttpResponse:
    rows = Declaration.objects.own(person(request)).select_related("activity", "organisation")
    page = newest_first(rows, by="updated_at", after=request.GET.get("after", ""))
    standings = standing.of(page.rows)
    context = {
        "rows": [_row(one, standings[one.pk]) for one in page.rows],
        "columns": [
            {"label": _("Technology")},
            {"label": _("Number"), "code": True},
            {"label": _("Organisation")},
            {"label": _("Activity")},
            {"label": _("State")},
            {"label": _("Last edited or filed")},
        ],
        "next_key": page.next_key,
    }
    return render(request, "submissions/declaration_list.html", context)


def _row(declaration: Declaration, where: standing.Standing) -> list[dict[str, Any]]:
    url = reverse("submissions:declaration-detail", args=[declaration.pk])
    return [
        {"text": str(declaration), "url": url, "lang": declaration.title and declaration.language},
        {"text": declaration.number},
        {"text": declaration.organisation.name},
        {"text": declaration.activity.title},
        {"status": {"label": where.label, "tone": where.tone}},
        {"text": moment(declaration.updated_at)},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    user = person(request)
    activity = get_object_or_404(Activity.objects.visible_to(user), code=code)
    form = StartForm(request.POST or None, user=user, initial={"language": get_language()})
    made: list[Declaration] = []
    if (
        form.is_bound
        and form.is_valid()
        and attempt(request, form, lambda: made.append(_start(activity, form, user)))
    ):
        return redirect("submissions:declaration-detail", made[0].pk)
    has_any = Organisation.objects.of_member(user, Level.EDIT, Level.OWN).exists()
    context = {"activity": activity, "form": form, "has_organisation": has_any}
    return render(request, "submissions/declaration_start.html", context)


def _start(activity: Activity, form: StartForm, user: Any) -> Declaration:
    values = form.cleaned_data
    key: uuid.UUID = values["key"]
    if source := values.get("source"):
        return copying.start_from(source, activity, actor=user, key=key)
    return services.start(
        activity, values["organisation"], actor=user, language=values["language"], key=key
    )


@require_safe
def detail(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    declaration = own(request, declaration_id)
    scheme = declaration.activity.scheme.load()
    editable = may_edit(request, declaration)
    where = standing.of([declaration])[declaration.pk]
    in_hand = editable or declaration.status in (Status.DRAFT, Status.RETURNED)
    context = {
        "declaration": declaration,
        "editable": editable,
        "standing": where,
        "status": {"label": where.label, "tone": where.tone},
        "contents": contents(declaration, scheme) if in_hand else [],
        "remarks": remarks(declaration, scheme),
        "rejected": rejected_for(declaration),
        "overdue": overdue(declaration),
        "joint": list(joint.of_version(declaration.version)) if declaration.version else [],
        "left_out": copying.left_out(declaration) if in_hand else [],
        "events": standing.timeline(declaration, where),
        "facts": [*_facts(declaration), *leading.facts(declaration, person(request))],
        "translations": offered(declaration) if may_translate(request, declaration) else [],
        "versions": list(declaration.versions.defer("content").order_by("-number")),
        "steps": {step.name for step in DECLARATIONS.open_to(person(request), declaration)},
        "contest_until": may_contest_until(declaration),
    }  # fmt: skip
    return render(request, "submissions/declaration_detail.html", context)


def contents(declaration: Declaration, scheme: Scheme) -> list[dict[str, Any]]:
    """List the sections with how complete each is."""
    days = days_of(declaration.activity, timezone.now())
    rows = []
    for section in scheme.sections:
        url = reverse("submissions:declaration-section", args=[declaration.pk, section.key])
        values = declaration.content.get(section.key)
        missing = len(list(section.missing(values)))
        wrong = len(list(contradictions(section, values, days)))
        status = _completeness(missing, wrong, begun=bool(values))
        rows.append({"section": section, "url": url, "status": status})
    return rows


def _completeness(missing: int, wrong: int, *, begun: bool) -> dict[str, str]:
    if wrong:
        label = ngettext("%(count)d to put right", "%(count)d to put right", wrong)
        return {"label": label % {"count": wrong}, "tone": "danger"}
    if missing:
        label = ngettext("%(count)d to fill in", "%(count)d to fill in", missing)
        return {"label": label % {"count": missing}, "tone": "warning" if begun else "neutral"}
    if begun:
        return {"label": _("complete"), "tone": "success"}
    return {"label": _("optional"), "tone": "neutral"}


def remarks(declaration: Declaration, scheme: Scheme, section: str = "") -> list[dict[str, Any]]:
    """List what is asked to be corrected now, with where to do it."""
    if declaration.status != Status.RETURNED:
        return []
    return [
        {
            "place": one.place,
            "code": one.code,
            "reason": one.reason,
            "url": _url_of(declaration, one.correction),
            "proposal": one.proposal,
            "pk": one.correction.pk,
            "answer": one.answer,
        }
        for one in remarks_on(declaration.version, scheme)
        if section in ("", one.correction.section)
    ]


def _url_of(declaration: Declaration, correction: Correction) -> str:
    page = reverse("submissions:declaration-section", args=[declaration.pk, correction.section])
    if correction.kind:
        return f"{page}#files"
    return f"{page}#{anchor(correction.section, correction.field)}" if correction.field else page


def _facts(declaration: Declaration) -> list[dict[str, Any]]:
    activity = declaration.activity
    activity_url = reverse("submissions:activity-detail", args=[activity.code])
    return [
        {"label": _("Number"), "value": declaration.number or _("given when submitted")},
        {"label": _("Organisation"), "value": declaration.organisation.name},
        {"label": _("Activity"), "value": activity.title, "url": activity_url},
        {"label": _("Activity closes"), "value": moment(activity.closes_at)},
        {"label": _("Language of the text"), "value": declaration.get_language_display()},
    ]
