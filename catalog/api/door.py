"""The interface as a whole: which address is which operation, and the description of it all."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from ninja import NinjaAPI
from ninja.errors import ValidationError

from catalog.api import openapi, shapes
from catalog.api.http import problem_response
from catalog.api.problems import Problem, Wrong
from catalog.api.views import reading

VERSION = "1.0.0"
# Operation, its path, what answers, and what a good answer looks like.
OPERATIONS: tuple[tuple[str, str, Any, Any], ...] = (
    ("entry", "/", reading.entry, shapes.EntryPoint),
    ("technologies", "/technologies", reading.technologies, shapes.Technologies),
    ("technology", "/technologies/{uuid:id}", reading.technology, shapes.Technology),
    ("versions", "/technologies/{uuid:id}/versions", reading.versions, shapes.Versions),
    (
        "version",
        "/technologies/{uuid:id}/versions/{int:number}",
        reading.version,
        shapes.Version,
    ),
    ("changes", "/changes", reading.changed, shapes.Changes),
    ("taxonomy", "/taxonomy", reading.taxonomy, shapes.Taxonomy),
    ("statistics", "/statistics", reading.statistics, shapes.Statistics),
)

api = NinjaAPI(
    title="Technology Pool",
    version=VERSION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
)
for _name, _path, _view, _shape in OPERATIONS:
    api.get(_path, response=_shape, operation_id=_name, url_name=_name, by_alias=True)(_view)


@api.exception_handler(Problem)
def _problem(request: Any, problem: Any) -> Any:
    return problem_response(problem, request)


@api.exception_handler(ValidationError)
def _misunderstood(request: Any, error: Any) -> Any:
    """Say at which parameter it is, and what Ninja found wrong there."""
    errors = [Wrong(_place(one["loc"]), one["msg"]) for one in error.errors]
    return problem_response(Problem("invalid-parameter", errors=errors), request)


@api.exception_handler(Exception)
def _failed(_request: Any, error: Any) -> Any:
    raise error  # the frame of the interface answers (catalog.api.middleware)


def _place(where: tuple[Any, ...]) -> str:
    """Return the name of the parameter out of ("query", "query", "field", 0)."""
    names = [part for part in where if isinstance(part, str)]
    return names[-1]


@lru_cache(maxsize=1)
def _document(_origin: str) -> dict[str, Any]:
    return openapi.completed(api.get_openapi_schema(path_prefix=""))


def document() -> dict[str, Any]:
    """Return the description: OpenAPI 3.1. Nobody changes what is in it."""
    return _document(settings.PORTAL_ORIGIN)
