"""Makes the people and the firms of the demonstration, through the services; twice is once."""

import datetime as dt

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction

from accounts import services
from accounts.models import Membership, Organisation, User
from accounts.roles import Level, Role
from accounts.states import OrganisationStatus
from accounts.workflow import ORGANISATIONS
from demo import people, records
from demo.alone import alone
from demo.names import real_name
from demo.people import ExpertProfile, Person
from demo.records import Record
from evaluation.models import Expert, Nomination
from evaluation.pool import employments, nominating, profiles, putting_forward
from evaluation.pool.states import ExpertStatus
from evaluation.pool.workflow import EXPERTS
from reference.models import Country, Field

VISITORS_FIRM = "bluestem"


def person(who: Person, *, password: str | None = None) -> User:
    """Return the account of ``who``; make it, grant its role, or go on where that stopped."""
    user = User.objects.filter(email=who.email).first()
    if user is None:
        user = services.create_account(
            email=who.email, name=who.name, language=who.language, password=password
        )
    if who.role and who.role not in user.roles:
        services.grant_role(user, who.role, actor=None)
    if who.role and password and not is_mfa_enabled(user):
        services.set_up_totp(user)
    return user


def expert(profile: ExpertProfile) -> Expert:
    """Return an expert of the pool; those nobody signs in as have no password."""
    user = person(profile.person)
    known = Expert.objects.filter(user=user).first()
    if known is None:
        known = _applied(user, profile)
    if known.status == ExpertStatus.APPLIED and profile.person.role == Role.EXPERT:
        return EXPERTS.perform("enrol", known.pk, actor=account(people.OFFICER))
    return known


@transaction.atomic
def _applied(user: User, profile: ExpertProfile) -> Expert:
    """Let a person apply with all their history, or not at all: a load may be killed."""
    made = profiles.apply(
        actor=user,
        employment={"name": profile.employer, "since": dt.date(profile.since + 3, 9, 1)},
        title=profile.title,
        works_since=profile.since,
        fields=Field.objects.filter(code__in=profile.fields),
        keywords=profile.keywords,
        languages=profile.languages,
        biography=profile.biography,
        cap=profile.cap,
    )
    for kind, name, since, until in profile.history:
        employments.add(made.pk, actor=user, kind=kind, name=name, since=since, until=until)
    return made


def nominated() -> None:
    """Nominate somebody who has not answered yet."""
    who = people.NOMINATED
    if not Nomination.objects.filter(address=who.email).exists():
        nominating.nominate(
            actor=account(people.OFFICER),
            name=who.name,
            address=who.email,
            language=who.language,
            unit="Institute of River Basins (invented)",
        )


def put_forward() -> None:
    """Let the invented firm nominate somebody who has not answered yet; it is verified for it."""
    who, owner = people.PUT_FORWARD, account(people.OWNER)
    firm = invented_organisation(VISITORS_FIRM, owner=owner)
    if firm.status == OrganisationStatus.UNVERIFIED:
        firm = ORGANISATIONS.perform("verify", firm.pk, actor=account(people.OFFICER))
    if firm.status != OrganisationStatus.VERIFIED:
        return  # a visitor in the role of an officer refused it
    if not Nomination.objects.filter(address=who.email).exists():
        putting_forward.put_forward(
            firm.pk, actor=owner, name=who.name, address=who.email, language=who.language
        )


def logins() -> None:
    """Make everybody one can sign in as, with the firm two of them belong to."""
    with alone("logins"):
        _logins()


def _logins() -> None:
    for login in people.LOGINS:
        person(login.person, password=people.PASSWORD)
    expert(people.EXPERTS[0])
    owner, editor = account(people.OWNER), account(people.EDITOR)
    firm = invented_organisation(VISITORS_FIRM, owner=owner)
    if not Membership.objects.filter(organisation=firm, user=editor).exists():
        services.add_member(firm.pk, editor, Level.EDIT, actor=owner)


def account(who: Person) -> User:
    return User.objects.get(email=who.email)


def organisation_of(record: Record) -> tuple[Organisation, User]:
    """Return who declares a technology, and the person who acts for it."""
    if "organisation" not in record:
        clerk = account(people.CLERK)
        return real_organisation(record["enterprise"], owner=clerk), clerk
    who = people.OWNER if record["organisation"] == VISITORS_FIRM else people.CLERK
    owner = account(who)
    return invented_organisation(record["organisation"], owner=owner), owner


def real_organisation(enterprise: Record, *, owner: User) -> Organisation:
    """Return an organisation with what its source says of it, and nothing else."""
    name = real_name(enterprise["name"])
    return _known(name, owner) or services.create_organisation(
        actor=owner,
        name_en=name,
        name_zh=enterprise["name_zh"] or "",
        country=Country.objects.get(code=enterprise["country"]),
        kind=Organisation.Kind.OTHER,  # no source read states a kind; none is guessed
        website=enterprise["website"] or "",
    )


def invented_organisation(key: str, *, owner: User) -> Organisation:
    firm = records.invented_organisations()[key]
    return _known(firm["name_en"], owner) or services.create_organisation(
        actor=owner,
        name_en=firm["name_en"],
        name_zh=firm["name_zh"],
        country=Country.objects.get(code=firm["country"]),
        kind=firm["kind"],
        invented=True,
    )


def _known(name: str, owner: User) -> Organisation | None:
    # A visitor may have entered an organisation of the same name; ours is the owner's.
    return Organisation.objects.of_member(owner).filter(name_en=name).first()
