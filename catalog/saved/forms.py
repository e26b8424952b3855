"""What a reader fills in to be told what is new."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES
from catalog.models import SavedSearch
from core.forms import helper


class SaveForm(forms.Form):
    address = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You get a mail with a link, by which you confirm that it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    frequency = forms.ChoiceField(
        label=_("How often, at most"),
        choices=SavedSearch.Frequency.choices,
        initial=SavedSearch.Frequency.WEEKLY,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def given(self) -> dict[str, str]:
        """Return what was filled in, and the language of the page, as keywords of ``ask``."""
        language = get_language() or ""
        known = language if language in dict(MAIL_LANGUAGES) else settings.LANGUAGE_CODE
        return {**self.cleaned_data, "language": known}
