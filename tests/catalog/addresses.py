"""Addresses of the public catalogue, for the tests of its pages."""

from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override


def address(name: str = "technology-list", *arguments: Any, language: str = "en") -> str:
    with override(language):
        return reverse(f"catalog:{name}", args=arguments)


def asked(**choices: Any) -> str:
    return f"?{urlencode(choices, doseq=True)}"


def queries(path: str) -> int:
    """Open a page and return how often it asked the database."""
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path).status_code == 200
    return len(captured)
