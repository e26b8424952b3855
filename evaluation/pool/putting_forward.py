"""Organisations put people forward for the expert pool: the same door as the officers' one.

What an organisation is told of a person stays the same whatever the portal knows of them: whether
somebody is in the pool is nothing to be found out by a form. Who is in it, or is asked by others,
is not asked; the nomination is kept, counts, and lapses as one nobody answered. An organisation
follows its own nominations to the decision of the officer, and no further.
"""

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import holders
from accounts.joining import lock
from accounts.models import Organisation, User
from accounts.names import no_link
from core import rights
from core.clock import database_now
from core.errors import DomainError
from evaluation.models import Nomination
from evaluation.pool import nominating
from evaluation.pool.states import NominationOutcome, NominationStatus

# Each is a mail to a stranger under the portal's name and an application an officer reads, and
# whoever consents is barred from the organisation's declarations for years: an organisation can
# neither flood the officers nor shut the experts of a field out by naming them. Those withdrawn
# count too: they were asked; and those nobody was asked for, else the count would tell of them.
MOST_A_YEAR = 20


class State(TextChoices):
    """How far a nomination has come, as the organisation is told it."""

    ASKED = "asked", gettext_lazy("not answered yet")
    AWAITING = "awaiting", gettext_lazy("consented, waits for the officers")
    APPROVED = "approved", gettext_lazy("taken into the pool")
    NOT_APPROVED = "not_approved", gettext_lazy("not taken into the pool")
    DECLINED = "declined", gettext_lazy("declined")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")
    LAPSED = "lapsed", gettext_lazy("not answered in time")


OUTCOMES: dict[str, State] = {
    "": State.AWAITING,
    NominationOutcome.APPROVED: State.APPROVED,
    NominationOutcome.REFUSED: State.NOT_APPROVED,
    NominationOutcome.LEFT: State.NOT_APPROVED,
}
ENDED: dict[str, State] = {
    NominationStatus.DECLINED: State.DECLINED,
    NominationStatus.WITHDRAWN: State.WITHDRAWN,
    NominationStatus.EXPIRED: State.LAPSED,
}


def state(nomination: Nomination, now: dt.datetime) -> State:
    """Return what the organisation is told; what comes after the decision is not its concern."""
    if nomination.status == NominationStatus.INVITED:
        return State.ASKED if nomination.expires_at > now else State.LAPSED
    if nomination.status != NominationStatus.CONSENTED:
        return ENDED[nomination.status]
    return OUTCOMES[nomination.outcome]


@transaction.atomic
def put_forward(
    organisation_id: UUID, *, actor: User, name: str, address: str, language: str
) -> Nomination:
    """Propose a person for the organisation; mail them whether they consent, unless known."""
    organisation = lock(organisation_id)  # two members count one after the other
    if not rights.can(actor, "nominate", organisation):
        raise PermissionDenied(f"nominate for organisation {organisation_id}")
    address, now = address.strip().lower(), database_now()
    if left(organisation, now) <= 0:
        raise DomainError(
            _("An organisation nominates at most %(most)d people a year.") % {"most": MOST_A_YEAR}
        )
    try:
        no_link(name)
    except ValidationError as refusal:
        raise DomainError(refusal.messages[0], field="name") from None
    nominating.expire_due(address)
    if why := _why_not(organisation, actor, address):
        raise DomainError(why, field="address")
    with translation.override(language):
        unit = organisation.name
    made = Nomination(
        name=name,
        address=address,
        language=language,
        organisation=organisation,
        unit=unit,
        by_organisation=True,
        nominated_by=actor,
        unasked=nominating.known(address) or "",
    )
    return nominating.ask(made, now)


def of(organisation: Organisation) -> QuerySet[Nomination]:
    """Return what the organisation put forward itself."""
    return Nomination.objects.filter(organisation=organisation, by_organisation=True)


def left(organisation: Organisation, now: dt.datetime) -> int:
    """Return how many more the organisation may nominate in this year, by Beijing time."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    begun = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return MOST_A_YEAR - of(organisation).filter(nominated_at__gte=begun).count()


def _why_not(organisation: Organisation, actor: User, address: str) -> str:
    """Say why the address cannot be nominated, by what the organisation knows itself."""
    if holders(address).filter(pk=actor.pk).exists():
        return _("This is your own address. You can apply by yourself.")
    own = of(organisation).filter(address=address)
    followed = Q(status=NominationStatus.CONSENTED, outcome__in=("", NominationOutcome.APPROVED))
    if own.filter(Q(status=NominationStatus.INVITED) | followed).exists():
        return _("Your organisation has nominated this person already.")
    if own.filter(status=NominationStatus.DECLINED).exists():
        return _("This person declined a short while ago.")
    return ""
