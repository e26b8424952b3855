"""Fifty rows of a kind, inserted at once for lists; nothing else about them is true."""

import datetime as dt
import string
import uuid
from collections.abc import Callable
from itertools import product
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import Membership, Organisation, RoleGrant, User
from accounts.roles import Level, Role
from catalog.models import Batch, Delivery, Destination
from core import audit, outbox
from core.mail import TOPIC
from core.models import ReminderRule, SentReminder, StoredMail
from evaluation.criteria import documents
from evaluation.models import (
    ActivityCriteria,
    Assignment,
    Case,
    CriteriaChange,
    CriteriaDraft,
    CriteriaSet,
    Employment,
    Expert,
    Nomination,
    ScoreSheet,
)
from evaluation.states import SheetStatus
from reference.models import Corridor, Country, Field, Quantity
from submissions.models import (
    Activity,
    Annex,
    Declaration,
    DeclarationScheme,
    DeclarationVersion,
    DemandTheme,
    JointConfirmation,
    Recommendation,
    RuleSet,
    RuleTrial,
    Supporter,
)
from submissions.states import RecommendationStatus, Status
from tests.builders import accounts, catalog, criteria, evaluation, submissions

MANY = 50


def users() -> list[User]:
    made = [User(email=f"row{n}@example.org", name=f"Row {n}") for n in range(MANY)]
    return User.objects.bulk_create(made)


def organisations() -> list[Organisation]:
    country = Country.objects.get(pk="NO")
    kind = Organisation.Kind.ENTERPRISE
    return Organisation.objects.bulk_create(
        Organisation(name_en=f"Row {n}", country=country, kind=kind) for n in range(MANY)
    )


def memberships() -> None:
    pairs = zip(users(), organisations(), strict=True)
    Membership.objects.bulk_create(
        Membership(user=user, organisation=one, level=Level.EDIT) for user, one in pairs
    )


def roles() -> None:
    giver = accounts.system_administrator()
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=Role.EXPERT, granted_by=giver) for user in users()
    )


def schemes() -> None:
    DeclarationScheme.objects.bulk_create(
        DeclarationScheme(code=f"row-{n}", version=1, names={"en": "Row"}, sections=[])
        for n in range(MANY)
    )


def rule_sets() -> None:
    RuleSet.objects.bulk_create(
        RuleSet(code=f"row-{n}", version=1, names={"en": "Row"}, document={"rules": []})
        for n in range(MANY)
    )


def rule_trials() -> None:
    rule_set, officer, now = RuleSet.objects.latest("pk"), accounts.officer(), timezone.now()
    RuleTrial.objects.bulk_create(
        RuleTrial(rule_set=rule_set, activity=one, asked_by=officer, asked_at=now, until=0)
        for one in activities()
    )


def activities() -> list[Activity]:
    now, scheme = timezone.now(), submissions.scheme()
    return Activity.objects.bulk_create(
        Activity(
            code=f"row-{n}",
            titles={"en": f"Row {n}"},
            notices={"en": "Notice"},
            scheme=scheme,
            opens_at=now,
            closes_at=now + dt.timedelta(days=1),
        )
        for n in range(MANY)
    )


def annexes() -> None:
    Annex.objects.bulk_create(
        Annex(activity=one, titles={"en": "Row"}, file="row.pdf", size=1) for one in activities()
    )


def supporters() -> None:
    Supporter.objects.bulk_create(
        Supporter(activity=one, names={"en": "Row"}) for one in activities()
    )


def themes() -> None:
    DemandTheme.objects.bulk_create(
        DemandTheme(activity=one, titles={"en": "Row"}) for one in activities()
    )


def declarations() -> list[Declaration]:
    """Return declarations that were filed, each of another organisation."""
    now, activity, author = timezone.now(), submissions.prepared_activity(), accounts.user()
    rows = Declaration.objects.bulk_create(
        Declaration(activity=activity, organisation=one, language="en", created_by=author)
        for one in organisations()
    )
    versions = DeclarationVersion.objects.bulk_create(
        DeclarationVersion(
            declaration=row,
            number=1,
            content={"sections": submissions.content(f"Row {place}")},
            submitted_at=now,
            submitted_by=author,
        )
        for place, row in enumerate(rows)
    )
    for place, (row, version) in enumerate(zip(rows, versions, strict=True)):
        row.status, row.version, row.submitted_at = Status.SUBMITTED, version, now
        row.number = f"ROW-{place}"
    Declaration.objects.bulk_update(rows, ["status", "version", "submitted_at", "number"])
    return rows


def attachments() -> None:
    draft = submissions.draft()
    one = submissions.attachment(draft)
    submissions.take(draft, "submit", accounts.owner_of(draft.organisation))
    one.refresh_from_db()
    for n in range(MANY - 1):
        one.pk, one.sha256 = uuid.uuid4(), str(n)
        one._state.adding = True
        one.save(force_insert=True)


def recommendations() -> None:
    now = timezone.now()
    rows = Recommendation.objects.bulk_create(
        Recommendation(
            declaration=one,
            unit="A bureau",
            address="bureau@example.org",
            language="en",
            version=one.version,
            token_hash=str(one.pk),
            asked_at=now,
        )
        for one in declarations()
    )
    for row in rows:
        row.status = RecommendationStatus.ASKED
    Recommendation.objects.bulk_update(rows, ["status"])


def joint_confirmations() -> None:
    now = timezone.now()
    JointConfirmation.objects.bulk_create(
        JointConfirmation(
            declaration=one,
            version=one.version,
            place=0,
            name="Partner Ltd",
            address="partner@example.org",
            language="en",
            token_hash=str(one.pk),
            asked_at=now,
        )
        for one in declarations()
    )


def cases() -> list[Case]:
    judged_by = criteria.criteria()
    return Case.objects.bulk_create(
        Case(declaration=row, version=row.version, criteria_set=judged_by, experts_wanted=1)
        for row in declarations()
    )


def assignments() -> list[Assignment]:
    expert, officer = evaluation.expert(), accounts.officer()
    return Assignment.objects.bulk_create(
        Assignment(case=case, expert=expert, invited_by=officer) for case in cases()
    )


def sheets() -> None:
    rows = ScoreSheet.objects.bulk_create(ScoreSheet(assignment=one) for one in assignments())
    for row in rows:
        row.status, row.submitted_at = SheetStatus.SUBMITTED, timezone.now()
    ScoreSheet.objects.bulk_update(rows, ["status", "submitted_at"])


def experts() -> None:
    Expert.objects.bulk_create(Expert(user=user, employer_name="Row") for user in users())


def employments() -> None:
    experts()
    Employment.objects.bulk_create(
        Employment(
            expert=one,
            kind="advisory",
            name="Row",
            source="expert",
            recorded_by=one.user,
            recorded_at=timezone.now(),
        )
        for one in Expert.objects.select_related("user")
    )


def nominations() -> None:
    now, officer = timezone.now(), accounts.officer()
    Nomination.objects.bulk_create(
        Nomination(
            name=f"Row {n}",
            address=f"row{n}@example.org",
            language="en",
            nominated_by=officer,
            nominated_at=now,
            token_hash=str(n),
            sent_at=now,
            expires_at=now,
        )
        for n in range(MANY)
    )


def criteria_sets() -> None:
    CriteriaSet.objects.bulk_create(
        CriteriaSet(code=f"row-{n}", version=1, names={"en": "Row"}, gates={}, content_hash=str(n))
        for n in range(MANY)
    )


def criteria_drafts() -> None:
    sealed = criteria.criteria()
    CriteriaDraft.objects.bulk_create(
        CriteriaDraft(document=documents.default(), based_on=sealed) for _n in range(MANY)
    )


def criteria_changes() -> None:
    """Insert one proposed change for each of many activities."""
    sealed, newer = criteria.criteria(), criteria.next_version(gates__recommended="85")
    author = accounts.officer()
    CriteriaChange.objects.bulk_create(
        CriteriaChange(
            activity=one, previous=sealed, criteria_set=newer, reason="Why.", proposed_by=author
        )
        for one in activities()
    )


def activity_criteria() -> None:
    judged_by = criteria.criteria()
    ActivityCriteria.objects.bulk_create(
        ActivityCriteria(activity=one, criteria_set=judged_by, experts_wanted=1)
        for one in activities()
    )


def destinations() -> None:
    """Insert destinations, each with an open batch that failed."""
    rows = Destination.objects.bulk_create(
        Destination(code=f"row-{n}", name=f"Row {n}", kind="lake", location=str(n))
        for n in range(MANY)
    )
    Batch.objects.bulk_create(
        Batch(destination=row, number=1, next_at=timezone.now(), last_error="No space left")
        for row in rows
    )


def deliveries() -> None:
    """Insert deliveries, each in a batch of its own that is done."""
    now, platform = timezone.now(), catalog.platform()
    batches = Batch.objects.bulk_create(
        Batch(destination=platform, number=n + 1, next_at=now, done_at=now) for n in range(MANY)
    )
    Delivery.objects.bulk_create(
        Delivery(
            destination=platform,
            aggregateid=uuid.uuid4(),
            type="technology.listed",
            event_id=f"row-{batch.number}",
            payload={},
            seq=1,
            content_hash="",
            state=Delivery.State.DONE,
            batch=batch,
        )
        for batch in batches
    )


def acts() -> None:
    person = accounts.user()
    for number in range(MANY):
        audit.record("thing.done", audit.Subject("thing", number), actor=person)


def mails() -> None:
    StoredMail.objects.bulk_create(
        StoredMail(recipient=f"row{n}@example.org", language="en", template="row", body="")
        for n in range(MANY)
    )


def reminder_rules() -> list[ReminderRule]:
    return ReminderRule.objects.bulk_create(
        ReminderRule(event="activity.closes", days=100 + n, audience="drafting")
        for n in range(MANY)
    )


def reminders() -> None:
    now = timezone.now()
    SentReminder.objects.bulk_create(
        SentReminder(
            rule=one, subject_type="row", subject_id=str(n), due_at=now, recipient="", sent_at=now
        )
        for n, one in enumerate(reminder_rules())
    )


def messages() -> None:
    for number in range(MANY):
        outbox.enqueue(TOPIC, {"id": number})


def vocabulary(model: type[Model], prefix: str) -> Callable[[], None]:
    """Return what adds to a list of the vocabulary that is shorter than a page."""

    def add() -> None:
        letters = product(string.ascii_uppercase, repeat=2)
        codes = [f"{prefix}{a}{b}" for (a, b), _n in zip(letters, range(MANY), strict=False)]
        lower: Any = model is Quantity
        rows = [{"code": code.lower() if lower else code, "names": {"en": code}} for code in codes]
        model._default_manager.bulk_create([model(**row) for row in rows])

    return add


fields = vocabulary(Field, "Q")
corridors = vocabulary(Corridor, "QQ")
quantities = vocabulary(Quantity, "q")
