"""One section of a declaration: typed, saved, and never lost.

Whatever happens to a save - a value that cannot be read, somebody who was quicker, a
declaration submitted meanwhile - the page comes back with all that was typed.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, TransitionError
from submissions import services
from submissions.forms import ComparisonForm, SaveForm, UploadForm
from submissions.models import Attachment
from submissions.scheme.differences import marks, merged
from submissions.section_forms import SectionInput, retyped, typed
from submissions.views import comparison
from submissions.views.access import may_edit, own, person
from submissions.views.section_desk import Desk, desk_of

# What was typed before somebody else saved is compared with the store at the next save: the
# page leaves the comparison without a choice, so it saves against nothing that is stored.
UNCOMPARED = 0


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, declaration_id: UUID, section: str) -> HttpResponse:
    declaration = own(request, declaration_id)
    desk = desk_of(request, declaration, section)
    if request.method == "POST":
        return _posted(desk)
    if not may_edit(request, declaration):
        messages.info(request, _("This declaration cannot be changed now."))
        return redirect("submissions:declaration-detail", declaration.pk)
    return desk.page(desk.as_stored())


def _posted(desk: Desk) -> HttpResponse:
    form = SaveForm(desk.request.POST)
    valid = form.is_valid()
    desk.begun = form.cleaned_data.get("begun", "")
    if not valid:
        return desk.page(desk.as_typed(), status=400)
    verb, _colon, argument = form.cleaned_data["action"].partition(":")
    revision: int = form.cleaned_data["revision"]
    if verb in ("add", "remove"):
        return desk.page(_retyped(desk, verb, argument), revision=revision)
    if verb == "edit":
        return desk.page(desk.as_typed(), revision=UNCOMPARED)
    if verb in ("merge", "drop"):
        return _merge(desk, revision) if verb == "merge" else _drop(desk)
    return _save(desk, verb, argument, revision)


def _retyped(desk: Desk, verb: str, argument: str) -> SectionInput:
    """Return the page as it was typed, with a row more or a row less."""
    table, _colon, number = argument.partition(":")
    data = desk.request.POST
    if verb == "add":
        return retyped(desk.section, desk.choices, data, add=table)
    row = int(number) if number.isdecimal() else -1
    return retyped(desk.section, desk.choices, data, remove=(table, row))


def _files(desk: Desk, verb: str, argument: str) -> UploadForm | None:
    """Add the file that was chosen, or take one away; return the form, refused or not."""
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
    return form


def _detach(desk: Desk, argument: str) -> None:
    attachments = Attachment.objects.standing().filter(declaration=desk.declaration)
    keys = {str(pk): pk for pk in attachments.values_list("pk", flat=True)}
    if argument not in keys:
        raise Http404
    services.remove_attachment(keys[argument], actor=person(desk.request))


def _save(desk: Desk, verb: str, argument: str, revision: int) -> HttpResponse:
    upload = _files(desk, verb, argument)
    if upload and upload.errors:
        return desk.page(desk.as_typed(), revision=revision, upload=upload)
    entry = typed(desk.section, desk.choices, desk.request.POST)
    if not entry.is_valid():
        return desk.page(entry, revision=revision)
    return _store(desk, revision, entry, entry.values()) or _saved(desk, verb, upload)


def _drop(desk: Desk) -> HttpResponse:
    messages.info(desk.request, _("What you typed was dropped. This is what is stored."))
    return redirect(*_where_to(desk, "stay"))


def _merge(desk: Desk, revision: int) -> HttpResponse:
    """Save what was chosen between two texts; whoever saved once more is compared with again."""
    entry = typed(desk.section, desk.choices, desk.request.POST)
    if not entry.is_valid():
        return desk.page(entry, revision=UNCOMPARED)
    mine = entry.values()
    if desk.declaration.section_revisions.get(desk.section.key, 0) > revision:
        return _both_texts(desk, entry, _("Somebody saved this once more. Please choose again."))
    form = ComparisonForm(desk.request.POST, differences=comparison.found(desk, mine))
    if not form.is_valid():
        return comparison.page(desk, form)
    values = merged(desk.section, mine, desk.stored(), form.cleaned_data)
    return _store(desk, revision, entry, values, again=UNCOMPARED) or _saved(desk, "merge", None)


def _store(
    desk: Desk,
    revision: int,
    entry: SectionInput,
    values: dict[str, Any],
    *,
    again: int | None = None,
) -> HttpResponse | None:
    """Save the section; return the page that says why it could not be, with all that was typed.

    ``again`` is the revision that page saves against; without one, the same.
    """
    try:
        desk.declaration = services.save_section(
            desk.declaration.pk,
            desk.section.key,
            values,
            actor=person(desk.request),
            revision=revision,
        )
    except services.StaleRevision as stale:
        return _both_texts(desk, entry, str(stale))
    except TransitionError as error:
        return desk.page(desk.as_typed(), status=409, editable=False, notice=str(error))
    except DomainError as error:
        entry.form.add_error(None, str(error))
        return desk.page(entry, revision=revision if again is None else again)
    return None


def _saved(desk: Desk, verb: str, upload: UploadForm | None) -> HttpResponse:
    wrong = desk.contradictions()
    if wrong:
        text = _("Saved as you typed it. Before you submit, please look at what is marked below.")
        messages.warning(desk.request, text)
    else:
        messages.success(desk.request, _("Saved."))
    if verb == "attach" and upload and not upload.cleaned_data.get("file"):
        upload.add_error("file", _("No file was chosen. Everything else on this page is saved."))
        begun = marks(desk.section, desk.stored())
        return desk.page(desk.as_stored(), upload=upload, begun=begun)
    return redirect(*_where_to(desk, "stay" if wrong else verb))


def _both_texts(desk: Desk, entry: SectionInput, notice: str) -> HttpResponse:
    """Show what differs from what is stored now; nothing is dropped until a button says so."""
    desk.refresh()
    found = comparison.found(desk, entry.values())
    if not found:  # both wrote the same
        return _saved(desk, "stay", None)
    return comparison.page(desk, ComparisonForm(differences=found), notice=notice)


def _where_to(desk: Desk, verb: str) -> tuple[Any, ...]:
    if verb != "continue":
        return "submissions:declaration-section", desk.declaration.pk, desk.section.key
    keys = [section.key for section in desk.scheme.sections]
    following = keys[keys.index(desk.section.key) + 1 :]
    if following:
        return "submissions:declaration-section", desk.declaration.pk, following[0]
    return "submissions:declaration-check", desk.declaration.pk
