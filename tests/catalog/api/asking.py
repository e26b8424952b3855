"""Asking the interface for programs, for its tests."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROOT = "/api/v1"
ORIGIN = "http://127.0.0.1:8000"


def get(path: str, **headers: str) -> Any:
    """Return the answer of a path below the root; headers as ``If_None_Match``."""
    return Client().get(ROOT + path, headers={k.replace("_", "-"): v for k, v in headers.items()})


def told(path: str, **headers: str) -> Any:
    """Return what a good answer says."""
    response = get(path, **headers)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def problem(response: Any) -> Any:
    assert response["Content-Type"] == "application/problem+json"
    document = json.loads(response.content)
    assert document["status"] == response.status_code
    return document


def wrong(path: str) -> list[tuple[str, str]]:
    """Return what is said of the parameters of a path that is refused: place and message."""
    response = get(path)
    assert response.status_code == 422, response.content
    return [(one["place"], one["message"]) for one in problem(response)["errors"]]


def titles(document: Any) -> list[str]:
    return [one["record"]["titles"]["en"] for one in document["items"]]


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        told(path)
    return len(captured)
