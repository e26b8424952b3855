"""Tokens of programs: made by an administrator, shown once, kept as a hash only."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import ApiToken
from catalog.states import TokenStatus
from core import audit, rights
from core.clock import PortalNow, database_now
from core.errors import DomainError

PREFIX = "tpp_"  # so that a token that got out is known as one of this portal’s
LONGEST_DAYS = 731  # two years


@transaction.atomic
def issue(
    *, name: str, scopes: Collection[str], per_minute: int, expires_on: dt.date, actor: Any
) -> tuple[ApiToken, str]:
    """Make a token; return its row and the token itself, which nobody can read again."""
    if not rights.may_ever(actor, "add", ApiToken):
        raise PermissionDenied("add on program token")
    today = timezone.localdate(database_now())
    if not today <= expires_on <= today + dt.timedelta(days=LONGEST_DAYS):
        raise DomainError(
            _("A token ends within two years, and not before today."), field="expires_on"
        )
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    made = ApiToken.objects.create(
        name=name,
        hint=secret[: len(PREFIX) + 4],
        hash=hash_of(secret),
        scopes=sorted(scopes),
        per_minute=per_minute,
        expires_on=expires_on,
        made_by=actor,
    )
    audit.record(
        "program token.added",
        audit.subject(made),
        actor=actor,
        details={
            "name": name,
            "scopes": made.scopes,
            "per_minute": per_minute,
            "expires_on": expires_on.isoformat(),
        },
    )
    return made, secret


def hash_of(secret: str) -> str:
    """Return what is kept of a token. It is 256 bits of chance: no slow hash makes it safer."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(authorization: str) -> ApiToken | None:
    """Return the token of a header ``Bearer …`` that holds now; None for any other. One query."""
    scheme, _blank, secret = authorization.partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    rows = ApiToken.objects.visible_to(None).filter(status=TokenStatus.ACTIVE)
    today = TruncDate(PortalNow())
    return rows.filter(hash=hash_of(secret), expires_on__gte=today).first()
