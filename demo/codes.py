"""The one-time codes of the demo logins, as an authenticator app would show them now."""

import time
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from accounts.models import User
from demo import people
from demo.people import Login


@dataclass(frozen=True, slots=True)
class Credentials:
    """All one needs to sign in as somebody, now; ``code`` is empty where none is asked for."""

    login: Login
    email: str
    password: str
    code: str


def credentials(at: float | None = None) -> list[Credentials]:
    """Return the logins that exist, in order, with the codes of the moment ``at`` (Unix time)."""
    emails = [login.person.email for login in people.LOGINS]
    users = {user.email: user for user in User.objects.filter(email__in=emails)}
    secrets = {
        row.user_id: decrypt(row.data["secret"])
        for row in Authenticator.objects.filter(
            user__in=users.values(), type=Authenticator.Type.TOTP
        )
    }
    moment = time.time() if at is None else at
    return [
        Credentials(login, user.email, people.PASSWORD, _code(secrets.get(user.pk), moment))
        for login in people.LOGINS
        if (user := users.get(login.person.email))
    ]


def seconds_left(at: float | None = None) -> int:
    """Return for how long the codes of the moment ``at`` are still taken."""
    period: int = app_settings.TOTP_PERIOD
    return period - int(time.time() if at is None else at) % period


def _code(secret: str | None, at: float) -> str:
    if secret is None:
        return ""
    counter = int(at) // app_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(secret, counter)))
