"""A page saves by itself: field by field, for who may, and nothing that was saved is lost."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Level
from submissions import services
from submissions.models import Declaration, SavedValue
from submissions.scheme.differences import begun_marks, marks
from submissions.states import Status
from tests.builders import accounts
from tests.builders import submissions as build
from tests.submissions.browsing import address, browser, owner_client, section_data

pytestmark = pytest.mark.django_db


def marks_of(declaration, section="technology"):
    part = declaration.activity.scheme.load().section(section)
    return begun_marks(marks(part, stored(declaration, section)))


def autosave(client, declaration, section, changed, begun=None, **values):
    data = section_data(declaration, section, **values) | {"changed": changed}
    if begun:
        data["begun"] = " ".join(f"{key}:{mark}" for key, mark in begun.items())
    url = address("declaration-autosave", declaration.pk, section)
    return client.post(url, data, headers={"accept": "application/json"})


def stored(declaration, section):
    return Declaration.objects.get(pk=declaration.pk).content.get(section, {})


def test_only_the_changed_fields_are_saved():
    draft = build.draft()

    answer = autosave(
        owner_client(draft), draft, "technology", ["title"],
        technology__title="New", technology__route="Not named as changed",
    )  # fmt: skip

    assert answer.json()["saved"] == ["title"]
    assert stored(draft, "technology") == build.content()["technology"] | {"title": "New"}
    one = SavedValue.objects.filter(value="New").get()
    assert (one.section, one.member, one.state) == ("technology", "title", "applied")
    assert one.saved_by == accounts.owner_of(draft.organisation)


def test_answer_says_what_the_page_is_begun_from_now():
    draft = build.draft()
    client = owner_client(draft)

    first = autosave(client, draft, "technology", ["title"], technology__title="New")
    page = client.get(address("declaration-section", draft.pk, "technology"))

    assert f"title:{first.json()['marks']['title']}" in page.context["begun"].split(" ")


def test_text_the_page_does_not_show_is_not_written_over_from_it():
    """One letter typed and taken away again: the page shows what it showed, not what is stored."""
    draft = build.draft()
    shown = marks_of(draft)
    colleague = accounts.member(Level.EDIT, draft.organisation)
    autosave(browser(colleague), draft, "technology", ["title"], technology__title="Hers")
    mine = build.content()["technology"]["title"]

    nothing = autosave(
        owner_client(draft), draft, "technology", ["title"], technology__title=mine, begun=shown
    ).json()
    begun = shown | nothing["marks"]
    answer = autosave(
        owner_client(draft), draft, "technology", ["title"],
        technology__title=f"{mine}b", begun=begun,
    ).json()  # fmt: skip

    assert (nothing["saved"], nothing["marks"]) == (["title"], {})
    assert answer["aside"] == ["title"]
    assert stored(draft, "technology")["title"] == "Hers"


def test_field_that_is_emptied_is_emptied():
    draft = build.draft()

    autosave(owner_client(draft), draft, "technology", ["summary"], technology__summary="")

    assert "summary" not in stored(draft, "technology")
    assert SavedValue.objects.filter(member="summary", value__isnull=True).exists()


def test_whole_table_is_saved_with_its_rows():
    draft = build.draft()

    autosave(
        owner_client(draft), draft, "cases", ["cases"],
        **{"cases-cases-TOTAL_FORMS": "2", "cases-cases-1-name": "Second"},
    )  # fmt: skip

    assert [row["name"] for row in stored(draft, "cases")["cases"]] == ["Pilot plant", "Second"]


def test_what_cannot_be_read_is_marked_and_all_else_is_saved():
    draft = build.draft()

    answer = autosave(
        owner_client(draft), draft, "technology", ["title", "first_use_year"],
        technology__title="New", technology__first_use_year="last year",
    ).json()  # fmt: skip

    assert answer["saved"] == ["title"]
    assert answer["remarks"] == [
        {"at": "div_id_technology-first_use_year", "text": answer["remarks"][0]["text"]}
    ]
    assert answer["remarks"][0]["text"].startswith("Write a number")
    assert stored(draft, "technology")["title"] == "New"


def test_what_contradicts_itself_is_saved_and_marked():
    draft = build.draft()

    answer = autosave(
        owner_client(draft), draft, "performance", ["indicators"],
        **{"performance-indicators-0-minimum": "99"},
    ).json()  # fmt: skip

    assert answer["saved"] == ["indicators"]
    assert answer["remarks"] == [
        {
            "at": "div_id_performance-indicators-0-minimum",
            "text": "Minimum (99) is above Typical (98.50).",
        }
    ]


def test_second_writer_of_one_field_is_told_and_loses_nothing():
    draft = build.draft()
    colleague = accounts.member(Level.EDIT, draft.organisation)
    autosave(browser(colleague), draft, "technology", ["title"], technology__title="Hers")

    answer = autosave(
        owner_client(draft), draft, "technology", ["title", "route"],
        technology__title="Mine", technology__route="Two stages",
    ).json()  # fmt: skip

    assert (answer["saved"], answer["aside"]) == (["route"], ["title"])
    assert answer["compare"] == address("declaration-comparison", draft.pk, "technology")
    assert stored(draft, "technology")["title"] == "Hers"
    assert SavedValue.objects.get(state="aside").value == "Mine"


def test_going_on_writing_replaces_what_waits_and_keeps_it_among_earlier_texts():
    draft = build.draft()
    colleague = accounts.member(Level.EDIT, draft.organisation)
    autosave(browser(colleague), draft, "technology", ["title"], technology__title="Hers")

    for title in ("Mine", "Mine, longer"):
        autosave(owner_client(draft), draft, "technology", ["title"], technology__title=title)

    waiting = SavedValue.objects.filter(state="aside").values_list("value", flat=True)
    assert list(waiting) == ["Mine, longer"]
    assert SavedValue.objects.filter(value="Mine", state="settled").exists()


class TestWhoMustNot:
    def test_visitor_is_asked_to_sign_in_and_nothing_is_saved(self):
        draft = build.draft()

        answer = autosave(Client(), draft, "technology", ["title"], technology__title="New")

        assert (answer.status_code, json.loads(answer.content)) == (401, {})
        assert stored(draft, "technology")["title"] == build.content()["technology"]["title"]

    @pytest.mark.parametrize("who", ["stranger", "officer", "expert"])
    def test_declaration_of_others_is_not_there(self, who):
        draft = build.draft()
        person = {
            "stranger": accounts.user,
            "officer": accounts.officer,
            "expert": accounts.expert_user,
        }[who]()

        answer = autosave(browser(person), draft, "technology", ["title"], technology__title="New")

        assert answer.status_code == 404
        assert stored(draft, "technology")["title"] == build.content()["technology"]["title"]

    def test_colleague_who_may_only_look_is_refused(self):
        draft = build.draft()
        viewer = accounts.member(Level.VIEW, draft.organisation)

        answer = autosave(browser(viewer), draft, "technology", ["title"], technology__title="New")

        assert answer.status_code == 409
        assert stored(draft, "technology")["title"] == build.content()["technology"]["title"]

    def test_what_was_submitted_stays(self):
        filed = build.declaration(Status.SUBMITTED)

        answer = autosave(
            owner_client(filed), filed, "technology", ["title"], technology__title="New"
        )

        assert answer.status_code == 409
        assert answer.json() == {
            "refused": "This declaration cannot be changed in its present state."
        }

    def test_return_opens_what_it_names_and_nothing_else(self):
        returned = build.declaration(Status.RETURNED)  # names the summary
        client = owner_client(returned)

        closed = autosave(client, returned, "technology", ["title"], technology__title="New")
        opened = autosave(
            client, returned, "technology", ["summary"], technology__summary="Says what."
        )

        assert (closed.json()["saved"], closed.json()["closed"]) == ([], ["title"])
        assert opened.json()["saved"] == ["summary"]
        assert stored(returned, "technology") == build.content()["technology"] | {
            "summary": "Says what."
        }

    def test_section_and_field_nobody_made(self):
        draft = build.draft()
        client = owner_client(draft)
        data = section_data(draft, "technology") | {"changed": ["status", "id"]}

        nothing = client.post(address("declaration-autosave", draft.pk, "technology"), data)
        nowhere = client.post(address("declaration-autosave", draft.pk, "elsewhere"), data)

        assert nothing.json()["saved"] == []
        assert nowhere.status_code == 409
        assert Declaration.objects.get().content == build.content()


@pytest.mark.parametrize("rows", [1, 50])
def test_saving_asks_six_questions_at_most_however_much_there_is(rows):
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)
    cases = {"cases": [{"name": f"Case {n}", "country": "NO"} for n in range(rows)]}
    build.fill(draft, {"cases": cases}, actor=owner)
    draft.refresh_from_db()
    client = owner_client(draft)
    client.get(address("declaration-section", draft.pk, "cases"))  # the vocabulary is remembered

    def cost(section, changed, **values):
        now = Declaration.objects.get(pk=draft.pk)
        data = section_data(now, section, **values) | {"changed": changed}
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(address("declaration-autosave", draft.pk, section), data)
        assert answer.json()["saved"] == changed
        # The frame of a test is one transaction: what is the service's own is a savepoint here.
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    assert cost("cases", ["cases"], **{"cases-cases-0-name": "Renamed"}) <= 6
    assert cost("technology", ["summary"], technology__summary="Shorter.") <= 6
    assert cost("technology", ["subcategory"], technology__subcategory="WAT-02") <= 6


def cost(draft, section, changed, begun=None, **values):
    """Save by itself; return how many questions that asked, and the answer."""
    client = owner_client(draft)
    client.get(address("declaration-section", draft.pk, section))  # the vocabulary is remembered
    now = Declaration.objects.get(pk=draft.pk)
    data = section_data(now, section, **values) | {"changed": changed}
    if begun:
        data["begun"] = begun
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address("declaration-autosave", draft.pk, section), data).json()
    # The frame of a test is one transaction: what is the service's own is a savepoint here.
    return len([one for one in captured if "SAVEPOINT" not in one["sql"]]), answer


def test_file_named_in_a_row_is_looked_up_once():
    draft = build.draft()
    report = build.attachment(draft)
    row = "performance-indicators-0-evidence"

    asked, answer = cost(
        draft, "performance", ["indicators"], **{row: str(report.pk), f"{row}_page": "2"}
    )

    assert stored(draft, "performance")["indicators"][0]["evidence"] == f"{report.pk}#2"
    assert (answer["saved"], asked) == (["indicators"], 6)


def test_what_a_save_asks_more_when_there_is_more_to_do():
    """A text set aside, a translation taken back, a return: each costs what it needs."""
    draft = build.draft()
    colleague = accounts.member(Level.EDIT, draft.organisation)
    since = section_data(draft, "technology")["begun"]
    autosave(browser(colleague), draft, "technology", ["route"], technology__route="Hers")
    both = {"technology__summary": "Shorter.", "technology__route": "Mine"}

    aside, answer = cost(draft, "technology", ["summary", "route"], since, **both)

    assert (answer["saved"], answer["aside"], aside) == (["summary"], ["route"], 6)

    services.save_translation(
        draft.pk, "zh-hans", {"technology.summary": "更短。"},
        actor=accounts.owner_of(draft.organisation), confirm=True,
    )  # fmt: skip
    taken_back, _answer = cost(draft, "technology", ["summary"], technology__summary="Short.")
    returned = build.declaration(Status.RETURNED)
    opened, answer = cost(returned, "technology", ["summary"], technology__summary="Says what.")

    assert draft.translations.filter(confirmed_at=None).exists()
    assert (answer["saved"], taken_back, opened) == (["summary"], 7, 6)


class TestPresence:
    def pulse(self, client, draft, section="technology"):
        url = address("declaration-presence", draft.pk, section)
        return client.post(url, headers={"accept": "application/json"})

    def test_colleagues_are_told_of_each_other(self):
        draft = build.draft()
        colleague = accounts.member(Level.EDIT, draft.organisation)
        mine, hers = owner_client(draft), browser(colleague)

        alone = self.pulse(mine, draft).json()
        self.pulse(hers, draft, "cases")
        both = self.pulse(mine, draft).json()

        assert alone == {"others": []}
        assert [(one["name"], one["section"]) for one in both["others"]] == [
            (colleague.name, "cases")
        ]

    def test_stranger_is_told_nothing(self):
        draft = build.draft()

        assert self.pulse(browser(accounts.user()), draft).status_code == 404
        assert self.pulse(owner_client(draft), draft, "nowhere").status_code == 404
