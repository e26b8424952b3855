"""The officers' pages of a panel meeting: members, agenda, attendance, one item, the minutes."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core import rights
from core.http import attempt
from evaluation.models import PanelItem, PanelMeeting
from evaluation.panel import barred, pages, preparing, printing, rooms, running, voting
from evaluation.panel.forms import (
    AddItemsForm,
    AddMemberForm,
    AttendForm,
    ItemStepForm,
    LeadForm,
    MemberForm,
    MoveForm,
    NoteForm,
    RecuseMemberForm,
)
from evaluation.panel.states import WITH_PAPERS, ItemStatus, MeetingStatus
from evaluation.panel.workflow import ITEMS, perform_item, room
from evaluation.views import panel_notes, panel_typed
from evaluation.views.panel import OF_ITEM, by_open_ballot, minutes_file

Doing = Callable[[PanelMeeting, dict[str, Any], User], Any]


def _add_member(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    preparing.add_member(meeting.pk, given["expert"].pk, actor=actor, seat=given["seat"])


def _remove_member(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    preparing.remove_member(meeting.pk, given["member"].pk, actor=actor)


def _make_chair(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    preparing.make_chair(meeting.pk, given["member"].pk, actor=actor)


def _attend(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    running.attend(meeting.pk, given["member"].pk, given["presence"], actor=actor)


def _add_items(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    preparing.add_items(meeting.pk, [one.pk for one in given["cases"]], actor=actor)


def _remove_item(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    preparing.remove_item(meeting.pk, given["item"].pk, actor=actor)


def _move(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    preparing.move_item(meeting.pk, given["item"].pk, given["by"] or 0, actor=actor)


def _lead(meeting: PanelMeeting, given: dict[str, Any], actor: User) -> None:
    preparing.set_lead(meeting.pk, given["item"].pk, given["lead"].pk, actor=actor)


# What the buttons of each page do: the name of the button -> the form it fills, and what it does.
MEMBERS: dict[str, tuple[Any, Doing]] = {
    "add": (AddMemberForm, _add_member),
    "remove": (MemberForm, _remove_member),
    "chair": (MemberForm, _make_chair),
    "attend": (AttendForm, _attend),
}
AGENDA: dict[str, tuple[Any, Doing]] = {
    "add": (AddItemsForm, _add_items),
    "remove": (MoveForm, _remove_item),
    "move": (MoveForm, _move),
    "lead": (LeadForm, _lead),
}


@require_http_methods(("GET", "HEAD", "POST"))
def members(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Show who sits on the panel, and note who attends."""
    meeting = _meeting(request, meeting_id)
    refused = _do(request, meeting, MEMBERS)
    if isinstance(refused, HttpResponse):
        return refused
    context = {
        "form": refused or AddMemberForm(meeting=meeting, reader=request.user),
        "prepared": meeting.status == MeetingStatus.PREPARED,
        "noting": meeting.status in WITH_PAPERS,
        **pages.attendance(meeting),
    }
    return _page(request, meeting, "panel_members.html", _("Members and attendance"), context)


@require_http_methods(("GET", "HEAD", "POST"))
def agenda(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Show what is on the agenda, in which order, and who presents it."""
    meeting = _meeting(request, meeting_id)
    refused = _do(request, meeting, AGENDA)
    if isinstance(refused, HttpResponse):
        return refused
    entries = pages.agenda(meeting, PanelItem.objects.visible_to(request.user))
    prepared = meeting.status == MeetingStatus.PREPARED
    people = list(meeting.members.select_related("expert__user").order_by("seat", "pk"))
    # Nothing is offered once the agenda is fixed; what came back still says why.
    form: Any = refused or (
        AddItemsForm(meeting=meeting, reader=request.user) if prepared else None
    )
    context = {
        "form": form,
        "offered": prepared and bool(form.fields["cases"].queryset),
        "prepared": prepared,
        "leading": meeting.status in WITH_PAPERS | {MeetingStatus.PREPARED},
        "entries": rooms.beside(entries, meeting, people),
    }
    return _page(request, meeting, "panel_agenda.html", _("Agenda"), context)


def _do(request: HttpRequest, meeting: PanelMeeting, buttons: dict[str, tuple[Any, Doing]]) -> Any:
    """Do what a button asks; return where to go, or the form of "add" that came back, or None."""
    if request.method != "POST":
        return None
    name = request.POST.get("do", "")
    if name not in buttons:
        raise Http404
    form_class, doing = buttons[name]
    form = form_class(request.POST, meeting=meeting, reader=request.user)
    actor = cast(User, request.user)
    if form.is_valid() and attempt(request, form, lambda: doing(meeting, form.cleaned_data, actor)):
        messages.success(request, _("Saved."))
        return redirect(request.path)
    if name == "add":
        return form
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return redirect(request.path)


# One item ----------------------------------------------------------------------------------


@require_http_methods(("GET", "HEAD", "POST"))
def item(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Run one item: notes, conclusion, who leaves the room, the vote."""
    meeting = _meeting(request, meeting_id)
    mine = PanelItem.objects.visible_to(request.user).select_related(*OF_ITEM)
    row = get_object_or_404(mine, pk=item_id, meeting=meeting)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        refused = _run(request, row)
        if not refused:
            panel_typed.leave(request, row, _besides(request))
            return redirect(request.path)
        row = mine.get(pk=row.pk)
    context = _of_item(request, row) | refused
    title = _("Item %(number)d") % {"number": row.place}
    return _page(request, meeting, "panel_run.html", title, context)


def _run(request: HttpRequest, row: PanelItem) -> dict[str, Any]:
    """Do what a button of the page asks; return the form that came back."""
    actor, name = cast(User, request.user), request.POST.get("do", "")
    if name == "note":
        form: Any = NoteForm(request.POST, item=row, may=running.writes(row, actor))
    elif name == "recuse":
        form = RecuseMemberForm(request.POST, meeting=row.meeting, reader=actor)
    elif name in ITEMS.steps:
        form = ItemStepForm(request.POST)
    else:
        raise Http404
    notes = panel_notes.keep(request, row) if name != "note" else None
    if notes is not None:
        return {"note_form": notes}
    if form.is_valid() and attempt(
        request, form, lambda: _done(name, row, form.cleaned_data, actor)
    ):
        messages.success(request, _("Saved."))
        return {}
    if name == "note":
        return {"note_form": form.again()}
    return {"recuse_form" if name == "recuse" else "step_form": form}


def _besides(request: HttpRequest) -> list[str]:
    """Return the fields of the page that the button does not take: they are shown again."""
    name = request.POST.get("do", "")
    fields = {"recuse": ("recuse-member", "recuse-reason"), "step": ("reason",)}
    taken = name if name in ("note", "recuse") else "step"
    return [one for kind, names in fields.items() if kind != taken for one in names]


def _done(name: str, row: PanelItem, given: dict[str, Any], actor: User) -> None:
    if name == "note":
        running.note(row.pk, actor=actor, **given)
    elif name == "recuse":
        running.recuse(row.pk, given["member"].pk, actor=actor, reason=given["reason"])
    else:
        perform_item(name, row.pk, actor=actor, reason=given["reason"])


def _of_item(request: HttpRequest, row: PanelItem) -> dict[str, Any]:
    meeting = row.meeting
    able, present = room(row)
    everybody = barred.members_of(row)
    out = barred.reasons(row, everybody)
    voted = {one.pk for one in voting.voted(row)}
    in_session = meeting.status == MeetingStatus.IN_SESSION
    entries = pages.agenda(meeting, PanelItem.objects.visible_to(request.user))
    typed = request.POST or panel_typed.take(request, row)
    steps = ITEMS.open_to(request.user, row) if in_session else []
    return {
        "item": row,
        "state": pages.state(row, meeting),
        "declaration": row.case.declaration,
        "able": len(able),
        "present": len(present),
        "room": [(one, out.get(one.expert_id, []), one.pk in voted) for one in everybody],
        "voting": row.status == ItemStatus.VOTING,
        "number_voted": len(voted),
        "may_run": rights.can(request.user, "run", row) and in_session,
        "steps": steps,
        "note_form": NoteForm(item=row, may=running.writes(row, request.user)),
        "recuse_form": RecuseMemberForm(
            meeting=meeting,
            reader=request.user,
            initial={name: typed.get(f"recuse-{name}") for name in ("member", "reason")},
        ),
        "step_form": ItemStepForm(initial={"reason": typed.get("reason")}),
        "outcome": pages.outcome(row),
        "said": by_open_ballot(row),
        "rule": printing.rule(),
        **pages.judged(row),
        **pages.neighbours(entries, row),
    }


# The minutes -------------------------------------------------------------------------------


@require_safe
def minutes(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = _closed(request, meeting_id)
    paper = printing.paper_of(meeting, _seen(request, meeting))
    return _page(request, meeting, "panel_minutes.html", paper.kicker, {"paper": paper})


@require_safe
@cache_control(private=True, no_store=True)
def minutes_pdf(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = _closed(request, meeting_id)
    return minutes_file(meeting, _seen(request, meeting))


def _seen(request: HttpRequest, meeting: PanelMeeting) -> set[str]:
    rows = PanelItem.objects.visible_to(request.user).filter(meeting=meeting)
    return {str(key) for key in rows.values_list("pk", flat=True)}


def _meeting(request: HttpRequest, meeting_id: UUID) -> PanelMeeting:
    rows = PanelMeeting.objects.visible_to(request.user).select_related("activity")
    return get_object_or_404(rows, pk=meeting_id)


def _closed(request: HttpRequest, meeting_id: UUID) -> PanelMeeting:
    meeting = _meeting(request, meeting_id)
    if meeting.status != MeetingStatus.CLOSED:
        raise Http404
    return meeting


def _page(
    request: HttpRequest, meeting: PanelMeeting, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    return TemplateResponse(
        request,
        f"evaluation/admin/{template}",
        {
            **admin.site.each_context(request),
            "title": title,
            "meeting": meeting,
            "opts": PanelMeeting._meta,
            "back": reverse("admin:evaluation_panelmeeting_change", args=[meeting.pk]),
            **context,
        },
    )
