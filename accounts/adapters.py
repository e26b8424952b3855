"""How allauth speaks to the portal: its mails are stored and sent like all others."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmation
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import MAIL_LANGUAGES, User
from core import mail

# allauth's mails and our templates (templates/mail). None carries the name of the person:
# anyone can register a stranger's address under a name that is a message.
MAILS = {
    "account/email/email_confirmation_signup": "account_confirm_registration",
    "account/email/email_confirmation": "account_confirm_address",
    "account/email/account_already_exists": "account_exists",
    "account/email/password_reset_key": "account_reset_password",
    "account/email/unknown_account": "account_unknown",
    "account/email/password_changed": "account_password_changed",
    "account/email/password_reset": "account_password_changed",
    "account/email/password_set": "account_password_changed",
    "account/email/email_changed": "account_address_changed",
    "account/email/email_confirm": "account_address_confirmed",
    "account/email/email_deleted": "account_address_removed",
    "mfa/email/totp_activated": "account_second_factor_set",
    "mfa/email/totp_deactivated": "account_second_factor_removed",
    "mfa/email/webauthn_added": "account_passkey_added",
    "mfa/email/webauthn_removed": "account_passkey_removed",
    "mfa/email/recovery_codes_generated": "account_recovery_codes",
}
# Their link lets someone in: no member of staff reads them.
SECRET = frozenset(
    {"account_confirm_registration", "account_confirm_address", "account_reset_password"}
)
LINKS = ("activate_url", "password_reset_url", "signup_url")


class AccountAdapter(DefaultAccountAdapter):
    """Registration, sign-in and recovery."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Store the mail in the language of its reader; no request waits for a mail server."""
        language = _language_of(email, context.get("user"))
        template = MAILS[template_prefix]
        mail.write(
            template,
            to=email,
            language=language,
            context={"email": email} | _texts(context) | _links(context, language),
            secret=template in SECRET,
        )

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.email = form.cleaned_data["email"].lower()
        user.name = form.cleaned_data["name"]
        user.language = form.cleaned_data["language"]
        user.set_password(form.cleaned_data["password1"])
        if commit:
            user.save()
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an added address only to who is signed in to the account it was added to.

        Its reader may take the mail for the one of a registration of their own, and would hand
        a mailbox over to the account of a stranger.
        """
        added = email_address.email != email_address.user.email
        if added and request.user.pk != email_address.user_id:
            messages.error(
                request,
                _("Sign in to the account this address was added to, then open the link again."),
            )
            return False
        confirmed: bool = super().confirm_email(request, email_address)
        return confirmed

    def is_safe_url(self, url: str) -> bool:
        """Lead back to this host only, whichever others the portal answers to."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    # Links in mails begin with the portal's own address, not with the one a request claims.

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        return _own(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _separator, token = key.partition("-")
        arguments = {"uidb36": uid, "key": token}
        return _own(reverse("account_reset_password_from_key", kwargs=arguments))


def _own(path: str) -> str:
    return f"{settings.PORTAL_ORIGIN}{path}"


def _language_of(email: str, user: User | None) -> str:
    reader = user or User.objects.filter(email=email.lower()).first()
    if reader is not None:
        return reader.language
    here = get_language() or ""
    return here if here in dict(MAIL_LANGUAGES) else "en"


def _texts(context: dict[str, Any]) -> dict[str, Any]:
    names = ("from_email", "to_email", "deleted_email", "timestamp", "ip")
    return {name: context[name] for name in names if name in context}


def _links(context: dict[str, Any], language: str) -> dict[str, str]:
    return {
        name: translate_url(_own(_path(context[name])), language)
        for name in LINKS
        if name in context
    }


def _path(url: str) -> str:
    """Return what follows the host in an address allauth made from the request."""
    return "/" + url.split("://", 1)[-1].partition("/")[2]
