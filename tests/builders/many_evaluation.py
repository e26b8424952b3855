"""Fifty rows of a kind of evaluation, inserted at once for lists."""

import uuid

from django.utils import timezone

from evaluation.models import (
    AssignmentPlan,
    AvoidanceRequest,
    Clarification,
    ConflictRule,
    Connection,
    FeedbackLetter,
    Objection,
    PanelMeeting,
    Procedure,
    Replacement,
    Verification,
)
from tests.builders import accounts
from tests.builders.many import (
    MANY,
    activities,
    assignments,
    cases,
    declarations,
    organisations,
    users,
)


def connections() -> None:
    """Insert connections of two people, and of a person and an organisation."""
    now, officer = timezone.now(), accounts.officer()
    pairs = zip(users(), organisations(), strict=True)
    Connection.objects.bulk_create(
        Connection(
            kind="kin",
            person=user,
            organisation=one,
            organisation_name="Row",
            source="Row",
            recorded_by=officer,
            recorded_at=now,
        )
        for user, one in pairs
    )


def conflict_rules() -> None:
    ConflictRule.objects.bulk_create(ConflictRule(kind=f"row-{n}") for n in range(MANY))


def avoidances() -> None:
    now, person = timezone.now(), accounts.user()
    AvoidanceRequest.objects.bulk_create(
        AvoidanceRequest(declaration=one, named="Row", reason="Row", asked_by=person, asked_at=now)
        for one in declarations()
    )


def plans() -> list[AssignmentPlan]:
    officer, now = accounts.officer(), timezone.now()
    return AssignmentPlan.objects.bulk_create(
        AssignmentPlan(activity=one, name="Row", asked_by=officer, asked_at=now, seed="row")
        for one in activities()
    )


def panel_meetings() -> None:
    officer, now = accounts.officer(), timezone.now()
    PanelMeeting.objects.bulk_create(
        PanelMeeting(
            activity=one, number=1, title="Row", starts_at=now, prepared_by=officer, prepared_at=now
        )
        for one in activities()
    )


def replacements() -> None:
    now = timezone.now()
    Replacement.objects.bulk_create(
        Replacement(declined=one, plan=plan, owed_at=now)
        for one, plan in zip(assignments(), plans(), strict=True)
    )


def procedures() -> None:
    Procedure.objects.bulk_create(Procedure(activity=one) for one in activities())


def clarifications() -> None:
    Clarification.objects.bulk_create(
        Clarification(assignment=one, question="Why?", asked_at=timezone.now())
        for one in assignments()
    )


def objections() -> None:
    """Insert objections that were received: what nobody confirmed is in no list."""
    now, made = timezone.now(), cases()
    rows = Objection.objects.bulk_create(
        Objection(
            case=one,
            name="Row",
            address="row@example.org",
            language="en",
            proposed_kind="formal",
            statement="Row",
            token_hash=uuid.uuid4().hex,
            sent_at=now,
        )
        for one in made
    )
    mine = Objection.objects.filter(pk__in=[one.pk for one in rows])
    mine.update(status="received", received_at=now, due_on=now.date())


def letters() -> None:
    officer, now = accounts.officer(), timezone.now()
    FeedbackLetter.objects.bulk_create(
        FeedbackLetter(case=one, begun_by=officer, begun_at=now, saved_by=officer, saved_at=now)
        for one in cases()
    )


def verifications() -> None:
    officer, now = accounts.officer(), timezone.now()
    Verification.objects.bulk_create(
        Verification(
            case=one,
            kind="defence",
            held_at=now,
            place="Row",
            prepare="Row",
            points=["Row"],
            arranged_by=officer,
            arranged_at=now,
        )
        for one in cases()
    )
