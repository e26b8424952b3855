"""Two people write one section: each sees what differs, and nothing is dropped unasked."""

import html
import re

import pytest

from accounts.roles import Level
from core.models import AuditEntry
from submissions.models import Declaration
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, browser, owner_client, section_data

pytestmark = pytest.mark.django_db


def hidden(page):
    """Return what a browser would send back of the page's hidden fields."""
    pattern = r'<input type="hidden" name="([^"]+)" value="([^"]*)">'
    data: dict[str, list[str]] = {}
    for name, value in re.findall(pattern, page.content.decode()):
        if name != "csrfmiddlewaretoken":
            data.setdefault(html.unescape(name), []).append(html.unescape(value))
    return data


class Two:
    """An owner and a colleague with the same section of one draft open before them."""

    def __init__(self, key="technology", document=None):
        self.draft = build.draft(document=document)
        colleague = accounts.member(Level.EDIT, self.draft.organisation)
        self.mine, self.hers = owner_client(self.draft), browser(colleague)
        self.key = key
        self.url = address("declaration-section", self.draft.pk, key)
        self.begun = self.mine.get(self.url).context["begun"]

    def types(self, client, **values):
        data = section_data(self.draft, self.key, **values) | {"begun": self.begun}
        return client.post(self.url, data)

    def stored(self):
        return Declaration.objects.get(pk=self.draft.pk).content[self.key]


@pytest.fixture
def two():
    return Two()


def rows(page):
    return {row["field"].name: row for row in page.context["rows"]}


def sides(row):
    return [[line["text"] for line in side["lines"]] for side in row["sides"]]


def both_change_title(two):
    two.types(two.hers, technology__title="<i>Hers</i>", technology__keywords="leachate")
    return two.types(two.mine, technology__title="<b>Mine</b>", technology__route="Two stages")


def test_only_what_differs_is_shown_side_by_side(two):
    page = both_change_title(two)

    assert page.status_code == 409
    assert {key: sides(row) for key, row in rows(page).items()} == {
        "title": [["<b>Mine</b>"], ["<i>Hers</i>"]],
        "route": [["Two stages"], [""]],
        "keywords": [[""], ["leachate"]],
    }
    assert b"&lt;b&gt;Mine&lt;/b&gt;" in page.content
    assert b"&lt;i&gt;Hers&lt;/i&gt;" in page.content
    assert two.stored()["title"] == "<i>Hers</i>"


def test_who_changed_what_is_told_and_suggested(two):
    told = {key: (row["who"], row["field"].value()) for key, row in
            rows(both_change_title(two)).items()}  # fmt: skip

    assert told == {
        "title": ("You and somebody else changed this.", None),
        "route": ("You changed this.", "mine"),
        "keywords": ("Somebody else changed this; you did not.", "stored"),
    }


def test_each_difference_is_kept_as_chosen(two):
    data = hidden(both_change_title(two))
    chosen = {"choose-title": "stored", "choose-route": "mine", "choose-keywords": "stored"}

    answer = two.mine.post(two.url, data | chosen | {"action": "merge"})

    assert answer.url == two.url
    assert two.stored() == build.content()["technology"] | {
        "title": "<i>Hers</i>",
        "route": "Two stages",
        "keywords": "leachate",
    }


def test_what_is_not_chosen_is_asked_for_and_nothing_is_saved(two):
    data = hidden(both_change_title(two))
    chosen = {"choose-route": "mine", "choose-keywords": "stored", "action": "merge"}

    again = two.mine.post(two.url, data | chosen)

    assert again.context["errors"] == [
        ("differs_title", "Name of the technology", "Choose one of the two.")
    ]
    assert {key: row["field"].value() for key, row in rows(again).items()} == {
        "title": None,
        "route": "mine",
        "keywords": "stored",
    }
    assert "route" not in two.stored()
    assert hidden(again) == data


def test_keeping_what_is_stored_drops_what_was_typed_by_a_press(two):
    data = hidden(both_change_title(two))
    before = AuditEntry.objects.count()

    answer = two.mine.post(two.url, data | {"action": "drop"}, follow=True)

    assert "What you typed was dropped. This is what is stored." in text(answer)
    assert 'value="<i>Hers</i>"' in text(answer)
    assert "route" not in two.stored()
    assert AuditEntry.objects.count() == before


def test_one_can_go_back_to_what_was_typed_and_is_asked_again_at_the_next_save(two):
    data = hidden(both_change_title(two))

    page = two.mine.post(two.url, data | {"action": "edit"})

    assert page.status_code == 200
    assert page.context["entry"].form["title"].value() == "<b>Mine</b>"
    assert page.context["entry"].form["route"].value() == "Two stages"
    assert page.context["begun"] == two.begun
    assert two.stored()["title"] == "<i>Hers</i>"

    saved = two.mine.post(two.url, data | {"action": "stay", "revision": page.context["revision"]})

    assert saved.status_code == 409
    assert sides(rows(saved)["title"]) == [["<b>Mine</b>"], ["<i>Hers</i>"]]
    assert two.stored()["title"] == "<i>Hers</i>"


def test_somebody_who_saves_while_one_chooses_is_compared_with_again(two):
    data = hidden(both_change_title(two))
    two.draft.refresh_from_db()
    two.types(two.hers, technology__title="Hers again")
    chosen = {"choose-title": "mine", "choose-route": "mine", "choose-keywords": "mine"}

    again = two.mine.post(two.url, data | chosen | {"action": "merge"})

    assert again.status_code == 409
    assert "Somebody saved this once more. Please choose again." in text(again)
    assert sides(rows(again)["title"]) == [["<b>Mine</b>"], ["Hers again"]]
    assert two.stored()["title"] == "Hers again"


def test_both_wrote_the_same_and_nobody_is_asked(two):
    two.types(two.hers, technology__title="Same")

    assert two.types(two.mine, technology__title="Same").url == two.url


def test_page_that_does_not_know_its_beginning_suggests_nothing(two):
    two.begun = ""

    page = both_change_title(two)

    assert {(row["who"], row["field"].value()) for row in rows(page).values()} == {("", None)}


def test_text_of_several_lines_and_choices_come_through_the_choice_whole(two):
    two.types(two.hers, technology__title="Hers")
    data = section_data(two.draft, "technology", technology__route='One\r\n\r\n"two" <three>')
    page = two.mine.post(two.url, data | {"technology-pollutants": ["cod", "pm"]})
    chosen = {f"choose-{key}": "mine" for key in rows(page)}

    two.mine.post(two.url, hidden(page) | chosen | {"action": "merge"})

    assert two.stored()["route"] == 'One\n\n"two" <three>'
    assert two.stored()["pollutants"] == ["cod", "pm"]
    assert two.stored()["target_countries"] == ["KZ", "PK"]
    assert two.stored()["title"] == build.content()["technology"]["title"]


CASE = {"name": "Pilot plant", "country": "NO", "year": 2021}
NEW = {"name": "Second plant", "country": "KZ"}


def test_row_that_somebody_added_is_kept_beside_the_one_that_was_changed():
    two = Two("cases")
    added = {"cases-cases-TOTAL_FORMS": "2"}
    added |= {f"cases-cases-1-{key}": value for key, value in NEW.items()}
    two.types(two.hers, **added)
    page = two.types(two.mine, **{"cases-cases-0-scale": "10 t/d"})
    changed, new = rows(page).values()

    assert (changed["label"], changed["who"]) == ("Cases, row 1", "You changed this.")
    assert (new["label"], new["who"]) == (
        "Cases, row 2",
        "Somebody else changed this; you did not.",
    )
    assert [line for side in changed["sides"] for line in side["lines"] if line["differs"]] == [
        {"label": "Scale", "text": "10 t/d", "lang": "en", "differs": True},
        {"label": "Scale", "text": "", "lang": "en", "differs": True},
    ]
    assert sides(new) == [[], ["Second plant", "Kazakhstan"]]
    assert "This row is not there." in text(page)

    chosen = {"choose-cases.0": "mine", "choose-cases.1": "stored", "action": "merge"}
    two.mine.post(two.url, hidden(page) | chosen)

    assert two.stored() == {"cases": [CASE | {"scale": "10 t/d"}, NEW]}


def test_chosen_row_that_contradicts_itself_is_kept_and_told():
    two = Two("performance")
    two.types(two.hers, **{"performance-indicators-0-typical": "80"})
    page = two.types(two.mine, **{"performance-indicators-0-minimum": "99"})
    chosen = {"choose-indicators.0": "mine", "action": "merge"}

    answer = two.mine.post(two.url, hidden(page) | chosen, follow=True)

    assert two.stored()["indicators"][0]["minimum"] == "99"
    assert "Minimum (99) is above Typical (98.50)." in text(answer)


def test_choice_of_a_stranger_finds_nothing(two):
    data = hidden(both_change_title(two)) | {"action": "merge"}

    assert browser(accounts.user()).post(two.url, data).status_code == 404
    assert two.stored()["title"] == "<i>Hers</i>"


def test_choosing_after_a_colleague_submitted_shows_what_was_typed(two):
    data = hidden(both_change_title(two))
    two.draft.refresh_from_db()
    build.take(two.draft, "submit", accounts.owner_of(two.draft.organisation))
    chosen = {"choose-title": "mine", "choose-route": "mine", "choose-keywords": "mine"}

    page = two.mine.post(two.url, data | chosen | {"action": "merge"})

    assert page.status_code == 409
    assert "This declaration cannot be changed in its present state." in text(page)
    assert 'value="<b>Mine</b>"' in text(page)


def test_all_that_was_typed_is_carried_on_and_nothing_else(two):
    sent = section_data(two.draft, "technology", technology__title="<b>Mine</b>")
    files = {"file-title": "T", "choose-title": "mine"}
    two.types(two.hers, technology__title="Hers")

    carried = hidden(two.mine.post(two.url, sent | files))

    typed = {name: values for name, values in sent.items() if name.startswith("technology-")}
    assert {name: carried[name] for name in carried if name not in ("revision", "begun")} == typed
