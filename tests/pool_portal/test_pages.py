"""The pages that span everything."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.template import loader
from django.test import Client
from django.utils.translation import override
from django.views.defaults import permission_denied
from structlog.contextvars import bound_contextvars

from pool_portal import views
from pool_portal.context import portal
from tests.pool_portal.test_templates import Reader

pytestmark = pytest.mark.django_db

NAME = "Technology Pool of the Green Belt and Road"
DEMONSTRATION = b"This is a demonstration. Nothing here is a listing by FECO."
PUBLIC = ["/en/", "/zh-hans/", "/ar/", "/en/components/"]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
}


class Outline(HTMLParser):
    """Title, language and landmarks of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.html: dict[str, str | None] = {}
        self.title = ""
        self.landmarks: list[str] = []
        self.links: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.inside = tag
        if tag == "html":
            self.html = given
        if tag in ("header", "main", "footer") and given.get("class") != "page-head":
            self.landmarks.append(tag)
        if tag == "nav":
            self.landmarks.append(f"nav: {given['aria-label']}")
        if tag == "a" and given.get("hreflang"):
            self.links.append(given["href"] or "")

    def handle_data(self, data):
        if self.inside == "title":
            self.title += data

    def handle_endtag(self, tag):
        self.inside = ""


def outline(client: Client, path: str) -> Outline:
    return Outline(client.get(path).content.decode())


def test_home_has_its_title_and_landmarks(client):
    page = outline(client, "/en/")

    assert page.title == NAME
    assert page.html == {"lang": "en", "dir": "ltr"}
    assert [mark for mark in page.landmarks if mark != "nav: Main navigation"] == [
        "header",
        "nav: Language",
        "main",
        "footer",
    ]


def test_components_page_has_its_title_and_landmarks(client):
    page = outline(client, "/en/components/")

    assert page.title == f"Parts of the pages – {NAME}"
    assert [mark for mark in page.landmarks if mark != "nav: Main navigation"] == [
        "header",
        "nav: Language",
        "main",
        "nav: You are here",
        "nav: Pages",
        "footer",
    ]


def test_arabic_runs_from_right_to_left(client):
    response = client.get("/ar/")

    assert Outline(response.content.decode()).html == {"lang": "ar", "dir": "rtl"}
    assert b"bootstrap.rtl.min.css" in response.content
    assert b"bootstrap.min.css" not in response.content


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_sets_no_cookie(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert dict(response.cookies) == {}


@pytest.mark.parametrize("path", [*PUBLIC, "/en/no-such-page/"])
def test_policy_allows_nothing_inline_and_nothing_from_elsewhere(client, path):
    header = client.get(path).headers["Content-Security-Policy"]

    assert {directive.strip() for directive in header.split(";")} == POLICY


@pytest.mark.parametrize("path", [*PUBLIC, "/en/account/login/", "/en/account/signup/"])
def test_rendered_page_holds_nothing_inline(client, path):
    reader = Reader()
    reader.feed(client.get(path).content.decode())

    assert reader.inline == []


@pytest.mark.parametrize(
    ("accepted", "home"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "/zh-hans/"),
        ("zh-TW", "/zh-hans/"),
        ("ar-EG", "/ar/"),
        ("en-GB", "/en/"),
        ("tlh", "/en/"),
        ("", "/en/"),
    ],
)
def test_root_leads_to_the_best_language(client, accepted, home):
    response = client.get("/?from=mail", headers={"accept-language": accepted})

    assert (response.status_code, response.headers["Location"]) == (302, f"{home}?from=mail")
    assert response.headers["Vary"] == "Accept-Language"
    assert dict(response.cookies) == {}


def test_language_links_lead_to_the_same_page(client):
    links = set(outline(client, "/en/components/?a=1").links)

    assert links == {f"/{code}/components/?a=1" for code, _name in settings.LANGUAGES}


def test_language_links_of_a_missing_page_lead_home(client):
    links = set(outline(client, "/en/no-such-page/").links)

    assert links == {"/en/no-such-page/", "/zh-hans/", "/ar/"}


def test_demonstration_is_said_only_in_the_demonstration(client, settings):
    settings.DEMO = True
    assert DEMONSTRATION in client.get("/en/").content
    settings.DEMO = False
    assert DEMONSTRATION not in client.get("/en/").content


@pytest.mark.parametrize("demo", [True, False])
def test_pages_of_errors_say_that_it_is_a_demonstration_when_it_is(client, rf, settings, demo):
    settings.DEMO = demo
    forbidden, foreign = PermissionDenied(), Client(enforce_csrf_checks=True)

    answers = [
        client.get("/en/", headers={"host": "elsewhere.example"}),
        permission_denied(rf.get("/en/"), forbidden),
        foreign.post("/en/components/"),
        client.get("/en/no-such-page/"),
        views.server_error(rf.get("/en/")),
    ]

    said = [(one.status_code, one.content.count(DEMONSTRATION)) for one in answers]
    assert said == [(status, int(demo)) for status in (400, 403, 403, 404, 500)]


def test_the_page_of_a_failure_asks_the_database_nothing(rf, settings, django_assert_num_queries):
    settings.DEMO = True

    with django_assert_num_queries(0):
        page = views.server_error(rf.get("/en/")).content

    assert DEMONSTRATION in page


def test_every_page_says_what_listing_is_not(client):
    assert b"Listing in the pool is not a certification." in client.get("/en/").content


def test_frame_can_be_filled_before_anyone_is_known(rf):
    given = portal(rf.get("/en/"))

    assert given["ACCOUNT_MENU"] == []
    assert [entry["current"] for entry in given["LANGUAGES"]].count(True) == 1


# Error pages ---------------------------------------------------------------------------


def test_missing_page(client):
    response = client.get("/en/no-such-page/")

    assert response.status_code == 404
    assert Outline(response.content.decode()).title == f"Not found – {NAME}"
    assert b"There is no such page" in response.content
    assert dict(response.cookies) == {}


def test_forbidden_page(rf):
    with override("en"):
        response = permission_denied(rf.get("/en/"), PermissionDenied())

    assert response.status_code == 403
    assert b"You may not do this" in response.content


def test_form_from_elsewhere_is_refused():
    response = Client(enforce_csrf_checks=True).post("/en/components/")

    assert response.status_code == 403
    assert b"The form was not accepted" in response.content


def test_unknown_host_is_a_bad_request(client):
    response = client.get("/en/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert b"The request was not understood" in response.content


def test_failure_page_needs_no_context():
    with override("en"):
        page = loader.get_template("500.html").render()

    assert Outline(page).title == f"Something failed – {NAME}"
    assert "Reference" not in page


def test_failure_page_needs_no_list_of_static_files(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

    assert "500" in loader.get_template("500.html").render()


def test_failure_page_gives_the_number_of_the_request(rf):
    with bound_contextvars(request_id="abc123"):
        response = views.server_error(rf.get("/en/"))

    assert response.status_code == 500
    assert b"<code>abc123</code>" in response.content
