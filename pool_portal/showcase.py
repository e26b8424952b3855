"""Sample inputs for the living page of components: each part in each of its states."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

TONES = [
    {"label": _("Draft"), "tone": "neutral"},
    {"label": _("Submitted"), "tone": "info"},
    {"label": _("In review"), "tone": "progress"},
    {"label": _("Listed"), "tone": "success"},
    {"label": _("Returned for correction"), "tone": "warning"},
    {"label": _("Rejected"), "tone": "danger"},
]
FACTS = [
    {"label": _("Organisation"), "value": "江苏示例环保科技有限公司", "lang": "zh-hans"},
    {"label": _("Removal rate"), "value": Decimal("99.50"), "unit": "%", "relation": "≥"},
    {"label": _("Investment"), "value": 1250000, "unit": "CNY"},
    {"label": _("Sheet"), "value": "PDF", "url": "#file"},
    {"label": _("Warranty"), "value": ""},
]
COLUMNS = [
    {"label": _("Technology")},
    {"label": _("Country or region")},
    {"label": _("Removal rate"), "number": True},
    {"label": _("Status")},
]
ROWS = [
    [
        {"text": "Membrane bioreactor for landfill leachate", "url": "#table"},
        {"text": "CN"},
        {"text": Decimal("98.2"), "unit": "%"},
        {"status": TONES[3]},
    ],
    [
        {"text": "低温烟气脱硝催化剂", "lang": "zh-hans", "url": "#table"},
        {"text": "KZ"},
        {"text": None},
        {"status": TONES[2]},
    ],
]
FACET = [
    {
        "label": _("Water"),
        "count": 18,
        "url": "#facets",
        "selected": True,
        "children": [{"label": _("Sewage sludge"), "count": 5, "url": "#facets"}],
    },
    {"label": _("Air"), "count": 1204, "url": "#facets"},
    {"label": _("Solid waste"), "count": 7, "url": "#facets"},
    {"label": "土壤修复", "count": 0, "url": "#facets", "lang": "zh-hans"},
]
STEPS = [
    {"label": _("Declaration"), "state": "done", "text": _("12 March")},
    {"label": _("Formal check"), "state": "done"},
    {"label": _("Expert review"), "state": "current", "text": _("3 of 5 score sheets")},
    {"label": _("Publicity"), "state": "todo"},
    {"label": _("Listed in the pool"), "state": "todo"},
]
ACTIONS = [
    {"label": _("Submit"), "url": "#actions", "style": "primary"},
    {"label": _("Save as draft"), "url": "#actions", "style": "secondary"},
    {"label": _("Withdraw"), "url": "#actions", "style": "danger"},
]
EVENTS = [
    {
        "title": _("Returned for correction"),
        "at": datetime(2026, 3, 14, 9, 5, tzinfo=UTC),
        "by": "W. Chen",
        "text": _("The monitoring report is older than twelve months."),
        "tone": "warning",
    },
    {
        "title": _("Submitted"),
        "at": datetime(2026, 3, 12, 15, 40, tzinfo=UTC),
        "by": "A. Karimova",
        "tone": "info",
    },
]


class SampleForm(forms.Form):
    """A field of each kind that the portal uses."""

    name = forms.CharField(
        label=_("Name of the technology"), max_length=60, help_text=_("At most 60 characters.")
    )
    principle = forms.CharField(
        label=_("Principle"),
        help_text=_("At most 500 words."),
        widget=forms.Textarea(attrs={"rows": 3, "data-word-limit": 500}),
    )
    field = forms.ChoiceField(label=_("Field"), choices=[("", "—"), ("W", _("Water"))])
    form = forms.ChoiceField(
        label=_("Form"),
        choices=[("process", _("Process")), ("equipment", _("Equipment"))],
        widget=forms.RadioSelect,
    )
    report = forms.FileField(label=_("Monitoring report"), help_text=_("PDF, at most 20 MB."))
    agreed = forms.BooleanField(label=_("What is declared is true."))

    def __init__(self, data: dict[str, str] | None, *, auto_id: str) -> None:
        super().__init__(data, auto_id=auto_id)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.attrs = {"novalidate": True}
        self.helper.layout = Layout(
            Fieldset(_("Technology"), "name", "principle", "field", "form"),
            Fieldset(_("Evidence"), "report", "agreed"),
        )
        self.helper.add_input(Submit("save", _("Save"), css_id=f"save-{auto_id[0]}"))


def showcase() -> dict[str, Any]:
    """What ``components.html`` shows."""
    return {
        "tones": TONES,
        "facts": FACTS,
        "columns": COLUMNS,
        "rows": ROWS,
        "facet": FACET,
        "steps": STEPS,
        "actions": ACTIONS,
        "events": EVENTS,
        "crumbs": [{"label": _("Technologies"), "url": "#"}, {"label": _("Water")}],
        "empty_form": SampleForm(None, auto_id="a-%s"),
        "refused_form": SampleForm({"name": "x" * 61}, auto_id="b-%s"),
    }
