"""Look-alikes on the pages: officers side by side, applicants with their own words only."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError
from submissions.models import Activity, Declaration
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts, alike, rules
from tests.builders import submissions as build
from tests.reading import text, texts
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db

WORDS = alike.english("told")
HAN = alike.chinese("told")
SECRET = alike.english("secret")


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def page_of(declaration):
    return reverse("admin:submissions_declaration_change", args=[declaration.pk])


def pair_of(one, other):
    return reverse("admin:submissions_declaration_alike", args=[one.pk, other.pk])


def marks(answer):
    return re.findall(r"</span>([^<]*)<span[^>]*> end of what is shared", answer.content.decode())


class TestPanel:
    def test_names_the_other_one_and_leads_to_both_side_by_side(self, desk):
        one = alike.filed(WORDS, title="The first")
        other = alike.filed(f"{WORDS} {SECRET}", title="<i>The other</i>")

        answer = desk.get(page_of(one))

        (line,) = answer.context["alike"]["look_alikes"]
        assert (line["title"], line["languages"]) == ("<i>The other</i>", "English")
        shown = text(answer)
        for part in (str(other.number), "<i>The other</i>", other.organisation.name, "Submitted"):
            assert part in shown
        assert other.activity.title in shown
        assert f"{line['share']} %" in shown
        assert f'href="{pair_of(one, other)}"' in answer.content.decode()
        assert f'href="{page_of(other)}"' in answer.content.decode()

    def test_holds_no_passage(self, desk):
        one = alike.filed(WORDS)
        alike.filed(f"{WORDS} {SECRET}")

        assert "<mark>" not in desk.get(page_of(one)).content.decode()

    def test_says_that_nothing_resembles_it(self, desk):
        one = alike.filed(WORDS)

        answer = desk.get(page_of(one))

        assert "No other declaration that you may open resembles this one." in text(answer)

    def test_says_what_the_organisation_filed_before_and_calls_it_no_duplicate(self, desk):
        earlier = alike.filed(WORDS)
        later = alike.filed(WORDS, organisation=earlier.organisation)

        shown = text(desk.get(page_of(later)))

        assert f"Filed before in {earlier.activity.title}" in shown
        assert "Filed by the same organisation in other activities: no duplicates" in shown
        assert f"Filed later in {later.activity.title}" in text(desk.get(page_of(earlier)))

    def test_declaration_under_seal_and_of_the_own_house_is_not_named(self, officer, desk):
        one = alike.filed(WORDS)
        sealed = alike.filed(WORDS, title="Sealed", activity=build.open_activity(sealed=True))
        own = alike.filed(WORDS, title="Ours")
        add_member(own.organisation_id, officer, Level.VIEW, actor=None)

        shown = desk.get(page_of(one)).content.decode()

        assert not [part for part in (sealed.number, "Sealed", own.number, "Ours") if part in shown]
        assert "No other declaration" in shown

    def test_one_and_fifty_cost_the_same(self, desk):
        one, other = alike.filed(WORDS), alike.filed(WORDS)
        before = self.cost(desk, one)
        alike.copies(other, 49)

        assert self.cost(desk, one) == before

    @staticmethod
    def cost(desk, one):
        desk.get(page_of(one))
        with CaptureQueriesContext(connection) as captured:
            assert "Side by side" in text(desk.get(page_of(one)))
        return len(captured)


class TestSideBySide:
    def test_lays_both_out_with_what_they_share_marked_in_both(self, desk):
        one = alike.filed(f"{WORDS} {SECRET}", title="The <b>first</b>")
        other = alike.filed(f"<i>{alike.english('own')}</i> {WORDS.upper()}", title="The other")

        answer = desk.get(pair_of(one, other))

        assert marks(answer) == [WORDS.removesuffix("."), WORDS.upper().removesuffix(".")]
        shown = text(answer)
        for part in (str(one.number), str(other.number), "The <b>first</b>", "The other", SECRET):
            assert part in shown
        for part in (one.organisation.name, other.organisation.name, one.activity.title):
            assert part in shown
        assert "Pilot plant" in shown  # a table of both
        assert '<a href="#technology.summary">' in answer.content.decode()
        assert "<i>bace" not in answer.content.decode()

    def test_passage_that_stands_in_another_field_is_marked(self, desk):
        document = alike.document(alike.english("own"))
        document["technology"]["innovation"] = f"Our novelty: {WORDS}"
        one = build.declaration(Status.SUBMITTED, document=document)
        other = alike.filed(WORDS, title="The other")

        answer = desk.get(pair_of(one, other))

        rows = [row.key for part in answer.context["parts"] for row in part.rows if row.shares]
        assert {"innovation", "summary"} <= set(rows)

    def test_translation_is_laid_beside_the_original_it_resembles(self, desk):
        one = alike.filed(WORDS, title="One", translations={"zh-hans": HAN})
        other = alike.filed(HAN, title="另一个", language="zh-hans")

        answer = desk.get(pair_of(one, other))

        assert marks(answer).count(HAN.removesuffix("。")) == 2
        assert "Translation: Simplified Chinese" in text(answer)
        assert 'lang="zh-hans"' in answer.content.decode()

    def test_names_files_that_were_filed_with_both(self, desk):
        upload = build.pdf("same.pdf")
        drafts = [alike.draft(WORDS), alike.draft(SECRET)]
        for draft in drafts:
            upload.seek(0)
            build.attachment(draft, upload=upload, title="The very same report")
            build.take(draft, "submit", accounts.owner_of(draft.organisation))

        answer = desk.get(pair_of(*drafts))

        assert answer.context["same_files"] == ["The very same report"]

    def test_two_that_share_nothing_say_so(self, desk):
        answer = desk.get(pair_of(alike.filed(SECRET), alike.filed(WORDS)))

        assert marks(answer) == []
        assert "The two share no passage of five words" in text(answer)

    def test_is_for_officers_who_may_open_both(self, officer, desk):
        one, other = alike.filed(WORDS), alike.filed(WORDS)
        sealed = alike.filed(WORDS, activity=build.open_activity(sealed=True))
        own, draft = alike.filed(WORDS), alike.draft(WORDS)
        add_member(own.organisation_id, officer, Level.VIEW, actor=None)

        refused = [sealed, own, draft, one]
        assert [desk.get(pair_of(one, each)).status_code for each in refused] == [404] * 4
        assert [desk.get(pair_of(each, one)).status_code for each in refused] == [404] * 4
        for person in (accounts.auditor(), accounts.user(), accounts.owner_of(one.organisation)):
            assert accounts.signed_in(person).get(pair_of(one, other)).status_code == 404
        login = Client().get(pair_of(one, other))
        assert login["Location"].split("?")[0] == reverse("account_login")
        assert desk.get(pair_of(one, other)).context["title"] == (
            f"{one.number} and {other.number} side by side"
        )

    def test_one_and_fifty_rows_of_a_table_cost_the_same(self, desk):
        few = alike.filed(WORDS), alike.filed(SECRET)
        document = alike.document(WORDS)
        document["cases"]["cases"] = [{"name": f"Case {n}", "country": "NO"} for n in range(50)]
        many = build.declaration(Status.SUBMITTED, document=document), few[1]

        assert self.cost(desk, few) == self.cost(desk, many)

    @staticmethod
    def cost(desk, pair):
        desk.get(pair_of(*pair))
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(pair_of(*pair)).context["parts"]
        return len(captured)


class TestCheckPage:
    def check(self, draft):
        return owner_client(draft).get(address("declaration-check", draft.pk))

    def test_warns_of_an_own_declaration_with_the_passages_folded(self):
        own = alike.filed(WORDS, title="<b>Own</b>")
        draft = alike.draft(f"Better: {WORDS}", organisation=own.organisation)

        answer = self.check(draft)

        (remark,) = [one for one in answer.context["remarks"] if "passages" in one]
        assert remark["message"].startswith(
            f"This resembles your declaration {own.number} “<b>Own</b>”: "
        )
        assert (remark["url"], remark["tone"]) == (
            address("declaration-detail", own.pk),
            "warning",
        )
        assert owner_client(draft).get(remark["url"]).status_code == 200
        folded = re.findall(r"<details>.*?</details>", answer.content.decode(), re.DOTALL)[0]
        assert "The passage they share" in folded
        assert remark["passages"][0] in folded
        assert "<b>Own" not in answer.content.decode()

    def test_is_a_warning_and_keeps_nothing_from_being_filed(self):
        own = alike.filed(WORDS)
        draft = alike.draft(WORDS, organisation=own.organisation)

        assert "Submit the declaration" in text(self.check(draft))
        perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))

    def test_set_of_rules_may_make_it_an_error_and_then_it_holds_at_the_door(self):
        own = alike.filed(WORDS)
        draft = alike.draft(WORDS, organisation=own.organisation)
        graver = rules.rule_set("graver", ("look_alike", "error", {"likeness": 25}))
        Activity.objects.filter(pk=draft.activity_id).update(rule_set=graver)

        assert "is to be put right before you can submit" in text(self.check(draft))
        step = address("declaration-step", draft.pk, "submit")
        answer = owner_client(draft).post(step, follow=True)
        assert f"This resembles your declaration {own.number}" in text(answer)
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT

    def test_submitting_looks_for_likeness_last_and_only_where_it_refuses(self):
        """It holds the activity meanwhile, and everybody else who submits in it."""
        own = alike.filed(WORDS)
        warned, lacking = (alike.draft(WORDS, organisation=own.organisation) for _ in range(2))
        graver = rules.rule_set("graver", ("look_alike", "error", {"likeness": 25}))
        Activity.objects.filter(pk=lacking.activity_id).update(rule_set=graver)
        content = {**lacking.content, "technology": {"summary": WORDS}}
        Declaration.objects.filter(pk=lacking.pk).update(content=content)

        with CaptureQueriesContext(connection) as captured:
            perform("submit", warned.pk, actor=accounts.owner_of(warned.organisation))
            with pytest.raises(DomainError):
                perform("submit", lacking.pk, actor=accounts.owner_of(lacking.organisation))

        assert not [one for one in captured if "submissions_shared_hashes" in one["sql"]]

    def test_of_a_text_too_long_to_be_filed_no_more_is_read_than_could_be(self):
        own = alike.filed(WORDS)
        filler = "-" * 20 * 300  # as many characters as 300 words may take
        long, short = (
            alike.draft(f"{lead} {WORDS}", organisation=own.organisation)
            for lead in (filler, "-" * 9)
        )

        assert "resembles" in text(self.check(short))
        assert "resembles" not in text(self.check(long))

    def test_never_shows_anything_of_another_organisation(self):
        other = alike.filed(f"{WORDS} {SECRET}", title="Of a rival")
        draft = alike.draft(WORDS)

        shown = self.check(draft).content.decode()

        assert "resembles" not in shown
        for part in (other.number, "Of a rival", other.organisation.name, SECRET):
            assert part not in shown

    def test_sections_and_autosave_do_not_look(self):
        own = alike.filed(WORDS)
        draft = alike.draft(WORDS, organisation=own.organisation)
        client = owner_client(draft)

        with CaptureQueriesContext(connection) as captured:
            client.get(address("declaration-section", draft.pk, "technology"))
            client.get(address("declaration-detail", draft.pk))

        assert not [one for one in captured if "submissions_fingerprint" in one["sql"]]

    def test_asks_no_more_than_twelve_questions_one_or_fifty(self):
        own = alike.filed(WORDS)
        draft = alike.draft(WORDS, organisation=own.organisation)
        before = self.cost(draft)
        alike.copies(own, 49)

        assert before == self.cost(draft)
        assert before <= 12

    def cost(self, draft):
        client = owner_client(draft)
        url = address("declaration-check", draft.pk)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert "This resembles" in text(client.get(url))
        return len(captured)


@pytest.mark.django_db(transaction=True)
def test_two_that_are_filed_in_the_same_moment_each_show_the_other():
    drafts = [alike.draft(WORDS), alike.draft(WORDS)]
    owners = [accounts.owner_of(one.organisation) for one in drafts]

    def submit(pair):
        try:
            return perform("submit", pair[0].pk, actor=pair[1])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(submit, zip(drafts, owners, strict=True))

    desk = accounts.signed_in(accounts.officer())
    assert other.number in texts(desk.get(page_of(one)), "th")
    assert one.number in texts(desk.get(page_of(other)), "th")
