"""A form sent after the session ended is not lost: it is sent once more after signing in."""

import html
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from submissions.models import Declaration
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, section_data

pytestmark = pytest.mark.django_db

HERE = {"sec-fetch-site": "same-origin"}
LINES = '\nFirst line,\n<b>second</b> & "third".'


def carried(page):
    """Return what the form of the page sends when its button is pressed."""
    found = re.findall(
        r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page.content.decode(), re.DOTALL
    )
    data: dict[str, list[str]] = {}
    for name, value in found:
        data.setdefault(html.unescape(name), []).append(html.unescape(value))
    return data


def token(page):
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[0]


def signed_in(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def test_form_sent_after_the_session_ended_is_sent_once_more_and_saved():
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)
    client, url = signed_in(owner), address("declaration-section", draft.pk, "technology")
    data = section_data(draft, "technology", technology__summary=LINES)
    data["csrfmiddlewaretoken"] = token(client.get(url))
    Session.objects.all().delete()

    out = client.post(url, data, headers=HERE)

    assert out.status_code == 401
    assert "You have been signed out" in text(out)
    assert carried(out)["technology-summary"] == [LINES]

    client.force_login(owner)  # in another window; the token of this page is old now
    client.cookies[settings.CSRF_COOKIE_NAME].set(settings.CSRF_COOKIE_NAME, "x" * 32, "x" * 32)
    old = client.post(url, {**carried(out), "csrfmiddlewaretoken": token(out)}, headers=HERE)

    assert old.status_code == 403
    assert "Please send the form once more" in text(old)

    answer = client.post(url, {**carried(old), "csrfmiddlewaretoken": token(old)}, headers=HERE)

    assert answer.url == url
    assert Declaration.objects.get().content["technology"]["summary"] == LINES.strip()


def test_form_of_another_site_is_offered_to_nobody():
    draft = build.draft()
    client = signed_in(accounts.owner_of(draft.organisation))
    url = address("declaration-section", draft.pk, "technology")

    for site in ("cross-site", "same-site", "none", ""):
        answer = client.post(
            url, {"technology-summary": "Planted."}, headers={"sec-fetch-site": site}
        )

        assert answer.status_code == 403
        assert "Planted." not in text(answer)
        assert "Send once more" not in text(answer)


def test_passwords_are_not_handed_back():
    answer = Client().post(
        "/en/account/", {"password": "secret words", "new_password1": "other", "name": "N"}
    )

    assert answer.status_code == 401
    assert carried(answer) == {"name": ["N"]}
