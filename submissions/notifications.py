"""Which mail goes out after which step: to the organisation's owners and editors."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy

from accounts.holders import officers_with
from accounts.models import User
from accounts.roles import Level
from core import mail, rights
from core.workflow import Act
from reference.models import Term
from reference.names import in_language
from reference.vocabularies import Vocabulary
from submissions.formal_check import contest_until
from submissions.models import (
    Attachment,
    Correction,
    Declaration,
    DeclarationVersion,
    ProposalAnswer,
    Rejection,
)
from submissions.reading import place
from submissions.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Remark:
    """A correction asked for, named in the language of whoever reads it."""

    scheme: Scheme
    correction: Correction
    codes: dict[str, dict[str, str]]  # what each reason code is called, by language

    @property
    def place(self) -> str:
        one = self.correction
        named = place(self.scheme, one.section, one.field)
        if one.attachment:
            return f"{named} – {one.attachment.title}"
        return f"{named} – {Attachment.Kind(one.kind).label}" if one.kind else named

    @property
    def code(self) -> str:
        names = self.codes.get(self.correction.code)
        return in_language(names) if names else ""

    @property
    def reason(self) -> str:
        return self.correction.reason

    @property
    def proposal(self) -> str:
        return self.correction.proposal

    @property
    def answer(self) -> ProposalAnswer | None:
        return getattr(self.correction, "proposal_answer", None)


def remarks_on(version: DeclarationVersion | None, scheme: Scheme) -> list[Remark]:
    """List the corrections asked for of a version."""
    asked = Correction.objects.filter(version=version).select_related(
        "attachment", "proposal_answer"
    )
    rows = list(asked)
    codes = codes_of(Vocabulary.RETURN_REASON) if any(one.code for one in rows) else {}
    return [Remark(scheme, one, codes) for one in rows]


def codes_of(vocabulary: Vocabulary) -> dict[str, dict[str, str]]:
    return dict(Term.objects.of(vocabulary).values_list("code", "names"))


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


def tell_checker(declaration: Declaration, act: Act) -> None:
    """Tell who asked for corrections that they came; nobody, where that person judges no more."""
    officer = declaration.checked_by
    if not declaration.returns or officer is None or not officer.is_active:
        return
    if rights.can(officer, "check", declaration):
        _write("corrections_came", officer, declaration, act)


def tell_accepted(declaration: Declaration, act: Act) -> None:
    _tell("declaration_accepted", declaration, act)


def tell_returned(declaration: Declaration, act: Act) -> None:
    remarks = remarks_on(declaration.version, declaration.activity.scheme.load())
    _tell(
        "declaration_returned",
        declaration,
        act,
        remarks=remarks,
        due_on=act.inputs.get("due_on"),
    )


def tell_more_time(declaration: Declaration, act: Act) -> None:
    due_on = declaration.corrections_due_on
    _tell("declaration_more_time", declaration, act, due_on=due_on)


def tell_rejected(declaration: Declaration, act: Act) -> None:
    rejection = Rejection.objects.filter(declaration=declaration).latest("pk")
    names = codes_of(Vocabulary.REJECTION_REASON).get(rejection.code)
    until = contest_until(declaration)
    # Read when the mail is written, in the language of its reader.
    code = lazy(in_language, str)(names) if names else ""
    _tell("declaration_rejected", declaration, act, code=code, contest_until=until)


def tell_contested(declaration: Declaration, act: Act) -> None:
    _tell("declaration_contested", declaration, act)
    for officer in officers_with("hear", declaration):
        _write("contest_to_hear", officer, declaration, act)


def tell_reopened(declaration: Declaration, act: Act) -> None:
    _tell("declaration_reopened", declaration, act)


def tell_upheld(declaration: Declaration, act: Act) -> None:
    _tell("declaration_upheld", declaration, act)


def tell_withdrawn(declaration: Declaration, act: Act) -> None:
    _tell("declaration_withdrawn", declaration, act)


def _tell(template: str, declaration: Declaration, act: Act, **more: Any) -> None:
    for reader in readers(declaration):
        _write(template, reader, declaration, act, **more)


def _write(template: str, reader: User, declaration: Declaration, act: Act, **more: Any) -> None:
    values = {"declaration": declaration, "version": declaration.version, "reason": act.reason}
    mail.write(
        template,
        to=reader.email,
        language=reader.language,
        context={**values, "reader": reader, **more},
    )
