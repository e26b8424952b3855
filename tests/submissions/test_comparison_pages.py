"""Two people write one text: what does not clash is saved, what does is compared and chosen."""

import re

import pytest

from accounts.roles import Level
from submissions.models import Declaration, SavedValue
from submissions.states import Status
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, browser, owner_client, section_data

pytestmark = pytest.mark.django_db


class Two:
    """An owner and a colleague with the same section of one draft open before them."""

    def __init__(self, key="technology", document=None):
        self.draft = build.draft(document=document)
        self.colleague = accounts.member(Level.EDIT, self.draft.organisation)
        self.mine, self.hers = owner_client(self.draft), browser(self.colleague)
        self.key = key
        self.url = address("declaration-section", self.draft.pk, key)
        self.choice = address("declaration-comparison", self.draft.pk, key)
        self.begun = self.mine.get(self.url).context["begun"]

    def types(self, client, **values):
        data = section_data(self.draft, self.key, **values) | {"begun": self.begun}
        return client.post(self.url, data)

    def chooses(self, page, action="merge", **chosen):
        data = {f"choose-{key.replace('__', '.')}": side for key, side in chosen.items()}
        return self.mine.post(
            self.choice, data | {"action": action, "begun": page.context["begun"]}
        )

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
    answer = two.types(two.mine, technology__title="<b>Mine</b>", technology__route="Two stages")
    assert answer.url == two.choice
    return two.mine.get(two.choice)


def test_only_what_both_wrote_is_asked_about_and_all_else_is_saved(two):
    page = both_change_title(two)

    assert {key: sides(row) for key, row in rows(page).items()} == {
        "title": [["<b>Mine</b>"], ["<i>Hers</i>"]]
    }
    assert b"&lt;b&gt;Mine&lt;/b&gt;" in page.content
    assert b"&lt;i&gt;Hers&lt;/i&gt;" in page.content
    assert two.stored() == build.content()["technology"] | {
        "title": "<i>Hers</i>",
        "route": "Two stages",
        "keywords": "leachate",
    }


def test_two_who_write_different_fields_are_not_asked_anything(two):
    two.types(two.hers, technology__keywords="leachate")

    answer = two.types(two.mine, technology__route="Two stages")

    assert answer.url == two.url
    assert (two.stored()["keywords"], two.stored()["route"]) == ("leachate", "Two stages")


@pytest.mark.parametrize(("side", "title"), [("mine", "<b>Mine</b>"), ("stored", "<i>Hers</i>")])
def test_text_is_kept_as_chosen(two, side, title):
    page = both_change_title(two)

    answer = two.chooses(page, title=side)

    assert answer.url == two.url
    assert two.stored()["title"] == title
    assert not SavedValue.objects.filter(state="aside").exists()


def test_section_says_that_a_text_waits_until_it_is_chosen_from(two):
    page = both_change_title(two)

    before = text(two.mine.get(two.url))
    two.chooses(page, title="mine")
    after = text(two.mine.get(two.url))

    assert "A text of yours waits beside what is stored" in before
    assert f'href="{two.choice}"' in before
    assert "A text of yours waits beside what is stored" not in after


def test_text_that_waits_is_its_writers_to_choose(two):
    both_change_title(two)

    answer = two.hers.get(two.choice, follow=True)

    assert answer.redirect_chain == [(two.url, 302)]
    assert "Nothing waits for a choice here: this is what is stored." in text(answer)


def test_what_is_not_chosen_is_asked_for_and_nothing_is_saved(two):
    page = both_change_title(two)

    again = two.chooses(page)

    assert again.context["errors"] == [
        ("differs_title", "Name of the technology", "Choose one of the two.")
    ]
    assert two.stored()["title"] == "<i>Hers</i>"
    assert SavedValue.objects.get(state="aside").value == "<b>Mine</b>"


def test_keeping_what_is_stored_leaves_mine_among_the_earlier_texts(two):
    page = both_change_title(two)

    answer = two.chooses(page, action="drop")

    assert answer.url == two.url
    assert two.stored()["title"] == "<i>Hers</i>"
    earlier = two.mine.get(address("declaration-saved-texts", two.draft.pk, two.key))
    assert "&lt;b&gt;Mine&lt;/b&gt;" in earlier.content.decode()


def test_somebody_who_saves_while_one_chooses_is_compared_with_again(two):
    page = both_change_title(two)
    two.draft.refresh_from_db()
    two.begun = two.hers.get(two.url).context["begun"]
    two.types(two.hers, technology__title="Hers again")

    again = two.chooses(page, title="mine")

    assert again.status_code == 409
    assert "Somebody saved this once more. Please choose again." in text(again)
    assert sides(rows(again)["title"]) == [["<b>Mine</b>"], ["Hers again"]]
    assert two.stored()["title"] == "Hers again"


def test_both_wrote_the_same_and_nobody_is_asked(two):
    two.types(two.hers, technology__title="Same")

    assert two.types(two.mine, technology__title="Same").url == two.url


CASE = {"name": "Pilot plant", "country": "NO", "year": 2021}
NEW = {"name": "Second plant", "country": "KZ"}


def test_row_that_somebody_added_is_kept_beside_the_one_that_was_changed():
    two = Two("cases")
    added = {"cases-cases-TOTAL_FORMS": "2"}
    added |= {f"cases-cases-1-{key}": value for key, value in NEW.items()}
    two.types(two.hers, **added)
    two.types(two.mine, **{"cases-cases-0-scale": "10 t/d"})
    page = two.mine.get(two.choice)
    changed, new = rows(page).values()

    assert changed["who"] == "You changed this."
    assert new["who"] == "Somebody else changed this; you did not."
    assert re.fullmatch(r".+, row 1", changed["label"])
    assert sides(new) == [[], ["Second plant", "Kazakhstan"]]
    assert "This row is not there." in text(page)

    two.chooses(page, cases__0="mine", cases__1="stored")

    assert two.stored() == {"cases": [CASE | {"scale": "10 t/d"}, NEW]}


def test_choice_of_a_stranger_finds_nothing(two):
    page = both_change_title(two)
    data = {"choose-title": "mine", "action": "merge", "begun": page.context["begun"]}

    assert browser(accounts.user()).post(two.choice, data).status_code == 404
    assert two.stored()["title"] == "<i>Hers</i>"


def test_choosing_after_a_colleague_submitted_says_so_and_keeps_the_text(two):
    page = both_change_title(two)
    two.draft.refresh_from_db()
    build.take(two.draft, "submit", accounts.owner_of(two.draft.organisation))

    answer = two.mine.post(
        two.choice,
        {"choose-title": "mine", "action": "merge", "begun": page.context["begun"]},
        follow=True,
    )

    assert "This declaration cannot be changed in its present state." in text(answer)
    assert SavedValue.objects.get(state="aside").value == "<b>Mine</b>"
    assert Declaration.objects.get().status == Status.SUBMITTED
