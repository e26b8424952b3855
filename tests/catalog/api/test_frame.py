"""What holds of every answer: no cookie, no redirect, problems, copies that still hold."""

import hashlib
import json
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import version
from catalog.models import TechnologyVersion
from tests.builders import catalog
from tests.catalog.api.asking import ROOT, get, problem, queries, told

PATHS = (
    "/",
    "/technologies",
    "/technologies?q=membrane",
    "/changes",
    "/taxonomy",
    "/statistics",
    "/openapi.json",
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_what_one_has_is_not_sent_again(path):
    catalog.technology()
    catalog.numbered()
    first = get(path)

    again = get(path, If_None_Match=first["ETag"])

    assert first["ETag"].startswith('"1-')
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert "Content-Type" not in again
    assert again["Cache-Control"] == first["Cache-Control"] == "public, no-cache"
    assert get(path, If_None_Match='"else"').content == first.content


@pytest.mark.django_db
def test_what_still_holds_is_not_made_again():
    catalog.technologies(2)
    catalog.numbered()
    tag = get("/technologies?counts=true")["ETag"]

    from_all = queries("/technologies?counts=true")

    assert from_all == 2
    assert get("/technologies?counts=true", If_None_Match=tag).status_code == 304
    assert get("/technologies", If_None_Match=tag).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/technologies", "/technologies?q=membrane", "/changes", "/statistics"]
)
def test_a_change_of_the_catalogue_changes_the_tag(path):
    one = catalog.technology()
    catalog.numbered()
    before = get(path)
    catalog.take(one, "suspend")
    catalog.numbered()

    after = get(path, If_None_Match=before["ETag"])

    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


@pytest.mark.django_db
def test_a_record_has_its_own_tag_and_day():
    one = catalog.technology()
    catalog.numbered()
    path = f"/technologies/{one.pk}"
    first = get(path)
    catalog.technology()
    catalog.numbered()

    assert get(path, If_None_Match=first["ETag"]).status_code == 304
    assert get(path, If_Modified_Since=first["Last-Modified"]).status_code == 304
    assert (
        get(f"{path}/versions/1", If_None_Match=get(f"{path}/versions/1")["ETag"]).status_code
        == 304
    )
    catalog.take(one, "suspend")
    assert get(path, If_None_Match=first["ETag"]).status_code == 200


@pytest.mark.django_db
def test_a_condition_that_does_not_hold_is_a_problem():
    one = catalog.technology()

    response = get(f"/technologies/{one.pk}", If_Match='"else"')

    assert response.status_code == 412
    assert problem(response)["type"].endswith("#changed")


@pytest.mark.django_db
def test_the_tag_of_a_search_is_that_of_its_bytes():
    catalog.technology(title="Membrane")
    response = get("/technologies?q=membrane")

    assert response["ETag"] == f'"1-{hashlib.sha256(response.content).hexdigest()}"'


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PATHS, "/nothing", "/technologies?size=0"])
def test_no_answer_sets_a_cookie_or_leads_elsewhere(path):
    response = get(path, Cookie="sessionid=abc; csrftoken=def", Accept_Language="zh-hans")

    assert response.cookies == {}
    assert response.status_code in (200, 404, 422)
    assert response["Vary"] == "Accept"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert len(response["X-Request-Id"]) == 32


@pytest.mark.django_db
def test_head_is_a_get_without_a_body():
    catalog.technology()
    got = get("/technologies")

    headed = Client().head(f"{ROOT}/technologies")

    assert headed.status_code == 200
    assert headed.content == b""
    assert headed["ETag"] == got["ETag"]
    assert headed["Content-Length"] == str(len(got.content))


@pytest.mark.django_db
def test_options_say_what_may_be_asked_from_elsewhere():
    response = Client().options(f"{ROOT}/technologies", headers={"Origin": "https://else.example"})

    assert response.status_code == 204
    assert response["Allow"] == response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert Client().options(f"{ROOT}/nothing").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_writing_is_a_problem(method):
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{ROOT}/technologies")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert problem(response)["type"].endswith("#method-not-allowed")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*;q=0.5, text/html", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("nonsense", 406),
        ("application/json; charset=utf-8", 200),
        ('application/json;profile="a, b;q=0"', 200),
        ("application/json;charset=utf-8;q=0", 406),
        ("x/y;x*=foo''%41", 406),
        ("x/y;x*=foo''%41, application/json;q=0.1", 200),
    ],
)
def test_what_is_written_is_json(accept, status):
    response = get("/statistics", Accept=accept)

    assert response.status_code == status
    if status == 406:
        assert problem(response)["title"] == "There is no such representation"


@pytest.mark.django_db
def test_problems_are_kept_by_nobody():
    assert get("/nothing")["Cache-Control"] == "no-store"
    assert get("/technologies?size=0")["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_paths_below_api_that_are_none_are_problems_too():
    for path in ("/api/", "/api/v2/technologies", "/api/v1"):
        response = Client().get(path)
        assert response.status_code == 404
        assert problem(response)["instance"] == path


def test_a_strange_host_is_a_problem(settings: Any):
    settings.ALLOWED_HOSTS = ["pool.example.org"]

    assert problem(get("/", Host="else.example"))["status"] == 400
    assert get("/", Host="pool.example.org").status_code == 200


@pytest.mark.django_db
def test_an_address_with_too_much_in_it_is_a_problem(settings: Any):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    response = get("/technologies?field=WAT&field=AIR&field=SOI&field=MON")

    assert problem(response)["title"] == "The request cannot be read"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": "nonsense"},
        {"If_None_Match": '"' * 5000},
        {"If_Modified_Since": "yesterday"},
        {"Range": "bytes=0-1"},
        {"Content_Type": "application/json", "Content_Length": "x"},
    ],
)
def test_headers_that_mean_nothing_change_nothing(headers):
    catalog.technology()
    catalog.numbered()

    assert get("/technologies", **headers).json() == told("/technologies")


def test_in_the_open_nothing_is_answered_where_https_is_there(settings: Any):
    settings.SECURE_SSL_REDIRECT = True

    response = get("/")

    assert response.status_code == 400
    assert problem(response)["detail"] == "Ask by HTTPS."


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_a_problem():
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    response = get("/statistics")
    connection.close()

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert problem(response)["detail"] == "Its database does not answer. Ask again in some seconds."
    assert get("/statistics").status_code == 200


def test_a_fault_of_ours_is_a_problem_without_its_reason(monkeypatch: Any):
    def faulty() -> None:
        raise LookupError("secret place")

    monkeypatch.setattr("catalog.api.views.reading.version_now", faulty)

    response = get("/statistics")

    assert response.status_code == 500
    assert problem(response)["type"].endswith("#internal-error")
    assert b"secret" not in response.content


@pytest.mark.django_db
def test_each_problem_is_explained_where_its_type_leads():
    where = problem(get("/nothing"))["type"]
    page, _sign, place = where.removeprefix(settings.PORTAL_ORIGIN).partition("#")

    answered = Client().get(page)

    assert answered.status_code == 200
    assert f'id="{place}"' in answered.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_the_page_about_it_names_every_operation(language):
    described = told("/openapi.json")

    with CaptureQueriesContext(connection) as asked:
        response = Client().get(f"/{language}/catalogue/api/")

    assert len(asked) == 0
    text = response.content.decode()
    assert response.status_code == 200
    assert response.cookies == {}
    for path in described["paths"]:
        assert f"GET {ROOT}{path}" in text
    assert "<script>" not in text


@pytest.mark.django_db
def test_records_are_sent_as_they_are_hashed():
    one = catalog.technology(title_zh="膜")
    body = json.loads(get(f"/technologies/{one.pk}").content)

    kept = TechnologyVersion.objects.get(technology=one)

    assert body["record"] == kept.content
    assert version.version_now().pending
