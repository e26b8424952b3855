"""The writes of accounts and organisations: each asks the table of rights and is recorded."""

import json
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import invitations, notifications, personal
from accounts.addresses import holders
from accounts.joining import join, lock, lock_person
from accounts.models import Membership, Organisation, RoleGrant, User
from accounts.recording import check, demand, demand_ever, note, note_organisation
from accounts.roles import Level, Role
from accounts.states import IDENTITY, ORGANISATION
from accounts.workflow import ORGANISATIONS
from core import audit
from core.errors import DomainError
from reference.models import Country

EDITABLE = frozenset({"name_en", "name_zh", "country", "kind", "registration_number", "website"})


# Accounts -------------------------------------------------------------------------------


@transaction.atomic
def create_account(
    *, email: str, name: str, language: str, password: str | None, actor: User | None = None
) -> User:
    """Make an account whose address needs no confirmation; without a password it waits for one.

    For staff and the demonstration, who are told that an address is taken. People register
    through allauth, which tells nobody.
    """
    demand_ever(actor, "add", User)
    user = User(
        email=email.strip().lower(),
        name=name.strip(),
        language=language,
        password=make_password(password),
    )
    if holders(user.email).exists():
        raise DomainError(_("There is an account with this address already."), field="email")
    check(user)
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    note("created", user, actor=actor)
    return user


@transaction.atomic
def edit_profile(user_id: UUID, *, actor: User, name: str, language: str) -> User:
    """Change what a person tells about themselves. The audit says that, not what it was."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    demand(actor, "edit", user)
    user.name, user.language = name.strip(), language
    check(user)
    user.save(update_fields=["name", "language"])
    note("edited", user, actor=actor)
    return user


@transaction.atomic
def hand_out_data(user_id: UUID, *, actor: User) -> str:
    """Return all that is held about a person as JSON, and record that it was asked for."""
    user = User.objects.get(pk=user_id)
    demand(actor, "export", user)
    note("exported", user, actor=actor)
    return json.dumps(personal.export(user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


@transaction.atomic
def grant_role(user: User, role: str, *, actor: User | None) -> RoleGrant:
    """Give a role. Every session of the person ends: one signs in again with the new rights."""
    _lock_account(user, actor)
    if user.grants.filter(role=role, revoked_at=None).exists():
        raise DomainError(_("This person has this role already."), field="role")
    grant = RoleGrant.objects.create(user=user, role=Role(role), granted_by=actor)
    end_sessions(user)
    note("role_granted", user, actor=actor, details={"role": grant.role})
    return grant


@transaction.atomic
def revoke_role(user: User, role: str, *, actor: User | None, reason: str = "") -> RoleGrant:
    """Take a role away, at once and in every session."""
    _lock_account(user, actor)
    grant = user.grants.filter(role=role, revoked_at=None).first()
    if grant is None:
        raise DomainError(_("This person does not have this role."), field="role")
    grant.revoked_at = Now()
    grant.save(update_fields=["revoked_at"])
    end_sessions(user)
    note("role_revoked", user, actor=actor, reason=reason, details={"role": grant.role})
    return grant


@transaction.atomic
def suspend(user: User, *, actor: User | None, reason: str) -> None:
    """Shut an account: nobody signs in to it, and who is signed in no longer is."""
    _let_in(user, False, actor=actor, reason=reason)


@transaction.atomic
def restore(user: User, *, actor: User | None, reason: str) -> None:
    _let_in(user, True, actor=actor, reason=reason)


def _let_in(user: User, active: bool, *, actor: User | None, reason: str) -> None:
    lock_person(user.pk)
    _lock_account(user, actor)
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        # Whoever accepts one would act in the name of somebody who may not.
        invitations.withdraw_all_of(user, actor=actor)
    end_sessions(user)
    note("restored" if active else "suspended", user, actor=actor, reason=reason.strip())


def _lock_account(user: User, actor: User | None) -> None:
    stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    demand(actor, "grant", user)
    if stored.erased_at is not None:
        raise DomainError(_("This person was erased."))
    if actor is not None and actor.pk == user.pk:
        # Nobody administers their own roles.
        raise DomainError(_("You cannot change the rights of your own account."))


def end_sessions(user: User) -> None:
    """Let every session of the person be worth nothing, and the object know it."""
    User.objects.filter(pk=user.pk).update(session_epoch=models.F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    user.__dict__.pop("roles", None)


@transaction.atomic
def reset_second_factor(user: User, *, actor: User | None, reason: str) -> None:
    """Take every authenticator away from who lost them all; the person is told, and signs in anew.

    A role that demands a second factor demands a new one at the next sign-in.
    """
    _lock_account(user, actor)
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    taken, _kinds = Authenticator.objects.filter(user=user).delete()
    if not taken:
        raise DomainError(_("This person has no second factor."))
    end_sessions(user)
    note("second_factor_reset", user, actor=actor, reason=reason.strip())
    notifications.tell_second_factor_reset(user)


@transaction.atomic
def set_up_totp(user: User) -> str:
    """Give the account a second factor and return its secret (for the demonstration and tests)."""
    Authenticator.objects.filter(user=user).delete()
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    note("second_factor_set", user, actor=None)
    return secret


# Organisations --------------------------------------------------------------------------


@transaction.atomic
def create_organisation(  # noqa: PLR0913 -- the columns of one row, by name
    *,
    actor: User,
    name_en: str = "",
    name_zh: str = "",
    country: Country,
    kind: str,
    registration_number: str = "",
    website: str = "",
    invented: bool = False,
) -> Organisation:
    """Enter an organisation; the person who does so becomes its owner."""
    demand_ever(actor, "add", Organisation)
    organisation = Organisation(
        name_en=name_en.strip(),
        name_zh=name_zh.strip(),
        country=country,
        kind=kind,
        registration_number=registration_number,
        website=website,
        invented=invented,
    )
    _enter(organisation, actor)
    join(organisation, actor, Level.OWN, actor, though_shut=True)
    return organisation


@transaction.atomic
def enter_without_members(organisation: Organisation, *, actor: User) -> Organisation:
    """Enter an organisation nobody here acts for: one that a list names.

    It is unverified. When its people come, they enter it themselves, and an officer merges the
    two; until then nobody answers for it.
    """
    demand_ever(actor, "merge", Organisation)  # who may say later whose it is
    _enter(organisation, actor)
    return organisation


def _enter(organisation: Organisation, actor: User) -> None:
    check(organisation)
    organisation.save(force_insert=True)
    note_organisation("created", organisation, actor=actor)


@transaction.atomic
def edit_organisation(organisation_id: UUID, *, actor: User | None, **fields: Any) -> Organisation:
    """Change the given fields; the audit keeps each value before and after."""
    organisation = lock(organisation_id)
    demand(actor, "edit", organisation)
    unknown = set(fields) - EDITABLE
    if unknown:
        raise LookupError(f"an organisation has no editable {sorted(unknown)}")
    before = audit.values(organisation, fields)
    for name, value in fields.items():
        setattr(organisation, name, value)
    check(organisation)
    changed = audit.differences(before, audit.values(organisation, fields))
    if changed:
        organisation.save(update_fields=list(changed))
        note_organisation("edited", organisation, actor=actor, details=changed)
        _open_question(organisation, set(changed), actor)
    return organisation


def _open_question(organisation: Organisation, changed: set[str], actor: User | None) -> None:
    """Let an officer look again at who it is, when that is what was changed."""
    judged = organisation.status in ORGANISATION.step("reopen").sources
    if judged and changed & IDENTITY:
        ORGANISATIONS.perform("reopen", organisation.pk, actor=None, editor=actor)
        organisation.refresh_from_db()


@transaction.atomic
def add_member(organisation_id: UUID, user: User, level: str, *, actor: User | None) -> Membership:
    """Let a person act for the organisation."""
    organisation = lock(organisation_id)
    demand(actor, "add_member", organisation)
    if organisation.memberships.filter(user=user).exists():
        raise DomainError(_("This person belongs to the organisation already."), field="user")
    return join(organisation, user, level, actor)
