"""What every write here asks and leaves behind: the right, the rules of the row, the act."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction

from accounts.models import Organisation, User
from core import audit, rights
from core.errors import DomainError


def demand(actor: User | None, right: str, obj: models.Model) -> None:
    if not rights.can(actor, right, obj):
        raise PermissionDenied(f"{right} on {obj._meta.model_name} {obj.pk}")


def demand_ever(actor: User | None, right: str, model: type[models.Model]) -> None:
    if not rights.may_ever(actor, right, model):
        raise PermissionDenied(f"{right} {model._meta.model_name}")


def check(obj: models.Model, *, constraints: bool = True) -> None:
    """Refuse what the columns and rules of the row do not take, with the first message.

    Without ``constraints`` the database alone is asked for them, by whoever inserts the row.
    """
    try:
        obj.full_clean(validate_constraints=constraints)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=None if field == NON_FIELD_ERRORS else field) from None


@transaction.atomic
def note(
    act: str,
    user: User,
    *,
    actor: User | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Record what was done to an account. No personal data: the chain is never rewritten."""
    audit.record(
        f"account.{act}",
        audit.subject(user),
        actor=actor,
        reason=reason,
        details=details,
    )


def note_organisation(
    act: str,
    organisation: Organisation,
    *,
    actor: User | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Record what was done to an organisation; of its people the ids only."""
    audit.record(
        f"organisation.{act}",
        audit.Subject("organisation", organisation.pk),
        actor=actor,
        reason=reason,
        details=details,
    )
