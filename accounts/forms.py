"""Forms of accounts and organisations, laid out by crispy."""

import unicodedata
from collections.abc import Callable
from typing import Any

import structlog
from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError
from django.forms.models import ModelChoiceIterator
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.addresses import holders
from accounts.models import MAIL_LANGUAGES, Organisation, User
from accounts.recording import note
from accounts.roles import Level
from core.forms import helper
from reference.models import Country

logger = structlog.get_logger(__name__)


class _Laid:
    """Gives an allauth form the portal's helper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class LoginForm(_Laid, account.LoginForm):
    pass


class RegistrationForm(_Laid, account.SignupForm):
    field_order = ("email", "name", "language", "password1", "password2")

    def validate_unique_email(self, value: str) -> str:
        """Let nobody keep a person from registering by adding the address to an account."""
        address: str = super().validate_unique_email(value)
        # The library counts what was only claimed; asked either way, so that it costs the same.
        self.account_already_exists = holders(address).exists()
        return address

    def try_save(self, request: Any) -> Any:
        """Let an address that has an account cost as much time as one that has none."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ResetPasswordForm(_Laid, account.ResetPasswordForm):
    users: list[User]

    def clean_email(self) -> str:
        """Give nobody a key to the account of somebody who only claims the address."""
        address: str = super().clean_email()
        held = {*holders(address).values_list("pk", flat=True)}
        self.users = [one for one in self.users if one.pk in held]
        return address


class ResetPasswordKeyForm(_Laid, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_Laid, account.ChangePasswordForm):
    pass


class AddEmailForm(_Laid, account.AddEmailForm):
    pass


class ReauthenticateForm(_Laid, account.ReauthenticateForm):
    pass


class SecondFactorForm(_Laid, mfa.AuthenticateForm):
    pass


class SecondFactorReauthenticateForm(_Laid, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(_Laid, totp.ActivateTOTPForm):
    pass


class DeactivateTOTPForm(_Laid, totp.DeactivateTOTPForm):
    pass


class GenerateRecoveryCodesForm(_Laid, recovery.GenerateRecoveryCodesForm):
    pass


class _Guarded:
    """Takes what no browser sends for a wrong answer; the library stumbles over it in many ways."""

    def _clean_fields(self) -> None:
        self._guarded(super()._clean_fields)  # type: ignore[misc]  # Django's own hook

    def _clean_form(self) -> None:
        self._guarded(super()._clean_form)  # type: ignore[misc]  # as above

    def _guarded(self, clean: Callable[[], None]) -> None:
        try:
            clean()
        except DatabaseError:
            raise  # no answer of a browser
        except Exception:  # CBOR, base64 and keys of a stranger's making
            logger.warning("passkey not understood", form=type(self).__name__, exc_info=True)
            add_error: Any = self.add_error  # type: ignore[attr-defined]  # of the form
            add_error("credential", get_adapter().validation_error("incorrect_code"))


class _Proving(_Guarded):
    """Writes down that a known person answered with no key of theirs; the library does not."""

    def _clean_form(self) -> None:
        super()._clean_form()
        form: Any = self
        if form.errors:
            note("second_factor_failed", form.user, actor=form.user, details={"kind": "webauthn"})


class LoginPasskeyForm(_Guarded, webauthn.LoginWebAuthnForm):
    pass


class AuthenticatePasskeyForm(_Proving, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(_Proving, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(_Guarded, _Laid, webauthn.AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of the key"),
        required=False,
        max_length=100,
        help_text=_("To tell your keys apart, for example “office computer”."),
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with this key alone, without the password"),
        required=False,
        help_text=_("The key must then check who you are: by finger, face or PIN."),
    )
    field_order = ("name", "passwordless", "credential")


class EditPasskeyForm(_Laid, webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the key"), max_length=100)


class ProfileForm(forms.ModelForm[User]):
    """What people tell about themselves."""

    class Meta:
        model = User
        fields = ("name", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


def place_in_list(name: str) -> tuple[str, bytes]:
    """Return what sorts names as the reader of the language looks for them.

    Latin letters go without their accents; Chinese characters in the order of GB 18030, which
    for the common ones is that of their pronunciation.
    """
    if (get_language() or "").startswith("zh"):
        return "", name.encode("gb18030")
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return plain.casefold(), b""


class _SortedCountries(ModelChoiceIterator[Country]):
    def __iter__(self) -> Any:
        empty, *countries = super().__iter__()
        yield empty
        yield from sorted(countries, key=lambda choice: place_in_list(choice[1]))


class CountryField(forms.ModelChoiceField[Country]):
    """A country, found by its name in the language of the page."""

    iterator = _SortedCountries

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Country.objects.all(), **kwargs)


class OrganisationForm(forms.ModelForm[Organisation]):
    """Who declares."""

    country = CountryField(label=_("Country or region of registration"))
    website = forms.URLField(
        label=capfirst(_("website")), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Organisation
        fields = ("name_en", "name_zh", "country", "registration_number", "kind", "website")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        country = values.get("country")
        # What was entered without one (the demonstration's public facts) can still be edited.
        asked = self.instance._state.adding and country is not None and country.pk == "CN"
        if asked and not values.get("registration_number"):
            self.add_error(
                "registration_number",
                _("An organisation in China gives its unified social credit code."),
            )
        return values

    def changes(self) -> dict[str, Any]:
        """Return what was filled in otherwise than it was, as keywords of the service."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class InvitationForm(forms.Form):
    """A colleague who shall act for the organisation."""

    address = forms.EmailField(label=_("E-mail address"), max_length=254)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, initial=Level.EDIT)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=MAIL_LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class LevelForm(forms.Form):
    """What a member may do."""

    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class PasswordForm(forms.Form):
    """The password once more, before something that cannot be taken back or must not leak."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = helper()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password
