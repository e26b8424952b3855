"""Notes typed beside another button of the page: kept before that button does what it says."""

from django.http import HttpRequest

from core.http import attempt
from evaluation.models import PanelItem
from evaluation.panel import running
from evaluation.panel.forms import NoteForm
from evaluation.panel.states import MeetingStatus
from submissions.views.access import person


def keep(request: HttpRequest, item: PanelItem) -> NoteForm | None:
    """Keep what was typed; return the form that came back, with what was typed."""
    may = running.writes(item, request.user)
    if not may or item.meeting.status != MeetingStatus.IN_SESSION:
        return None
    form = NoteForm(request.POST, item=item, may=may)
    typed = form.typed()
    if not typed:
        return None
    kept = form.is_valid() and attempt(request, form, lambda: _note(form, typed, request))
    return None if kept else form.again()


def _note(form: NoteForm, typed: frozenset[str], request: HttpRequest) -> None:
    given = {name: form.cleaned_data[name] for name in typed}
    seen = form.cleaned_data["seen"]
    stored = running.note(form.item.pk, actor=person(request), seen=seen, **given)
    for name in running.NOTING:
        setattr(form.item, name, getattr(stored, name))
