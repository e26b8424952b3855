"""Objections to an entry in publicity: sent by anybody, confirmed by mail, handled by officers.

No account is asked for, but a real name and an address that is confirmed. Whoever holds the link
of the mail confirms, follows and withdraws. While one is received or admitted, the entry is not
listed (``evaluation.publicity``); the others go on.
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

from accounts.recording import check
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError
from evaluation import objection_mails
from evaluation.models import Case, Objection, ObjectionFile
from evaluation.objection_files import Stored
from evaluation.objection_states import ObjectionKind, ObjectionStatus
from evaluation.states import CaseStatus

LONGEST = 8000  # characters of a statement
MOST_A_DAY = 3  # from one address: each sends a mail there
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
    """Keep an objection and mail the link that confirms it; it counts from then on only."""
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
    if same := _sent_before(row):
        return same
    _not_too_many(row, now)
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
    objection_mails.sent(row, token)
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


def _sent_before(row: Objection) -> Objection | None:
    """Return the same objection, sent a moment ago by a page that was loaded again."""
    waiting = Objection.objects.filter(status=ObjectionStatus.SENT)
    same = waiting.filter(case=row.case, address=row.address, statement=row.statement)
    return same.first()


def _not_too_many(row: Objection, now: dt.datetime) -> None:
    lately = Objection.objects.filter(address=row.address, sent_at__gt=now - dt.timedelta(days=1))
    if lately.count() >= MOST_A_DAY:
        raise DomainError(
            _("Several objections were sent with this address today. Please try again tomorrow."),
            field="address",
        )


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
