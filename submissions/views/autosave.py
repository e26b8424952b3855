"""What the page of a section does by itself: save what is typed, and say who else is there."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.errors import DomainError
from submissions import services
from submissions.choices import Choices
from submissions.findings import by_rules, days_of
from submissions.forms import SaveForm
from submissions.models import Declaration
from submissions.presence import colleagues, note_presence
from submissions.scheme.contradictions import contradictions
from submissions.scheme.sections import Section
from submissions.section_forms import SectionInput, anchor, typed
from submissions.views import closed_fields
from submissions.views.access import own, person
from submissions.writing import Saved


@require_POST
def autosave(request: HttpRequest, declaration_id: UUID, section: str) -> JsonResponse:
    """Save the fields and tables named in ``changed``, each whole; what cannot be read stays.

    Answers JSON: ``saved``, ``aside`` and ``closed`` (fields and tables), ``marks`` (what each
    that the page shows as it is stored was begun from now), ``remarks`` (place and sentence of
    what cannot be or cannot be read), ``hints`` (of what the rules would have looked at),
    ``compare`` (address, when a text waits for a choice). 409 with ``refused``: nothing can be
    saved now.
    """
    entries: list[SectionInput] = []

    def read(_one: Declaration, section: Section, choices: Choices) -> dict[str, Any]:
        sent = section.only(request.POST.getlist("changed"))
        entry = typed(sent, choices, request.POST)
        entries.append(entry)
        entry.is_valid()
        refused, values = entry.refused(), entry.readable()
        return {one.key: values.get(one.key) for one in sent.members if one.key not in refused}

    form = SaveForm(request.POST)
    form.is_valid()
    try:
        saved = services.save_members(
            declaration_id,
            section,
            read,
            actor=person(request),
            begun=form.cleaned_data.get("begun", ""),
            page=form.cleaned_data.get("copy", ""),
        )
    except DomainError as error:
        return JsonResponse({"refused": str(error)}, status=409)
    except (Declaration.DoesNotExist, PermissionDenied):
        raise Http404 from None
    return JsonResponse(_answer(saved, entries[0]))


def _answer(saved: Saved, entry: SectionInput) -> dict[str, Any]:
    sent, declaration = entry.section, saved.declaration
    stored = declaration.content.get(sent.key, {})
    unsaved = {*saved.aside, *saved.closed, *entry.refused()}
    done = [one for one in sent.members if one.key not in unsaved]
    found = contradictions(sent, stored, days_of(declaration.activity, timezone.now()))
    remarks = [{"at": at, "text": text} for at, _label, text in entry.errors()]
    remarks += [{"at": anchor(sent.key, one.field), "text": one.short} for one in found]
    remarks += [
        {"at": anchor(sent.key, one.key), "text": closed_fields.sentence([one.label])}
        for one in sent.members
        if one.key in saved.closed
    ]
    hints = [
        {"at": anchor(sent.key, one.field), "text": one.message}
        for one in by_rules(declaration, timezone.now(), entry.choices)
        if one.section == sent.key and one.member in {part.key for part in done}
    ]
    compare = reverse("submissions:declaration-comparison", args=[declaration.pk, sent.key])
    return {
        "saved": [one.key for one in done],
        "aside": list(saved.aside),
        "closed": list(saved.closed),
        "marks": saved.marks,
        "remarks": remarks,
        "hints": hints,
        "compare": compare if saved.aside else "",
    }


@require_POST
def presence(request: HttpRequest, declaration_id: UUID, section: str) -> JsonResponse:
    """Note that the person has this page open, and name the colleagues who have one open."""
    declaration = own(request, declaration_id)
    try:
        declaration.activity.scheme.load().section(section)
    except KeyError:
        raise Http404 from None
    note_presence(declaration, section, person(request))
    return JsonResponse({"others": colleagues(declaration, person(request))})
