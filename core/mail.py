"""Mail: written and stored when it happens, sent by a worker later.

A template is a pair ``templates/mail/<name>.subject.txt`` and ``<name>.txt``; it is rendered in
the reader's language at once, so that what was promised is what is sent.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.template import Context, Engine
from django.utils import translation

from core import outbox
from core.models import StoredMail

TOPIC = "core.mail"
FOOTER = "_footer.txt"
_protected: set[str] = set()


def protect(*templates: str) -> None:
    """Hide from the staff to whom mails of these went; called once, from an app's ready()."""
    _protected.update(templates)


def protected() -> frozenset[str]:
    return frozenset(_protected)


@transaction.atomic
def write(  # noqa: PLR0913 -- what a mail is made of, by name
    template: str,
    *,
    to: str,
    language: str,
    context: dict[str, Any] | None = None,
    secret: bool = False,
    key: UUID | None = None,
    named: dict[str, list[str]] | None = None,
    unsubscribe: str = "",
) -> StoredMail:
    """Render a mail, store it and owe its sending, in the transaction of what it reports.

    ``key``: the mail's own; written again, by a task that runs twice, it is the same mail.
    ``named``: whom else it tells its reader of, by account, and by which words.
    ``unsubscribe``: the address at which a mail program ends mails like this.
    """
    values = {**(context or {}), "origin": settings.PORTAL_ORIGIN, "demonstration": settings.DEMO}
    with translation.override(language):
        subject = " ".join(_text(f"{template}.subject.txt", values).split())
        body = _text(f"{template}.txt", values).strip()
        footer = _text(FOOTER, values).strip()
    return store(
        to=to,
        language=language,
        template=template,
        subject=subject,
        body=f"{body}\n\n{footer}\n",
        secret=secret,
        key=key,
        named=named,
        unsubscribe=unsubscribe,
    )


def written_of(keys: Iterable[UUID]) -> set[UUID]:
    """Return those of the keys whose mail is written."""
    return set(StoredMail.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _text(name: str, values: dict[str, Any]) -> str:
    """Render plain text: an ampersand in a name stays one."""
    template = Engine.get_default().get_template(f"mail/{name}")
    return template.render(Context(values, autoescape=False))


@transaction.atomic
def store(  # noqa: PLR0913 -- the columns of one row, by name
    *,
    to: str,
    language: str,
    template: str,
    subject: str,
    body: str,
    secret: bool,
    key: UUID | None = None,
    named: dict[str, list[str]] | None = None,
    unsubscribe: str = "",
) -> StoredMail:
    columns = {
        "recipient": to,
        "language": language,
        "template": template,
        "subject": subject[:250],
        "body": body,
        "secret": secret,
        "named": named or {},
        "unsubscribe": unsubscribe,
    }
    if key is None:
        mail, is_new = StoredMail.objects.create(**columns), True
    else:
        mail, is_new = StoredMail.objects.get_or_create(pk=key, defaults=columns)
    if is_new:
        outbox.enqueue(TOPIC, {"mail": str(mail.pk)})
    return mail


def send(payload: dict[str, Any]) -> None:
    """Send one stored mail. Sent again after a crash between sending and noting, not otherwise."""
    mail = StoredMail.objects.get(pk=payload["mail"])
    if mail.sent_at:
        return
    EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient],
        headers=_headers(mail),
    ).send()
    # A link that lets someone in is not kept; the demonstration has a page that shows it.
    kept = {} if settings.DEMO or not mail.secret else {"body": "", "unsubscribe": ""}
    StoredMail.objects.filter(pk=mail.pk, sent_at=None).update(sent_at=Now(), **kept)


def _headers(mail: StoredMail) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{mail.pk}@technology-pool>",
        "Content-Language": mail.language,
    }
    if mail.unsubscribe:  # both, or a program asks its reader to open the page
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
