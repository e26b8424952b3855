"""A meeting in session: who is there, what is said, who leaves the room."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.canonical import content_hash
from core.clock import database_now
from core.errors import DomainError
from evaluation.models import PanelItem, PanelMeeting, PanelMember, PanelRecusal, ScoreSheet
from evaluation.panel import mails
from evaluation.panel.preparing import lock
from evaluation.panel.states import ItemStatus, MeetingStatus, Presence, Seat
from evaluation.writes import record

LONGEST_NOTES, LONGEST_CONCLUSION, LONGEST_REASON = 8000, 4000, 4000
NOTING = {"notes": LONGEST_NOTES, "conclusion": LONGEST_CONCLUSION}


@transaction.atomic
def attend(meeting_id: UUID, member_id: int, presence: str, *, actor: User) -> PanelMember:
    """Note that a member is there, from now on; has left, now; or is excused."""
    meeting = lock(meeting_id, actor, "run")
    rows = PanelMember.objects.select_for_update(of=("self",), no_key=True)
    member = rows.select_related("expert__user").get(pk=member_id, meeting=meeting)
    if presence not in Presence.values:
        raise DomainError(_("Choose whether the member attends."), field="presence")
    if presence == Presence.LEFT and member.presence != Presence.PRESENT:
        raise DomainError(_("%s was not noted as present.") % member, field="presence")
    if presence == member.presence:
        return member
    now = database_now()
    if presence == Presence.PRESENT:
        member.present_from, member.left_at = member.present_from or now, None
    elif presence == Presence.LEFT:
        member.left_at = now
    else:
        _nothing_voted(member)
        member.present_from = member.left_at = None
    member.presence = presence
    member.save(update_fields=["presence", "present_from", "left_at"])
    details = {"expert": str(member.expert_id), "presence": presence}
    record("panel meeting.attendance noted", meeting, actor, details)
    return member


def _nothing_voted(member: PanelMember) -> None:
    if member.votes.exists():
        said = _("%s has voted, and so was present.") % member
        raise DomainError(said, field="presence")


@transaction.atomic
def note(item_id: UUID, *, actor: User, seen: str = "", **given: str) -> PanelItem:
    """Keep the notes (chair or officer) or the conclusion (lead reviewer or officer) of an item.

    ``seen``: what the page was drawn with (``seen_of``); nobody's words are written over unread.
    """
    item = lock_item(item_id)
    may = writes(item, actor)
    if not set(given) <= may:
        raise PermissionDenied(f"note on panel item {item_id}")
    if item.meeting.status != MeetingStatus.IN_SESSION:
        raise DomainError(_("Notes are taken while the meeting is in session."))
    for field, text in given.items():
        _is_not_written_over(item, field, text, seen)
        if len(text) > NOTING[field]:
            said = _("The text is too long: at most %(most)d characters.") % {"most": NOTING[field]}
            raise DomainError(said, field=field)
        _is_before_the_vote(item, field, text)
        setattr(item, field, text.strip())
    item.save(update_fields=list(given))
    record("panel item.noted", item, actor, {"fields": sorted(given)})
    return item


def _is_before_the_vote(item: PanelItem, field: str, text: str) -> None:
    """Notes go on; what was voted on stays as it was read."""
    if (
        field != "conclusion"
        or item.status == ItemStatus.WAITING
        or text.strip() == item.conclusion
    ):
        return
    said = _("The conclusion stays as it was when the vote was opened. Annul the vote first.")
    raise DomainError(said, field=field)


def seen_of(item: PanelItem) -> str:
    return " ".join(mark(item, name) for name in NOTING)


def mark(item: PanelItem, field: str) -> str:
    """Return by what a page says which text of a field it was drawn with."""
    return mark_of(field, getattr(item, field))


def mark_of(field: str, text: str) -> str:
    return f"{field}:{content_hash(text)[:16]}"


def _is_not_written_over(item: PanelItem, field: str, text: str, seen: str) -> None:
    if said := clash(item, field, text, seen):
        raise DomainError(said, field=field)


def clash(item: PanelItem, field: str, text: str, seen: str) -> str:
    """Return the sentence with what is stored by now, where it is not what the page showed."""
    stored = getattr(item, field)
    if not seen or mark(item, field) in seen.split() or text.strip() == stored:
        return ""
    return _("Stored meanwhile: %(value)s") % {"value": stored or "–"}


def writes(item: PanelItem, person: Any) -> frozenset[str]:
    """Return what a person may write about an item."""
    if rights.can(person, "run", item):
        return frozenset(NOTING)
    if not rights.can(person, "see", item):
        return frozenset()
    member = item.meeting.members.filter(expert=person.pk).first()
    may = set()
    if member is not None and member.seat == Seat.CHAIR:
        may.add("notes")
    if member is not None and item.lead_id == member.pk:
        may.add("conclusion")
    return frozenset(may)


def lock_item(item_id: UUID) -> PanelItem:
    """Hold the meeting of an item, then the item: everybody takes the locks in this order."""
    meetings = PanelMeeting.objects.select_for_update(of=("self",), no_key=True)
    meeting = meetings.get(items=item_id)
    rows = PanelItem.objects.select_for_update(of=("self",), no_key=True)
    item = rows.select_related("case__declaration", "lead__expert__user").get(pk=item_id)
    item.meeting = meeting
    return item


@transaction.atomic
def recuse(item_id: UUID, member_id: int, *, actor: User, reason: str) -> PanelRecusal:
    """Let a member take no part in an item from this moment: by their own word or an officer's."""
    item = lock_item(item_id)
    member = item.meeting.members.select_related("expert__user").get(pk=member_id)
    own = member.expert_id == actor.pk and rights.can(actor, "see", item)
    if not own and not rights.can(actor, "run", item):
        raise PermissionDenied(f"recuse on panel item {item_id}")
    if item.meeting.status not in (MeetingStatus.ANNOUNCED, MeetingStatus.IN_SESSION):
        raise DomainError(_("The meeting is not announced, or is over."))
    text = reason.strip()
    if not text:
        raise DomainError(_("Please give a reason."), field="reason")
    if len(text) > LONGEST_REASON:
        said = _("The text is too long: at most %(most)d characters.") % {"most": LONGEST_REASON}
        raise DomainError(said, field="reason")
    made, is_new = PanelRecusal.objects.get_or_create(
        item=item,
        member=member,
        defaults={"reason": text, "recorded_by": actor, "recorded_at": database_now()},
    )
    if is_new:
        _lead_no_more(item, member)
        record("panel item.recused", item, actor, {"expert": str(member.expert_id)})
        _tell_who_scored(item, member, actor)
    return made


def _tell_who_scored(item: PanelItem, member: PanelMember, actor: User) -> None:
    """A sheet that counts may have to be excluded: that is the officers' to say."""
    sheets = ScoreSheet.objects.submitted().filter(assignment__case=item.case_id)
    if sheets.filter(assignment__expert=member.expert_id).exists():
        mails.conflict(item, but=actor)


def _lead_no_more(item: PanelItem, member: PanelMember) -> None:
    if item.lead_id == member.pk and item.status != ItemStatus.VOTED:
        item.lead = None
        item.save(update_fields=["lead"])
