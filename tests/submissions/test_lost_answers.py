"""A page goes on from where it believes to be: what it saved itself is no stranger's text."""

from types import SimpleNamespace

import pytest

from accounts.roles import Level
from submissions.models import SavedValue
from tests.builders import accounts
from tests.builders import submissions as build
from tests.submissions.browsing import address, browser, owner_client, section_data
from tests.submissions.test_autosave import autosave, cost, marks_of, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    draft = build.draft()
    client, begun = owner_client(draft), marks_of(draft)

    def save(page="one", since=begun, **values):
        typed = {f"technology__{name}": value for name, value in values.items()}
        return autosave(
            client, draft, "technology", list(values), begun=since, copy=page, **typed
        ).json()

    return SimpleNamespace(draft=draft, client=client, saves=save)


def test_what_is_typed_next_is_saved(page):
    for title in ("First", "First, longer", "First, longer still"):
        answer = page.saves(title=title)

    assert (answer["saved"], answer["aside"]) == (["title"], [])
    assert stored(page.draft, "technology")["title"] == "First, longer still"
    assert SavedValue.objects.filter(member="title", value="First").exists()


def test_what_is_typed_and_taken_away_again_is_taken_away(page):
    page.saves(title="First")

    answer = page.saves(title=build.content()["technology"]["title"])

    assert answer["saved"] == ["title"]
    assert stored(page.draft, "technology") == build.content()["technology"]


def test_save_by_the_button_is_saved(page):
    data = section_data(page.draft, "technology", technology__title="Second")
    page.saves(title="First")

    answer = page.client.post(
        address("declaration-section", page.draft.pk, "technology"), data | {"copy": "one"}
    )

    assert answer.url.startswith(address("declaration-section", page.draft.pk, "technology"))
    assert stored(page.draft, "technology")["title"] == "Second"


@pytest.mark.parametrize("other", ["two", ""])
def test_another_page_of_the_same_person_is_asked(page, other):
    page.saves(title="First")

    answer = page.saves(other, title="Written on an old page")

    assert answer["aside"] == ["title"]
    assert stored(page.draft, "technology")["title"] == "First"


def test_colleague_in_between_is_not_written_over(page):
    page.saves(title="First")
    colleague = browser(accounts.member(Level.EDIT, page.draft.organisation))
    now = marks_of(page.draft)
    autosave(
        colleague, page.draft, "technology", ["title"], begun=now, copy="hers",
        technology__title="Hers",
    )  # fmt: skip

    answer = page.saves(title="First, longer")

    assert answer["aside"] == ["title"]
    assert stored(page.draft, "technology")["title"] == "Hers"


def test_it_costs_no_more_questions(page):
    page.saves(title="First")
    since = " ".join(f"{key}:{mark}" for key, mark in marks_of(page.draft).items())
    page.saves(title="Second")

    asked, answer = cost(
        page.draft, "technology", ["title"], since, technology__title="Third", copy="one"
    )

    assert (answer["aside"], asked) == (["title"], 5)  # begun from what another save made
