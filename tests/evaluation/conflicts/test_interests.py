"""What an expert says of conflicts before the content opens, and what follows from it."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.canonical import content_hash
from core.errors import DomainError
from core.models import StoredMail
from evaluation import confidentiality
from evaluation.conflicts import interests
from evaluation.models import Assignment, Commitment, ConflictCheck
from evaluation.states import AssignmentStatus
from evaluation.workflow import perform_assignment
from submissions.models import Declaration
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders.joint import PARTNER
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment():
    return build.assign(build.case())[0]


def answer(assignment, step="accept", **given):
    return perform_assignment(step, assignment.pk, actor=assignment.expert.user, **given)


def test_an_answer_is_kept_with_what_was_shown(assignment):
    answer(assignment, **build.PROMISES)

    (check,) = ConflictCheck.objects.all()
    declaration = assignment.case.declaration
    house = declaration.organisation
    assert (check.assignment, check.answer, check.text) == (assignment, "none", "")
    assert check.shown == {
        "number": declaration.number,
        "title": declaration.title,
        "organisations": [name for name in (house.name_en, house.name_zh) if name],
    }


def test_joint_applicants_are_named_before_the_answer():
    document = submissions.content()
    document["applicant"]["joint"] = [PARTNER]
    draft = submissions.draft(document=document)
    submissions.take(draft, "submit", accounts.owner_of(draft.organisation))

    named = interests.shown(Declaration.objects.get(pk=draft.pk))["organisations"]

    assert named[-1] == PARTNER["name_zh"] or named[-1] == PARTNER["name_en"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "no_conflict"),
        ({"confidential": True}, "no_conflict"),
        ({"no_conflict": "on", "confidential": True}, "no_conflict"),
        ({"no_conflict": True}, "confidential"),
    ],
)
def test_without_both_words_nothing_opens(assignment, given, field):
    with pytest.raises(DomainError) as refused:
        answer(assignment, **given)

    assert refused.value.field == field
    assert not Declaration.objects.visible_to(assignment.expert.user).exists()
    assert not ConflictCheck.objects.exists()
    assert not Commitment.objects.exists()


def test_confidentiality_is_promised_once_in_an_activity():
    activity = build.activity(experts_wanted=1)
    expert = build.expert()
    first, second = (
        build.assign(build.case(activity=activity, experts_wanted=1), expert)[0] for _n in range(2)
    )
    (elsewhere,) = build.assign(build.case(), expert)

    answer(first, **build.PROMISES)
    answer(second, no_conflict=True)
    with pytest.raises(DomainError):
        answer(elsewhere, no_conflict=True)

    (promise,) = Commitment.objects.all()
    assert (promise.activity, promise.person, promise.version) == (activity, expert.user, "1")
    assert promise.text == confidentiality.text()
    assert promise.text_hash == content_hash({"version": "1", "text": promise.text})


def test_a_declared_conflict_declines_with_its_reason_and_tells_the_officer(assignment):
    answer(assignment, "recuse", reason="My brother works there.")

    assignment.refresh_from_db()
    (check,) = ConflictCheck.objects.all()
    mail = StoredMail.objects.get(template="assignment_conflict")
    assert (assignment.status, assignment.reason) == ("declined", "My brother works there.")
    assert (check.answer, check.text) == ("conflict", "My brother works there.")
    assert mail.recipient == assignment.invited_by.email
    assert "My brother works there." in mail.body
    assert not Declaration.objects.visible_to(assignment.expert.user).exists()


def test_a_conflict_found_while_scoring_takes_the_content_away(assignment):
    build.accept(assignment)
    before = Declaration.objects.visible_to(assignment.expert.user).exists()

    answer(assignment, "recuse", reason="I see my own patent.")

    found = list(ConflictCheck.objects.order_by("pk").values_list("answer", flat=True))
    assert (before, Declaration.objects.visible_to(assignment.expert.user).exists()) == (
        True,
        False,
    )
    assert found == ["none", "conflict"]


def test_once_the_sheet_is_in_a_conflict_is_a_late_one(assignment):
    build.submit(build.accept(assignment))

    with pytest.raises(DomainError):
        answer(assignment, "recuse", reason="Late.")


def test_nobody_answers_for_another(assignment):
    for person in (accounts.officer(), build.expert().user, accounts.user()):
        for step in ("accept", "recuse"):
            with pytest.raises(PermissionDenied):
                perform_assignment(step, assignment.pk, actor=person, reason="x", **build.PROMISES)


def test_who_joined_the_applicant_meanwhile_cannot_answer(assignment):
    house = assignment.case.declaration.organisation_id
    add_member(house, assignment.expert.user, Level.VIEW, actor=None)

    with pytest.raises(PermissionDenied):
        answer(assignment, **build.PROMISES)


# Evidence ------------------------------------------------------------------------------------


def refused(statement, *values):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


@pytest.mark.parametrize("table", ["conflictcheck", "commitment"])
def test_what_was_said_is_neither_changed_nor_deleted(assignment, table):
    build.accept(assignment)
    column = {"conflictcheck": "text", "commitment": "version"}[table]

    assert refused(f"UPDATE evaluation_{table} SET {column} = 'x'") != ""  # noqa: S608 -- ours
    assert refused(f"DELETE FROM evaluation_{table}") != ""  # noqa: S608 -- ours


ACCEPT = "UPDATE evaluation_assignment SET status = 'accepted', committed_at = now() WHERE id = %s"


def test_the_database_opens_nothing_without_an_answer_and_a_promise(assignment):
    other = build.assign(build.case(activity=assignment.case.declaration.activity))[0]
    first = refused(ACCEPT, assignment.pk)
    ConflictCheck.objects.create(
        assignment=assignment, answer="conflict", answered_at=assignment.invited_at
    )
    declared = refused(ACCEPT, assignment.pk)
    ConflictCheck.objects.create(
        assignment=assignment, answer="none", answered_at=assignment.invited_at
    )
    unpromised = refused(ACCEPT, assignment.pk)
    build.accept(other)  # another person, the same activity
    others = refused(ACCEPT, assignment.pk)
    Commitment.objects.create(
        activity=assignment.case.declaration.activity,
        person=assignment.expert.user,
        signed_at=assignment.invited_at,
    )

    sentence = "assignment: accepted before it was answered"
    assert [first, declared, unpromised, others] == [sentence] * 4
    assert refused(ACCEPT, assignment.pk) == ""


def test_the_evidence_is_the_experts_and_the_officers_without_a_conflict(assignment):
    build.accept(assignment)
    officer, tied = accounts.officer(), accounts.officer()
    add_member(assignment.case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    people = {
        "expert": assignment.expert.user,
        "officer": officer,
        "tied": tied,
        "other": build.expert().user,
        "owner": accounts.owner_of(assignment.case.declaration.organisation),
    }

    found = {
        who: (
            ConflictCheck.objects.visible_to(one).count(),
            Commitment.objects.visible_to(one).count(),
        )
        for who, one in people.items()
    }

    assert found == {
        "expert": (1, 0),
        "officer": (1, 1),
        "tied": (0, 0),
        "other": (0, 0),
        "owner": (0, 0),
    }


# Pages ---------------------------------------------------------------------------------------


def address(name, assignment, *more):
    return reverse(f"evaluation:{name}", args=[assignment.pk, *more])


def test_the_invitation_asks_for_the_promise_once():
    activity, expert = build.activity(experts_wanted=1), build.expert()
    first, second = (
        build.assign(build.case(activity=activity, experts_wanted=1), expert)[0] for _n in range(2)
    )
    client = accounts.signed_in(expert.user)
    asked = client.get(address("invitation", first)).content.decode()
    client.post(
        address("invitation-step", first, "accept"), {"no_conflict": "on", "confidential": "on"}
    )

    page = client.get(address("invitation", second)).content.decode()
    client.post(address("invitation-step", second, "accept"), {"no_conflict": "on"})

    assert 'name="confidential"' in asked
    assert "I keep to myself what I read" in asked
    assert 'name="confidential"' not in page
    assert Assignment.objects.filter(status=AssignmentStatus.ACCEPTED).count() == 2


def test_a_conflict_is_declared_on_the_page(assignment):
    client = accounts.signed_in(assignment.expert.user)
    without = client.post(address("invitation-step", assignment, "recuse"), {"reason": " "})

    done = client.post(
        address("invitation-step", assignment, "recuse"), {"reason": "I hold shares."}, follow=True
    )

    assert "This field is required." in text(without)
    assert "Thank you for saying so." in text(done)
    assert ConflictCheck.objects.get().text == "I hold shares."


def test_nothing_of_the_content_is_on_the_page_before_the_answer(assignment):
    page = accounts.signed_in(assignment.expert.user).get(address("invitation", assignment))

    told = text(page)
    words = set(re.findall(r"Treats leachate|mines|ammonia", told))
    assert words == set()
