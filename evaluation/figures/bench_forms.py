"""What is typed at the what-if bench."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.figures.bench import GATES, Inputs

LABELS = {
    "recommended": _("Recommended from"),
    "panel": _("For discussion from"),
    "dimension_minimum": _("Minimum of each dimension"),
}


class BenchForm(forms.Form):
    """Weights of the dimensions, thresholds, raw or adjusted, experts left out, places."""

    adjusted = forms.BooleanField(
        label=_("Go by the adjusted score in place of the raw one"), required=False
    )
    places = forms.IntegerField(
        label=_("Number of places"),
        required=False,
        min_value=1,
        help_text=_("Empty: only the thresholds decide."),
    )
    without = forms.MultipleChoiceField(
        label=_("Leave out these experts"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )
    title = forms.CharField(
        label=_("Title, to save it as a scenario"), required=False, max_length=120
    )

    def __init__(
        self,
        *args: Any,
        holds: Inputs,
        dimensions: list[tuple[str, str]],
        experts: list[tuple[str, str]],
        lack: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lack = lack  # why no score is adjusted
        self.codes = [code for code, _name in dimensions]
        for code, name in dimensions:
            self.fields[f"weight_{code}"] = _points(
                _("Weight: %(dimension)s") % {"dimension": name}, holds["weights"][code], least="1"
            )
        for gate in GATES:
            self.fields[gate] = _points(LABELS[gate], holds[gate])
        self.fields["without"].choices = experts  # type: ignore[attr-defined]  # a field of choices
        self.fields["places"].initial = holds["places"]
        last = ["adjusted", "places", "without", "title"]
        self.order_fields([*(f"weight_{code}" for code in self.codes), *GATES, *last])

    def clean_adjusted(self) -> bool:
        """Refuse a score there is none of: every declaration would seem to flip."""
        wanted: bool = self.cleaned_data["adjusted"]
        if wanted and self.lack:
            said = _("There is no adjusted score: %(why)s. Go by the raw score.")
            raise forms.ValidationError(said % {"why": self.lack})
        return wanted

    def inputs(self) -> Inputs:
        """Return what was typed as a scenario keeps it."""
        given = self.cleaned_data
        return {
            "weights": {code: _text(given[f"weight_{code}"]) for code in self.codes},
            **{gate: _text(given[gate]) for gate in GATES},
            "adjusted": given["adjusted"],
            "without": sorted(given["without"]),
            "places": given["places"],
        }


def _points(label: Any, initial: str, least: str = "0") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        initial=Decimal(initial),
        min_value=Decimal(least),
        max_value=Decimal(100),
        decimal_places=2,
    )


def _text(value: Decimal) -> str:
    """Return a number without noughts at its end: 75.50 is 75.5, as it was in the set."""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
