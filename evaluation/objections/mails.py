"""Who is mailed what about an objection, in the language of each reader.

No mail but the objector's own carries who objects, and theirs do not name the entry in their
subject: what is stored of a mail outlives its reading.
"""

from typing import Any

from django.conf import settings

from accounts.holders import holders, officers_with
from accounts.models import User
from accounts.notifications import address
from accounts.roles import Role
from core import mail
from evaluation.models import Objection
from evaluation.notifications import members_of

TO_OBJECTOR = (
    "objection_sent",
    "objection_admitted",
    "objection_refused",
    "objection_ruled",
)
KEPT_UNCONFIRMED = 7  # days


def sent(objection: Objection, token: str) -> None:
    """Send the link; it lets in, so no member of staff reads the mail."""
    link = address("evaluation:objection", token, language=objection.language)
    _to_objector("objection_sent", objection, link=link, days=KEPT_UNCONFIRMED)


def received(objection: Objection) -> None:
    """Tell the officers who may handle it; those with a conflict hear nothing."""
    _to_officers("objection_received", "handle", objection)


def _to_officers(template: str, right: str, objection: Objection) -> None:
    """Tell who holds a right; nobody does: tell who sees to it that somebody can."""
    able = officers_with(right, objection)
    for officer in able:
        _to_officer(template, officer, objection)
    if not able:
        stuck(objection)


def stuck(objection: Objection) -> None:
    """Say that nobody may take the next step: the entry would wait for ever."""
    for person in who_sees_to_it(objection):
        _to_account("objection_stuck", person, objection, "")


def who_sees_to_it(objection: Objection) -> list[User]:
    """Return the officers who may know of it, and who appoints officers."""
    people = [*officers_with("read", objection), *holders(Role.SYSTEM)]
    return list({one.pk: one for one in people}.values())


def admitted(objection: Objection) -> None:
    """Tell the objector, and the applicant with what is said, never how to reach who said it."""
    _to_objector("objection_admitted", objection)
    for member in members_of(objection.case):
        _to_member("objection_put", member, objection)
    if not officers_with("rule", objection):
        stuck(objection)


def refused(objection: Objection) -> None:
    _to_objector("objection_refused", objection, reason=objection.reason)


def answered(objection: Objection) -> None:
    _to_officers("objection_answered", "rule", objection)


def ruled(objection: Objection) -> None:
    _to_objector("objection_ruled", objection, ruling=objection.ruling)
    for member in members_of(objection.case):
        _to_member("objection_ruling", member, objection)


def withdrawn(objection: Objection) -> None:
    """Tell the officers, and the applicant who was asked; of what nobody confirmed nobody knew."""
    if objection.received_at is None:
        return
    for officer in officers_with("read", objection):
        _to_officer("objection_withdrawn", officer, objection)
    if objection.admitted_at is not None:
        for member in members_of(objection.case):
            _to_member("objection_withdrawn", member, objection)


def _to_objector(template: str, objection: Objection, **context: Any) -> None:
    """Write to who may have been erased meanwhile; then there is nobody to write to."""
    if not objection.address:
        return
    mail.write(
        template,
        to=objection.address,
        language=objection.language,
        context={"reader": objection.name, **_entry(objection), **context},
        secret=True,
    )


def _to_officer(template: str, officer: User, objection: Objection) -> None:
    name = "admin:evaluation_objection_change"
    _to_account(
        template, officer, objection, address(name, objection.pk, language=officer.language)
    )


def _to_member(template: str, member: User, objection: Objection) -> None:
    key = objection.case.declaration_id
    link = address("evaluation:objection-list", key, language=member.language)
    _to_account(template, member, objection, link)


def _to_account(template: str, to: User, objection: Objection, link: str) -> None:
    values = {"reader": to.name, "link": link, **_entry(objection)}
    mail.write(template, to=to.email, language=to.language, context=values)


def _entry(objection: Objection) -> dict[str, Any]:
    declaration = objection.case.declaration
    return {
        "number": declaration.number,
        "title": declaration.title,
        "which": objection.number,
        "objection": objection,
        "days_to_rule": settings.OBJECTION_DAYS,
    }
