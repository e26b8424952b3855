"""What officers change of a draft: its outline, and one indicator with its bands."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import helper
from evaluation.criteria.asking import GATES
from evaluation.criteria.documents import INDICATOR_DEFAULTS, Document, plain
from evaluation.criteria.draft_words import WORDS
from evaluation.criteria.evidence import evidence_choices
from reference.forms import input_name
from reference.models import Field
from reference.names import in_language

MOST_BANDS = 8
NEW = "new"  # the address at which an indicator is added
TAKEN = ("dimension-out",)  # the address at which a dimension is taken out
COMPLETE = [one for one in settings.LANGUAGES if one[0] in settings.LANGUAGES_COMPLETE]


def _texts(prefix: str, cleaned: dict[str, Any], stored: dict[str, str]) -> dict[str, str]:
    """Return the texts by language: those typed, and of other languages what there was."""
    given = {code: cleaned[input_name(prefix, code)].strip() for code, _name in COMPLETE}
    return {**stored, **given}


def _weight(initial: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=100, initial=initial, required=required
    )


def _points(label: Any, initial: Any, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0 if required else 1,  # no minimum and no veto is an empty input
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=initial or None,
        required=required,
    )


def _as_text(points: Decimal | None) -> str:
    """Write points as the set keeps them: "60", "62.5"; nothing where there are none."""
    if points is None:
        return ""
    shown = f"{points:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


class DraftForm(forms.Form):
    """What every page of a draft carries: the count of saves it began from."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.build()
        self.helper = helper()
        self.helper.template = "admin/core/_form.html"
        self.helper.field_template = "admin/core/_field.html"

    def build(self) -> None:
        """Add the fields; each form its own."""

    def names(self, prefix: str, label: Any, stored: dict[str, str], *, long: bool = False) -> None:
        for code, language in COMPLETE:
            self.fields[input_name(prefix, code)] = forms.CharField(
                label=f"{label} ({language})",
                max_length=1000 if long else 200,
                initial=stored.get(code, ""),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput,
            )


class OutlineForm(DraftForm):
    """Names, scale, gates, and the weights of all dimensions and indicators on one page."""

    reason = forms.CharField(
        label=_("Reason of the change"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is published with the set, once an activity is judged by it."),
    )

    def build(self) -> None:
        self.names("name", _("Designation"), self.document["names"])
        self.fields["best"] = forms.IntegerField(
            label=_("Scores run from 0 to"),
            min_value=2,
            max_value=100,
            initial=self.document.get("best", 100),
            help_text=_("Whatever the scale, figures are points from 0 to 100."),
        )
        for gate in GATES:
            stored = self.document["gates"].get(gate, "")
            self.fields[gate] = _points(WORDS[gate], stored, required=True)
        for dimension in self.document["dimensions"]:
            self._dimension(dimension)

    def _dimension(self, dimension: Document) -> None:
        at = dimension["code"]
        self.names(f"{at}:name", _("Designation"), dimension["names"])
        self.fields[f"{at}:weight"] = _weight(dimension["weight"])
        self.fields[f"{at}:minimum"] = _points(WORDS["minimum"], dimension.get("minimum", ""))
        for one in dimension["indicators"]:
            self.fields[f"{at}.{one['code']}:weight"] = _weight(one["weight"])

    def outline(self) -> Iterator[dict[str, Any]]:
        """Yield the dimensions with their inputs, for the table of the page."""
        for dimension in self.document["dimensions"]:
            at = dimension["code"]
            yield {
                "code": at,
                "name": in_language(dimension["names"]),
                "names": [self[input_name(f"{at}:name", code)] for code, _name in COMPLETE],
                "weight": self[f"{at}:weight"],
                "minimum": self[f"{at}:minimum"],
                "indicators": [
                    {
                        "code": one["code"],
                        "name": in_language(one["names"]),
                        "fields": one.get("fields", []),
                        "veto_below": one.get("veto_below", ""),
                        "not_applicable": one.get("not_applicable", False),
                        "weight": self[f"{at}.{one['code']}:weight"],
                    }
                    for one in dimension["indicators"]
                ],
            }

    def general(self) -> list[forms.BoundField]:
        names = [self[input_name("name", code)] for code, _name in COMPLETE]
        return [*names, self["best"], *(self[gate] for gate in GATES), self["reason"]]

    def changes_nothing(self, reason: str) -> bool:
        same: bool = plain(self.changed_document()) == plain(self.document)
        return same and self.cleaned_data["reason"] == reason

    def changed_document(self) -> Document:
        """Return the document with what was typed."""
        made, typed = copy.deepcopy(self.document), self.cleaned_data
        made["names"] = _texts("name", typed, made["names"])
        made["gates"] = {gate: _as_text(typed[gate]) for gate in GATES}
        made["best"] = typed["best"]
        for dimension in made["dimensions"]:
            at = dimension["code"]
            dimension["names"] = _texts(f"{at}:name", typed, dimension["names"])
            dimension["weight"] = typed[f"{at}:weight"]
            dimension["minimum"] = _as_text(typed[f"{at}:minimum"])
            for one in dimension["indicators"]:
                one["weight"] = typed[f"{at}.{one['code']}:weight"]
        return made


class DimensionForm(DraftForm):
    """A new dimension; its indicators are added to it afterwards."""

    def build(self) -> None:
        self.fields["code"] = forms.SlugField(
            label=_("Code"), max_length=40, help_text=_("It never changes from then on.")
        )
        self.names("name", _("Designation"), {})
        self.fields["weight"] = _weight(1)
        self.fields["minimum"] = _points(WORDS["minimum"], "")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if code in {one["code"] for one in self.document["dimensions"]} or code in TAKEN:
            raise forms.ValidationError(_("This code is used already."))
        return code

    def changed_document(self) -> Document:
        """Return the document with the dimension as its last."""
        typed = self.cleaned_data
        made = {
            "code": typed["code"],
            "names": _texts("name", typed, {}),
            "weight": typed["weight"],
            "minimum": _as_text(typed["minimum"]),
            "indicators": [],
        }
        return {**self.document, "dimensions": [*self.document["dimensions"], made]}


class LeaveOutForm(DraftForm):
    """That a dimension is taken out, with all its indicators."""


class IndicatorForm(DraftForm):
    """One indicator: names, weight, where it is asked, what to look at, and its bands."""

    def __init__(self, *args: Any, document: Document, indicator: Document, **kwargs: Any) -> None:
        self.indicator = indicator
        super().__init__(*args, document=document, **kwargs)

    def build(self) -> None:
        one = self.indicator
        if not one["code"]:
            self.fields["code"] = forms.SlugField(
                label=_("Code"), max_length=40, help_text=_("It never changes from then on.")
            )
        self.names("name", _("Designation"), one["names"])
        self.fields["weight"] = _weight(one["weight"])
        self.fields["fields"] = _chosen(
            _("Asked in the fields"),
            [(field.code, str(field)) for field in Field.objects.all()],
            one.get("fields", []),
            _("Asked in every field when none is chosen."),
        )
        self.fields["evidence"] = _chosen(
            _("Evidence to show beside it"), evidence_choices(), one["evidence"], ""
        )
        self.fields["veto_below"] = _points(_("Veto below"), one.get("veto_below", ""))
        self.fields["veto_below"].help_text = _(
            "A mean below these points stands against inclusion, whatever the total."
        )
        self.fields["not_applicable"] = forms.BooleanField(
            label=_("May be said not to apply"),
            required=False,
            initial=one.get("not_applicable", False),
        )
        for place in range(MOST_BANDS):
            self._band(place, one["bands"][place] if place < len(one["bands"]) else None)

    def _band(self, place: int, stored: Document | None) -> None:
        for name, label in (("from", _("Lowest score")), ("to", _("Highest score"))):
            self.fields[f"band_{place}:{name}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=100,
                required=False,
                initial=stored[name] if stored else None,
            )
        texts = stored["texts"] if stored else {}
        self.names(f"band_{place}:text", _("Stands for"), texts, long=True)

    def bands(self) -> list[list[forms.BoundField]]:
        """Return the inputs of the bands, for the table of the page."""
        languages = [code for code, _name in COMPLETE]
        return [
            [
                self[f"band_{place}:from"],
                self[f"band_{place}:to"],
                *(self[input_name(f"band_{place}:text", code)] for code in languages),
            ]
            for place in range(MOST_BANDS)
        ]

    def general(self) -> list[forms.BoundField]:
        own = [name for name in self.fields if not name.startswith("band_")]
        return [self[name] for name in own if name != "revision"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        used = {one["code"] for d in self.document["dimensions"] for one in d["indicators"]}
        if code in used or code == NEW:
            raise forms.ValidationError(_("This code is used already."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for place in range(MOST_BANDS):
            limits = [cleaned.get(f"band_{place}:{name}") for name in ("from", "to")]
            if limits.count(None) == 1:
                self.add_error(f"band_{place}:from", _("Give both limits of the band."))
        return cleaned

    def changed_indicator(self) -> Document:
        """Return the indicator as typed; rows of bands without limits are left out."""
        typed, stored = self.cleaned_data, self.indicator["bands"]
        bands = [
            {
                "from": typed[f"band_{place}:from"],
                "to": typed[f"band_{place}:to"],
                "texts": _texts(
                    f"band_{place}:text",
                    typed,
                    stored[place]["texts"] if place < len(stored) else {},
                ),
            }
            for place in range(MOST_BANDS)
            if typed.get(f"band_{place}:from") is not None
        ]
        return {
            "code": self.indicator["code"] or typed["code"],
            "names": _texts("name", typed, self.indicator["names"]),
            "weight": typed["weight"],
            "bands": bands,
            "evidence": typed["evidence"],
            "fields": typed["fields"],
            "veto_below": _as_text(typed["veto_below"]),
            "not_applicable": typed["not_applicable"],
        }


def _chosen(label: Any, choices: list[Any], stored: list[str], help_text: Any) -> Any:
    # What is stored and no longer offered stays to be seen, and to be taken out.
    known = {value for value, _label in choices}
    extra = [(value, value) for value in stored if value not in known]
    return forms.MultipleChoiceField(
        label=label,
        choices=[*choices, *extra],
        initial=stored,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
        help_text=help_text,
    )


class PreviewForm(forms.Form):
    """In which field of technology the set is looked at."""

    field = forms.ModelChoiceField(
        label=_("Field of technology"),
        queryset=Field.objects.all(),
        required=False,
        empty_label=_("any other field"),
    )


def empty_indicator() -> Document:
    """Return what a new indicator begins as."""
    blank = {"code": "", "names": {}, "weight": 1, "bands": [], "evidence": []}
    return blank | copy.deepcopy(INDICATOR_DEFAULTS)
