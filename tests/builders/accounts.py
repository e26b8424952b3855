"""People and organisations, made through the services a person uses."""

import re
from itertools import count

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from accounts import credit_code, invitations, services
from accounts.models import Invitation, Membership, Organisation, User
from accounts.roles import SECOND_FACTOR, Level, Role
from accounts.workflow import ORGANISATIONS, merge_organisations
from core.models import StoredMail
from reference.models import Country

PASSWORD = "a-long-and-dull-password"
_numbers = count(1)


def user(email: str = "", *, name: str = "", language: str = "en") -> User:
    """Return a person with a confirmed address and ``PASSWORD``."""
    number = next(_numbers)
    return services.create_account(
        email=email or f"person{number}@example.org",
        name=name or f"Person {number}",
        language=language,
        password=PASSWORD,
    )


def with_role(role: str, email: str = "", *, name: str = "") -> User:
    person = user(email, name=name)
    services.grant_role(person, role, actor=None)
    return person


def officer(email: str = "", *, name: str = "") -> User:
    return with_role(Role.OFFICER, email, name=name)


def second_officer(email: str = "") -> User:
    """Return another officer, for what one officer alone must not do."""
    return officer(email, name="Second Officer")


def expert_user(email: str = "", *, name: str = "") -> User:
    return with_role(Role.EXPERT, email, name=name)


def system_administrator(email: str = "") -> User:
    return with_role(Role.SYSTEM, email)


def auditor(email: str = "") -> User:
    return with_role(Role.AUDITOR, email)


def registration_number() -> str:
    """Return a unified social credit code that checks, another one each time."""
    body = f"91110000{next(_numbers):09d}"
    return body + credit_code.check_character(body)


def organisation(
    owner: User | None = None,
    *,
    name_en: str = "",
    name_zh: str = "",
    country: str = "NO",
    invented: bool = True,
) -> Organisation:
    """Return an organisation; ``owner`` (or someone made for it) owns its account."""
    return services.create_organisation(
        actor=owner or user(),
        name_en=name_en or f"Organisation {next(_numbers)}",
        name_zh=name_zh,
        country=Country.objects.get(code=country),
        kind=Organisation.Kind.ENTERPRISE,
        registration_number=registration_number() if country == "CN" else "",
        invented=invented,
    )


def member(level: str = Level.EDIT, of: Organisation | None = None) -> User:
    """Return a person who belongs to ``of`` (or to an organisation made for her)."""
    person = user()
    services.add_member((of or organisation()).pk, person, level, actor=None)
    return person


def owner_of(one: Organisation) -> User:
    return Membership.objects.select_related("user").get(organisation=one, level=Level.OWN).user


def signed_in(person: User) -> Client:
    """Return a browser in which ``person`` is signed in, with a second factor if she needs one."""
    if person.roles & SECOND_FACTOR and not Authenticator.objects.filter(user=person).exists():
        services.set_up_totp(person)
    client = Client()
    client.force_login(person)
    return client


def invited(
    one: Organisation,
    address: str = "",
    *,
    level: str = Level.EDIT,
    language: str = "en",
    by: User | None = None,
) -> tuple[Invitation, str]:
    """Return an open invitation to ``one`` and the path its mail leads to."""
    invitation = invitations.invite(
        one.pk,
        actor=by or owner_of(one),
        address=address or f"colleague{next(_numbers)}@example.org",
        level=level,
        language=language,
    )
    return invitation, link_of(invitation)


def link_of(invitation: Invitation) -> str:
    """Return the path in the newest mail of an invitation."""
    mail = StoredMail.objects.filter(
        recipient=invitation.address, template="organisation_invitation"
    ).latest("created_at")
    (link,) = re.findall(rf"^{re.escape(settings.PORTAL_ORIGIN)}(/\S+)$", mail.body, re.MULTILINE)
    return str(link)


def token_in(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[-1]


def verified(one: Organisation, by: User | None = None) -> Organisation:
    return ORGANISATIONS.perform("verify", one.pk, actor=by or officer())


def merged(one: Organisation, into: Organisation | None = None) -> Organisation:
    """Merge ``one`` into another organisation and return that."""
    target = into or organisation()
    merge_organisations(one, target, actor=officer(), reason="Entered twice.")
    return target
