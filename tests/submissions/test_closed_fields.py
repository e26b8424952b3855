"""A page opened before a return sends what is closed by now: it is kept, and said to be."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.errors import DomainError
from submissions import services
from submissions.models import Declaration, SavedValue
from submissions.scheme.differences import marks
from submissions.workflow import perform
from submissions.working_copy import locked
from submissions.writing import waiting_of
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.core import until_it_waits
from tests.reading import text
from tests.submissions.browsing import address, owner_client, section_data

pytestmark = pytest.mark.django_db

CLOSED = "closed while you wrote. What you typed there is not in the declaration; it is kept"


class Stale:
    """An owner's page of a draft that was submitted and returned, for its summary, meanwhile."""

    def __init__(self, key="technology"):
        self.draft = build.draft()
        self.client = owner_client(self.draft)
        self.key = key
        self.data = section_data(self.draft, key) | {"copy": "page1"}
        officer = accounts.officer()
        for step in ("submit", "begin_check", "return"):
            actor = accounts.owner_of(self.draft.organisation) if step == "submit" else officer
            build.take(self.draft, step, actor)

    def presses(self, action="stay", **typed):
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        url = address("declaration-section", self.draft.pk, self.key)
        return self.client.post(url, self.data | {"action": action} | typed, follow=True)

    def autosaves(self, *changed, **typed):
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        url = address("declaration-autosave", self.draft.pk, self.key)
        return self.client.post(url, self.data | {"changed": list(changed)} | typed)

    def stored(self):
        return Declaration.objects.get(pk=self.draft.pk).content[self.key]


@pytest.fixture
def stale():
    return Stale()


def kept(declaration):
    rows = SavedValue.objects.filter(declaration=declaration, state="aside").order_by("pk")
    return [(one.member, one.value) for one in rows]


@pytest.mark.parametrize("action", ["stay", "continue", "retype", "add:cases"])
def test_text_of_a_closed_field_is_set_aside_and_told_whatever_is_pressed(stale, action):
    page = stale.presses(action, technology__title="Typed offline.")

    assert f"Name of the technology: {CLOSED}" in text(page)
    assert kept(stale.draft) == [("title", "Typed offline.")]
    assert stale.stored()["title"] == build.content()["technology"]["title"]


def test_open_fields_are_saved_beside_it(stale):
    page = stale.presses(technology__title="Typed offline.", technology__summary="Says what.")

    assert "Saved." in text(page)
    assert "A text of yours is not in the declaration" in text(page)  # at each visit
    assert page.redirect_chain[-1][0].endswith("?saved=page1")
    assert stale.stored() == build.content()["technology"] | {"summary": "Says what."}


def test_page_on_which_nothing_closed_was_changed_says_nothing_of_it(stale):
    page = stale.presses(technology__summary="Says what.")

    assert CLOSED not in text(page)
    assert kept(stale.draft) == []


def test_what_cannot_be_read_is_shown_and_all_else_is_saved(stale):
    page = stale.presses(
        technology__first_use_year="<b>last year", technology__summary="Says what."
    )

    assert "could not be read and is not kept: “<b>last year”" in text(page)
    assert "Saved." in text(page)
    assert stale.stored()["summary"] == "Says what."
    assert kept(stale.draft) == []


def test_what_cannot_be_read_in_an_open_field_keeps_the_closed_text_too():
    stale = Stale()
    officer = Declaration.objects.get(pk=stale.draft.pk).checked_by
    owner = accounts.owner_of(stale.draft.organisation)
    perform("submit", stale.draft.pk, actor=owner)
    perform("begin_check", stale.draft.pk, actor=officer)
    asked = [{"section": "technology", "field": "first_use_year", "reason": "When?"}]
    perform("return", stale.draft.pk, actor=officer, reason="Because.", corrections=asked)

    page = stale.presses(technology__title="Typed.", technology__first_use_year="last year")

    assert f"Name of the technology: {CLOSED}" in text(page)
    assert "Write a number" in text(page)
    assert kept(stale.draft) == [("title", "Typed.")]


def test_rows_of_a_closed_table_are_set_aside():
    stale = Stale("cases")

    page = stale.presses(**{"cases-cases-0-name": "Typed in a row."})

    [(member, rows)] = kept(stale.draft)
    assert (member, rows[0]["name"]) == ("cases", "Typed in a row.")
    assert CLOSED in text(page)
    assert stale.stored() == build.content()["cases"]


def test_page_saves_the_open_fields_by_itself_and_names_the_closed(stale):
    answer = stale.autosaves(
        "title", "summary", technology__title="Typed offline.", technology__summary="Says what."
    ).json()

    assert (answer["saved"], answer["aside"], answer["closed"]) == (["summary"], [], ["title"])
    assert answer["compare"] == ""
    assert [one["at"] for one in answer["remarks"]] == ["div_id_technology-title"]
    assert answer["remarks"][0]["text"].startswith(f"Name of the technology: {CLOSED}")
    assert "title" not in answer["marks"]
    assert stale.stored()["summary"] == "Says what."
    assert kept(stale.draft) == [("title", "Typed offline.")]


def test_going_on_in_a_closed_field_leaves_one_text_waiting(stale):
    for title in ("Typed", "Typed on", "Typed on."):
        stale.autosaves("title", technology__title=title)

    assert kept(stale.draft) == [("title", "Typed on.")]
    assert SavedValue.objects.filter(value="Typed on", state="settled").exists()


def test_closed_text_waits_for_no_choice_until_it_is_open_again(stale):
    stale.presses(technology__title="Typed offline.")
    returned = Declaration.objects.get(pk=stale.draft.pk)
    comparison = address("declaration-comparison", stale.draft.pk, "technology")

    page = stale.client.get(comparison, follow=True)

    assert waiting_of(returned) == []
    assert "Nothing waits for a choice here" in text(page)
    officer, owner = returned.checked_by, accounts.owner_of(returned.organisation)
    perform("submit", returned.pk, actor=owner)
    perform("begin_check", returned.pk, actor=officer)
    asked = [{"section": "technology", "field": "title", "reason": "Name it."}]
    perform("return", returned.pk, actor=officer, reason="Because.", corrections=asked)
    opened = Declaration.objects.get(pk=returned.pk)
    assert [one.value for one in waiting_of(opened)] == ["Typed offline."]
    assert "Typed offline." in text(stale.client.get(comparison))


def test_programs_and_choices_are_refused_as_before(stale):
    owner = accounts.owner_of(stale.draft.organisation)
    now = Declaration.objects.get(pk=stale.draft.pk)
    begun = marks(now.activity.scheme.load().section("technology"), stale.stored())

    with pytest.raises(DomainError, match="not part of what was returned"):
        services.save_members(now.pk, "technology", {"title": "New"}, actor=owner, begun=begun)
    assert kept(stale.draft) == []


@pytest.mark.django_db(transaction=True)
def test_return_while_a_save_waits_for_its_turn_is_told_too():
    draft = build.draft()
    client, owner = owner_client(draft), accounts.owner_of(draft.organisation)
    officer = accounts.officer()
    data = section_data(draft, "technology") | {"copy": "page1", "action": "stay"}
    data["technology-title"] = "Typed meanwhile."
    url = address("declaration-section", draft.pk, "technology")

    def save():
        try:
            return client.post(url, data, follow=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked(draft.pk, owner)
            answer = pool.submit(save)
            until_it_waits()
            for step in ("submit", "begin_check", "return"):
                build.take(draft, step, owner if step == "submit" else officer)
        page = answer.result(timeout=30)

    assert f"Name of the technology: {CLOSED}" in text(page)
    assert kept(draft) == [("title", "Typed meanwhile.")]
