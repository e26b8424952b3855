"""What is filled in about an expert: by the person, and by officers about others."""

import datetime as dt
import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceIterator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES
from core.errors import DomainError
from core.forms import StepForm, helper
from evaluation.conflicts.connections import DECLARED
from evaluation.models import Connection, Employment, Expert
from evaluation.pool import months
from evaluation.pool.profiles import keywords
from reference.models import Field, Subcategory

PARTED = re.compile(r"[,;，；、\n\r]+")


class KeywordsField(forms.CharField):
    """Short texts, one a line or parted by commas, Chinese ones too."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        try:
            return keywords(PARTED.split(super().to_python(value) or ""))
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class MonthField(forms.CharField):
    """A month: chosen, or written as 2019-03; its first day is what comes of it."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2019-03"})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        month = months.read(text)
        if month is None:
            raise forms.ValidationError(_("Write the month as in 2019-03."))
        return month

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) or "") != bool(data) or (
            bool(data) and self.prepare_value(initial) != data
        )


class _ByField(ModelChoiceIterator[Subcategory]):
    """Sub-categories under the name of their field."""

    def __iter__(self) -> Any:
        groups: dict[str, list[Any]] = {}
        for one in self.queryset.select_related("field"):
            groups.setdefault(one.field.name, []).append(self.choice(one))
        yield from groups.items()


class SubcategoriesField(forms.ModelMultipleChoiceField[Subcategory]):
    iterator = _ByField


class ExpertForm(forms.ModelForm[Expert]):
    """What the pool knows of an expert, but for where they are and were employed."""

    keywords = KeywordsField(
        label=_("Keywords"),
        required=False,
        help_text=_("One a line, or parted by commas. In Chinese, English, or both."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    subcategories = SubcategoriesField(
        label=capfirst(_("sub-categories")),
        queryset=Subcategory.objects.active(),
        required=False,
    )

    class Meta:
        model = Expert
        fields = (
            "title",
            "fields",
            "subcategories",
            "keywords",
            "works_since",
            "languages",
            "economics",
            "biography",
            "cap",
        )
        help_texts = {
            "works_since": _("The year."),
            "biography": _("A line or two that officers read. At most 500 characters."),
        }


class ProfileForm(ExpertForm):
    """The same on the pages of the portal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        technology: Any = self.fields["fields"]
        technology.queryset = Field.objects.all()
        technology.widget = forms.CheckboxSelectMultiple(choices=technology.choices)
        self.fields["subcategories"].widget = forms.CheckboxSelectMultiple(
            choices=self.fields["subcategories"].choices  # type: ignore[attr-defined]  # a model choice
        )
        self.fields["languages"].choices = settings.LANGUAGES  # type: ignore[attr-defined]  # a choice
        self.helper: FormHelper = helper()


class ApplicationForm(ProfileForm):
    """The profile, the employer, and what one says of oneself."""

    employer_name = forms.CharField(
        label=_("Employer"),
        max_length=200,
        help_text=_("The present one; if there is none, the last one."),
    )
    employer_since = MonthField(label=_("Employed there since"), required=False)
    employer_until = MonthField(
        label=_("Employed there until"),
        required=False,
        help_text=_("Empty: you are still employed there."),
    )
    statement = forms.CharField(
        label=_("Why you apply"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    consent = forms.BooleanField(
        label=_(
            "I agree that the portal keeps this profile to choose experts by, that what I say of "
            "my employments stays as evidence of conflicts of interest, and that all of it is "
            "complete and true."
        ),
    )

    def application(self) -> dict[str, Any]:
        """Return what was filled in, as ``pool.apply`` takes it."""
        given = dict(self.cleaned_data)
        del given["consent"]
        employment = {name: given.pop(f"employer_{name}") for name in ("name", "since", "until")}
        return {"employment": employment, **given}


class EmploymentForm(forms.Form):
    """A row of the history, as the expert adds it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Employment.Kind.choices)
    name = forms.CharField(label=_("Employer or body"), max_length=200)
    since = MonthField(label=_("Since"), required=False)
    until = MonthField(label=_("Until"), required=False, help_text=_("Empty: it goes on."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].help_text = _(
            "There is one present employment: a new one ends the one before it. "
            "A second one beside it is “employed besides”."
        )
        self.helper = helper()


class ConnectionForm(forms.Form):
    """A connection of one's own that is no employment."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[one for one in Connection.Kind.choices if one[0] in DECLARED]
    )
    organisation_name = forms.CharField(
        label=_("Organisation or company"),
        max_length=200,
        help_text=_("Of a relative: where they work, or what they own."),
    )
    began_on = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ended_on = forms.DateField(
        label=_("Ended on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: it goes on."),
    )
    source = forms.CharField(
        label=_("What it is, in a sentence"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Officers read it. Name nobody who need not be named."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class EndForm(forms.Form):
    """Until when something went on."""

    until = MonthField(label=_("Last month"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class AbsenceForm(forms.Form):
    """Days on which one cannot be asked."""

    from_on = forms.DateField(label=_("Away from"), widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(
        label=_("Until, this day included"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class RenewForm(StepForm):
    """That the profile stands, once a year."""

    confirmed = forms.BooleanField(
        label=_(
            "I have looked through my profile and the history of my employments and roles; "
            "all of it is complete and true."
        ),
        error_messages={"required": _("Please confirm that the profile is complete and true.")},
    )


class PutForwardForm(forms.Form):
    """Whom an organisation nominates; nothing else is kept of a person before they consent."""

    name = forms.CharField(label=_("Name"), max_length=150)
    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_(
            "Unless the person is in the pool already, has applied or was asked, a mail is sent "
            "there, with a link by which the person consents."
        ),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=MAIL_LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()
