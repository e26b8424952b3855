"""What is filled in about enquiries: by anybody, by the holder, by officers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES
from accounts.names import no_link
from catalog.enquiries.asking import Said
from catalog.enquiries.workflow import LONGEST
from core.forms import StepForm, helper
from reference.models import Country, Term
from reference.names import in_language
from reference.vocabularies import Vocabulary


def _message(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 6, "dir": "auto"})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, help_text=help_text)


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class EnquiryForm(_Form):
    """Who asks, what for, and what they want to know."""

    kind = forms.ChoiceField(label=_("What you are interested in"), required=False)
    message = _message(
        _("Your message"),
        _("In any language. The holder reads it: write an address only if you want to be reached."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        validators=[no_link],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    unit = forms.CharField(
        label=_("Your organisation"),
        max_length=200,
        validators=[no_link],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Your country or region"),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_(
            "You get a mail with a link, by which you confirm the enquiry. The holder does not "
            "see the address."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=_("The holder may read my name, organisation, country and message"),
        error_messages={"required": _("Without this the enquiry cannot be passed on.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = Term.objects.of(Vocabulary.COOPERATION).active().values_list("code", "names")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            ("", _("A general question")),
            *((code, in_language(names)) for code, names in terms),
        ]
        rows = Country.objects.values_list("code", "names")
        named = sorted((in_language(names), code) for code, names in rows)
        self.fields["country"].choices = [  # type: ignore[attr-defined]  # as above
            ("", "–"),
            *((code, name) for name, code in named),
        ]

    def said(self) -> Said:
        given = {name: value for name, value in self.cleaned_data.items() if name != "consent"}
        language = get_language() or ""
        known = language if language in dict(MAIL_LANGUAGES) else settings.LANGUAGE_CODE
        return Said(**given, language=known)


class PressForm(_Form):
    """A button alone: it has a place for what is said when the step is refused."""


class MessageForm(_Form):
    """What one side writes to the other."""

    message = _message(_("Your message"))


class ReportForm(_Form):
    """What the holder tells the officers of an enquiry."""

    why = forms.CharField(
        label=_("What is wrong with it"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("The officers read this and the messages."),
    )


class StopForm(StepForm):
    """Why officers close an enquiry."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Who asked reads it. Name nobody.")
