"""The wording an officer proposed with a correction: taken over by the applicant, or not."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError, TransitionError
from submissions.models import Correction, ProposalAnswer
from submissions.scheme.differences import marks
from submissions.states import Status
from submissions.working_copy import locked, record
from submissions.writing import save_members


@transaction.atomic
def answer_proposal(
    declaration_id: UUID, correction_id: int, *, taken: bool, actor: Any, note: str = ""
) -> ProposalAnswer:
    """Take a proposed wording over into the working copy, or say that it is not; once.

    What stood there is found among the saved texts. The same answer again changes nothing.
    """
    declaration = locked(declaration_id, actor)
    correction = (
        Correction.objects.exclude(proposal="")
        .select_related("proposal_answer")
        .get(pk=correction_id, version=declaration.version_id)
    )
    if declaration.status != Status.RETURNED:
        raise TransitionError(_("This declaration cannot be changed in its present state."))
    if answer := getattr(correction, "proposal_answer", None):
        return _same(answer, taken=taken)
    if taken:
        section = declaration.activity.scheme.load().section(correction.section)
        stored = declaration.content.get(section.key, {})
        save_members(
            declaration_id,
            section.key,
            # Those proposed at first have the line ends of the browser they were typed in.
            {correction.field: correction.proposal.replace("\r\n", "\n")},
            actor=actor,
            begun=marks(section, stored),
        )
    made = ProposalAnswer.objects.create(
        correction=correction, taken=taken, note="" if taken else note.strip(), answered_by=actor
    )
    verb = "proposal_taken" if taken else "proposal_declined"
    record(declaration, verb, actor, section=correction.section, field=correction.field)
    return made


def _same(answer: ProposalAnswer, *, taken: bool) -> ProposalAnswer:
    if answer.taken != taken:
        raise DomainError(_("This was answered already."))
    return answer
