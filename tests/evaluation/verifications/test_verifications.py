"""Defences and on-site verifications: arranged, answered once, reported; decided afterwards."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import personal
from accounts.roles import Level
from accounts.services import add_member
from core import rights
from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from core.moments import written
from evaluation.models import Verification
from evaluation.states import CaseStatus
from evaluation.verifications import verifying
from evaluation.verifications.verifying import VERIFICATIONS
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.builders import verifications as make
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db


def mails(template):
    rows = StoredMail.objects.filter(template=template).order_by("recipient")
    return list(rows.values_list("recipient", flat=True))


# Arranged -------------------------------------------------------------------------------------


def test_it_is_arranged_and_everybody_is_told_what_is_theirs():
    case = make.scored()
    owner = accounts.owner_of(case.declaration.organisation)
    expert, officer = build.expert(), accounts.officer(name="Visiting Officer")

    row = make.arranged(case, experts=[expert], officers=[officer])

    assert (row.status, row.points, list(row.experts.all())) == ("arranged", make.POINTS, [expert])
    assert mails("verification_arranged") == [owner.email]
    assert mails("verification_called") == sorted([expert.user.email, officer.email])
    mail = StoredMail.objects.get(template="verification_arranged")
    at = written(row.held_at)
    assert f"was arranged: on-site verification, {at}, The plant at Jinan. Please" in mail.body
    assert "Protective clothing for visitors." in mail.body
    for hidden in (str(expert), "Visiting Officer", *make.POINTS):
        assert hidden not in mail.body
    act = AuditEntry.objects.get(act="verification.arranged")
    assert act.details["experts"] == [str(expert.pk)]


@pytest.mark.parametrize(
    ("how", "kind", "said"),
    [
        ({"defence": "none"}, "defence", "This activity asks for no defence."),
        (
            {"site_visit": "none"},
            "site_visit",
            "This activity asks for no on-site verification.",
        ),
    ],
)
def test_what_the_activity_does_not_ask_for_is_not_arranged(how, kind, said):
    with pytest.raises(DomainError) as refused:
        make.arranged(make.scored(**how), kind=kind)

    assert (str(refused.value), refused.value.field) == (said, "kind")


def test_an_activity_of_the_short_road_asks_for_nothing():
    with pytest.raises(DomainError, match="asks for no on-site verification"):
        make.arranged(build.scored_case(experts_wanted=1))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "lunch"}, "kind"),
        ({"held_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "held_at"),
        ({"place": " "}, "place"),
        ({"place": "x" * 401}, "place"),
        ({"prepare": " "}, "prepare"),
        ({"points": [" "]}, "points"),
        ({"points": ["x"] * 21}, "points"),
        ({"points": ["x" * 401]}, "points"),
        ({"officers": []}, "officers"),
        ({"kind": "defence"}, "experts"),
    ],
)
def test_what_cannot_be_arranged_is_said_at_its_field(given, field):
    with pytest.raises(DomainError) as refused:
        make.arranged(**given)

    assert refused.value.field == field
    assert not Verification.objects.exists()


def test_nobody_with_a_conflict_takes_part():
    case = make.scored()
    house = case.declaration.organisation
    tied, away = build.expert(employer=house), build.expert()
    build.away(away)
    officer = accounts.officer()
    add_member(house.pk, officer, Level.VIEW, actor=None)

    with pytest.raises(DomainError, match="cannot take part"):
        make.arranged(case, experts=[tied])
    with pytest.raises(DomainError, match="is not available"):
        make.arranged(case, experts=[away])
    for person in (officer, accounts.user()):
        with pytest.raises(DomainError, match="may not take part"):
            make.arranged(case, officers=[person])
    with pytest.raises(PermissionDenied):
        make.arranged(case, actor=officer)


@pytest.mark.parametrize("status", [CaseStatus.IN_REVIEW, CaseStatus.DECIDED])
def test_it_is_arranged_while_the_case_is_scored(status):
    case = build.case(status, activity=make.activity())

    with pytest.raises(TransitionError, match="scored and not decided"):
        make.arranged(case)


def test_one_of_a_kind_is_open_at_a_time():
    case = make.scored()
    first = make.arranged(case)
    with pytest.raises(DomainError, match=r"arranged already\. Cancel it first"):
        make.arranged(case)
    make.arranged(case, kind="defence", experts=[build.expert()])
    make.cancelled(first)

    assert make.arranged(case).status == "arranged"


def test_who_belongs_to_neither_side_has_no_right_to_it():
    row = make.arranged()
    house = row.case.declaration.organisation
    tied = accounts.officer()
    add_member(house.pk, tied, Level.VIEW, actor=None)
    people = {
        "officer": accounts.officer(),
        "tied officer": tied,
        "viewer": accounts.member(Level.VIEW, house),
        "editor": accounts.member(Level.EDIT, house),
        "expert of the case": build.an_assignment(row.case).expert.user,
        "auditor": accounts.auditor(),
    }

    found = {
        who: sorted(one for one in ("read", "see", "answer", "report") if rights.can(a, one, row))
        for who, a in people.items()
    }

    assert found == {
        "officer": ["read", "report"],
        "tied officer": ["see"],
        "viewer": ["see"],
        "editor": ["answer", "see"],
        "expert of the case": [],
        "auditor": [],
    }


# Answered -------------------------------------------------------------------------------------


def answer(row, answer="agreed", **more):
    owner = accounts.owner_of(row.case.declaration.organisation)
    return VERIFICATIONS.perform("answer", row.pk, actor=owner, answer=answer, **more)


def test_the_enterprise_answers_once_and_who_arranged_it_is_told():
    row = make.arranged()

    done = answer(row, "another", answer_reason="The plant stands still that week.")

    assert (done.status, done.answer) == ("arranged", "another")
    assert mails("verification_answered") == [row.arranged_by.email]
    body = StoredMail.objects.get(template="verification_answered").body
    assert f"(on-site verification, {written(row.held_at)})" in body
    assert "Please name another date." in body
    assert "The plant stands still that week." in body
    with pytest.raises(DomainError, match="can be answered once"):
        answer(row)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"answer": ""}, "answer"), ({"answer": "another"}, "answer_reason")],
)
def test_an_answer_is_complete(given, field):
    with pytest.raises(DomainError) as refused:
        answer(make.arranged(), **given)

    assert refused.value.field == field


def test_a_moment_that_has_passed_is_not_answered():
    with pytest.raises(DomainError, match="has passed"):
        answer(make.held())


# Reported -------------------------------------------------------------------------------------


def test_a_report_is_sealed_and_its_hash_is_in_the_audit():
    expert = build.expert()

    row = make.reported(make.held(experts=[expert]))

    assert row.results == [
        {"point": "The plant runs.", "result": "confirmed", "note": ""},
        {
            "point": "The outlet is measured.",
            "result": "not_seen",
            "note": "The probe was taken out.",
        },
    ]
    row.refresh_from_db()
    assert row.content_hash == content_hash(verifying.document_of(row))
    assert AuditEntry.objects.get(act="verification.report").details == {
        "content_hash": row.content_hash
    }
    for field, value in (
        ("findings", "Another."),
        ("results", []),
        ("place", "x"),
        ("status", "arranged"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Verification.objects.filter(pk=row.pk).update(**{field: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"findings": " "}, "findings"),
        ({"results": [("confirmed", "")]}, "result_1"),
        ({"results": [("lovely", ""), ("confirmed", "")]}, "result_0"),
    ],
)
def test_a_report_is_complete(given, field):
    row = make.held()

    with pytest.raises(DomainError) as refused:
        VERIFICATIONS.perform(
            "report", row.pk, actor=accounts.officer(), **{**make.REPORT, **given}
        )

    assert refused.value.field == field


def test_what_was_not_held_is_not_reported():
    with pytest.raises(DomainError, match="not been held yet"):
        make.reported(make.arranged())


def test_who_was_told_of_it_is_told_that_it_is_cancelled_without_the_reason():
    expert = build.expert()
    row = make.arranged(experts=[expert])
    owner = accounts.owner_of(row.case.declaration.organisation)

    make.cancelled(row)

    assert mails("verification_cancelled") == sorted([owner.email, expert.user.email])
    rows = StoredMail.objects.filter(template="verification_cancelled")
    assert all("The road is closed" not in one.body for one in rows)


# Before the decision --------------------------------------------------------------------------


def test_an_arranged_one_holds_the_decision_up_until_it_is_reported_or_cancelled():
    case = make.scored()
    row = make.held(case)
    with pytest.raises(DomainError, match=r"is arranged\. Report on it or cancel it first"):
        build.decide(case)

    make.reported(row)

    assert build.decide(case).outcome == "included"


def test_a_cancelled_one_holds_nothing_up():
    case = make.scored()
    make.cancelled(make.arranged(case))

    assert build.decide(case).outcome == "included"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("site_visit", "This activity asks for an on-site verification of every declaration."),
        ("defence", "This activity asks for a defence of every declaration."),
    ],
)
def test_what_every_declaration_needs_is_reported_before_the_decision(kind, said):
    case = make.scored(**{kind: "every"})
    with pytest.raises(DomainError) as refused:
        build.decide(case)
    assert str(refused.value) == said
    make.cancelled(make.arranged(case, kind=kind, experts=[build.expert()]))
    with pytest.raises(DomainError, match="of every declaration"):
        build.decide(case)

    make.reported(make.held(case, kind=kind, experts=[build.expert()]))

    assert build.decide(case).outcome == "included"


def test_the_sheets_stay_as_they_are():
    case = make.scored()
    sheet = build.an_assignment(case).sheet
    before = build.sheet_hash(sheet)

    make.reported(make.held(case))

    sheet.refresh_from_db()
    assert (sheet.status, build.sheet_hash(sheet)) == ("submitted", before)


# What is held about a person ------------------------------------------------------------------


def test_the_file_of_an_expert_says_where_one_took_part():
    expert = build.expert()
    row = make.arranged(experts=[expert])

    (told,) = personal.export(expert.user)["appointments"]

    assert (told["id"], told["kind"], told["place"]) == (row.pk, "site_visit", row.place)
    assert personal.export(accounts.user())["appointments"] == []


# Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_an_appointment_at_once_end_with_one_of_them():
    case = make.scored()
    officer, second = accounts.officer(), accounts.second_officer()
    given = make.wanted()

    found = outcomes_of(
        lambda: verifying.arrange(case.pk, given, actor=officer),
        lambda: build.decide(case, actor=second),
    )

    decided = build.reread(case).status == CaseStatus.DECIDED
    assert found in (["DomainError", "done"], ["TransitionError", "done"])
    assert Verification.objects.exists() is not decided


@pytest.mark.django_db(transaction=True)
def test_two_members_answer_at_once_and_one_answer_is_kept():
    row = make.arranged()
    house = row.case.declaration.organisation
    people = [accounts.owner_of(house), accounts.member(Level.EDIT, house)]

    found = outcomes_of(
        *(
            lambda o=one: VERIFICATIONS.perform("answer", row.pk, actor=o, answer="agreed")
            for one in people
        )
    )

    assert found == ["DomainError", "done"]
    assert mails("verification_answered") == [row.arranged_by.email]


@pytest.mark.django_db(transaction=True)
def test_two_officers_arrange_the_same_at_once_and_one_is_told():
    case, given = make.scored(), make.wanted()
    people = [accounts.officer(), accounts.second_officer()]

    found = outcomes_of(
        *(lambda o=one: verifying.arrange(case.pk, given, actor=o) for one in people)
    )

    assert found == ["DomainError", "done"]
    assert Verification.objects.count() == 1


def test_the_clock_of_the_database_says_whether_it_was_held():
    row = make.arranged()
    clock.stop(row.held_at)

    assert make.reported(row).status == "reported"
    assert timezone.now() < row.held_at
