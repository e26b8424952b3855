"""One section of a declaration: typed, saved, and never lost.

Whatever happens to a save - a value that cannot be read, somebody who was quicker, a
declaration submitted meanwhile - the page comes back with all that was typed.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, TransitionError
from submissions import services
from submissions.choices import Choices
from submissions.forms import SaveForm, UploadForm
from submissions.models import Attachment, Declaration
from submissions.reading import Reader
from submissions.scheme import Scheme
from submissions.section_forms import SectionInput, retyped, shown, typed
from submissions.sections import Section
from submissions.views.access import may_edit, own, person
from submissions.views.declarations import contents, remarks


@dataclass(slots=True)
class Desk:
    """What the page of one section works with."""

    request: HttpRequest
    declaration: Declaration
    scheme: Scheme
    section: Section
    choices: Choices

    def page(self, entry: SectionInput, *, status: int = 200, **more: Any) -> HttpResponse:
        attachments = Attachment.objects.standing().filter(declaration=self.declaration)
        keys = [section.key for section in self.scheme.sections]
        context = {
            "declaration": self.declaration,
            "section": self.section,
            "number": keys.index(self.section.key) + 1,
            "of": len(keys),
            "entry": entry,
            "errors": list(entry.errors()) if entry.form.is_bound else [],
            "upload": UploadForm(section=self.section) if self.section.attachments else None,
            "attachments": attachments.filter(kind__in=self.section.attachments),
            "contents": contents(self.declaration, self.scheme),
            "remarks": remarks(self.declaration, self.scheme, self.section.key),
            "revision": self.declaration.revision,
            "editable": True,
            **more,
        }
        return render(self.request, "submissions/declaration_section.html", context, status=status)

    def stored(self) -> dict[str, Any]:
        values: dict[str, Any] = self.declaration.content.get(self.section.key, {})
        return values


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, declaration_id: UUID, section: str) -> HttpResponse:
    declaration = own(request, declaration_id)
    desk = _desk(request, declaration, section)
    if request.method == "POST":
        return _posted(desk)
    if not may_edit(request, declaration):
        messages.info(request, _("This declaration cannot be changed now."))
        return redirect("submissions:declaration-detail", declaration.pk)
    return desk.page(shown(desk.section, desk.choices, desk.stored()))


def _desk(request: HttpRequest, declaration: Declaration, key: str) -> Desk:
    scheme = declaration.activity.scheme.load()
    try:
        section = scheme.section(key)
    except KeyError:
        raise Http404 from None
    return Desk(request, declaration, scheme, section, Choices(declaration.activity))


def _posted(desk: Desk) -> HttpResponse:
    form = SaveForm(desk.request.POST)
    if not form.is_valid():
        return desk.page(_as_typed(desk), status=400)
    verb, _colon, argument = form.cleaned_data["action"].partition(":")
    if verb in ("add", "remove"):
        entry = _with_other_rows(desk, verb, argument)
        return desk.page(entry, revision=form.cleaned_data["revision"])
    refused = _files(desk, verb, argument)
    if refused:
        return desk.page(_as_typed(desk), revision=form.cleaned_data["revision"], upload=refused)
    return _save(desk, verb, form.cleaned_data["revision"])


def _with_other_rows(desk: Desk, verb: str, argument: str) -> SectionInput:
    table, _colon, number = argument.partition(":")
    data = desk.request.POST
    if verb == "add":
        return retyped(desk.section, desk.choices, data, add=table)
    row = int(number) if number.isdecimal() else -1
    return retyped(desk.section, desk.choices, data, remove=(table, row))


def _as_typed(desk: Desk) -> SectionInput:
    return retyped(desk.section, desk.choices, desk.request.POST)


def _files(desk: Desk, verb: str, argument: str) -> UploadForm | None:
    """Add the file that was chosen, or take one away; return the form when it was refused."""
    if not desk.section.attachments:
        return None
    form = UploadForm(desk.request.POST, desk.request.FILES, section=desk.section)
    form.is_valid()
    try:
        if verb == "detach":
            _detach(desk, argument)
        if not form.errors and (upload := form.cleaned_data.get("file")):
            values = form.cleaned_data
            services.attach(
                desk.declaration.pk,
                upload,
                kind=values["kind"] or desk.section.attachments[0],
                title=values["title"],
                actor=person(desk.request),
            )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    return form if form.errors else None


def _detach(desk: Desk, argument: str) -> None:
    attachments = Attachment.objects.standing().filter(declaration=desk.declaration)
    keys = {str(pk): pk for pk in attachments.values_list("pk", flat=True)}
    if argument not in keys:
        raise Http404
    services.remove_attachment(keys[argument], actor=person(desk.request))


def _save(desk: Desk, verb: str, revision: int) -> HttpResponse:
    entry = typed(desk.section, desk.choices, desk.request.POST)
    if not entry.is_valid():
        return desk.page(entry, revision=revision)
    try:
        services.save_section(
            desk.declaration.pk,
            desk.section.key,
            entry.values(),
            actor=person(desk.request),
            revision=revision,
        )
    except services.StaleRevision as stale:
        return _both_texts(desk, stale)
    except TransitionError as error:
        return desk.page(_as_typed(desk), status=409, editable=False, notice=str(error))
    except DomainError as error:
        entry.form.add_error(None, str(error))
        return desk.page(entry, revision=revision)
    messages.success(desk.request, _("Saved."))
    return redirect(*_where_to(desk, verb))


def _both_texts(desk: Desk, stale: services.StaleRevision) -> HttpResponse:
    """Show what is stored now beside what was typed; saving once more takes what was typed."""
    desk.declaration.refresh_from_db(fields=["content", "revision", "status"])
    reader = Reader(desk.scheme, desk.choices, desk.declaration.language)
    stored = reader.section(desk.section, desk.stored())
    return desk.page(_as_typed(desk), status=409, stored=stored, notice=str(stale))


def _where_to(desk: Desk, verb: str) -> tuple[Any, ...]:
    if verb != "continue":
        return "submissions:declaration-section", desk.declaration.pk, desk.section.key
    keys = [section.key for section in desk.scheme.sections]
    following = keys[keys.index(desk.section.key) + 1 :]
    if following:
        return "submissions:declaration-section", desk.declaration.pk, following[0]
    return "submissions:declaration-check", desk.declaration.pk
