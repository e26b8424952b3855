"""What the acts of accounts and organisations are called."""

from django.utils.translation import gettext_lazy as _

from core import acts

acts.name(
    {
        "account.created": _("Account made"),
        "account.registered": _("Registered"),
        "account.edited": _("Profile edited"),
        "account.signed_in": _("Signed in"),
        "account.signed_out": _("Signed out"),
        "account.password_set": _("Password set"),
        "account.password_changed": _("Password changed"),
        "account.password_reset": _("Password reset"),
        "account.address_confirmed": _("E-mail address confirmed"),
        "account.address_changed": _("E-mail address changed"),
        "account.address_removed": _("E-mail address removed"),
        "account.second_factor_set": _("Second factor set up"),
        "account.second_factor_removed": _("Second factor removed"),
        "account.second_factor_renewed": _("Recovery codes renewed"),
        "account.second_factor_failed": _("Wrong second factor"),
        "account.role_granted": _("Role granted"),
        "account.role_revoked": _("Role revoked"),
        "account.suspended": _("Account shut"),
        "account.restored": _("Account reopened"),
        "account.exported": _("Data handed out"),
        "account.erased": _("Person erased"),
        "account.second_factor_reset": _("Second factor reset by staff"),
        "organisation.created": _("Organisation entered"),
        "organisation.edited": _("Organisation edited"),
        "organisation.member_added": _("Member added"),
        "organisation.member_changed": _("Level of a member changed"),
        "organisation.member_removed": _("Member removed"),
        "organisation.member_left": _("Member left"),
        "organisation.invited": _("Colleague invited"),
        "organisation.invitation_sent_again": _("Invitation sent again"),
        "organisation.invitation_withdrawn": _("Invitation withdrawn"),
        "organisation.invitation_accepted": _("Invitation accepted"),
        "organisation.absorbed": _("Another organisation merged into this one"),
    }
)
