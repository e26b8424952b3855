"""Who one can be. A role is held on a row; these are the names the table of rights uses."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Everyone the table of rights knows."""

    ANYONE = "anyone", _("anyone")
    ACCOUNT = "account", _("person with an account")
    VIEWER = "viewer", _("member of the organisation, viewing")
    EDITOR = "editor", _("member of the organisation, editing")
    OWNER = "owner", _("owner of the organisation’s account")
    EXPERT = "expert", _("expert")
    OFFICER = "officer", _("officer")
    SYSTEM = "system", _("system administrator")
    AUDITOR = "auditor", _("auditor")
    PORTAL = "portal", _("the portal, by the clock")


class Level(TextChoices):
    """What a member may do with what the organisation files; each includes the one before."""

    VIEW = "view", _("may view")
    EDIT = "edit", _("may edit")
    OWN = "own", _("owner")


# Roles that are granted to a person, not held by belonging somewhere.
GRANTED = (Role.EXPERT, Role.OFFICER, Role.SYSTEM, Role.AUDITOR)
STAFF = frozenset({Role.OFFICER, Role.SYSTEM, Role.AUDITOR})
# These may not act before a second factor is set up.
SECOND_FACTOR = frozenset(GRANTED)
GRANTED_CHOICES = [(role.value, role.label) for role in GRANTED]
