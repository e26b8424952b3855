"""How the parts of a criteria set are called, and how their values read."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "names": gettext_lazy("Designation"),
    "best": gettext_lazy("Scores run from 0 to"),
    "dimension_minimum": gettext_lazy("No dimension below"),
    "recommended": gettext_lazy("Recommended from"),
    "panel": gettext_lazy("For discussion from; not recommended below"),
    "weight": gettext_lazy("Weight"),
    "minimum": gettext_lazy("Least points"),
    "bands": gettext_lazy("Bands"),
    "evidence": gettext_lazy("Evidence to show beside it"),
    "fields": gettext_lazy("Asked in the fields"),
    "veto_below": gettext_lazy("Veto below"),
    "not_applicable": gettext_lazy("May be said not to apply"),
}


def shown(value: Any) -> str:
    """Return a value of the document as a reader understands it."""
    if value is True:
        return _("yes")
    if value is False or value in ("", [], {}):
        return "–"
    if isinstance(value, dict):
        return " / ".join(str(text) for text in value.values())
    if isinstance(value, list):
        return "\n".join(_band(one) if isinstance(one, dict) else str(one) for one in value)
    return str(value)


def _band(band: dict[str, Any]) -> str:
    return f"{band['from']}–{band['to']}: {' / '.join(band['texts'].values())}"
