"""Which declarations are found alike, by whom, and what never is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Level
from accounts.services import add_member
from submissions import look_alikes
from submissions.document import confirmed_texts
from submissions.models import Declaration
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts, alike
from tests.builders import submissions as build
from tests.submissions.browsing import address

pytestmark = pytest.mark.django_db

WORDS = alike.english("told")
HAN = alike.chinese("told")


@pytest.fixture
def officer():
    return accounts.officer()


def seen(declaration, officer):
    """Return numbers and shares of what an officer is shown, look-alikes and others apart."""
    declaration.refresh_from_db()
    found = look_alikes.of_officer(declaration, officer)
    return [
        [(one.declaration.number, one.found.share) for one in some]
        for some in (found.look_alikes, found.elsewhere)
    ]


def told(draft):
    return look_alikes.of_applicant(draft, confirmed_texts(draft))


class TestOfficers:
    @pytest.mark.parametrize(("text", "language"), [(WORDS, "en"), (HAN, "zh-hans")])
    def test_pair_is_found_by_either_in_english_and_in_chinese(self, officer, text, language):
        one = alike.filed(text, language=language, title="The first of them")
        other = alike.filed(f"{text} {alike.english('more', words=20)}", title="Other")
        alike.filed(alike.english("nothing like it"), title="Third")

        (first, share), *more = seen(one, officer)[0]

        assert (first, more) == (other.number, [])
        assert share >= 80
        assert seen(other, officer)[0] == [(one.number, share)]

    def test_part_that_was_copied_is_found_and_less_is_not(self, officer):
        half = " ".join(WORDS.split()[:30])
        one = alike.filed(WORDS, title="One")
        copied = alike.filed(f"{half} {alike.english('own', words=30)}", title="Two")
        few = " ".join(WORDS.split()[:10])
        alike.filed(f"{few} {alike.english('mine', words=50)}", title="Three")

        ((number, share),) = seen(one, officer)[0]

        assert number == copied.number
        assert 40 <= share <= 60

    def test_translation_of_one_is_found_in_the_original_of_another(self, officer):
        one = alike.filed(WORDS, title="One", translations={"zh-hans": HAN})
        other = alike.filed(HAN, title="另一个", language="zh-hans")

        (found,) = look_alikes.of_officer(one, officer).look_alikes

        assert found.declaration == other
        assert (found.found.mine, found.found.theirs) == ("zh-hans", "zh-hans")
        assert [number for number, _share in seen(other, officer)[0]] == [one.number]

    def test_translation_confirmed_after_the_filing_is_found_too(self, officer):
        one, other = alike.filed(WORDS, title="One"), alike.filed(HAN, language="zh-hans")
        assert seen(one, officer)[0] == []

        alike.confirm(one, "zh-hans", HAN)

        assert [number for number, _share in seen(one, officer)[0]] == [other.number]

    def test_best_come_first_and_no_more_than_five(self, officer):
        parts = WORDS.split()
        one = alike.filed(WORDS, title="One")
        copies = [
            alike.filed(" ".join(parts[: 60 - 5 * n]) + " " + alike.english(n, words=30), title="A")
            for n in range(7)
        ]

        found = seen(one, officer)[0]

        assert {number for number, _share in found} <= {copy.number for copy in copies}
        assert len(found) == 5
        assert [share for _number, share in found] == sorted((s for _n, s in found), reverse=True)

    def test_phrases_of_many_organisations_are_no_resemblance(self, officer, monkeypatch):
        monkeypatch.setattr(look_alikes, "MANY", 2)
        activity, phrase = build.open_activity(), alike.english("template", words=30)
        first, second, third = (
            alike.filed(f"{phrase} {alike.english(n, words=30)}", title=f"T{n}", activity=activity)
            for n in range(3)
        )

        assert seen(first, officer)[0] == []
        build.take(third, "withdraw", accounts.owner_of(third.organisation))
        assert seen(second, officer)[0] == []

    def test_one_organisation_that_repeats_itself_makes_no_phrase_common(
        self, officer, monkeypatch
    ):
        monkeypatch.setattr(look_alikes, "MANY", 2)
        house, activity = accounts.organisation(), build.open_activity()
        own = [alike.filed(WORDS, organisation=house, activity=activity) for _n in range(4)]

        assert len(seen(own[0], officer)[0]) == 3

    def test_same_organisation_in_another_activity_is_no_duplicate(self, officer):
        earlier = alike.filed(WORDS)
        later = alike.filed(WORDS, organisation=earlier.organisation)
        stranger = alike.filed(WORDS)

        assert seen(later, officer) == [[(stranger.number, 100)], [(earlier.number, 100)]]
        assert seen(earlier, officer) == [[(stranger.number, 100)], [(later.number, 100)]]

    def test_same_organisation_in_the_same_activity_is_one(self, officer):
        one = alike.filed(WORDS)
        again = alike.filed(WORDS, organisation=one.organisation, activity=one.activity)

        assert seen(one, officer) == [[(again.number, 100)], []]

    def test_what_was_corrected_away_is_compared_no_longer(self, officer):
        one = alike.filed(WORDS, title="One")
        other = alike.filed(WORDS, title="Two")
        perform("begin_check", other.pk, actor=officer)
        build.take(other, "return", officer)
        owner = accounts.owner_of(other.organisation)
        other.refresh_from_db()
        values = {**other.content["technology"], "summary": alike.english("anew")}
        build.fill(other, {"technology": values}, actor=owner)
        assert [number for number, _share in seen(one, officer)[0]] == [other.number]

        perform("submit", other.pk, actor=owner)

        assert seen(one, officer)[0] == []

    def test_drafts_are_not_compared(self, officer):
        one = alike.filed(WORDS)
        alike.draft(WORDS)

        assert seen(one, officer) == [[], []]

    def test_declaration_of_the_officers_own_house_is_not_shown(self, officer):
        one, own = alike.filed(WORDS), alike.filed(WORDS)
        add_member(own.organisation_id, officer, Level.VIEW, actor=None)

        assert seen(one, officer) == [[], []]
        assert seen(one, accounts.officer()) == [[(own.number, 100)], []]

    def test_declaration_under_seal_gives_no_sign_of_itself(self, officer):
        one = alike.filed(WORDS)
        alike.filed(WORDS, activity=build.open_activity(sealed=True))

        assert seen(one, officer) == [[], []]

    def test_people_who_are_no_officers_find_nothing(self):
        one = alike.filed(WORDS)
        alike.filed(WORDS)

        for person in (accounts.auditor(), accounts.member(), accounts.owner_of(one.organisation)):
            assert seen(one, person) == [[], []]

    def test_one_and_fifty_cost_the_same(self, officer):
        one, other = alike.filed(WORDS), alike.filed(WORDS, translations={"zh-hans": HAN})
        before = self.cost(one, officer)
        alike.copies(other, 49)

        assert (self.cost(one, officer), before) == (3, 3)

    @staticmethod
    def cost(declaration, officer):
        assert officer.roles  # asked once for every page
        with CaptureQueriesContext(connection) as captured:
            assert look_alikes.of_officer(declaration, officer).look_alikes
        return len(captured)


class TestApplicants:
    def test_own_filed_declaration_is_found_with_its_passages(self):
        own = alike.filed(WORDS, title="The <b>first</b>")
        draft = alike.draft(f"Now better: {WORDS}", organisation=own.organisation)

        (found,) = told(draft)

        assert found.sentence == (
            f"This resembles your declaration {own.number} “The <b>first</b>”: {found.share} % "
            "of the shorter text."
        )
        assert found.url == address("declaration-detail", own.pk)
        assert (found.share > 90, found.language) == (True, "en")
        (passage,) = found.passages  # to three words at either end
        assert " ".join(WORDS.split()[3:-3]) in passage
        assert passage in draft.content["technology"]["summary"]

    def test_chinese_translation_that_would_be_filed_is_compared_too(self):
        own = alike.filed(HAN, title="甲", language="zh-hans")
        draft = alike.draft(WORDS, organisation=own.organisation)
        assert told(draft) == ()

        alike.confirm(draft, "zh-hans", HAN)

        (found,) = told(draft)
        assert (found.language, len(found.passages)) == ("zh-hans", 1)
        assert HAN[3:-4] in found.passages[0]

    def test_others_and_drafts_and_what_was_withdrawn_are_not_compared(self):
        alike.filed(WORDS)
        house = accounts.organisation()
        alike.draft(WORDS, organisation=house)
        withdrawn = alike.filed(WORDS, organisation=house)
        build.take(withdrawn, "withdraw", accounts.owner_of(house))

        assert told(alike.draft(WORDS, organisation=house)) == ()

    def test_what_was_filed_of_the_same_declaration_is_not_compared(self):
        returned = build.returned("technology")

        assert told(Declaration.objects.get(pk=returned.pk)) == ()

    def test_empty_draft_resembles_nothing(self):
        alike.filed(WORDS)
        empty = build.draft(document={})

        assert told(empty) == ()

    def test_one_and_fifty_cost_the_same(self):
        own = alike.filed(WORDS)
        draft = alike.draft(WORDS, organisation=own.organisation)
        before = self.cost(draft)
        alike.copies(own, 49)

        assert before == self.cost(draft)

    @staticmethod
    def cost(draft):
        with CaptureQueriesContext(connection) as captured:
            assert look_alikes.of_applicant(draft, {})
        return len(captured)


def test_every_state_an_officer_may_open_is_compared(officer):
    one = alike.filed(WORDS)
    states = [Status.SUBMITTED, Status.IN_CHECK, Status.RETURNED, Status.REJECTED, Status.WITHDRAWN]
    document = alike.document(WORDS)
    made = [build.declaration(state, document=document, officer=officer) for state in states]

    found = {number for number, _share in seen(one, officer)[0]}

    assert found == {each.number for each in made}
