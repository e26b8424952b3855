"""Which mail goes out after which step: to the organisation's owners and editors."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.roles import Level
from core import mail
from core.workflow import Act
from submissions.models import Correction, Declaration
from submissions.reading import place
from submissions.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Remark:
    """A correction asked for, named in the language of whoever reads it."""

    scheme: Scheme
    correction: Correction

    @property
    def place(self) -> str:
        return place(self.scheme, self.correction.section, self.correction.field)

    @property
    def reason(self) -> str:
        return self.correction.reason


def readers(declaration: Declaration) -> list[User]:
    """Who is told: the owners and editors of the organisation who may sign in."""
    return list(
        User.objects.filter(
            is_active=True,
            memberships__organisation=declaration.organisation_id,
            memberships__level__in=(Level.EDIT, Level.OWN),
        ).order_by("joined_at", "pk")
    )


def send_receipt(declaration: Declaration, act: Act) -> None:
    _tell("declaration_received", declaration, act)


def tell_accepted(declaration: Declaration, act: Act) -> None:
    _tell("declaration_accepted", declaration, act)


def tell_returned(declaration: Declaration, act: Act) -> None:
    scheme = declaration.activity.scheme.load()
    asked = Correction.objects.filter(version=declaration.version_id)
    remarks = [Remark(scheme, correction) for correction in asked]
    _tell(
        "declaration_returned",
        declaration,
        act,
        remarks=remarks,
        due_on=act.inputs.get("due_on"),
    )


def tell_rejected(declaration: Declaration, act: Act) -> None:
    _tell("declaration_rejected", declaration, act)


def tell_withdrawn(declaration: Declaration, act: Act) -> None:
    _tell("declaration_withdrawn", declaration, act)


def _tell(template: str, declaration: Declaration, act: Act, **more: Any) -> None:
    values = {"declaration": declaration, "version": declaration.version, "reason": act.reason}
    for reader in readers(declaration):
        mail.write(
            template,
            to=reader.email,
            language=reader.language,
            context={**values, "reader": reader, **more},
        )
