"""Feedback letters: written beside the comments, finished, handed out with the release."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core import rights
from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from evaluation.letters import writing
from evaluation.letters.writing import LETTERS
from evaluation.models import Decision, FeedbackLetter
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from submissions.services import StaleRevision
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import letters as make
from tests.reading import text

pytestmark = pytest.mark.django_db


def status_of(letter):
    return FeedbackLetter.objects.values_list("status", flat=True).get(pk=letter.pk)


def one_scored(**given):
    return build.scored_case(experts_wanted=1, **given)


# Begun ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "may"),
    [
        (CaseStatus.AWAITING, False),
        (CaseStatus.IN_REVIEW, False),
        (CaseStatus.SCORED, True),
        (CaseStatus.DECIDED, True),
        (CaseStatus.PUBLICITY, False),
        (CaseStatus.NOT_INCLUDED, False),
    ],
)
def test_a_letter_is_begun_once_the_case_is_scored_and_until_the_release(status, may):
    case = build.case(status, experts_wanted=1)

    if may:
        assert make.begun(case).status == "writing"
        return
    with pytest.raises(TransitionError, match="once the case is scored"):
        make.begun(case)
    assert not FeedbackLetter.objects.exists()


def test_there_is_one_letter_of_a_case_and_a_discarded_one_is_taken_up_with_its_text():
    case = one_scored()
    first = make.saved(make.begun(case))
    assert make.begun(case) == first
    LETTERS.perform("discard", first.pk, actor=accounts.officer())

    again = make.begun(case)

    assert (again.pk, again.status, again.overall) == (first.pk, "writing", make.OVERALL)


def test_nobody_but_officers_without_a_conflict_writes():
    case = one_scored()
    letter = make.begun(case)
    tied = accounts.officer()
    add_member(case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    for person in (
        tied,
        accounts.owner_of(case.declaration.organisation),
        build.an_assignment(case).expert.user,
        accounts.system_administrator(),
    ):
        with pytest.raises(PermissionDenied):
            writing.begin(case.pk, actor=person)
        with pytest.raises(PermissionDenied):
            writing.save(letter.pk, {}, overall="x", actor=person, revision=0)
        assert not rights.can(person, "read", letter)
        assert not rights.can(person, "see", letter)


# Saved ----------------------------------------------------------------------------------------


def test_a_save_from_an_older_page_is_refused_and_changes_nothing():
    letter, officer = make.begun(), accounts.officer()
    writing.save(letter.pk, {"economy": "Mine."}, overall="", actor=officer, revision=0)

    with pytest.raises(StaleRevision) as refused:
        make_old = {"economy": "Yours."}
        writing.save(letter.pk, make_old, overall="", actor=officer, revision=0)

    letter.refresh_from_db()
    assert (letter.passages, letter.revision) == ({"economy": "Mine."}, 1)
    assert refused.value.stored.saved_by == officer


def test_too_long_a_passage_is_said_at_its_field():
    with pytest.raises(DomainError, match="at most 8000 characters") as refused:
        make.saved(make.begun(), economy="x" * 8001)

    assert refused.value.field == "passage-economy"


def test_nothing_is_written_while_the_case_is_in_review_again():
    letter = make.begun()
    perform_case(
        "ask_further", letter.case_id, actor=accounts.officer(), reason="In doubt.", more=1
    )

    with pytest.raises(DomainError, match="while the case is scored or decided"):
        make.saved(letter)


# Finished -------------------------------------------------------------------------------------


def finish(letter, **inputs):
    return LETTERS.perform("finish", letter.pk, actor=accounts.officer(), **inputs)


def test_an_empty_letter_is_not_finished():
    with pytest.raises(DomainError, match="Nothing is written yet"):
        finish(make.begun())


def test_the_name_of_who_was_asked_refuses_whatever_is_confirmed():
    case = one_scored()
    expert = build.an_assignment(case).expert
    letter = make.saved(make.begun(case), overall=f"As {expert.user.name} says.")
    confirmed = [one.key for one in writing.remarks_of(letter)]

    with pytest.raises(DomainError) as refused:
        finish(letter, confirmed=confirmed)

    assert str(refused.value) == (
        "On the whole: It names a person who was asked to judge: "
        f"“{expert.user.name}”. Take the name out."
    )
    employer = make.saved(letter, overall=f"Done at {expert.employer_name}.")
    with pytest.raises(DomainError, match="employer of a person"):
        finish(employer)


def test_the_applicant_may_be_named_though_who_was_asked_works_there():
    case = one_scored()
    house = case.declaration.organisation
    expert = build.an_assignment(case).expert
    type(expert).objects.filter(pk=expert.pk).update(employer_name=house.name_en.upper())

    letter = make.saved(make.begun(case), overall=f"{house.name_en} runs it well.")
    assert writing.remarks_of(letter) == []


def test_points_are_let_stand_by_who_read_the_remark_and_no_other_text():
    letter = make.saved(make.begun(), overall="It reached 78 points.")
    with pytest.raises(DomainError, match="It gives points: “78 points”") as refused:
        finish(letter)
    assert refused.value.field == "confirmed"
    with pytest.raises(DomainError, match="It gives points"):
        finish(letter, confirmed=[":points:77 points"])

    done = finish(letter, confirmed=[":points:78 points"])

    assert (done.status, done.confirmed) == ("finished", [":points:78 points"])


def test_what_was_read_before_a_save_is_not_finished():
    letter = make.saved(make.begun())
    make.saved(letter, overall="Another text.")

    with pytest.raises(DomainError, match="Somebody saved the letter meanwhile"):
        finish(letter, revision=letter.revision)


def low_economy(outcome):
    """Return a decided case whose economy is below its minimum."""
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=1)
    build.submit(build.accept(build.an_assignment(case)), 80, economy=40)
    build.decide(case, outcome)
    return build.reread(case)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Decision.Outcome.INCLUDED, []),
        (Decision.Outcome.NOT_INCLUDED, ["economy:silent:"]),
        (Decision.Outcome.DEFERRED, ["economy:silent:"]),
    ],
)
def test_it_speaks_of_what_is_below_its_minimum_where_that_counts(outcome, said):
    letter = make.saved(make.begun(low_economy(outcome)))

    assert [one.key for one in writing.remarks_of(letter)] == said
    spoken = make.saved(letter, economy="Too dear.")
    assert writing.remarks_of(spoken) == []


# With the release -----------------------------------------------------------------------------


def test_without_a_letter_the_release_goes_on_with_the_statement_alone():
    assert build.released_case(experts_wanted=1).status == CaseStatus.PUBLICITY


@pytest.mark.parametrize("outcome", Decision.Outcome.values)
def test_a_letter_that_is_begun_holds_the_release_up_until_it_is_finished_or_discarded(outcome):
    case = one_scored()
    letter = make.begun(case)
    build.decide(case, outcome)

    with pytest.raises(DomainError, match=r"begun and not finished\. Finish or discard"):
        build.release(case)
    step = reverse("admin:evaluation_case_step", args=[case.pk, "release"])
    page = text(accounts.signed_in(accounts.second_officer()).get(step))
    assert "<dt>Still missing</dt><dd>The feedback letter is begun and not finished." in page

    LETTERS.perform("discard", letter.pk, actor=accounts.officer())
    build.release(case)
    assert status_of(letter) == "discarded"
    with pytest.raises(DomainError, match="released already"):
        LETTERS.perform("reopen", letter.pk, actor=accounts.officer())


def test_it_is_handed_out_with_the_release_and_its_hash_is_in_the_audit():
    letter = make.finished(**make.TEXTS)
    build.decide(letter.case, Decision.Outcome.NOT_INCLUDED)

    build.release(letter.case)

    letter.refresh_from_db()
    act = AuditEntry.objects.get(act="feedback letter.hand_out")
    assert writing.document_of(letter) == {
        "letter": str(letter.pk),
        "declaration": letter.case.declaration.number,
        "outcome": "not_included",
        "passages": [
            {"dimension": "advanced", "text": make.TEXTS["advanced"]},
            {"dimension": "economy", "text": make.TEXTS["economy"]},
        ],
        "overall": make.OVERALL,
    }
    assert letter.status == "handed_out"
    assert act.details == {"content_hash": letter.content_hash}
    assert letter.content_hash == content_hash(writing.document_of(letter))
    assert act.actor is None


def test_a_letter_finished_before_the_decision_is_held_against_it():
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=1)
    build.submit(build.accept(build.an_assignment(case)), 80, economy=40)
    letter = make.finished(make.begun(case))
    build.decide(case, Decision.Outcome.NOT_INCLUDED)

    with pytest.raises(DomainError, match="read once more: Economy: It says nothing, and this"):
        build.release(case)

    LETTERS.perform("reopen", letter.pk, actor=accounts.officer())
    make.finished(letter)
    build.release(case)
    assert status_of(letter) == "handed_out"


@pytest.mark.parametrize("step", ["send_back", "unsettle"])
def test_a_decision_taken_back_reopens_the_letter(step):
    letter = make.finished()
    build.decide(letter.case)
    if step == "send_back":
        perform_case(
            "send_back", letter.case_id, actor=accounts.second_officer(), reason="Look again."
        )
    else:
        build.exclude(build.an_assignment(letter.case).sheet)

    assert status_of(letter) == "writing"
    assert AuditEntry.objects.get(act="feedback letter.reopen").actor is None


def test_further_opinions_reopen_the_letter():
    letter = make.finished()
    perform_case(
        "ask_further", letter.case_id, actor=accounts.officer(), reason="In doubt.", more=1
    )

    assert status_of(letter) == "writing"


# By raw SQL -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"overall": "Another."},
        {"passages": {}},
        {"content_hash": "0" * 64},
        {"status": "finished"},
        {"confirmed": []},
    ],
)
def test_what_was_handed_out_never_changes(change):
    rows = FeedbackLetter.objects.filter(pk=make.letter("handed_out").pk)

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        rows.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        rows.delete()


def test_what_was_finished_is_not_rewritten_and_nothing_is_handed_out_before_the_release():
    letter = make.finished()
    rows = FeedbackLetter.objects.filter(pk=letter.pk)

    with pytest.raises(InternalError), transaction.atomic():
        rows.update(overall="Another.")
    with pytest.raises(IntegrityError, match="no decision was released"), transaction.atomic():
        rows.update(status="handed_out", content_hash="0" * 64, handed_out_at=letter.finished_at)
    with pytest.raises(IntegrityError, match="letter_handed_out"), transaction.atomic():
        rows.update(content_hash="0" * 64)
