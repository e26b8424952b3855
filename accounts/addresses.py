"""Whose an e-mail address is.

An account holds the address it was registered with and those it confirmed. What somebody merely
added to an account is a claim: it lets nobody in, takes nothing from who comes later, and opens
no mail.
"""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from accounts.models import User


def holders(address: str) -> QuerySet[User]:
    """Return who holds an address; one person, or two while one has not confirmed it."""
    confirmed = EmailAddress.objects.filter(email=address.lower(), verified=True)
    return User.objects.filter(Q(email=address.lower()) | Q(pk__in=confirmed.values("user")))


def addresses_of(user: User) -> set[str]:
    """Return the addresses a person holds or once held, without those somebody else holds now."""
    rows = EmailAddress.objects.filter(verified=True)
    confirmed = {one.lower() for one in rows.filter(user=user).values_list("email", flat=True)}
    others = {user.email, *user.former_addresses} - confirmed
    taken = {*rows.filter(email__in=others).exclude(user=user).values_list("email", flat=True)}
    taken |= {
        *User.objects.filter(email__in=others).exclude(pk=user.pk).values_list("email", flat=True)
    }
    return confirmed | (others - taken)
