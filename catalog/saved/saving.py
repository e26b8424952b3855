"""Keeping a search: asked for by anybody, confirmed by a link, ended by the same link.

Whoever asks learns nothing of what others keep with that address; the link is signed, so that
every mail can carry it and nothing of it is stored.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.addresses import addresses_of
from accounts.mailboxes import mailbox_of, one_at_a_time
from accounts.models import User
from accounts.personal import Records
from catalog.models import SavedSearch
from catalog.saved import mails
from catalog.version import version_now
from core.clock import PortalNow, database_now
from core.errors import DomainError
from core.models import StoredMail
from evaluation.pool.profiles import each

PERIODS = {
    SavedSearch.Frequency.DAILY: dt.timedelta(days=1),
    SavedSearch.Frequency.WEEKLY: dt.timedelta(days=7),
}
AGAIN = dt.timedelta(hours=1)  # the link that may be lost is not mailed again before
MOST_WAITING = 3  # of one mailbox, not confirmed
MOST = 20  # of one mailbox
LONGEST = 2000  # characters of an address
SPACE = 731034  # of the advisory locks of mailboxes
_signer = signing.Signer(salt="catalog.saved_search")


def token_of(row: SavedSearch) -> str:
    return _signer.sign(str(row.pk))


def by_token(token: str) -> SavedSearch | None:
    """Return what a link leads to; None when it leads nowhere, or no more."""
    try:
        return SavedSearch.objects.filter(pk=UUID(_signer.unsign(token))).first()
    except (signing.BadSignature, ValueError):
        return None


@transaction.atomic
def ask(address: str, query: str, *, frequency: str, language: str) -> None:
    """Keep a search and mail the link that confirms it; until then nothing else is mailed.

    What is kept already, or is too much for one mailbox, is passed over without a word.
    """
    if len(query) > LONGEST:
        raise DomainError(_("This search is too long to be kept. Take some filters away."))
    now, address = database_now(), address.strip().lower()
    mailbox = mailbox_of(address)
    one_at_a_time(mailbox, SPACE)
    theirs = list(SavedSearch.objects.filter(mailbox=mailbox))
    known = next((one for one in theirs if one.query == query), None)
    waiting = sum(one.confirmed_at is None for one in theirs)
    if known is None and (waiting >= MOST_WAITING or len(theirs) >= MOST):
        return
    if known and (known.confirmed_at or now < known.asked_at + AGAIN):
        return
    row = known or SavedSearch(mailbox=mailbox, query=query)
    row.address, row.frequency, row.language, row.asked_at = address, frequency, language, now
    row.save()
    mails.asked(row, token_of(row), days=settings.SAVED_SEARCHES_KEEP_DAYS)


@transaction.atomic
def confirm(pk: UUID) -> None:
    """Let the mails begin: with what is listed from now on."""
    row = SavedSearch.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None or row.confirmed_at:
        return
    row.confirmed_at = database_now()
    row.seen = version_now().change
    row.next_at = row.confirmed_at + PERIODS[SavedSearch.Frequency(row.frequency)]
    row.save(update_fields=["confirmed_at", "seen", "next_at"])


@transaction.atomic
def end(pk: UUID) -> None:
    """Forget a search, and whom its mails went to."""
    row = SavedSearch.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        return
    if not SavedSearch.objects.filter(address=row.address).exclude(pk=pk).exists():
        sent = StoredMail.objects.filter(recipient=row.address, template__in=mails.TEMPLATES)
        sent.update(recipient=f"{pk}@erased.invalid", subject="", body="", unsubscribe="")
    row.delete()


def prune() -> int:
    """Forget what nobody confirmed in time."""
    before = PortalNow() - dt.timedelta(days=settings.SAVED_SEARCHES_KEEP_DAYS)
    rows = SavedSearch.objects.filter(confirmed_at=None, asked_at__lt=before)
    return each(rows.values_list("pk", flat=True), end)


def _of(user: User) -> Any:
    return SavedSearch.objects.filter(address__in=addresses_of(user)).order_by("asked_at", "pk")


def _kept(user: User) -> list[Any]:
    return list(_of(user).values("address", "query", "frequency", "asked_at", "confirmed_at"))


def _forget(user: User) -> None:
    for row in _of(user):
        end(row.pk)


RECORDS = (Records("saved_searches", _kept, erase=_forget),)
