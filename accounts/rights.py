"""Rows of the table of rights: accounts, organisations, and the records of core."""

from accounts.models import Invitation, Membership, Organisation, RoleGrant, User
from accounts.relations import granted, member, self_only, signed_in
from accounts.roles import Role
from accounts.states import LIVE
from core.models import AuditEntry, OutboxMessage, ReminderRule, SentReminder, StoredMail
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, rule, staff

OBJECTS = (
    ObjectRights(
        "account",
        User,
        relations={
            Role.ACCOUNT: self_only("pk"),
            Role.OFFICER: granted(Role.OFFICER),
            Role.SYSTEM: granted(Role.SYSTEM),
        },
        rules=[
            rule(Role.ACCOUNT, "read edit export erase"),
            rule(Role.OFFICER, "read"),
            rule(Role.SYSTEM, "read add grant erase"),
            rule(Role.PORTAL, "read add grant"),
        ],
        state_field="",
    ),
    ObjectRights(
        "role",
        RoleGrant,
        relations={Role.SYSTEM: granted(Role.SYSTEM), Role.AUDITOR: granted(Role.AUDITOR)},
        # Roles are granted and revoked on the account ("grant").
        rules=[rule(Role.SYSTEM, "read"), rule(Role.AUDITOR, "read")],
        state_field="",
    ),
    ObjectRights(
        "organisation",
        Organisation,
        relations={
            Role.ACCOUNT: signed_in,
            Role.VIEWER: member(Role.VIEWER, "pk"),
            Role.OWNER: member(Role.OWNER, "pk"),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[
            rule(Role.ACCOUNT, "add"),
            rule(Role.VIEWER, "read"),
            rule(Role.OWNER, "read"),
            rule(Role.OWNER, "edit add_member manage_members", LIVE),
            # No officer lets themselves into an organisation.
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "edit verify merge", LIVE),
            rule(Role.PORTAL, "read edit add_member manage_members reopen"),
        ],
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER, "pk"),
                "one’s own organisations",
                frozenset({"verify", "merge"}),
            )
        ],
    ),
    ObjectRights(
        "membership",
        Membership,
        relations={
            Role.ACCOUNT: self_only("user"),
            Role.VIEWER: member(Role.VIEWER),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[
            rule(Role.ACCOUNT, "leave"),
            rule(Role.VIEWER, "read"),
            rule(Role.OFFICER, "read"),
        ],
        state_field="",
    ),
    ObjectRights(
        "invitation",
        Invitation,
        # Whoever holds the link of the mail may accept: that is no row of this table.
        relations={Role.OWNER: member(Role.OWNER)},
        rules=[rule(Role.OWNER, "read manage")],
        state_field="",
    ),
    ObjectRights(
        "act",
        AuditEntry,
        relations={Role.AUDITOR: granted(Role.AUDITOR)},
        rules=[rule(Role.AUDITOR, "read")],
        state_field="",
    ),
    ObjectRights(
        "mail",
        StoredMail,
        # That it was sent, not what it says: a mail can name an expert or open an account.
        relations={Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.SYSTEM, "read")],
        state_field="",
    ),
    ObjectRights(
        "reminder rule",
        ReminderRule,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read add edit")],
        state_field="",
    ),
    ObjectRights(
        "reminder",
        SentReminder,
        # That one was written, to whom only as a key; the mail itself is its reader's.
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read")],
        state_field="",
    ),
    ObjectRights(
        "outbox",
        OutboxMessage,
        relations={Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.SYSTEM, "read")],
        state_field="",
    ),
)

# Addresses that come with allauth and that the portal does not use.
SWITCHED_OFF = staff(Role.PORTAL)
SIGNED_OUT = PUBLIC  # pages for people who are not signed in yet; allauth sends others on

ADDRESSES: dict[str, Address] = {
    # Signing in and up (allauth)
    "account_login": SIGNED_OUT,
    "account_signup": SIGNED_OUT,
    "account_logout": SIGNED_OUT,  # also leaves a sign-in that waits for its second factor
    "account_inactive": SIGNED_OUT,
    "account_confirm_email": SIGNED_OUT,
    "account_email_verification_sent": SIGNED_OUT,
    "account_reset_password": SIGNED_OUT,
    "account_reset_password_done": SIGNED_OUT,
    "account_reset_password_from_key": SIGNED_OUT,
    "account_reset_password_from_key_done": SIGNED_OUT,
    "account_reauthenticate": ACCOUNT,
    "account_email": ACCOUNT,
    "account_change_password": ACCOUNT,
    "account_set_password": ACCOUNT,
    "account_confirm_login_code": SWITCHED_OFF,
    "mfa_authenticate": SIGNED_OUT,
    "mfa_reauthenticate": ACCOUNT,
    "mfa_index": ACCOUNT,
    "mfa_activate_totp": ACCOUNT,
    "mfa_deactivate_totp": ACCOUNT,
    "mfa_list_webauthn": ACCOUNT,
    "mfa_add_webauthn": ACCOUNT,
    "mfa_edit_webauthn": ACCOUNT,
    "mfa_remove_webauthn": ACCOUNT,
    "mfa_reauthenticate_webauthn": ACCOUNT,
    "mfa_login_webauthn": SIGNED_OUT,
    "mfa_generate_recovery_codes": ACCOUNT,
    "mfa_view_recovery_codes": ACCOUNT,
    "mfa_download_recovery_codes": ACCOUNT,
    # One's own account and organisations
    "accounts:profile": ACCOUNT,
    "accounts:data": ACCOUNT,
    "accounts:data-export": ACCOUNT,
    "accounts:data-erase": ACCOUNT,
    "accounts:organisation-create": ACCOUNT,
    "accounts:organisation-detail": ACCOUNT,
    "accounts:organisation-edit": ACCOUNT,
    "accounts:organisation-leave": ACCOUNT,
    "accounts:member-*": ACCOUNT,
    "accounts:invitation-send-again": ACCOUNT,
    "accounts:invitation-withdraw": ACCOUNT,
    "accounts:invitation-accept": ACCOUNT,
    # What the link of a mail opens; who accepts signs in.
    "accounts:invitation": SIGNED_OUT,
    # Officers
    "admin:accounts_user_*": staff(Role.OFFICER, Role.SYSTEM),
    "admin:accounts_organisation_*": staff(Role.OFFICER),
    "admin:accounts_membership_*": staff(Role.OFFICER),
    "admin:accounts_rolegrant_*": staff(Role.SYSTEM, Role.AUDITOR),
    "admin:core_auditentry_*": staff(Role.AUDITOR),
    "admin:core_storedmail_*": staff(Role.SYSTEM),
    "admin:core_outboxmessage_*": staff(Role.SYSTEM),
    "admin:core_reminderrule_*": staff(Role.OFFICER),
    "admin:core_sentreminder_*": staff(Role.OFFICER),
}
