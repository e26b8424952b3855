"""The applicant's pages of a translation after filing: what is offered, to whom, what it says."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Level
from catalog.models import Technology
from submissions.models import TranslationVersion
from tests.builders import accounts, catalog
from tests.reading import text

pytestmark = pytest.mark.django_db

CONFIRMED = "Translation of version 1, confirmed on"
CHANGED = "Changed since. What counts is the translation of version 1 that you confirmed on"


@pytest.fixture
def listed() -> Technology:
    return catalog.listed_technology()


def home(listed: Technology) -> str:
    return reverse("submissions:declaration-detail", args=[listed.case.declaration_id])


def page(listed: Technology, language: str = "zh-hans") -> str:
    arguments = [listed.case.declaration_id, language]
    return reverse("submissions:declaration-translation", args=arguments)


def owner(listed: Technology) -> Any:  # a Client; mypy knows no response.context
    return accounts.signed_in(accounts.owner_of(listed.holder))


def sent(title: str, *, confirm: bool, revision: int) -> dict[str, str]:
    action = "confirm" if confirm else "save"
    return {"technology.title": title, "revision": str(revision), "action": action}


def test_a_translation_of_a_listed_technology_is_written_and_confirmed_in_the_browser(listed):
    client = owner(listed)
    offered = {one["code"]: one["note"] for one in client.get(home(listed)).context["translations"]}
    assert offered == {"zh-hans": "", "ar": ""}
    assert "What was filed stays as it is." in text(client.get(page(listed)))

    client.post(page(listed), sent("膜技术", confirm=False, revision=0))
    assert not TranslationVersion.objects.exists()
    client.post(page(listed), sent("膜技术", confirm=True, revision=1))

    assert Technology.objects.get(pk=listed.pk).titles["zh-hans"] == "膜技术"
    assert text(client.get(home(listed))).count(CONFIRMED) == 1
    assert CONFIRMED in text(client.get(page(listed)))


def test_what_was_changed_since_is_told_and_the_confirmed_text_stays_public(listed):
    client = owner(listed)
    client.post(page(listed), sent("膜技术", confirm=True, revision=0))

    client.post(page(listed), sent("另一个名称", confirm=False, revision=1))

    for path in (home(listed), page(listed)):
        said = text(client.get(path))
        assert CHANGED in said
        assert CONFIRMED not in said
    assert Technology.objects.get(pk=listed.pk).titles["zh-hans"] == "膜技术"


def test_a_stale_save_shows_both_texts_and_publishes_neither(listed):
    client = owner(listed)
    client.post(page(listed), sent("甲文本", confirm=True, revision=0))

    both = client.post(page(listed), sent("乙文本", confirm=True, revision=0))

    assert both.status_code == 409
    assert "甲文本" in text(both)
    assert "乙文本" in text(both)
    assert Technology.objects.get(pk=listed.pk).titles["zh-hans"] == "甲文本"


@pytest.mark.parametrize("step", ["withdraw", "revoke"])
def test_what_has_left_the_pool_is_not_offered(listed, step):
    catalog.take(listed, step)
    client = owner(listed)

    assert client.get(home(listed)).context["translations"] == []
    turned_away = client.get(page(listed), follow=True)
    assert turned_away.redirect_chain == [(home(listed), 302)]
    assert "This declaration cannot be changed now." in text(turned_away)
    refused = client.post(page(listed), sent("膜技术", confirm=True, revision=0))
    assert "This declaration cannot be changed in its present state." in text(refused)
    assert "膜技术" in text(refused)
    assert not TranslationVersion.objects.exists()


def test_a_viewer_is_offered_nothing_and_refused(listed):
    client: Any = accounts.signed_in(accounts.member(Level.VIEW, listed.holder))

    assert client.get(home(listed)).context["translations"] == []
    client.post(page(listed), sent("膜技术", confirm=True, revision=0))
    assert not TranslationVersion.objects.exists()


def test_for_everybody_else_there_is_no_such_page(listed):
    for person in (accounts.user(), accounts.officer(), accounts.member(Level.OWN)):
        client = accounts.signed_in(person)
        posted = client.post(page(listed), sent("膜技术", confirm=True, revision=0))
        assert posted.status_code == 404
    assert "login" in Client().get(page(listed))["Location"]
    assert Client().post(page(listed), {}).status_code == 401
    assert not TranslationVersion.objects.exists()
