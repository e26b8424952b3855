"""The expert pool: applying, the profile, the history that stays, days away, erasure."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts import erasure, personal
from accounts.roles import Role
from core.clock import database_now
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from evaluation.models import Absence, Assignment, Employment, Expert, House, Tie
from evaluation.pool import employments, profiles
from evaluation.pool.states import ExpertStatus
from evaluation.pool.workflow import EXPERTS
from reference.models import Field
from tests.builders import accounts, clock
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 5, 20, 4, tzinfo=dt.UTC)  # noon in Beijing
MAY = dt.date(2026, 5, 1)


@pytest.fixture(autouse=True)
def _clock():
    clock.stop(NOON)


def fresh(expert):
    return Expert.objects.get(pk=expert.pk)


def take(step, expert, actor, **given):
    return EXPERTS.perform(step, expert.pk, actor=actor, **given)


def a_case(**given):
    """Return a case of an activity that is open by the machine's own clock."""
    now = database_now()
    clock.tick()
    made = build.case(**given)
    clock.stop(now)
    return made


# Applying -------------------------------------------------------------------------------


def test_who_applies_is_in_no_list_and_has_no_role_before_an_officer_decides():
    expert = build.applicant(keywords=["膜", " membrane  reactor ", "膜"], works_since=2010)

    assert (expert.status, len(expert.user.roles)) == ("applied", 0)
    assert fresh(expert).keywords == ["膜", "membrane reactor"]
    assert not Expert.objects.available().exists()
    take("enrol", expert, accounts.officer())

    assert (fresh(expert).status, fresh(expert).renewed_until) == ("enrolled", dt.date(2027, 5, 20))
    assert fresh(expert).user.roles == {Role.EXPERT}
    assert list(Expert.objects.available()) == [expert]
    assert list(build.mails_to(expert.user)) == ["expert_enrolled"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"employment": {"name": " "}}, "employer_name"),
        ({"employment": {"name": "A", "since": dt.date(2026, 6, 1)}}, "employer_since"),
        (
            {"employment": {"name": "A", "since": MAY, "until": dt.date(2026, 4, 1)}},
            "employer_until",
        ),
        ({"fields": []}, "fields"),
        ({"keywords": ["x" * 61]}, "keywords"),
        ({"keywords": [str(n) for n in range(31)]}, "keywords"),
        ({"cap": 0}, "cap"),
        ({"works_since": 1066}, "works_since"),
        ({"title": "x" * 101}, "title"),
    ],
)
def test_an_application_that_cannot_be_is_refused_at_its_field(given, field):
    values = {
        "employment": {"name": "An institute"},
        "fields": Field.objects.filter(pk="WAT"),
        **given,
    }

    with pytest.raises(DomainError) as refusal, transaction.atomic():
        profiles.apply(actor=accounts.user(), **values)

    assert refusal.value.field == field
    assert not Expert.objects.exists()


def test_nobody_applies_twice_and_an_officer_does_not_decide_on_herself():
    officer = accounts.officer()
    mine = build.applicant(user=officer)

    with pytest.raises(DomainError, match="You are in the pool already"):
        build.applicant(user=officer)
    for step in ("enrol", "refuse"):
        with pytest.raises(PermissionDenied):
            take(step, mine, officer, reason="Because.")


def test_who_was_refused_reads_why_and_can_apply_again():
    expert = build.applicant(employer_name="An institute")
    take("refuse", expert, accounts.officer(), reason="Three years in the field.")

    assert fresh(expert).status_reason == "Three years in the field."
    assert "Three years in the field." in StoredMail.objects.get(template="expert_refused").body
    again = build.applicant(user=expert.user, employer_name="An institute", title="Researcher")

    assert (again.status, again.title, again.status_reason) == ("applied", "Researcher", "")
    assert again.employments.count() == 1


def test_an_advisory_role_does_not_stand_in_for_the_employer():
    expert = build.applicant(employer_name="First")
    officer = accounts.officer()
    employments.add(expert.pk, actor=officer, kind="advisory", name="Board", since=None)
    first = expert.employments.get(name="First")
    employments.correct(first.pk, actor=officer, reason="Never there.", mistaken=True)
    with pytest.raises(DomainError, match="Name the employer"):
        take("enrol", expert, officer)
    take("refuse", expert, officer, reason="No employer.")

    again = build.applicant(user=expert.user, employer_name="BOARD")
    take("enrol", again, officer)

    assert fresh(expert).employer_name == "BOARD"
    assert [one.kind for one in expert.employments.filter(mistaken=False, name="BOARD")] == [
        "employed"
    ]


# The profile ----------------------------------------------------------------------------


def test_the_audit_keeps_of_a_profile_what_assigning_depends_on_and_nothing_personal():
    expert = build.expert()

    profiles.edit(
        expert.pk,
        actor=expert.user,
        title="Academician",
        fields=Field.objects.filter(pk="AIR"),
        languages=["zh-hans"],
        cap=3,
    )

    act = AuditEntry.objects.get(act="expert.edited")
    assert act.actor == expert.user
    assert act.details == {
        "cap": [None, 3],
        "fields": [["WAT"], ["AIR"]],
        "title": [],
        "languages": [],
    }


def test_a_profile_is_edited_by_the_person_and_by_officers_only():
    expert = build.expert()
    for stranger in (accounts.user(), build.expert().user, accounts.system_administrator()):
        with pytest.raises(PermissionDenied):
            profiles.edit(expert.pk, actor=stranger, title="Academician")

    profiles.edit(expert.pk, actor=accounts.officer(), title="Dr")

    assert fresh(expert).title == "Dr"


@pytest.mark.parametrize("gone", ["refused", "removed", "left"])
def test_who_is_not_in_the_pool_edits_nothing(gone):
    expert = build.applicant() if gone == "refused" else build.expert()
    step = {"refused": "refuse", "removed": "remove", "left": "leave"}[gone]
    actor = expert.user if gone == "left" else accounts.officer()
    take(step, expert, actor, reason="Because.")

    with pytest.raises(PermissionDenied):
        profiles.edit(expert.pk, actor=expert.user, title="Academician")
    with pytest.raises(PermissionDenied):
        employments.add(expert.pk, actor=expert.user, kind="advisory", name="A", since=None)


# The history ----------------------------------------------------------------------------


def test_a_new_employment_ends_the_one_before_it_and_no_tie_is_shed():
    old, new = accounts.organisation(), accounts.organisation()
    expert = build.expert(employer=old)

    employments.add(
        expert.pk, actor=expert.user, kind="employed", name="", organisation=new, since=MAY
    )

    assert fresh(expert).employer == new
    assert fresh(expert).employer_name == new.name
    assert [(one.organisation, one.until) for one in expert.employments.all()] == [
        (new, None),
        (old, dt.date(2026, 5, 31)),
    ]
    tied = Tie.objects.filter(user_id=expert.pk).values_list("organisation_id", flat=True)
    assert set(tied) == {old.pk, new.pk}
    assert set(
        House.objects.filter(user_id=expert.pk).values_list("organisation_id", flat=True)
    ) == {new.pk}


def test_who_has_no_employer_stays_tied_to_the_last_one():
    last = accounts.organisation()
    expert = build.expert(employer=last)

    employments.end(expert.employments.get().pk, actor=expert.user, until=MAY)

    assert expert.employments.get().until == dt.date(2026, 5, 31)
    assert fresh(expert).employer == last


def test_an_expert_cannot_say_that_something_ended_before_they_said_that_it_goes_on():
    expert = build.expert()
    row = expert.employments.get()

    with pytest.raises(DomainError, match="You confirmed in May 2026 that this goes on") as refusal:
        employments.end(row.pk, actor=expert.user, until=dt.date(2026, 4, 1))
    assert refusal.value.field == "until"
    with pytest.raises(DomainError, match="The expert confirmed in May 2026 that this goes on"):
        employments.end(row.pk, actor=accounts.officer(), until=dt.date(2026, 4, 1))

    clock.stop(NOON + dt.timedelta(days=90))
    take("renew", expert, expert.user, confirmed=True)
    with pytest.raises(DomainError, match="You confirmed in August 2026"):
        employments.end(row.pk, actor=expert.user, until=dt.date(2026, 7, 1))
    with pytest.raises(DomainError, match="This month lies ahead"):
        employments.end(row.pk, actor=expert.user, until=dt.date(2026, 9, 1))


def test_only_an_officer_corrects_the_history_and_says_why():
    expert = build.expert()
    row = expert.employments.get()
    officer = accounts.officer()

    with pytest.raises(PermissionDenied):
        employments.correct(row.pk, actor=expert.user, reason="Wrong.", mistaken=True)
    with pytest.raises(DomainError, match="Please give a reason"):
        employments.correct(row.pk, actor=officer, reason=" ", mistaken=True)
    employments.correct(
        row.pk, actor=officer, reason="A typing error.", until=dt.date(2020, 2, 1), name="Other"
    )

    row.refresh_from_db()
    assert (row.name, row.until) == ("Other", dt.date(2020, 2, 29))
    act = AuditEntry.objects.get(act="expert.employment_corrected")
    assert (act.reason, act.details) == (
        "A typing error.",
        {"employment": row.pk, "name": [], "until": [None, "2020-02-29"]},
    )


def test_an_officer_does_not_correct_her_own_history():
    officer = accounts.officer()
    mine = build.expert(user=officer)

    with pytest.raises(PermissionDenied):
        employments.correct(mine.employments.get().pk, actor=officer, reason="x", mistaken=True)


def test_postgresql_deletes_nothing_of_a_history_and_knows_one_present_employment():
    row = build.expert().employments.get()

    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        row.delete()
    row.pk = None
    with pytest.raises(DatabaseError, match="one_present"), transaction.atomic():
        row.save()


def test_a_row_entered_by_mistake_binds_no_longer_and_stays():
    wrong = accounts.organisation()
    expert = build.expert(employer=wrong)

    employments.correct(
        expert.employments.get().pk, actor=accounts.officer(), reason="Namesake.", mistaken=True
    )

    assert (fresh(expert).employer, fresh(expert).employer_name) == (None, "")
    assert Employment.objects.get().mistaken


# Days away, and the cap -----------------------------------------------------------------


def test_who_is_away_is_not_asked():
    expert = build.expert()
    absence = profiles.be_away(
        expert.pk, actor=expert.user, from_on=dt.date(2026, 5, 20), until_on=dt.date(2026, 5, 20)
    )

    assert not Expert.objects.available().exists()
    with pytest.raises(DomainError, match="not available"):
        build.assign(a_case(), expert)
    clock.stop(NOON + dt.timedelta(hours=12, seconds=1))  # midnight in Beijing
    assert list(Expert.objects.available().filter(pk=expert.pk)) == [expert]
    profiles.be_back(absence, actor=expert.user)

    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [(20, 19, "cannot end before it begins"), (1, 19, "have passed")],
)
def test_days_away_lie_ahead(first, last, why):
    expert = build.expert()

    with pytest.raises(DomainError, match=why):
        profiles.be_away(
            expert.pk,
            actor=expert.user,
            from_on=dt.date(2026, 5, first),
            until_on=dt.date(2026, 5, last),
        )


def test_nobody_is_asked_beyond_what_they_want_at_a_time():
    expert = build.expert(cap=1)
    case = a_case()
    build.assign(a_case(), expert)

    with pytest.raises(DomainError, match="as many open assignments as they want"):
        build.assign(case, expert)
    sheet = build.accept(Assignment.objects.get(expert=expert))
    build.submit(sheet)
    build.assign(case, expert)

    assert Assignment.objects.filter(expert=expert).count() == 2


# The person's data ----------------------------------------------------------------------


def test_an_erased_expert_leaves_the_pool_and_nothing_tells_who_it_was():
    expert = build.expert(
        employer_name="Canary House",
        title="Canary title",
        keywords=["canary"],
        biography="Canary line",
        statement="Canary reason",
        works_since=1999,
    )
    profiles.be_away(expert.pk, actor=expert.user, from_on=MAY, until_on=dt.date(2026, 6, 1))
    held = personal.export(expert.user)
    assert held["expert_profile"]["about"] == "Canary line"
    assert [one["name"] for one in held["expert_history"]] == ["Canary House"]

    erasure.erase(expert.user.pk, actor=expert.user)

    assert fresh(expert).status == ExpertStatus.LEFT
    left = repr((Expert.objects.values().get(), list(Employment.objects.values())))
    assert "anary" not in left
    assert "1999" not in left
    assert not Absence.objects.exists()
