"""The profile of an organisation: read, and filled in section by section."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.roles import Level
from core.errors import DomainError
from submissions import profiles
from submissions.choices import Choices
from submissions.forms import SaveForm
from submissions.models import Profile
from submissions.profile_saving import laid_over, save_members
from submissions.reading import Reader
from submissions.scheme.differences import marks
from submissions.scheme.sections import RowsSpec, Section
from submissions.section_forms import SectionInput, retyped, shown, typed
from submissions.section_rows import Rows, add, remove
from submissions.views.access import person
from submissions.working_copy import StaleRevision


@require_safe
def profile(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = _own(request, organisation_id)
    own = profiles.of(organisation.pk)
    reader = Reader(profiles.scheme(), Choices(), get_language() or "")
    editable = _may_edit(request, organisation)
    sections = [
        {"read": read, "status": _completeness(section, own), "url": _url(organisation, section)}
        for section, read in zip(reader.scheme.sections, reader.sections(own.content), strict=True)
    ]
    context = {
        "organisation": organisation,
        "sections": sections,
        "editable": editable,
        "profile": own,
    }
    return render(request, "submissions/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, organisation_id: UUID, section: str) -> HttpResponse:
    organisation = _own(request, organisation_id, Level.EDIT, Level.OWN)
    try:
        part = profiles.scheme().section(section)
    except KeyError:
        raise Http404 from None
    own = profiles.of(organisation.pk)
    if request.method == "POST":
        return _posted(request, organisation, own, part)
    page = shown(part, Choices(), own.content.get(part.key, {}))
    return _page(request, organisation, own, part, page)


def _posted(
    request: HttpRequest, organisation: Organisation, own: Profile, part: Section
) -> HttpResponse:
    form = SaveForm(request.POST)
    if not form.is_valid():
        page = retyped(part, Choices(), request.POST)
        return _page(request, organisation, own, part, page, status=400)
    begun: str = form.cleaned_data["begun"]
    verb, _colon, place = form.cleaned_data["action"].partition(":")
    if verb in ("add", "remove"):
        page = _with_rows(part, request.POST, verb, place)
        return _page(request, organisation, own, part, page, begun=begun)
    page = typed(part, Choices(), request.POST)
    if not page.is_valid(limits=True):
        return _page(request, organisation, own, part, page, begun=begun)
    return _save(request, organisation, part, page, begun)


def _save(
    request: HttpRequest,
    organisation: Organisation,
    part: Section,
    page: SectionInput,
    begun: str,
) -> HttpResponse:
    try:
        save_members(organisation.pk, part.key, page.values(), actor=person(request), begun=begun)
    except StaleRevision as stale:
        # Both texts are shown: what was changed in the form, what is stored beside it.
        own: Profile = stale.stored
        values = own.content.get(part.key, {})
        reader = Reader(profiles.scheme(), Choices(), get_language() or "")
        stored = reader.section(part, values)
        page = shown(part, Choices(), laid_over(part, page.values(), values, begun))
        return _page(request, organisation, own, part, page, status=409, stored=stored)
    except DomainError as error:
        page.form.add_error(None, str(error))
        own = profiles.of(organisation.pk)
        return _page(request, organisation, own, part, page, begun=begun)
    messages.success(request, _("Saved."))
    return redirect("submissions:profile", organisation.pk)


def _page(
    request: HttpRequest,
    organisation: Organisation,
    own: Profile,
    part: Section,
    entry: SectionInput,
    **more: Any,
) -> HttpResponse:
    """Show the page; ``begun`` and ``status`` among ``more`` where they are not as usual."""
    status = more.pop("status", 200)
    context = {
        "organisation": organisation,
        "section": part,
        "entry": entry,
        "errors": list(entry.errors()),
        "begun": marks(part, own.content.get(part.key, {})),
        **more,
    }
    return render(request, "submissions/profile_section.html", context, status=status)


def _with_rows(part: Section, data: Any, verb: str, place: str) -> SectionInput:
    key, _colon, at = place.partition(":")
    table = next((one for one in part.rows if one.key == key), None)
    if table is None:
        return retyped(part, Choices(), data)
    number = int(at) if at.isdecimal() else -1

    def change(tables: dict[str, Rows]) -> None:
        tables[key] = _changed(tables[key], table, verb, number)

    return retyped(part, Choices(), data, change=change)


def _changed(rows: Rows, table: RowsSpec, verb: str, number: int) -> Rows:
    if verb == "add":
        return add(rows, table)
    return remove(rows, number) if 0 <= number < len(rows) else rows


def _completeness(section: Section, own: Profile) -> dict[str, str]:
    missing = len(list(section.missing(own.content.get(section.key))))
    if missing:
        label = ngettext("%(count)d to fill in", "%(count)d to fill in", missing)
        return {"label": label % {"count": missing}, "tone": "warning"}
    if own.content.get(section.key):
        return {"label": _("complete"), "tone": "success"}
    return {"label": _("optional"), "tone": "neutral"}


def _url(organisation: Organisation, section: Section) -> str:
    return reverse("submissions:profile-section", args=[organisation.pk, section.key])


def _own(request: HttpRequest, organisation_id: UUID, *levels: str) -> Organisation:
    mine = Organisation.objects.of_member(person(request), *levels)
    return get_object_or_404(mine, pk=organisation_id)


def _may_edit(request: HttpRequest, organisation: Organisation) -> bool:
    mine = Organisation.objects.of_member(person(request), Level.EDIT, Level.OWN)
    return mine.filter(pk=organisation.pk).exists()
