"""Who is mailed what about an appointment, in the language of each reader.

The enterprise is told kind, time, place and what to prepare; no mail to it names who comes.
"""

from typing import Any

from accounts.models import User
from accounts.notifications import address
from core import mail
from core.moments import written
from evaluation.models import Verification
from evaluation.notifications import members_of


def arranged(row: Verification) -> None:
    """Tell those who file for the organisation, and who takes part."""
    path = ("evaluation:verification-list", row.case.declaration_id)
    for person in members_of(row.case):
        _write("verification_arranged", person, row, path, prepare=row.prepare)
    for person in _taking_part(row):
        _write("verification_called", person, row, ("workplace",))


def answered(row: Verification) -> None:
    """Tell the officer who arranged it."""
    officer = row.arranged_by
    if officer.is_active:
        path = ("admin:evaluation_verification_change", row.pk)
        told = {"answer": row.get_answer_display, "reason": row.answer_reason}
        _write("verification_answered", officer, row, path, **told)


def cancelled(row: Verification) -> None:
    """Tell everybody who was told of it, without the reason."""
    path = ("evaluation:verification-list", row.case.declaration_id)
    for person in members_of(row.case):
        _write("verification_cancelled", person, row, path)
    for person in _taking_part(row):
        _write("verification_cancelled", person, row, ("workplace",))


def _taking_part(row: Verification) -> list[User]:
    experts = [one.user for one in row.experts.select_related("user").order_by("pk")]
    people = [*experts, *row.officers.order_by("pk")]
    return [one for one in people if one.is_active]


def _write(
    template: str, to: User, row: Verification, path: tuple[Any, ...], **context: Any
) -> None:
    name, *args = path
    mail.write(
        template,
        to=to.email,
        language=to.language,
        context={
            "reader": to.name,
            "number": row.case.declaration.number,
            "title": row.case.declaration.title,
            "kind": row.get_kind_display,  # called in the language of the mail
            "at": written(row.held_at),
            "place": row.place,
            "link": address(name, *args, language=to.language),
            **context,
        },
    )
