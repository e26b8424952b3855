"""Which methods are answered: what no view knows is refused before any view, HEAD has no body."""

import uuid
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

pytestmark = pytest.mark.django_db

PAGES = ["/", "/healthz", "/en/", "/en/catalogue/", "/en/work/", "/en/admin/", "/en/no-such-page/"]
STRANGE = ["TRACE", "TRACK", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND"]


def answer(method, path, **headers):
    """Return what a WSGI server is given: Django's test client would itself take a body away."""
    environ = RequestFactory().generic(method, path, headers=headers).environ
    started: list[tuple[str, dict[str, str]]] = []

    def start(status: str, sent: list[tuple[str, str]], *_fault: Any) -> Any:
        started.append((status, dict(sent)))

    response = WSGIHandler()(environ, start)
    body = b"".join(response)
    response.close()
    ((status, sent),) = started
    return int(status.split()[0]), sent, body


@pytest.mark.parametrize("path", PAGES)
def test_head_is_get_without_the_body(path):
    status, sent, body = answer("GET", path)
    head_status, head_sent, head_body = answer("HEAD", path)

    assert head_body == b""
    assert head_status == status
    assert head_sent["Content-Length"] == sent["Content-Length"]
    assert int(sent["Content-Length"]) == len(body)
    assert head_sent.get("Content-Type") == sent.get("Content-Type")


def test_head_of_a_request_that_is_not_understood_has_no_body():
    status, sent, body = answer("HEAD", "/en/", host="elsewhere.example")

    assert (status, body) == (400, b"")
    assert int(sent["Content-Length"]) > 0


@pytest.mark.parametrize("path", [*PAGES, "/static/css/tokens.css"])
@pytest.mark.parametrize("method", STRANGE)
def test_a_method_no_view_answers_is_refused_everywhere(method, path):
    status, sent, body = answer(method, path, cookie="sessionid=somebody")

    assert (status, sent["Allow"], body) == (405, "GET, HEAD, OPTIONS, POST", b"")
    assert sent["X-Request-Id"]


def test_options_are_said_by_the_view():
    assert answer("OPTIONS", "/en/catalogue/")[1]["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_methods_of_one_address_are_answered_there_only(method):
    upload = f"/en/declarations/{uuid.uuid4()}/uploads/{uuid.uuid4()}/"

    # The gate sends a stranger to the sign-in; the page beside it knows no such method.
    assert answer(method, upload)[0] in (302, 403)
    assert answer(method, upload.replace("/en/", "/zh-hans/"))[0] in (302, 403)
    assert answer(method, upload + "more/")[0] == 405
