"""The examples of the manual do what they say."""

import re
import shlex
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.builders import catalog

pytestmark = pytest.mark.django_db
ORIGIN = "http://127.0.0.1:8000"
MANUAL = Path(settings.BASE_DIR, "docs", "api.md").read_text()
EXAMPLES = re.findall(r"^(curl .+?)  # (\d{3})$", MANUAL, re.MULTILINE)


@pytest.mark.parametrize(("command", "status"), EXAMPLES)
def test_an_example_is_answered_as_it_says(command, status):
    catalog.technology()
    _curl, *words = shlex.split(command)
    method, headers = "GET", {}
    while words[0].startswith("-"):
        option, value, *words = words
        if option == "-X":
            method = value
        else:
            name, _colon, told = value.partition(": ")
            headers[name] = told
    (address,) = words

    response = Client().generic(method, address.removeprefix(ORIGIN), headers=headers)

    assert response.status_code == int(status)


def test_every_command_of_the_manual_is_one_of_these():
    assert len(EXAMPLES) == len(re.findall(r"^curl", MANUAL, re.MULTILINE)) == 14


def test_the_example_of_the_page_is_answered():
    page = Client().get(reverse("catalog:api"))

    _curl, example = shlex.split(page.context["command"])
    found = Client().get(example.removeprefix(settings.PORTAL_ORIGIN)).json()
    assert parse_qs(urlsplit(found["links"]["self"]).query) == parse_qs(urlsplit(example).query)
