"""One section of a declaration: typed, saved, and never lost.

Whatever happens to a save - a value that cannot be read, somebody who was quicker, a
declaration submitted meanwhile - what was typed is on the page or waits beside what is stored.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, TransitionError
from submissions import services
from submissions.forms import SaveForm, UploadForm
from submissions.models import Attachment
from submissions.scheme.differences import marks
from submissions.section_forms import SectionInput, typed
from submissions.views import closed_fields
from submissions.views.access import may_edit, own, person
from submissions.views.section_desk import Desk, desk_of
from submissions.views.section_rows import ROW_BUTTONS, with_rows
from submissions.writing import Saved


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
    desk.copy = form.cleaned_data.get("copy", "")
    if not valid:
        return desk.page(desk.as_typed(), status=400)
    verb, _colon, argument = form.cleaned_data["action"].partition(":")
    closed_fields.keep(desk)
    if verb in ROW_BUTTONS:
        return _rows(desk, verb, argument)
    if verb == "retype":  # what a browser kept is put back, to be looked at and saved
        return desk.page(desk.as_typed())
    return _save(desk, verb, argument)


def _rows(desk: Desk, verb: str, argument: str) -> HttpResponse:
    try:
        return desk.page(with_rows(desk, verb, argument))
    except DomainError as error:
        table = argument.partition(":")[0]
        return desk.page(desk.as_typed(), refused={table: str(error)}, pasted=verb == "paste")


def _files(desk: Desk, verb: str, argument: str) -> UploadForm | None:
    """Add the file that was chosen, or take one away; return the form, refused or not."""
    form = desk.upload_form(desk.request.POST, desk.request.FILES)
    try:
        if verb == "detach":
            _detach(desk, argument)
        if form and form.is_valid() and (upload := form.cleaned_data.get("file")):
            values = form.cleaned_data
            services.attach(
                desk.declaration.pk,
                upload,
                kind=values["kind"] or next(iter(form.kinds)),
                title=values["title"],
                actor=person(desk.request),
            )
    except DomainError as error:
        if form is None:  # nothing can be added here; what was to be taken away stays
            messages.error(desk.request, str(error))
            return None
        form.add_error(error.field if error.field in form.fields else None, str(error))
    return form


def _detach(desk: Desk, argument: str) -> None:
    attachments = Attachment.objects.standing().filter(declaration=desk.declaration)
    keys = {str(pk): pk for pk in attachments.values_list("pk", flat=True)}
    if argument not in keys:
        raise Http404
    services.remove_attachment(keys[argument], actor=person(desk.request))


def _save(desk: Desk, verb: str, argument: str) -> HttpResponse:
    upload = _files(desk, verb, argument)
    if upload and upload.errors:
        return desk.page(desk.as_typed(), upload=upload)
    entry = typed(desk.section, desk.choices, desk.request.POST)
    closed = {one.key for one in desk.section.members if not desk.is_open(one.key)}
    if entry.is_valid() or entry.refused() <= closed:
        return _stored(desk, verb, entry, upload)
    return desk.page(entry)


def _stored(desk: Desk, verb: str, entry: SectionInput, upload: UploadForm | None) -> HttpResponse:
    try:
        saved = _store(desk, entry)
    except TransitionError as error:
        return desk.page(desk.as_typed(), status=409, editable=False, notice=str(error))
    except DomainError as error:
        entry.form.add_error(None, str(error))
        return desk.page(entry)
    desk.has_saved(saved.declaration)
    closed_fields.tell(desk, saved.closed)  # by a return since the page was looked up
    if saved.aside:
        text = _("Somebody else saved the same meanwhile. Nothing is lost: please choose.")
        messages.warning(desk.request, text)
        return _left(desk, "submissions:declaration-comparison", desk.section.key)
    return _saved(desk, verb, upload)


def _store(desk: Desk, entry: SectionInput) -> Saved:
    values = entry.values()
    open_to = [one.key for one in desk.section.members if desk.is_open(one.key)]
    return services.save_members(
        desk.declaration.pk,
        desk.section.key,
        {key: values.get(key) for key in open_to},
        actor=person(desk.request),
        begun=desk.begun,
        page=desk.copy,
    )


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
    return _left(desk, *_where_to(desk, "stay" if wrong else verb))


def _where_to(desk: Desk, verb: str) -> tuple[str, ...]:
    if verb != "continue":
        return "submissions:declaration-section", desk.section.key
    keys = [section.key for section in desk.scheme.sections]
    following = keys[keys.index(desk.section.key) + 1 :]
    if following:
        return "submissions:declaration-section", following[0]
    return ("submissions:declaration-check",)


def _left(desk: Desk, name: str, *more: str) -> HttpResponse:
    """Go on to a page that tells the browser, in its address, which copy it needs no longer."""
    address = reverse(name, args=[desk.declaration.pk, *more])
    return redirect(f"{address}?{urlencode({'saved': desk.copy})}" if desk.copy else address)
