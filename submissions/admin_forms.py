"""What officers fill in: an activity with one input per language, and a return with its reasons."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import StepForm, helper
from reference.forms import begin, per_language, typed
from submissions.due import due_day, due_fields
from submissions.models import Activity, Declaration
from submissions.states import ActivityStatus

ROWS = 8  # corrections that one return can name
SEALED_WHILE_OPEN = (
    "code", "scheme", "fields", "opens_at", "publicity_days", "quota", "sealed", "recommended",
)  # fmt: skip
TERMS = (
    "scheme", "fields", "opens_at", "closes_at", "grace_minutes", "quota", "sealed",
    "recommended", "publicity_days", "contact",
)  # fmt: skip


class ActivityForm(forms.ModelForm[Activity]):
    """A collection activity; a new one may be made after another (``source``)."""

    closing_reason = forms.CharField(
        label=_("Why the closing time, or the grace, changes"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text=_(
            "Shown on the page of the activity, and told by mail to everyone with a declaration."
        ),
    )
    source = forms.ModelChoiceField(
        Activity.objects.all(), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Activity
        fields = ("code", *TERMS)
        widgets = {"fields": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begin(self, "title", gettext("Title"), self.instance.titles or {})
        begin(self, "notice", gettext("Notice"), self.instance.notices or {})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens = cleaned.get("opens_at") or self.instance.opens_at
        closes = cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The end must be after the beginning."))
        before = self.initial.get("closes_at")
        is_open = self.instance.status == ActivityStatus.OPEN
        if is_open and before and closes and closes < before:
            self.add_error("closes_at", _("An open activity can be prolonged, not shortened."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        known = {"code", *TERMS, "closing_reason"} - {"fields"}
        values = {key: self.cleaned_data[key] for key in known if key in self.cleaned_data}
        if "closes_at" in values and "closes_at" not in self.changed_data:
            values["closes_at"] = self.initial.get("closes_at", values["closes_at"])
        if "fields" in self.cleaned_data:
            values["field_codes"] = [field.pk for field in self.cleaned_data["fields"]]
        texts = {
            name: typed(name.removesuffix("s"), self.cleaned_data) for name in ("titles", "notices")
        }
        return {**values, **texts}


# One input per language of the settings; a class body cannot loop over them.
ActivityForm.declared_fields |= per_language("title")
ActivityForm.declared_fields |= per_language("notice", long=True)
ActivityForm.base_fields |= ActivityForm.declared_fields


class ReturnForm(StepForm):
    """What is to be corrected: rows of a place and a reason, and by when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= due_fields()
        places = self._places(self.obj)
        for number in range(1, ROWS + 1):
            self.fields[f"place_{number}"] = forms.ChoiceField(
                label=_("Where"), choices=places, required=False
            )
            self.fields[f"what_{number}"] = forms.CharField(
                label=_("What to correct"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        rows = [
            Fieldset(gettext("Correction %(number)d") % {"number": n}, f"place_{n}", f"what_{n}")
            for n in range(1, ROWS + 1)
        ]
        self.helper = helper("reason", "due_days", "due_on", *rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(1, ROWS + 1):
            place, what = cleaned.get(f"place_{number}"), cleaned.get(f"what_{number}")
            if place and not what:
                self.add_error(f"what_{number}", _("Say what to correct."))
            if what and not place:
                self.add_error(f"place_{number}", _("Choose where."))
        if not self.errors and not self._rows(cleaned):
            self.add_error("place_1", _("Name at least one thing to correct."))
        return cleaned

    def inputs(self) -> dict[str, Any]:
        return {
            "reason": self.cleaned_data["reason"],
            "due_on": due_day(self.cleaned_data),
            "corrections": self._rows(self.cleaned_data),
        }

    @staticmethod
    def _rows(cleaned: dict[str, Any]) -> list[dict[str, str]]:
        rows = []
        for number in range(1, ROWS + 1):
            section, _dot, field = (cleaned.get(f"place_{number}") or "").partition(".")
            if section:
                what = cleaned[f"what_{number}"]
                rows.append({"section": section, "field": field, "reason": what})
        return rows

    @staticmethod
    def _places(declaration: Declaration) -> list[Any]:
        """List each section with its fields and tables."""
        whole = gettext("the whole section")
        places: list[Any] = [("", "—")]
        for section in declaration.activity.scheme.load().sections:
            parts = [(f"{section.key}.{one.key}", one.label) for one in section.members]
            places.append((section.label, [(section.key, whole), *parts]))
        return places
