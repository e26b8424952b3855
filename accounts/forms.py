"""Forms of accounts and organisations, laid out by crispy."""

import unicodedata
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.forms import helper
from reference.models import Country


class _Laid:
    """Gives an allauth form the portal's helper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class LoginForm(_Laid, account.LoginForm):
    pass


class RegistrationForm(_Laid, account.SignupForm):
    field_order = ("email", "name", "language", "password1", "password2")


class ResetPasswordForm(_Laid, account.ResetPasswordForm):
    pass


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
