"""Rows of the table of rights: activities and declarations."""

from typing import Any

from django.db.models import Model, Q

from accounts.relations import everyone, granted, member
from accounts.roles import Role
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, rule, staff
from submissions.models import (
    Activity,
    Correction,
    Declaration,
    DeclarationScheme,
    DeclarationVersion,
    Translation,
    TranslationVersion,
)
from submissions.states import EDITABLE, FILED, ActivityStatus, Status


def officer_of_filed(user: Any) -> Q | None:
    """Hold the officer's role on what was filed at least once; a withdrawn draft stays unseen."""
    held = granted(Role.OFFICER)(user)
    return None if held is None else held & Q(version__isnull=False)


OBJECTS = (
    ObjectRights(
        "activity",
        Activity,
        relations={Role.ANYONE: everyone, Role.OFFICER: granted(Role.OFFICER)},
        rules=[
            rule(Role.ANYONE, "read", {ActivityStatus.OPEN, ActivityStatus.CLOSED}),
            rule(Role.OFFICER, "read manage add"),
            rule(Role.OFFICER, "edit", {ActivityStatus.PREPARED, ActivityStatus.OPEN}),
            rule(Role.PORTAL, "read manage"),
        ],
    ),
    ObjectRights(
        "scheme",
        DeclarationScheme,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read add"), rule(Role.PORTAL, "read add")],
        state_field="",
    ),
    ObjectRights(
        "declaration",
        Declaration,
        relations={
            Role.VIEWER: member(Role.VIEWER),
            Role.EDITOR: member(Role.EDITOR),
            Role.OWNER: member(Role.OWNER),
            Role.OFFICER: officer_of_filed,
        },
        rules=[
            rule(Role.VIEWER, "read"),
            rule(Role.EDITOR, "add"),
            rule(Role.EDITOR, "edit submit", EDITABLE),
            # After filing too: a translation stands beside what was filed and changes none of it.
            rule(Role.EDITOR, "translate", set(Status) - {Status.REJECTED, Status.WITHDRAWN}),
            rule(Role.OWNER, "withdraw", set(Status) - {Status.ACCEPTED, Status.REJECTED}),
            rule(Role.OFFICER, "read", FILED),
            rule(Role.OFFICER, "check", {Status.SUBMITTED, Status.IN_CHECK}),
        ],
        # Enterprise beats staff on rows of one's own organisation.
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER),
                "declarations of one’s own organisation",
            )
        ],
    ),
    ObjectRights(
        # The text being written; what was confirmed is part of a version.
        "translation",
        Translation,
        relations={Role.VIEWER: member(Role.VIEWER, "declaration__organisation")},
        rules=[rule(Role.VIEWER, "read")],
        state_field="",
    ),
)

# Seen together with what they belong to.
PARTS: dict[type[Model], str] = {
    DeclarationVersion: "declaration",
    Correction: "version",
    TranslationVersion: "version",
}

ADDRESSES: dict[str, Address] = {
    "submissions:activity-list": PUBLIC,
    "submissions:activity-detail": PUBLIC,
    "submissions:declaration-list": ACCOUNT,
    "submissions:declaration-start": ACCOUNT,
    "submissions:declaration-detail": ACCOUNT,
    "submissions:declaration-section": ACCOUNT,
    "submissions:declaration-translation": ACCOUNT,
    "submissions:declaration-check": ACCOUNT,
    "submissions:declaration-receipt": ACCOUNT,
    "submissions:declaration-version": ACCOUNT,
    "submissions:declaration-document": ACCOUNT,
    "submissions:declaration-step": ACCOUNT,
    "submissions:attachment-download": ACCOUNT,
    "admin:submissions_*": staff(Role.OFFICER),
}
