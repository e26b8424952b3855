"""Makes the people and the firms of the demonstration, through the services; twice is once."""

from allauth.mfa.utils import is_mfa_enabled

from accounts import services
from accounts.models import Membership, Organisation, User
from accounts.roles import Level
from demo import people, records
from demo.alone import alone
from demo.names import real_name
from demo.people import ExpertProfile, Person
from demo.records import Record
from evaluation.models import Expert
from evaluation.services import enrol_expert
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
    return known or enrol_expert(
        user,
        actor=account(people.OFFICER),
        employer=None,
        employer_name=profile.employer,
        title=profile.title,
        fields=Field.objects.filter(code__in=profile.fields),
        languages=("en",),
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
