"""The page about the interface, out of the same description that programs read."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.api import asking, links, openapi, words
from catalog.api.problems import KINDS

Document = dict[str, Any]


def page(document: Document) -> Document:
    """Return what the page shows, in the language of its reader."""
    return {
        "list_url": reverse("catalog:technology-list"),
        "lead": words.INTRODUCTION,
        "facts": [
            {"label": _("Address"), "value": links.to("/"), "url": links.to("/")},
            {
                "label": _("Description (OpenAPI 3.1)"),
                "value": links.to("/openapi.json"),
                "url": links.to("/openapi.json"),
            },
            {"label": _("Version"), "value": document["info"]["version"]},
        ],
        "operations": [
            _operation(path, operation)
            for path, methods in document["paths"].items()
            for operation in methods.values()
        ],
        "problem_columns": [
            {"label": _("Status"), "code": True},
            {"label": _("Problem"), "code": True},
            {"label": _("Meaning")},
        ],
        "problems": list(KINDS.values()),
        "per_minute": settings.API_ANONYMOUS_PER_MINUTE,
        "most": asking.MOST,
        "most_in_bulk": asking.MOST_IN_BULK,
        "command": f"curl '{links.to('/technologies', q='leachate', field='WAT', size=5)}'",
    }


def _operation(path: str, operation: Document) -> Document:
    label, text = words.OPERATIONS[operation["operationId"]]
    codes = openapi.problems_of(operation["operationId"])
    return {
        "line": f"GET {links.ROOT}{path}",
        "label": label,
        "text": text,
        "columns": [{"label": _("Parameter"), "code": True}, {"label": _("Meaning")}],
        "rows": [_parameter(one) for one in operation["parameters"]],
        "statuses": ", ".join(str(int(KINDS[code].status)) for code in codes),
    }


def _parameter(one: Document) -> list[Document]:
    """Return a line of the table: the name, with [] where it may be given again, and what for."""
    name = "least.…, most.…" if one["name"] == "ranges" else one["name"]
    again = " […]" if one["schema"].get("type") == "array" else ""
    return [{"text": f"{name}{again}"}, {"text": words.PARAMETERS[one["name"]]}]
