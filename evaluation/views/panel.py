"""The panel as its members see it: their meetings, the papers, the vote, the minutes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from core.http import attempt
from evaluation import confidentiality
from evaluation.forms import KeyForm
from evaluation.models import PanelItem, PanelMeeting, PanelVoter
from evaluation.panel import barred, pages, printing, running
from evaluation.panel.forms import NoteForm, RecuseItemForm, VoteForm
from evaluation.panel.states import WITH_PAPERS, ItemStatus, MeetingStatus, Presence
from evaluation.panel.voting import vote
from evaluation.verifications.pages import file_to_panel
from evaluation.views import panel_notes, panel_typed
from submissions.paging import newest_first
from submissions.printing.pdf import pdf_of
from submissions.views.access import person
from submissions.views.attachments import handed_out

OF_ITEM = (
    "meeting__activity",
    "lead__expert__user",
    "case__criteria_set",
    "case__declaration__organisation",
    "case__version__declaration__activity__scheme",
)


@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    mine = PanelMeeting.objects.with_right(request.user, "attend").select_related("activity")
    shown = newest_first(mine, by="starts_at", after=KeyForm(request.GET).key())
    entries = [(one, pages.TONES[MeetingStatus(one.status)]) for one in shown.rows]
    return render(request, "evaluation/panel_list.html", {"entries": entries, "page": shown})


@require_safe
def panel(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Show one meeting: when, where, who, and what is on the agenda."""
    meeting = _meeting(request, meeting_id)
    mine = PanelItem.objects.with_right(request.user, "see")
    promised = confidentiality.has_promised(meeting.activity_id, person(request))
    context = {
        "meeting": meeting,
        "tone": pages.TONES[MeetingStatus(meeting.status)],
        "promised": promised,
        "promise": confidentiality.text(),
        "entries": pages.agenda(meeting, mine) if promised else [],
        "closed": meeting.status == MeetingStatus.CLOSED,
        "rule": printing.rule(),
        **pages.attendance(meeting),
    }
    return render(request, "evaluation/panel.html", context)


@require_POST
def panel_promise(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = _meeting(request, meeting_id)
    confidentiality.promise(meeting.activity_id, person(request))
    messages.success(request, _("Thank you. The papers are open to you now."))
    return redirect("evaluation:panel", meeting.pk)


@require_safe
def panel_item(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    return _item_page(request, _item(request, meeting_id, item_id))


@require_safe
@cache_control(private=True, no_store=True)
def panel_file(
    request: HttpRequest, meeting_id: UUID, item_id: UUID, file_id: UUID
) -> FileResponse:
    """Hand a file of a report to who reads the report: with the papers of an item."""
    item = _item(request, meeting_id, item_id)
    file = file_to_panel(item, file_id) if item.meeting.status in WITH_PAPERS else None
    if file is None:
        raise Http404
    return handed_out(file)


@require_POST
def panel_vote(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    item = _item(request, meeting_id, item_id)
    form = VoteForm(request.POST)
    refused = panel_notes.keep(request, item)
    if refused is not None:
        return _item_page(request, item, note=refused)
    if form.is_valid() and attempt(
        request,
        form,
        lambda: vote(item.pk, form.cleaned_data["choice"], actor=person(request)),
    ):
        messages.success(request, _("Your vote is counted."))
        return _back(request, item)
    return _item_page(request, item, vote=form)


@require_POST
def panel_note(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    item = _item(request, meeting_id, item_id)
    form = NoteForm(request.POST, item=item, may=running.writes(item, request.user))
    if form.is_valid() and attempt(
        request,
        form,
        lambda: running.note(item.pk, actor=person(request), **form.cleaned_data),
    ):
        messages.success(request, _("Saved."))
        if request.POST.get("choice") and item.status == ItemStatus.VOTING:
            messages.warning(request, _("You have not voted yet: choose again and press “Vote”."))
        return _back(request, item)
    return _item_page(request, item, note=form.again())


def _back(request: HttpRequest, item: PanelItem) -> HttpResponse:
    """Go back to the item, which shows again what was typed as a reason."""
    panel_typed.leave(request, item, ("reason",))
    return redirect("evaluation:panel-item", item.meeting_id, item.pk)


@require_POST
def panel_recuse(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    item = _item(request, meeting_id, item_id)
    seat = pages.own_seat(item.meeting, person(request))
    form = RecuseItemForm(request.POST)
    refused = panel_notes.keep(request, item)
    if refused is not None:
        return _item_page(request, item, note=refused)
    if form.is_valid() and attempt(
        request,
        form,
        lambda: running.recuse(item.pk, seat.pk, actor=person(request), **form.cleaned_data),
    ):
        messages.success(request, _("Thank you for saying so. You take no part in this item."))
        return redirect("evaluation:panel", meeting_id)
    return _item_page(request, item, recuse=form)


@require_safe
def panel_minutes(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = _closed(request, meeting_id)
    paper = printing.paper_of(meeting, _seen(request, meeting))
    return render(request, "evaluation/panel_minutes.html", {"meeting": meeting, "paper": paper})


@require_safe
@cache_control(private=True, no_store=True)
def panel_minutes_file(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = _closed(request, meeting_id)
    return minutes_file(meeting, _seen(request, meeting))


def minutes_file(meeting: PanelMeeting, items: set[str]) -> HttpResponse:
    """Answer with the minutes as a PDF, for who may see these items."""
    made = pdf_of(printing.paper_of(meeting, items))
    response = HttpResponse(made, content_type="application/pdf")
    name = f"panel-{meeting.activity.code}-{meeting.number}-{get_language()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


# Reading ---------------------------------------------------------------------------------


def _meeting(request: HttpRequest, meeting_id: UUID) -> PanelMeeting:
    mine = PanelMeeting.objects.with_right(request.user, "attend").select_related("activity")
    return get_object_or_404(mine, pk=meeting_id)


def _closed(request: HttpRequest, meeting_id: UUID) -> PanelMeeting:
    mine = PanelMeeting.objects.with_right(request.user, "attend").select_related("activity")
    return get_object_or_404(mine, pk=meeting_id, status=MeetingStatus.CLOSED)


def _seen(request: HttpRequest, meeting: PanelMeeting) -> set[str]:
    rows = PanelItem.objects.with_right(request.user, "see").filter(meeting=meeting)
    return {str(key) for key in rows.values_list("pk", flat=True)}


def _item(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> PanelItem:
    mine = PanelItem.objects.with_right(request.user, "see").select_related(*OF_ITEM)
    return get_object_or_404(mine, pk=item_id, meeting=meeting_id)


def _item_page(request: HttpRequest, item: PanelItem, **refused: Any) -> HttpResponse:
    """Show an item; ``refused`` are the forms that came back, with what was typed."""
    meeting, mine = item.meeting, PanelItem.objects.with_right(request.user, "see")
    seat = pages.own_seat(meeting, person(request))
    may = running.writes(item, request.user)
    in_session = meeting.status == MeetingStatus.IN_SESSION
    has_voted = PanelVoter.objects.filter(item=item, member=seat).exists()
    may_vote = (
        in_session
        and item.status == ItemStatus.VOTING
        and seat.presence == Presence.PRESENT
        and not has_voted
        and barred.takes_part(item, seat)
    )
    # Beside a button that did not take it.
    typed = request.POST or panel_typed.take(request, item)
    choice, reason = {"choice": typed.get("choice")}, {"reason": typed.get("reason", "")}
    context = {
        "item": item,
        "meeting": meeting,
        "declaration": item.case.declaration,
        "tone": pages.ITEM_TONES[ItemStatus(item.status)],
        "seat": seat,
        "has_voted": has_voted,
        "vote_form": refused.get("vote") or (VoteForm(initial=choice) if may_vote else None),
        "note_form": refused.get("note")
        or (NoteForm(item=item, may=may) if may and in_session else None),
        "recuse_form": refused.get("recuse")
        or (RecuseItemForm(initial=reason) if meeting.status in WITH_PAPERS else None),
        "outcome": pages.outcome(item),
        "said": by_open_ballot(item),
        "rule": printing.rule(),
        **pages.neighbours(pages.agenda(meeting, mine), item),
        **pages.papers(item),
    }
    return render(request, "evaluation/panel_item.html", context)


def by_open_ballot(item: PanelItem) -> list[tuple[str, str]]:
    if item.meeting.secret or item.status != ItemStatus.VOTED:
        return []
    rows = PanelVoter.objects.filter(item=item).select_related("member__expert__user")
    rows = rows.order_by("member__seat", "member")
    return [(str(one.member), one.get_choice_display()) for one in rows]
