"""What officers fill in for an activity: one input per language, and its terms."""

from typing import Any

from django import forms
from django.contrib.admin.utils import label_for_field
from django.template.defaultfilters import capfirst, yesno
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import StepForm
from core.moments import written
from reference.forms import begin, per_language, typed
from submissions.models import Activity
from submissions.states import ActivityStatus

SEALED_WHILE_OPEN = (
    "code", "scheme", "rule_set", "fields", "opens_at", "publicity_days", "quota", "sealed",
    "recommended",
)  # fmt: skip
TERMS = (
    "scheme", "rule_set", "fields", "opens_at", "closes_at", "grace_minutes", "quota", "sealed",
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
        if "rule_set" in self.fields:
            # Only what is there from before may go without one.
            self.fields["rule_set"].required = True

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


class OpenForm(StepForm):
    """An activity that is to open, by what cannot be changed afterwards, and when it closes."""

    obj: Activity

    def facts(self) -> list[tuple[Any, Any]]:
        one = self.obj
        told = {
            "code": one.code,
            "titles": one.title,
            "fields": "\n".join(map(str, one.fields.all())),
            "scheme": one.scheme,
            "rule_set": one.rule_set or "–",
            "opens_at": written(one.opens_at),
            "closes_at": written(one.closes_at),
            "quota": one.quota or gettext("any number"),
            "sealed": yesno(one.sealed),
            "recommended": yesno(one.recommended),
            "publicity_days": one.publicity_days,
        }
        return [(capfirst(str(label_for_field(key, Activity))), said) for key, said in told.items()]
