"""What allauth reports of sign-ins and credentials, written to the audit.

allauth tells of these only by its signals. No personal data: the chain is never rewritten.
Failed sign-ins go to the log, where a flood of them does no harm. A confirmed address that is
removed is kept with the account, so that an erasure finds the mails it once got.
"""

from typing import Any

import structlog
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import Signal
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.recording import note

logger = structlog.get_logger(__name__)

ACTS: dict[str, Signal] = {
    "registered": account.user_signed_up,
    "signed_in": account.user_logged_in,
    "signed_out": user_logged_out,
    "password_set": account.password_set,
    "password_changed": account.password_changed,
    "password_reset": account.password_reset,
    "address_changed": account.email_changed,
    "address_removed": account.email_removed,
    "second_factor_set": mfa.authenticator_added,
    "second_factor_removed": mfa.authenticator_removed,
    "second_factor_renewed": mfa.authenticator_reset,
    "second_factor_failed": mfa.authentication_failed,
}


def listen() -> None:
    """Connect; called once, from ready()."""
    for act, signal in ACTS.items():
        signal.connect(_recorder(act), weak=False, dispatch_uid=f"accounts.{act}")
    account.email_confirmed.connect(_address_confirmed)
    account.email_removed.connect(_remember_address)
    user_login_failed.connect(_sign_in_failed)


def _recorder(act: str) -> Any:
    def record(sender: Any, user: Any = None, **report: Any) -> None:
        if user is None:  # somebody signed out who was not signed in any more
            return
        authenticator = report.get("authenticator")
        note(act, user, actor=user, details={"kind": authenticator.type} if authenticator else {})

    return record


def _address_confirmed(sender: Any, email_address: Any, **report: Any) -> None:
    note("address_confirmed", email_address.user, actor=email_address.user)


def _remember_address(sender: Any, user: Any, email_address: Any, **report: Any) -> None:
    if not email_address.verified:
        return  # it may be anybody's
    with transaction.atomic():
        row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        row.former_addresses = sorted({*row.former_addresses, email_address.email.lower()})
        row.save(update_fields=["former_addresses"])


def _sign_in_failed(sender: Any, credentials: dict[str, Any], **report: Any) -> None:
    # A keyed hash: repeated attempts on one address can be seen, the address cannot.
    address = salted_hmac("accounts.events", credentials.get("email", "").lower()).hexdigest()
    logger.warning("sign-in failed", address=address[:16])
