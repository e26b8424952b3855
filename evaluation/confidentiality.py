"""The text an expert signs once in each activity. Another text is another version."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from core.canonical import content_hash
from core.clock import database_now
from core.workflow import Act
from evaluation.models import Assignment, Commitment

VERSION = "1"


def text() -> str:
    """Return the text in the language of the reader."""
    return _(
        "I keep to myself what I read in the declarations of this activity, what others and I "
        "think of them, and who else judges. I use none of it for other ends, give it to nobody, "
        "and delete my copies when the activity ends."
    )


def is_signed(assignment: Assignment) -> bool:
    """Say whether the expert has promised in the activity of the assignment."""
    return of(assignment) is not None


def of(assignment: Assignment) -> Commitment | None:
    """Return what the expert promised in the activity of the assignment."""
    activity = assignment.case.declaration.activity_id
    return Commitment.objects.filter(activity=activity, person=assignment.expert_id).first()


def sign(assignment: Assignment, act: Act) -> None:
    """Keep what was promised, and when; who promised before has promised."""
    _keep(assignment.case.declaration.activity_id, act.actor, act.at)


def promise(activity_id: UUID, person: User) -> None:
    """Keep what a member of a panel promises, who may not have been asked to score."""
    _keep(activity_id, person, database_now())


def has_promised(activity_id: UUID, person: User) -> bool:
    return Commitment.objects.filter(activity=activity_id, person=person.pk).exists()


def _keep(activity_id: UUID, person: User, at: dt.datetime) -> None:
    signed = text()
    Commitment.objects.get_or_create(
        activity_id=activity_id,
        person_id=person.pk,
        defaults={
            "version": VERSION,
            "text": signed,
            "text_hash": content_hash({"version": VERSION, "text": signed}),
            "signed_at": at,
        },
    )
