"""What every write of evaluation asks first, and records last."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from accounts.models import User
from core import audit, rights


def demand_ever(actor: User | None, right: str, model: type[models.Model]) -> None:
    if not rights.may_ever(actor, right, model):
        raise PermissionDenied(f"{right} {model._meta.model_name}")


def record(
    act: str,
    obj: models.Model,
    actor: User | None,
    details: dict[str, Any] | None = None,
) -> None:
    kind = act.rsplit(".", 1)[0]
    audit.record(act, audit.Subject(kind, obj.pk), actor=actor, details=details)
