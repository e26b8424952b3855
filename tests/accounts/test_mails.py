"""The mails of accounts: every one allauth can send has a text of ours."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template import Engine

from accounts.adapters import MAILS, SECRET
from core import mail
from tests.builders import accounts as build

TEMPLATES = Path(allauth.__file__).parent / "templates"
# Ways of signing in that the portal does not offer.
NOT_OFFERED = {
    "account/email/login_code",
    "account/email/password_reset_code",
}
VALUES = {
    "email": "new@example.org",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "old@example.org",
    "activate_url": "https://pool.example/confirm",
    "password_reset_url": "https://pool.example/reset",
    "signup_url": "https://pool.example/register",
    "ip": "203.0.113.9",
}


def test_every_mail_of_allauth_has_a_text_of_ours():
    theirs = {
        str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
        for folder in ("account/email", "mfa/email")
        for path in (TEMPLATES / folder).glob("*_subject.txt")
    }

    assert set(MAILS) == theirs - NOT_OFFERED


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("template", sorted(set(MAILS.values())))
def test_every_mail_reads_well(template, language):
    person = build.user()

    stored = mail.write(
        template,
        to=person.email,
        language=language,
        context=VALUES | {"timestamp": person.joined_at},
    )

    assert stored.subject
    assert not re.search(r"[{}%]|&\w+;|None", stored.body)
    assert not re.search(r"\n{3,}|[ \t]\n(?<!-- \n)", stored.body)
    assert settings.PORTAL_ORIGIN in stored.body


@pytest.mark.parametrize("template", sorted(set(MAILS.values())))
def test_a_mail_with_a_link_that_lets_in_is_secret(template):
    source = Engine.get_default().get_template(f"mail/{template}.txt").source

    lets_in = "activate_url" in source or (
        "password_reset_url" in source and template != "account_exists"
    )
    assert (template in SECRET) == lets_in
    assert "name" not in source  # nobody speaks through the name she registered with
