"""The description of the interface: OpenAPI 3.1, with every answer and every problem.

Ninja describes parameters and good answers out of the code; what is the same everywhere is laid
beside them here, and the words for people (``catalog.api.words``).
"""

from typing import Any

from django.conf import settings
from django.utils import translation
from ninja.openapi.schema import REF_TEMPLATE

from catalog.api import links, words
from catalog.api.asking import FIGURE, RANGE
from catalog.api.problems import KINDS
from catalog.api.shapes import Problem

Document = dict[str, Any]

EVERYWHERE = (
    "bad-request",
    "unknown-token",
    "scope-missing",
    "not-found",
    "method-not-allowed",
    "not-acceptable",
    "changed",
    "invalid-parameter",
    "too-many-requests",
    "internal-error",
    "unavailable",
)
# Operations on one technology.
OF_ONE = {"technology", "versions", "version"}
RANGES: Document = {
    "name": "ranges",
    "in": "query",
    "required": False,
    "style": "form",
    "explode": True,
    "schema": {
        "type": "object",
        "propertyNames": {"pattern": RANGE},
        "additionalProperties": {"type": "string", "pattern": FIGURE},
    },
}
TEXT_HEADER: Document = {"schema": {"type": "string"}}
COUNTED = ("RateLimit", "RateLimit-Policy")


def completed(document: Document) -> Document:
    """Return Ninja's description with what every operation shares."""
    with translation.override("en"):
        document["info"]["description"] = str(words.INTRODUCTION)
        document["servers"] = [{"url": f"{settings.PORTAL_ORIGIN}{links.ROOT}"}]
        for path in document["paths"].values():
            for operation in path.values():
                _complete(operation)
    components = document["components"]
    schema = Problem.model_json_schema(ref_template=REF_TEMPLATE)
    components["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return document


def _complete(operation: Document) -> None:
    name = operation["operationId"]
    operation["summary"] = str(words.OPERATIONS[name][0])
    operation["description"] = str(words.OPERATIONS[name][1])
    operation["security"] = [{}, {"token": []}]
    if name == "technologies":
        operation["parameters"].append(dict(RANGES))
    for parameter in operation["parameters"]:
        parameter["description"] = str(words.PARAMETERS[parameter["name"]])
        parameter["schema"].pop("title", None)
    good = operation["responses"].pop(200)
    good["headers"] = dict.fromkeys(("ETag", "Cache-Control", *COUNTED), TEXT_HEADER)
    operation["responses"] = {
        "200": good,
        "304": {"description": str(words.NOT_MODIFIED), "headers": {"ETag": TEXT_HEADER}},
        **_problems(name),
    }


def problems_of(name: str) -> tuple[str, ...]:
    """Return the codes of the problems an operation can answer with, by status."""
    codes = (*EVERYWHERE, "gone") if name in OF_ONE else EVERYWHERE
    return tuple(sorted(codes, key=lambda code: KINDS[code].status))


def _problems(name: str) -> Document:
    return {
        str(int(KINDS[code].status)): {
            "description": f"{KINDS[code].title}. {KINDS[code].meaning}",
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": REF_TEMPLATE.format(model="Problem")}
                }
            },
            **({"headers": _HEADERS[code]} if code in _HEADERS else {}),
        }
        for code in problems_of(name)
    }


_RETRY: Document = {"Retry-After": {"schema": {"type": "integer"}}}
_HEADERS: dict[str, Document] = {
    "unknown-token": {"WWW-Authenticate": TEXT_HEADER},
    "method-not-allowed": {"Allow": TEXT_HEADER},
    "too-many-requests": _RETRY,
    "unavailable": _RETRY,
}
