"""What registration asks beyond address and password (kept apart: allauth imports it early)."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.names import no_link


class SignupForm(forms.Form):
    """Fields added to allauth's registration form."""

    name = forms.CharField(label=_("Your name"), max_length=150, validators=[no_link])
    language = forms.ChoiceField(
        label=_("Language of mails"), choices=[("en", "English"), ("zh-hans", "简体中文")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language()
        self.fields["language"].initial = language if language == "zh-hans" else "en"

    def signup(self, request: Any, user: Any) -> None:
        """Nothing is left to do: the adapter saved the fields with the account."""
