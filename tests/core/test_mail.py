"""Mail: in the reader's language, with what was promised, once."""

import pytest
from django.core import mail as server
from django.db import transaction

from core import mail, outbox
from core.models import OutboxMessage, StoredMail

URL = "https://pool.example/reset?a=1&b=2"


def write(**changes) -> StoredMail:
    values = {"to": "a@example.org", "language": "en", "context": {"password_reset_url": URL}}
    return mail.write("account_reset_password", **values | changes)


@pytest.mark.django_db
def test_a_mail_is_stored_as_plain_text_with_the_footer(settings):
    settings.DEMO = False

    stored = write(secret=True)

    assert (stored.recipient, stored.template, stored.secret, stored.sent_at) == (
        "a@example.org",
        "account_reset_password",
        True,
        None,
    )
    assert stored.subject == "Choose a new password"
    assert f"\n\n{URL}\n\n" in stored.body  # an ampersand stays one
    assert stored.body.endswith(
        "-- \nTechnology Pool of the Green Belt and Road\n"
        f"{settings.PORTAL_ORIGIN}\n"
        "This mail was written by the portal. Please do not answer it.\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("demonstration", [True, False])
def test_only_a_mail_of_the_demonstration_says_that_it_is_one(settings, demonstration):
    settings.DEMO = demonstration

    assert ("This is a demonstration of the portal." in write().body) == demonstration


@pytest.mark.django_db
def test_a_name_cannot_break_out_of_the_subject():
    stored = mail.store(
        to="a@example.org", language="en", template="x", subject="x" * 300, body="", secret=False
    )

    assert len(stored.subject) == 250


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_owed_only_if_what_it_reports_is_committed():
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError

    assert (StoredMail.objects.count(), OutboxMessage.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_sent_once_with_a_name_that_tells_copies():
    stored = write(language="zh-hans")

    outbox.deliver_due()
    mail.send({"mail": str(stored.pk)})

    stored.refresh_from_db()
    assert stored.sent_at is not None
    (message,) = server.outbox
    assert (message.to, message.subject, message.body) == (
        ["a@example.org"],
        stored.subject,
        stored.body,
    )
    assert message.extra_headers == {
        "Message-ID": f"<{stored.pk}@technology-pool>",
        "Content-Language": "zh-hans",
    }


@pytest.mark.django_db(transaction=True)
def test_a_mail_the_server_refuses_is_tried_again(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    stored = write()

    outbox.deliver_due()

    stored.refresh_from_db()
    owed = OutboxMessage.objects.get()
    assert (stored.sent_at, owed.delivered_at, owed.attempts) == (None, None, 1)
    assert owed.last_error.startswith("ConnectionRefusedError")
