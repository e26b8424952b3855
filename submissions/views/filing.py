"""Checking one's answers, submitting them, and what was filed."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import rights
from core.canonical import canonical_json
from core.clock import PortalNow
from core.errors import DomainError
from core.http import attempt
from submissions import look_alikes, profiles
from submissions.checks.papers import Alike
from submissions.checks.remarks import LEVELS, Level, Remark
from submissions.choices import Choices
from submissions.document import document_of, seen_of
from submissions.filed import read_version, title_of
from submissions.files.shown import with_scans
from submissions.findings import by_rules, to_look_at, to_put_right
from submissions.formal_check import may_contest_until, overdue
from submissions.forms import ReasonForm
from submissions.models import Declaration, DeclarationVersion, PartialUpload
from submissions.reading import Reader, place
from submissions.scheme import Scheme
from submissions.scheme.sections import Finding
from submissions.section_forms import anchor
from submissions.states import DECLARATION, Status
from submissions.templatetags.submissions import breakable
from submissions.views.access import own, own_version, person
from submissions.views.activities import moment
from submissions.views.declarations import remarks as remarks_asked
from submissions.workflow import perform
from submissions.writing import waiting_of

APPLICANTS_STEPS = ("submit", "contest", "withdraw")
DONE = {
    "contest": gettext_lazy("The rejection is contested. Another officer looks at it."),
    "withdraw": gettext_lazy("The declaration is withdrawn."),
}
# Files of which only a part has come.
UNFINISHED = (
    PartialUpload.objects.filter(declaration=OuterRef("pk"), attachment=None)
    .order_by("begun_at", "id")
    .values(file=JSONObject(name="file_name", section="section"))
)


@require_safe
def check(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    read_too = {"unfinished": ArraySubquery(UNFINISHED), "asked_at": PortalNow()}
    declaration = own(request, declaration_id, **read_too)
    held = rights.held(person(request), declaration, "edit", "submit")
    if "edit" not in held:
        return redirect("submissions:declaration-detail", declaration.pk)
    scheme = declaration.activity.scheme.load()
    choices = Choices(declaration.activity, declaration)
    at: dt.datetime = declaration.asked_at  # type: ignore[attr-defined]  # read with it
    prefetch_related_objects([declaration], "translations")
    document = document_of(declaration, choices.files)
    alike = look_alikes.of_applicant(declaration, document["translations"])
    said = by_rules(declaration, at, choices, alike)
    found = to_put_right(declaration, at, choices, said)
    remarks = [_remark(declaration, one, alike) for one in to_look_at(declaration, said)]
    reader = Reader(scheme, choices, declaration.language)
    context = {
        "declaration": declaration,
        "findings": [_finding(declaration, one) | {"place": _place(scheme, one)} for one in found],
        "remarks": remarks,
        "hints": sum(one["tone"] != "warning" for one in remarks),
        "sections": reader.sections(
            document["sections"],
            with_scans(document["attachments"], declaration.pk, choices.files),
        ),
        "profile": profiles.read(
            document["organisation"].get("profile", {}), choices, declaration.language
        ),
        "profile_asked": bool(scheme.profile),
        "confirmed": sorted(document["translations"]),
        "unconfirmed": [
            one for one in declaration.translations.all() if one.texts and not one.confirmed_at
        ],
        "closes": moment(declaration.activity.closes_at),
        "seen": seen_of(document),
        "waiting": _waiting(request, declaration, scheme),
        "may_submit": "submit" in held,
        "overdue": overdue(declaration, at),
        "asked": remarks_asked(declaration, scheme),
        "unchanged": _is_unchanged(declaration, document),
    }
    return render(request, "submissions/declaration_check.html", context)


def _waiting(
    request: HttpRequest, declaration: Declaration, scheme: Scheme
) -> list[dict[str, str]]:
    """List the sections in which texts wait for a choice: they are not filed."""
    found: dict[tuple[str, Any], dict[str, str]] = {}
    for one in waiting_of(declaration):
        mine = one.saved_by_id == person(request).pk
        page = reverse("submissions:declaration-comparison", args=[declaration.pk, one.section])
        found[one.section, one.saved_by_id] = {
            "section": scheme.section(one.section).label,
            "who": "" if mine else one.saved_by.name,
            "url": page if mine else "",
        }
    return list(found.values())


def _place(scheme: Scheme, finding: Finding) -> str:
    """Name the section, and the row of a table where the message itself does not."""
    table, _dot, rest = finding.field.partition(".")
    here = place(scheme, finding.section)
    if not rest or finding.section.startswith(profiles.PREFIX):
        return here
    row = int(rest.partition(".")[0]) + 1
    labels = {one.key: one.label for one in scheme.section(finding.section).rows}
    where = _("%(table)s, row %(row)d") % {"table": labels[table], "row": row}
    return here if finding.message.startswith(where) else f"{here} – {where}"


def _is_unchanged(declaration: Declaration, document: dict[str, Any]) -> bool:
    """Say whether what would be filed says the same as what was returned."""
    if declaration.version is None:
        return False
    filed = declaration.version.content
    return all(
        document[key] == filed.get(key) for key in ("sections", "attachments", "translations")
    )


def _remark(declaration: Declaration, remark: Remark, alike: tuple[Alike, ...]) -> dict[str, Any]:
    tone = "warning" if remark.level is Level.WARNING else "info"
    where = _finding(declaration, Finding(remark.section, remark.field, remark.message))
    told = {**where, "tone": tone, "level": LEVELS[remark.level]}
    # What the text resembles is opened instead, with the passages beside it.
    for one in alike:
        if one.sentence == remark.message:
            told |= {"url": one.url, "passages": one.passages, "lang": one.language}
    return told


def _finding(declaration: Declaration, finding: Finding) -> dict[str, str]:
    section = finding.section
    if section.startswith(profiles.PREFIX):
        section = section.removeprefix(profiles.PREFIX)
        page = reverse("submissions:profile-section", args=[declaration.organisation_id, section])
        return {"message": finding.message, "url": f"{page}#{anchor(section, finding.field)}"}
    page = reverse("submissions:declaration-section", args=[declaration.pk, section])
    at = anchor(finding.section, finding.field)
    return {"message": finding.message, "url": f"{page}#{at}"}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, declaration_id: UUID, step: str) -> HttpResponse:
    declaration = own(request, declaration_id)
    if step not in APPLICANTS_STEPS:
        raise Http404
    if step == "submit":
        return _submit(request, declaration)
    return _with_reason(request, declaration, step)


def _submit(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    if request.method != "POST":
        return redirect("submissions:declaration-check", declaration.pk)
    made = False
    refusal = ""
    try:
        seen = request.POST.get("seen", "")
        perform("submit", declaration.pk, actor=person(request), seen=seen)
        made = True
    except DomainError as error:
        refusal = str(error)
    declaration.refresh_from_db()
    # A second click, a second tab, a colleague: whoever was later gets the same receipt.
    filed = declaration.version
    if filed and (made or declaration.status == Status.SUBMITTED):
        return redirect("submissions:declaration-receipt", declaration.pk, filed.number)
    messages.error(request, refusal)
    return redirect("submissions:declaration-check", declaration.pk)


def _with_reason(request: HttpRequest, declaration: Declaration, step: str) -> HttpResponse:
    transition = DECLARATION.step(step)
    if not rights.can(person(request), transition.right, declaration):
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            request,
            form,
            lambda: perform(step, declaration.pk, actor=person(request), reason=reason),
        ):
            messages.success(request, DONE[step])
            return redirect("submissions:declaration-detail", declaration.pk)
    context = {
        "declaration": declaration,
        "form": form,
        "step": transition,
        "contest_until": may_contest_until(declaration) if step == "contest" else None,
    }
    return render(request, "submissions/declaration_step.html", context)


@require_safe
def receipt(request: HttpRequest, declaration_id: UUID, number: int) -> HttpResponse:
    version = own_version(request, declaration_id, number)
    declaration = version.declaration
    context = {
        "declaration": declaration,
        "version": version,
        "facts": [
            {"label": _("Number"), "value": declaration.number},
            {"label": _("Version"), "value": str(version.number)},
            {"label": _("Received"), "value": _to_the_second(version)},
            {
                "label": _("Technology"),
                "value": title_of(version),
                "lang": version.content["language"],
            },
            {"label": _("Organisation"), "value": declaration.organisation.name},
            {"label": _("Activity"), "value": declaration.activity.title},
            {"label": "SHA-256", "value": breakable(version.content_hash)},
        ],
    }
    return render(request, "submissions/declaration_receipt.html", context)


@require_safe
def version(request: HttpRequest, declaration_id: UUID, number: int) -> HttpResponse:
    filed = own_version(request, declaration_id, number)
    context = {
        "declaration": filed.declaration,
        "version": filed,
        "title": title_of(filed),
        "received": _to_the_second(filed),
        "others": _others(filed),
        **read_version(filed),
    }
    return render(request, "submissions/declaration_version.html", context)


def _others(filed: DeclarationVersion) -> list[dict[str, int]]:
    """List the other versions to compare this one with, the earlier of two first."""
    numbers = filed.declaration.versions.exclude(pk=filed.pk).order_by("number")
    return [
        {"number": one, "first": min(one, filed.number), "last": max(one, filed.number)}
        for one in numbers.values_list("number", flat=True)
    ]


@require_safe
def document(request: HttpRequest, declaration_id: UUID, number: int) -> HttpResponse:
    """Hand out the document itself: its SHA-256 is the one on the receipt."""
    filed = own_version(request, declaration_id, number)
    response = HttpResponse(canonical_json(filed.content), content_type="application/json")
    # Also for what was filed before the document itself said so.
    demonstration = "-demonstration" if settings.DEMO else ""
    name = f"{filed.declaration.number}-v{filed.number}{demonstration}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _to_the_second(version: DeclarationVersion) -> str:
    return moment(version.submitted_at, seconds=True)
