"""Which mail goes to whom when something happens to an organisation or to one's place in it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts.models import Invitation, Membership, Organisation, User
from accounts.roles import Level
from core import mail
from core.workflow import Act

INVITATION = "organisation_invitation"


def owners(organisation: Organisation) -> list[User]:
    """Return those who are told what concerns the organisation as a whole."""
    return list(
        User.objects.filter(
            is_active=True,
            memberships__organisation=organisation,
            memberships__level=Level.OWN,
        ).order_by("joined_at", "pk")
    )


def address(name: str, *args: Any, language: str) -> str:
    """Return the whole address of a page in the language of the reader."""
    with translation.override(language):
        return f"{settings.PORTAL_ORIGIN}{reverse(name, args=args)}"


def send_invitation(invitation: Invitation, token: str) -> None:
    """Send the link; it lets in, so no member of staff reads the mail."""
    language = invitation.language
    with translation.override(language):
        values = {
            "inviter": invitation.invited_by.name,
            "organisation": invitation.organisation.name,
            "level": invitation.get_level_display(),
            "until": invitation.expires_at,
            "link": address("accounts:invitation", token, language=language),
        }
    mail.write(
        INVITATION,
        to=invitation.address,
        language=language,
        context=values,
        secret=True,
        named=naming([invitation.invited_by]),
    )


def tell_accepted(invitation: Invitation, membership: Membership) -> None:
    if invitation.invited_by.is_active:
        _tell(
            [invitation.invited_by],
            "organisation_joined",
            invitation.organisation,
            naming([membership.user]),
            who=membership.user.name,
        )


def tell_removed(membership: Membership) -> None:
    _tell([membership.user], "organisation_removed", membership.organisation)


def tell_level(membership: Membership) -> None:
    _tell([membership.user], "organisation_level", membership.organisation, membership=membership)


def tell_verified(organisation: Organisation, act: Act) -> None:
    _tell(owners(organisation), "organisation_verified", organisation)


def tell_refused(organisation: Organisation, act: Act) -> None:
    _tell(owners(organisation), "organisation_refused", organisation, reason=act.reason)


def tell_taken_back(organisation: Organisation, act: Act) -> None:
    _tell(owners(organisation), "organisation_taken_back", organisation, reason=act.reason)


def tell_reopened(organisation: Organisation, act: Act) -> None:
    _tell(owners(organisation), "organisation_reopened", organisation)


def tell_merged(
    readers: Iterable[User],
    source: Organisation,
    target: Organisation,
    *,
    newcomers: list[User],
    left: list[str | Promise],
) -> None:
    """Tell of a merge, who came in by it, and what did not come along."""
    _tell(
        readers,
        "organisation_merged",
        target,
        naming(newcomers),
        merged=source,
        newcomers=newcomers,
        left=left,
    )


def tell_second_factor_reset(user: User) -> None:
    mail.write("account_second_factor_reset", to=user.email, language=user.language)


def naming(people: Iterable[User]) -> dict[str, list[str]]:
    """Return whom a mail names, by account, with the words that stand for them in its text."""
    return {str(one.pk): [one.name, one.email] for one in people}


def _tell(
    readers: Iterable[User],
    template: str,
    organisation: Organisation,
    named: dict[str, list[str]] | None = None,
    **more: Any,
) -> None:
    for reader in readers:
        if not reader.is_active:
            continue
        link = address("accounts:organisation-detail", organisation.pk, language=reader.language)
        mail.write(
            template,
            to=reader.email,
            language=reader.language,
            context={"organisation": organisation, "link": link, **more},
            named=named,
        )
