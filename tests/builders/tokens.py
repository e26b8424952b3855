"""Tokens of programs."""

import datetime as dt
from typing import Any

from django.utils import timezone

from catalog.api import tokens
from catalog.models import ApiToken
from catalog.workflow import TOKENS
from tests.builders import accounts, many

_READ = (ApiToken.Scope.READ,)


def issued(**given: Any) -> tuple[ApiToken, str]:
    """Return a token's row, and the token itself."""
    values: dict[str, Any] = {
        "name": "Partner Ltd",
        "scopes": _READ,
        "per_minute": 100_000,
        "expires_on": timezone.localdate() + dt.timedelta(days=30),
        **given,
    }
    return tokens.issue(actor=accounts.system_administrator(), **values)


def bearer(**given: Any) -> str:
    """Return the header of a new token."""
    _row, secret = issued(**given)
    return f"Bearer {secret}"


def revoke(token: ApiToken) -> None:
    TOKENS.perform("revoke", token.pk, actor=accounts.system_administrator(), reason="It got out.")


def many_tokens() -> None:
    """Insert fifty rows for lists; nobody has these tokens."""
    maker = accounts.system_administrator()
    ApiToken.objects.bulk_create(
        ApiToken(
            name=f"Row {n}",
            hash=f"{n:064}",
            scopes=_READ,
            per_minute=1,
            expires_on=timezone.localdate(),
            made_by=maker,
        )
        for n in range(many.MANY)
    )
