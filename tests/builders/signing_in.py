"""What a person does to get in, as her browser sends it."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as configured
from django.test import Client

from accounts.models import User
from core.models import AuditEntry, StoredMail
from tests.builders import accounts as build

LOGIN = "/en/accounts/login/"
SIGNUP = "/en/accounts/signup/"
RESET = "/en/accounts/password/reset/"
AUTHENTICATE = "/en/accounts/2fa/authenticate/"
NEW_PASSWORD = "another-long-and-dull-password"


def registration(**changes: str) -> dict[str, str]:
    return {
        "email": "new@example.org",
        "name": "Ny Person",
        "language": "zh-hans",
        "password1": build.PASSWORD,
        "password2": build.PASSWORD,
    } | changes


def sign_in(client: Client, email: str, password: str = build.PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password} | more)


def give_password_again(client: Client) -> None:
    """Prove once more who one is, as a change of address or password asks."""
    client.post("/en/accounts/reauthenticate/", {"password": build.PASSWORD})


def code(secret: str, steps: int = 0) -> str:
    """Return the code an authenticator app shows now, not one that is about to lapse."""
    if time.time() % 30 > 27:
        time.sleep(3)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def mail_to(email: str) -> StoredMail:
    return StoredMail.objects.filter(recipient=email).latest("created_at")


def link_in(mail: StoredMail) -> str:
    (link,) = re.findall(rf"^{re.escape(configured.PORTAL_ORIGIN)}(/\S+)$", mail.body, re.M)
    return str(link)


def acts_of(person: User) -> list[str]:
    entries = AuditEntry.objects.filter(subject_id=str(person.pk)).order_by("id")
    return [entry.act.removeprefix("account.") for entry in entries]


def prove_again(client: Client) -> None:
    """Type the password once more, as is asked before credentials are changed."""
    client.post("/en/accounts/reauthenticate/", {"password": build.PASSWORD})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def body(response: Any) -> str:
    """Return the page without what differs each time."""
    text = response.content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*|[\w.-]+@example\.org', r"\1", text)
