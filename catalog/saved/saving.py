"""Keeping a search: asked for by anybody, confirmed by a link, ended by the same link.

Whoever asks learns nothing of what others keep with that address; the link is signed, so that
every mail can carry it and nothing of it is stored.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
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
A_DAY = dt.timedelta(days=1)
MOST_A_DAY = 3  # links mailed to one mailbox, while nobody confirms them
MOST_WAITING = 3  # of one mailbox, not confirmed
MOST = 20  # of one mailbox
LONGEST = 2000  # characters of an address
ERASED = "@erased.invalid"
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

    What is kept already, or is too much for one mailbox, is passed over without a word: whoever
    knows an address cannot fill its mailbox, nor learn what is kept with it.
    """
    if len(query) > LONGEST:
        raise DomainError(_("This search is too long to be kept. Take some filters away."))
    now, address = database_now(), address.strip().lower()
    mailbox = mailbox_of(address)
    one_at_a_time(mailbox, SPACE)
    theirs = list(SavedSearch.objects.filter(mailbox=mailbox))
    known = next((one for one in theirs if one.query == query), None)
    if _too_many(theirs, now) if known is None else _too_soon(known, now):
        return
    if _mailed(theirs, now) >= MOST_A_DAY:
        return
    row = known or SavedSearch(mailbox=mailbox, query=query, asked_at=now)
    before, row.address = row.address, address
    row.frequency, row.language = frequency, language
    row.mailed_at = [*_since(row, now), now]
    row.save()
    if before not in ("", address):  # the same mailbox by another name
        _erase_mails(before, row.pk)
    mails.asked(row, token_of(row), days=settings.SAVED_SEARCHES_KEEP_DAYS)


def _too_many(theirs: Sequence[SavedSearch], now: dt.datetime) -> bool:
    waiting = sum(one.confirmed_at is None for one in theirs)
    return waiting >= MOST_WAITING or len(theirs) >= MOST


def _too_soon(known: SavedSearch, now: dt.datetime) -> bool:
    """Say whether a link need not be mailed again: it is confirmed, or was mailed just now."""
    return bool(known.confirmed_at) or now < max(known.mailed_at, default=known.asked_at) + AGAIN


def _mailed(theirs: Sequence[SavedSearch], now: dt.datetime) -> int:
    return sum(len(_since(one, now)) for one in theirs if one.confirmed_at is None)


def _since(row: SavedSearch, now: dt.datetime) -> list[dt.datetime]:
    return [at for at in row.mailed_at if at > now - A_DAY]


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
    row.delete()
    _erase_mails(row.address, pk)


def _erase_mails(address: str, pk: UUID) -> None:
    """Take an address out of the mails that went there, unless a search is kept with it."""
    if not SavedSearch.objects.filter(address=address).exists():
        sent = StoredMail.objects.filter(recipient=address, template__in=mails.TEMPLATES)
        sent.update(recipient=f"{pk}{ERASED}", **mails.BLANK)


def prune() -> int:
    """Forget what nobody confirmed in time, and to whom was said that a search is over."""
    each(_told_the_end().values_list("pk", flat=True), _forget_the_end)
    return each(_not_confirmed().values_list("pk", flat=True), _lapse)


def _not_confirmed() -> QuerySet[SavedSearch]:
    # By the first asking: asked again and again, it would stay for ever.
    before = PortalNow() - dt.timedelta(days=settings.SAVED_SEARCHES_KEEP_DAYS)
    return SavedSearch.objects.filter(confirmed_at=None, asked_at__lt=before)


@transaction.atomic
def _lapse(pk: UUID) -> None:
    # It may have been confirmed a moment ago.
    if _not_confirmed().select_for_update(no_key=True).filter(pk=pk).exists():
        end(pk)


def _told_the_end() -> QuerySet[StoredMail]:
    rows = StoredMail.objects.filter(template=mails.OVER, sent_at__isnull=False)
    kept = SavedSearch.objects.values("address")
    return rows.exclude(recipient__endswith=ERASED).exclude(recipient__in=kept)


def _forget_the_end(pk: UUID) -> None:
    _told_the_end().filter(pk=pk).update(recipient=f"{pk}{ERASED}", **mails.BLANK)


def _of(user: User) -> Any:
    return SavedSearch.objects.filter(address__in=addresses_of(user)).order_by("asked_at", "pk")


def _kept(user: User) -> list[Any]:
    return list(_of(user).values("address", "query", "frequency", "asked_at", "confirmed_at"))


def _forget(user: User) -> None:
    for row in _of(user):
        end(row.pk)


RECORDS = (Records("saved_searches", _kept, erase=_forget),)
