"""What is typed at the what-if bench."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.criteria.asking import is_asked
from evaluation.criteria.documents import Document
from evaluation.criteria.soundness import WEIGHTS
from evaluation.figures.bench import GATES, Inputs
from reference.names import in_language

LABELS = {
    "recommended": _("Recommended from"),
    "panel": _("For discussion from"),
    "dimension_minimum": _("Minimum of each dimension"),
}
LAST = ("adjusted", "places", "without", "title")


class BenchForm(forms.Form):
    """Weights, thresholds, raw or adjusted, experts left out, places.

    Weights sum to 100 as those of a set do: what was tried can then be proposed as it is.
    """

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
        dimensions: list[Document],
        experts: list[tuple[str, str]],
        lack: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lack = lack  # why no score is adjusted
        self.holds, self.dimensions = holds, dimensions
        for one in dimensions:
            self._dimension(one)
        for gate in GATES:
            self.fields[gate] = _points(LABELS[gate], holds[gate])
        self.fields["without"].choices = experts  # type: ignore[attr-defined]  # a field of choices
        self.fields["places"].initial = holds["places"]

    def _dimension(self, one: Document) -> None:
        at, name = one["code"], in_language(one["names"])
        label = _("Weight: %(dimension)s") % {"dimension": name}
        self.fields[f"weight_{at}"] = _weight(label, self.holds["weights"][at])
        for indicator in one["indicators"]:
            self.fields[_key(one, indicator)] = _weight_within(
                in_language(indicator["names"]),
                self.holds["indicators"][at][indicator["code"]],
                indicator.get("fields", []),
            )

    # The page ---------------------------------------------------------------------------------

    def weights(self) -> list[forms.BoundField]:
        return [self[f"weight_{one['code']}"] for one in self.dimensions]

    def parts(self) -> Iterator[dict[str, Any]]:
        """Yield the weights within each dimension; open where something was typed or is wrong."""
        for one in self.dimensions:
            fields = [self[_key(one, indicator)] for indicator in one["indicators"]]
            is_open = any(field.errors or self._is_tried(field) for field in fields)
            yield {"name": in_language(one["names"]), "fields": fields, "is_open": is_open}

    def _is_tried(self, field: forms.BoundField) -> bool:
        return self.is_bound and bool(field.value()) and field.name in self.changed_data

    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in (*GATES, *LAST)]

    # What was typed ---------------------------------------------------------------------------

    def clean_adjusted(self) -> bool:
        """Refuse a score there is none of: every declaration would seem to flip."""
        wanted: bool = self.cleaned_data["adjusted"]
        if wanted and self.lack:
            said = _("There is no adjusted score: %(why)s. Go by the raw score.")
            raise forms.ValidationError(said % {"why": self.lack})
        return wanted

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        last = self.dimensions[-1]
        self._sum_up([f"weight_{one['code']}" for one in self.dimensions], f"weight_{last['code']}")
        for one in self.dimensions:
            self._sum_up_within(one)
        return cleaned

    def _sum_up_within(self, dimension: Document) -> None:
        """Hold the weights of what is asked in each field, and in those no indicator names."""
        indicators = dimension["indicators"]
        named = sorted({field for one in indicators for field in one.get("fields", [])})
        for field in (None, *named):
            asked = [one for one in indicators if is_asked(one.get("fields", []), field)]
            keys = [_key(dimension, one) for one in asked]
            if keys and not self._sum_up(keys, keys[-1], field):
                return

    def _sum_up(self, keys: list[str], at: str, field: str | None = None) -> bool:
        """Say at the last of some weights to what they sum, where that is not 100."""
        if any(key in self.errors for key in keys):
            return False
        total = sum((self._given(key) for key in keys), Decimal(0))
        if total == WEIGHTS:
            return True
        said = _("These weights sum to %(total)s, not to 100.")
        if field is not None:
            said = _("The weights asked in the field %(field)s sum to %(total)s, not to 100.")
        self.add_error(at, said % {"total": _text(total), "field": field})
        return False

    def _given(self, key: str) -> Decimal:
        """Return a weight; within a dimension, an empty one is as it is."""
        typed: Decimal | None = self.cleaned_data.get(key)
        held: Decimal = self.fields[key].initial
        return held if typed is None else typed

    def inputs(self) -> Inputs:
        """Return what was typed as a scenario keeps it."""
        given, dimensions = self.cleaned_data, self.dimensions
        return {
            "weights": {one["code"]: _text(given[f"weight_{one['code']}"]) for one in dimensions},
            "indicators": {one["code"]: self._within(one) for one in dimensions},
            **{gate: _text(given[gate]) for gate in GATES},
            "adjusted": given["adjusted"],
            "without": sorted(given["without"]),
            "places": given["places"],
        }

    def _within(self, dimension: Document) -> dict[str, str]:
        codes = {_key(dimension, one): one["code"] for one in dimension["indicators"]}
        return {code: _text(self._given(key)) for key, code in codes.items()}


def _key(dimension: Document, indicator: Document) -> str:
    return f"weight_{dimension['code']}.{indicator['code']}"


def _points(label: Any, initial: str, least: str = "0", **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        initial=Decimal(initial),
        min_value=Decimal(least),
        max_value=Decimal(100),
        decimal_places=2,
        **more,
    )


def _weight(label: Any, holds: str) -> forms.DecimalField:
    said = _("A weight is at least 1, as in a criteria set.")
    return _points(label, holds, least="1", error_messages={"min_value": said})


def _weight_within(label: Any, holds: str, fields: list[str]) -> forms.DecimalField:
    made = _weight(label, holds)
    made.required = False
    made.widget.attrs.update({"data-holds": holds, "data-fields": " ".join(fields)})
    return made


def _text(value: Decimal) -> str:
    """Return a number without noughts at its end: 75.50 is 75.5, as it was in the set."""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
