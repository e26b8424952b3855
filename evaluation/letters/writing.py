"""Feedback letters: begun for a case, saved by compare-and-set, finished, handed out.

Before the release the enterprise learns nothing of it; with the release it reads the letter as
the officers finished it, and nobody changes it any more. No letter at all holds nothing up.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.canonical import content_hash
from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.workflow import Act, Step, Workflow
from evaluation.letters import tone, words
from evaluation.letters.states import COUNTING, LETTER, LetterStatus
from evaluation.letters.tone import OVERALL, Asked, Remark
from evaluation.models import Assignment, Case, Decision, Expert, FeedbackLetter
from evaluation.states import RELEASED, CaseStatus
from evaluation.writes import record
from submissions.services import StaleRevision

LONGEST = 8000  # characters of a passage
WRITABLE = frozenset({CaseStatus.SCORED, CaseStatus.DECIDED})


@transaction.atomic
def begin(case_id: UUID, *, actor: User) -> FeedbackLetter:
    """Begin the letter of a case, or go on with the one that is there."""
    # Held: the decision is released before this, or after.
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if not rights.can(actor, "write_letter", case):
        if rights.can(actor, rights.READ, case):
            raise TransitionError(_("A letter is written once the case is scored."))
        raise PermissionDenied(f"write a letter about {case_id}")
    known = FeedbackLetter.objects.filter(case=case).first()
    if known is None:
        now = database_now()
        known = FeedbackLetter.objects.create(
            case=case, begun_by=actor, begun_at=now, saved_by=actor, saved_at=now
        )
        record("feedback letter.begun", known, actor, details={"case": str(case.pk)})
    elif known.status == LetterStatus.DISCARDED:
        known = LETTERS.perform("reopen", known.pk, actor=actor)
    return known


@transaction.atomic
def save(
    pk: UUID, passages: Mapping[str, str], *, overall: str, actor: User, revision: int
) -> FeedbackLetter:
    """Store the passages as given; what is to be said about them stands against finishing only.

    Raises StaleRevision when somebody saved the letter since ``revision``.
    """
    letter = _locked(pk)
    if not rights.can(actor, "write", letter):
        if rights.can(actor, rights.READ, letter):
            raise TransitionError(_("This letter is not being written any more."))
        raise PermissionDenied(f"write feedback letter {pk}")
    _is_open(letter)
    if letter.revision != revision:
        raise StaleRevision(letter)
    # A passage of a dimension the page does not know stays.
    letter.passages = letter.passages | {code: _text(code, one) for code, one in passages.items()}
    letter.overall = _text(OVERALL, overall)
    letter.revision += 1
    letter.saved_by, letter.saved_at = actor, database_now()
    letter.save(update_fields=["passages", "overall", "revision", "saved_by", "saved_at"])
    record("feedback letter.saved", letter, actor, details={"revision": letter.revision})
    return letter


def _locked(pk: UUID) -> FeedbackLetter:
    rows = FeedbackLetter.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("case").get(pk=pk)


def _text(place: str, given: str) -> str:
    text = given.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        said = _("The text is too long: at most %(most)d characters.") % {"most": LONGEST}
        raise DomainError(said, field=words.field_of(place))
    return text


# What is to be said about it -----------------------------------------------------------------


def remarks_of(letter: FeedbackLetter) -> list[Remark]:
    """Return what the letter names, tells in figures, or is silent on."""
    case = letter.case
    passages = {code: letter.passages.get(code, "") for code in codes_of(case)}
    texts = {**letter.passages, **passages, OVERALL: letter.overall}
    return tone.remarks(texts, asked_about(case), must_speak=_below_minimum(case))


def to_confirm(letter: FeedbackLetter) -> list[Remark]:
    """Return the remarks an officer has to let stand, and has not."""
    known = set(letter.confirmed)
    return [one for one in remarks_of(letter) if one.refuses or one.key not in known]


def codes_of(case: Case) -> list[str]:
    return list(case.weights.dimensions.order_by("order").values_list("code", flat=True))


def asked_about(case: Case) -> list[Asked]:
    """Return who was ever asked to judge, sat on its panel or came to see, and their employers.

    The employers but the applicant.
    """
    named = Expert.objects.filter(
        Q(pk__in=Assignment.objects.filter(case=case).values("expert"))
        | Q(panels__meeting__items__case=case)
        | Q(verifications__case=case)
    )
    rows = Expert.objects.filter(pk__in=named.values("pk")).select_related("user", "employer")
    applicant = case.declaration.organisation
    own = {tone.plain(one) for one in (applicant.name_en, applicant.name_zh) if one}
    people = [(_without_brackets(one.user.name), one) for one in rows.order_by("pk")]
    return [Asked(name, _employers(one, own)) for name, one in people]


def _without_brackets(name: str) -> str:
    """Return a name as people write it: "Wen Yi (retired)" is named by "Wen Yi"."""
    return re.sub(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]", "", name).strip() or name


def names_nobody(case: Case, text: str, *, field: str) -> None:
    """Refuse a text to the enterprise that names who was asked to judge, or an employer."""
    for one in tone.remarks({OVERALL: text}, asked_about(case)):
        if one.refuses:
            raise DomainError(words.sentence(one), field=field)


def statement_names_nobody(case: Case, act: Act) -> None:
    names_nobody(case, act.inputs["statement"], field="statement")


def _employers(expert: Any, but: Iterable[str]) -> tuple[str, ...]:
    names = [expert.employer_name]
    if expert.employer is not None:
        names += [expert.employer.name_en, expert.employer.name_zh]
    told = dict.fromkeys(one for one in names if one and tone.plain(one) not in but)
    return tuple(told)


def _below_minimum(case: Case) -> list[str]:
    """Return the dimensions a refusal rests on; of these the letter is to speak."""
    decision = Decision.objects.standing().filter(case=case).first()
    if decision is None or decision.outcome == Decision.Outcome.INCLUDED:
        return []
    return list(decision.result.get("failed_dimensions", []))


# Its life -------------------------------------------------------------------------------------


def _is_open(letter: FeedbackLetter, _act: Act | None = None) -> None:
    if letter.case.status not in WRITABLE:
        raise DomainError(_("The letter is written while the case is scored or decided."))


def _is_not_signed(letter: FeedbackLetter, _act: Act) -> None:
    if letter.case.status == CaseStatus.SIGNED:
        raise DomainError(_("The release is signed. Send the decision back to write on."))
    if letter.case.status in RELEASED:
        raise DomainError(_("The decision has been released already."))


def _decision_is_released(letter: FeedbackLetter, _act: Act) -> None:
    rows = Decision.objects.standing().filter(case=letter.case_id)
    if not rows.filter(released_at__isnull=False).exists():
        raise DomainError(_("The letter is handed out with the release of the decision."))


def _is_as_it_was_read(letter: FeedbackLetter, act: Act) -> None:
    revision = act.inputs.get("revision")
    if revision is not None and revision != letter.revision:
        raise DomainError(_("Somebody saved the letter meanwhile. Read it once more."))


def _says_something(letter: FeedbackLetter, _act: Act) -> None:
    if not any([letter.overall, *letter.passages.values()]):
        raise DomainError(_("Nothing is written yet."))


def _is_fit_to_send(letter: FeedbackLetter, act: Act) -> None:
    confirmed = set(act.inputs.get("confirmed") or ())
    for one in remarks_of(letter):
        if one.refuses or one.key not in confirmed:
            raise DomainError(words.at_its_place(one, letter), field="confirmed")


def _finish(letter: FeedbackLetter, act: Act) -> tuple[str, ...]:
    letter.confirmed = [one.key for one in remarks_of(letter)]
    letter.finished_by, letter.finished_at = act.actor, act.at
    act.details.update(revision=letter.revision, confirmed=len(letter.confirmed))
    return "confirmed", "finished_by", "finished_at"


def _seal(letter: FeedbackLetter, act: Act) -> tuple[str, ...]:
    letter.handed_out_at = act.at
    letter.content_hash = content_hash(document_of(letter))
    act.details["content_hash"] = letter.content_hash
    return "handed_out_at", "content_hash"


def document_of(letter: FeedbackLetter) -> dict[str, Any]:
    """Return what is handed out, as the document its seal is taken of."""
    decision = Decision.objects.standing().get(case=letter.case_id)
    told = [(code, letter.passages.get(code, "")) for code in codes_of(letter.case)]
    return {
        "letter": str(letter.pk),
        "declaration": letter.case.declaration.number,
        "outcome": decision.outcome,
        "passages": [{"dimension": code, "text": text} for code, text in told if text],
        "overall": letter.overall,
    }


LETTERS: Workflow[FeedbackLetter] = Workflow(
    LETTER,
    FeedbackLetter,
    {
        "finish": Step(
            guards=(_is_open, _is_as_it_was_read, _says_something, _is_fit_to_send),
            change=_finish,
        ),
        "reopen": Step(guards=(_is_not_signed,)),
        "hand_out": Step(guards=(_decision_is_released,), change=_seal),
    },
)


# With the case -------------------------------------------------------------------------------


def is_ready(case: Case, _act: Act) -> None:
    """A letter that is begun goes out with the decision, or is discarded; none is needed."""
    _refuse_unready(_of(case))


def seems_ready(case: Case, _act: Act) -> None:
    """As ``is_ready``, for a page: nothing is held."""
    _refuse_unready(_counting(case).first())


def _refuse_unready(letter: FeedbackLetter | None) -> None:
    if letter is None:
        return
    if letter.status == LetterStatus.WRITING:
        raise DomainError(
            _("The feedback letter is begun and not finished. Finish or discard it first.")
        )
    for one in to_confirm(letter):
        said = _("The feedback letter is to be read once more: %(what)s Write on, and finish it.")
        raise DomainError(said % {"what": words.at_its_place(one, letter)})


def hand_out_of(case: Case, _act: Act) -> None:
    letter = _of(case)
    if letter is not None:
        LETTERS.perform("hand_out", letter.pk, actor=None)


def reopen_of(case: Case, _act: Act) -> None:
    """What was finished for a decision that does not stand is read again."""
    letter = _of(case)
    if letter is not None and letter.status == LetterStatus.FINISHED:
        LETTERS.perform("reopen", letter.pk, actor=None)


def _of(case: Case) -> FeedbackLetter | None:
    """Return the letter that counts, held: it is as it is until the step is taken."""
    return _counting(case).select_for_update(of=("self",), no_key=True).first()


def _counting(case: Case) -> QuerySet[FeedbackLetter]:
    rows = FeedbackLetter.objects.filter(case=case, status__in=COUNTING)
    return rows.select_related("case")
