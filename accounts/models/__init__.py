"""Who is asking: people, the organisations they act for, and the roles they were given."""

from accounts.models.invitations import Invitation
from accounts.models.organisations import (
    NOT_A_CREDIT_CODE,
    Membership,
    Organisation,
    OrganisationQuerySet,
)
from accounts.models.people import MAIL_LANGUAGES, RoleGrant, User, UserManager

__all__ = [
    "MAIL_LANGUAGES",
    "NOT_A_CREDIT_CODE",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "RoleGrant",
    "User",
    "UserManager",
]
