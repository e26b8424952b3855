"""What an enterprise fills in about who shall not judge, and what an officer decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import StepForm, helper
from evaluation.conflicts import avoiding


class AvoidanceForm(forms.Form):
    """Who shall not judge, and why."""

    named = forms.CharField(label=_("Name of the person"), max_length=100)
    unit = forms.CharField(label=_("Where the person works"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What may keep this person from judging fairly."),
    )
    evidence = forms.CharField(
        label=_("Supporting evidence"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Facts an officer can look up: contracts, court files, publications."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class _DecideForm(StepForm):
    """Shows what was asked; the reason is the answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "The enterprise reads it. Do not say who judges, or whether the person is an expert."
        )

    def facts(self) -> list[tuple[Any, Any]]:
        found = avoiding.namesakes(self.obj)[:20]
        return [
            (_("Name of the person"), self.obj.named),
            (_("Where the person works"), self.obj.unit or "–"),
            (_("Reason"), self.obj.reason),
            (_("Supporting evidence"), self.obj.evidence or "–"),
            (
                _("Accounts of this name"),
                "; ".join(f"{one.name} ({one.email})" for one in found) or gettext("none"),
            ),
        ]


class RefuseForm(_DecideForm):
    """Why the person may judge."""


class AdmitForm(_DecideForm):
    """Whom it is about, and the answer."""

    address = forms.EmailField(
        label=_("Address of the account"),
        required=False,
        help_text=_("Empty: nobody of this name judges the declaration."),
    )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).lower()
        if address and not User.objects.filter(email=address).exists():
            raise forms.ValidationError(_("No account has this address."))
        return address

    def inputs(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        address = given.pop("address")
        return {**given, "person": User.objects.get(email=address) if address else None}
