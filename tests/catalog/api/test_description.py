"""The description of the interface is true: what it allows is asked, answers are held to it.

Schemathesis makes up requests from the description, right ones and wrong ones, and checks each
answer against it: status, type, headers and shape, and that nothing fails.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from catalog.api.door import OPERATIONS, document
from catalog.api.http import as_json
from catalog.browsing.traits import FACETS
from catalog.models import Technology
from catalog.vocabulary import Vocabulary
from tests.builders import catalog
from tests.catalog.api.asking import told

pytestmark = pytest.mark.django_db
EXAMPLES = 60  # for each operation, after those that cover every bound of every parameter
SEED = 20200622
# Codes, measures and cursors are words of the catalogue, of which the description says only how
# they are written: others are refused with 422, by a test of their own of every code.
WORDS = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "403", "404", "410", "422"])


def described() -> Any:
    """Read the description as it is sent; that needs no database."""
    config = SchemathesisConfig(
        seed=SEED,
        projects=ProjectsConfig(
            default=ProjectConfig(
                checks=ChecksConfig(positive_data_acceptance=WORDS),
                generation=GenerationConfig(deterministic=True, max_examples=EXAMPLES),
            )
        ),
    )
    read = schemathesis.openapi.from_dict(json.loads(as_json(document())), config=config)
    read.app = WSGIHandler()
    return read


schema = described()


@schema.hook
def map_path_parameters(_context: Any, parameters: Any) -> Any:
    """Ask for technologies there are, in every state, and now and then for one there is not."""
    if parameters and _is_uuid(parameters.get("id")):
        there = Technology.objects.order_by("place").values_list("pk", flat=True)
        choice = UUID(parameters["id"]).int % (len(there) + 1)
        if choice < len(there):
            parameters["id"] = str(there[choice])
            if str(parameters.get("number", "")).isdigit():
                parameters["number"] = int(parameters["number"]) % 3 + 1
    return parameters


@schema.hook
def map_query(_context: Any, query: Any) -> Any:
    """Ask for codes there are."""
    for facet in FACETS:
        codes = (query or {}).get(facet)
        if isinstance(codes, list) and codes and all(_is_code(one) for one in codes):
            known = sorted(read_names().of(facet)) or ["2026"]
            query[facet] = [known[len(code) * 7 % len(known)] for code in codes]
    return query


@lru_cache
def read_names() -> Vocabulary:
    return Vocabulary()


def _is_code(one: Any) -> bool:
    return isinstance(one, str) and 0 < len(one) <= 60 and "\0" not in one


def _is_uuid(one: Any) -> bool:
    try:
        return bool(str(UUID(one)) == one)
    except (ValueError, TypeError, AttributeError):
        return False


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the connection of the test, as the client of Django does, between requests."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def some_technologies(one_connection: None) -> None:
    catalog.technologies(3, title_zh="膜", case_countries=("NO", "KZ"))
    catalog.take(catalog.technology(), "suspend")
    catalog.take(catalog.technology(), "revoke")
    catalog.numbered()


@pytest.mark.usefixtures("some_technologies")
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: Any):
    response = case.call_and_validate()

    assert response.status_code < 500


def test_every_operation_is_described():
    document = told("/openapi.json")

    names = [one["get"]["operationId"] for one in document["paths"].values()]
    assert names == [name for name, *_rest in OPERATIONS]
    assert document["openapi"] == "3.1.0"
    for path in document["paths"].values():
        answers = path["get"]["responses"]
        assert set(answers) >= {
            "200",
            "304",
            "400",
            "401",
            "404",
            "405",
            "406",
            "422",
            "429",
            "503",
        }
        for status, one in answers.items():
            if int(status) >= 400:
                assert list(one["content"]) == ["application/problem+json"]
