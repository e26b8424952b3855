"""What is logged of a request: one line, by the shape of its address, nothing of the person."""

import json
import logging

import pytest
from django.core.exceptions import DisallowedHost
from django.test import Client
from django.urls import resolve
from django.utils.log import log_response
from structlog.stdlib import ProcessorFormatter

from core.logs import logging_config
from tests.builders.accounts import user

KEY = "3-c9xk2w-0123456789abcdef0123456789abcdef"
RESET = f"/en/accounts/password/reset/key/{KEY}/"
RESET_SHAPE = "/en/accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/"


def lines(caplog, logger="request"):
    """Return the log as it is written: JSON, line by line."""
    json_format = logging_config(level="INFO")["formatters"]["json"]
    formatter = ProcessorFormatter(
        foreign_pre_chain=json_format["foreign_pre_chain"], processors=json_format["processors"]
    )
    records = [one for one in caplog.records if one.name.startswith(logger)]
    for one in records:
        vars(one).pop("message", None)  # left there by the formatter of the tests
    written = [formatter.format(one) for one in records]
    assert not any("\n" in line for line in written)
    return [json.loads(line) for line in written]


@pytest.mark.django_db
def test_a_request_is_one_line_of_exactly_these_facts(caplog, client):
    caplog.set_level("INFO", logger="request")

    response = client.get("/en/catalogue/?q=secret", headers={"user-agent": "Someone's browser"})

    (line,) = lines(caplog)
    assert isinstance(line.pop("ms"), float)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "request",
        "method": "GET",
        "path": "/en/catalogue/",
        "request_id": response.headers["X-Request-Id"],
        "status": 200,
    }


@pytest.mark.django_db
def test_who_asked_and_what_she_typed_are_not_in_the_log(caplog):
    caplog.set_level("DEBUG")
    person = user("li.mei@example.org")
    client = Client()
    client.force_login(person)

    client.get(f"/en/work/?q={person.email}", REMOTE_ADDR="203.0.113.7")
    client.post("/en/account/login/", {"login": person.email, "password": "Sommer-2026-Regen"})

    said = json.dumps([line for name in ("request", "django") for line in lines(caplog, name)])
    session = str(client.session.session_key)
    for secret in (person.email, "203.0.113.7", "Sommer-2026-Regen", session):
        assert secret not in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "shape"),
    [
        (RESET.replace("/key/", "/keys/"), "(no such address)"),
        ("/en/li.mei@example.org", "(no such address)"),
        ("/static/css/what-somebody-typed.css", "/static/…"),
    ],
)
def test_an_address_that_is_not_there_is_not_repeated(caplog, client, address, shape):
    caplog.set_level("INFO", logger="request")

    client.get(address)

    assert [(line["path"], line["status"]) for line in lines(caplog)] == [(shape, 404)]


@pytest.mark.django_db
def test_a_link_that_lets_one_in_is_not_logged_when_the_form_is_refused(caplog):
    caplog.set_level("INFO")

    Client(enforce_csrf_checks=True).post(f"{RESET}?from=li.mei@example.org")

    (refused,) = lines(caplog, "django.security.csrf")
    (answered,) = lines(caplog)
    assert (refused["event"], refused["status_code"]) == ("Forbidden (CSRF cookie not set.)", 403)
    assert refused["path"] == answered["path"]
    assert KEY not in json.dumps([refused, answered])
    assert "li.mei" not in json.dumps([refused, answered])


@pytest.mark.parametrize("path", ["/en/catalogue/", "/en/报告: /x/", RESET])
def test_a_failure_is_logged_with_its_cause_and_the_shape(caplog, rf, path):
    request = rf.get(path, {"q": "li.mei@example.org"})
    request.resolver_match = resolve("/en/catalogue/")
    try:
        raise RuntimeError("disk is full")
    except RuntimeError as error:
        log_response(
            "Internal Server Error: %s",
            path,
            response=type("Response", (), {"status_code": 500})(),
            request=request,
            exception=error,
        )

    (line,) = lines(caplog, "django.request")
    assert (line["event"], line["path"]) == ("Internal Server Error", "/en/catalogue/")
    assert "RuntimeError: disk is full" in line["exception"]
    assert not {"li.mei", KEY} & set(json.dumps(line).split('"'))


def test_a_line_without_a_request_is_written_as_it_is(caplog):
    logging.getLogger("elsewhere").warning("a path: /tmp/x", extra={"request": "text"})
    logging.getLogger("elsewhere").error("failed", exc_info=DisallowedHost("x"))

    first, second = lines(caplog, "elsewhere")
    assert first["event"] == "a path: /tmp/x"
    assert second["exception"].endswith("DisallowedHost: x")
