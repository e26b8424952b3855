"""Objections to an entry in publicity: sent by anybody, confirmed by mail, handled by officers.

No account is asked for, but a real name and an address that is confirmed. Whoever holds the link
of the mail confirms, follows and withdraws. While one is received or admitted, the entry is not
listed (``evaluation.publicity.ending``); the others go on.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.mailboxes import mailbox_of, one_at_a_time
from accounts.recording import check
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.models import Case, Objection, ObjectionFile
from evaluation.objections import mails
from evaluation.objections.states import ObjectionKind, ObjectionStatus
from evaluation.shelf import Stored
from evaluation.states import CaseStatus

LONGEST = 8000  # characters of a statement
MOST_A_DAY = 3  # mails to one address about one entry, while none is confirmed
LOADED_AGAIN = dt.timedelta(minutes=1)
SPACE = 731015  # of the advisory locks of mailboxes
AGAIN = "objection.sent_again"
SAID = (
    *("name", "unit", "address", "phone", "protected"),
    *("proposed_kind", "statement", "evidence"),
)
SHORTEST_NAME = 2
SHORTEST_NUMBER = 6  # digits
PHONE_SIGNS = frozenset("0123456789 +-()")
# Names that are none, in the languages of the portal.
NAMELESS = frozenset(
    {"anonymous", "anonym", "nobody", "n/a", "none", "匿名", "无名", "佚名", "某人"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the form of an objection holds."""

    name: str
    address: str
    statement: str
    proposed_kind: str
    unit: str = ""
    phone: str = ""
    evidence: str = ""
    protected: bool = False
    language: str = "en"


@transaction.atomic
def send(case_id: UUID, said: Said, files: Sequence[Stored] = ()) -> Objection:
    """Keep an objection and mail the link that confirms it; it counts from then on only.

    When too many wait for one mailbox it is returned as it is, not stored: whoever sends it
    learns nothing of what others sent with that address.
    """
    case = Case.objects.select_related("declaration").get(pk=case_id)
    now, token = database_now(), secrets.token_urlsafe(32)
    require_open(case, now)
    row = Objection(
        case=case,
        name=" ".join(said.name.split()),
        unit=said.unit.strip(),
        address=said.address.strip().lower(),
        phone=said.phone.strip(),
        protected=said.protected,
        language=said.language,
        proposed_kind=said.proposed_kind,
        statement=said.statement.strip(),
        evidence=said.evidence.strip(),
        token_hash=_hash(token),
        sent_at=now,
    )
    _is_complete(row, files)
    one_at_a_time(mailbox_of(row.address), SPACE)
    same = _sent_before(row, files)
    if _too_many(row, now):
        return same or row
    if same:
        _send_again(same, token, now)
        return same
    check(row)
    row.save(force_insert=True)
    for one in files:
        ObjectionFile.objects.create(objection=row, **one.columns())
    # The chain is never rewritten: nothing of who objects, or of what they say, goes into it.
    audit.record(
        "objection.sent",
        audit.subject(row),
        actor=None,
        change=("", row.status),
        details={"case": str(case.pk), "files": [one.sha256 for one in files]},
    )
    mails.sent(row, token)
    return row


def require_open(case: Case, now: dt.datetime) -> None:
    """Refuse what comes too late, or is about what was never made public."""
    if not rights.can(AnonymousUser(), "notice", case) or not is_open(case, now):
        raise DomainError(
            _("The publicity of this entry is over; objections that come late are not taken.")
        )


def is_open(case: Case, now: dt.datetime) -> bool:
    ends = case.publicity_ends_at
    return case.status == CaseStatus.PUBLICITY and ends is not None and now < ends


def _is_complete(row: Objection, files: Sequence[Stored]) -> None:
    letters = sum(letter.isalpha() for letter in row.name)
    if letters < SHORTEST_NAME or row.name.lower() in NAMELESS:
        raise DomainError(
            _("Please give your real name: anonymous objections are not taken."), field="name"
        )
    if not row.statement:
        raise DomainError(
            _("Say what is wrong with the entry, and how you know."), field="statement"
        )
    if row.phone and not _is_number(row.phone):
        raise DomainError(
            _("Write the number with digits, spaces, + - and brackets: at least 6 digits."),
            field="phone",
        )
    if row.proposed_kind not in ObjectionKind.values:
        raise DomainError(_("Choose one of the list."), field="proposed_kind")
    if not row.evidence and not files:
        raise DomainError(
            _("Name the evidence or add a file: objections without evidence are not taken."),
            field="evidence",
        )


def _is_number(phone: str) -> bool:
    known = all(one in PHONE_SIGNS for one in phone)
    return known and sum(one.isdigit() for one in phone) >= SHORTEST_NUMBER


def _sent_before(row: Objection, files: Sequence[Stored]) -> Objection | None:
    """Return the very same objection, if it waits for its confirmation."""
    told = {name: getattr(row, name) for name in SAID}
    hashes = sorted(one.sha256 for one in files)
    for one in Objection.objects.filter(status=ObjectionStatus.SENT, case=row.case, **told):
        if sorted(one.files.values_list("sha256", flat=True)) == hashes:
            return one
    return None


def _send_again(row: Objection, token: str, now: dt.datetime) -> None:
    """Mail a new link for the one that may be lost; a page loaded twice gets no second mail."""
    if now < row.sent_at + LOADED_AGAIN:
        return
    row.token_hash = _hash(token)
    row.save(update_fields=["token_hash"])
    audit.record(
        "objection.sent_again", audit.subject(row), actor=None, details={"case": str(row.case_id)}
    )
    mails.sent(row, token)


def _too_many(row: Objection, now: dt.datetime) -> bool:
    """Count what waits for the same mailbox about this entry: each sent a mail there."""
    since = now - dt.timedelta(days=1)
    waiting = Objection.objects.filter(case=row.case, status=ObjectionStatus.SENT)
    theirs = [
        one
        for one in waiting.only("address", "sent_at")
        if mailbox_of(one.address) == mailbox_of(row.address)
    ]
    again = AuditEntry.objects.filter(
        act=AGAIN, subject_id__in=[str(one.pk) for one in theirs], at__gt=since
    )
    return sum(one.sent_at > since for one in theirs) + again.count() >= MOST_A_DAY


def by_token(token: str) -> Objection | None:
    """Return what the link of a mail leads to; None when it leads nowhere."""
    rows = Objection.objects.select_related("case__declaration__activity")
    return rows.filter(token_hash=_hash(token)).first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def identity_of(objection_id: UUID, *, actor: Any) -> Objection | None:
    """Return an objection with who sent it, and note the look; None for who may not look."""
    rows = Objection.objects.with_right(actor, "identify").select_related("case__declaration")
    row = rows.filter(pk=objection_id).first()
    if row is not None:
        audit.record("objection.identity_read", audit.subject(row), actor=actor)
    return row


@transaction.atomic
def file_of(objection_id: UUID, file_id: UUID, *, actor: Any) -> ObjectionFile | None:
    """Return a file that came with an objection, and note the look: it may tell who sent it."""
    rows = Objection.objects.with_right(actor, "identify").filter(pk=objection_id)
    file = ObjectionFile.objects.filter(objection__in=rows.values("pk"), pk=file_id).first()
    if file is not None:
        audit.record(
            "objection.file_read",
            audit.Subject("objection", objection_id),
            actor=actor,
            details={"file": str(file.pk)},
        )
    return file
