"""Nothing that was saved is lost: each text is in its place or can be had again."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.roles import Level
from core.canonical import content_hash
from core.errors import DomainError
from submissions import services
from submissions.models import Declaration, SavedValue
from submissions.scheme.differences import begun_marks, marks
from submissions.states import Status
from submissions.workflow import perform
from submissions.writing import set_aside
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, browser, owner_client

pytestmark = pytest.mark.django_db


def begun(declaration, section="technology"):
    stored = Declaration.objects.get(pk=declaration.pk)
    part = stored.activity.scheme.load().section(section)
    return marks(part, stored.content.get(section, {}))


def save(declaration, actor, since, **values):
    return services.save_members(declaration.pk, "technology", values, actor=actor, begun=since)


def save_by_itself(declaration, actor, since, page, **values):
    return services.save_members(
        declaration.pk, "technology", values,
        actor=actor, begun=since, page=page,
    )  # fmt: skip


class TestPage:
    def test_each_text_can_be_read_and_taken_again(self):
        draft = build.draft()
        owner = accounts.owner_of(draft.organisation)
        first = build.content()["technology"]["summary"]
        save(draft, owner, begun(draft), summary="Second text.")
        client = owner_client(draft)
        url = address("declaration-saved-texts", draft.pk, "technology")

        page = client.get(url)
        old = SavedValue.objects.get(member="summary", value=first)
        answer = client.post(url, {"text": old.pk, "begun": page.context["begun"]})

        assert first in text(page)
        assert "Second text." in text(page)
        assert answer.url == address("declaration-section", draft.pk, "technology")
        assert Declaration.objects.get().content["technology"]["summary"] == first
        assert [one.value for one in SavedValue.objects.filter(member="summary")] == [
            first, "Second text.", first,
        ]  # fmt: skip

    def test_text_that_a_colleague_saved_meanwhile_is_not_written_over(self):
        draft = build.draft()
        owner = accounts.owner_of(draft.organisation)
        save(draft, owner, begun(draft), summary="Second text.")
        client = owner_client(draft)
        url = address("declaration-saved-texts", draft.pk, "technology")
        page = client.get(url)
        colleague = accounts.member(Level.EDIT, draft.organisation)
        save(draft, colleague, begun(draft), summary="Hers.")
        old = SavedValue.objects.get(
            member="summary", value=build.content()["technology"]["summary"]
        )

        answer = client.post(url, {"text": old.pk, "begun": page.context["begun"]})

        assert answer.url == address("declaration-comparison", draft.pk, "technology")
        assert Declaration.objects.get().content["technology"]["summary"] == "Hers."
        assert SavedValue.objects.get(state="aside").value == old.value

    def test_text_of_another_declaration_is_not_there(self):
        mine, other = build.draft(), build.draft()
        foreign = SavedValue.objects.filter(declaration=other, section="technology").first()
        url = address("declaration-saved-texts", mine.pk, "technology")

        assert owner_client(mine).post(url, {"text": foreign.pk}).status_code == 404
        assert owner_client(mine).post(url, {"text": "x"}).status_code == 404

    @pytest.mark.parametrize("who", [accounts.user, accounts.officer, accounts.expert_user])
    def test_texts_are_the_applicants_only(self, who):
        draft = build.draft()

        url = address("declaration-saved-texts", draft.pk, "technology")

        assert browser(who()).get(url).status_code == 404

    def test_viewer_reads_and_changes_nothing(self):
        draft = build.draft()
        client = browser(accounts.member(Level.VIEW, draft.organisation))
        url = address("declaration-saved-texts", draft.pk, "technology")
        one = SavedValue.objects.filter(declaration=draft, section="technology").first()
        before = Declaration.objects.get(pk=draft.pk).content

        page, answer = client.get(url), client.post(url, {"text": one.pk}, follow=True)

        assert "Take this text again" not in text(page)
        assert "This declaration cannot be changed in its present state." in text(answer)
        assert Declaration.objects.get(pk=draft.pk).content == before

    def test_long_history_is_read_page_by_page(self):
        draft = build.draft()
        owner = accounts.owner_of(draft.organisation)
        for number in range(30):
            save(draft, owner, begun(draft), summary=f"Text {number}.")
        client = owner_client(draft)
        url = address("declaration-saved-texts", draft.pk, "technology")

        first = client.get(url)
        second = client.get(url + first.context["next_url"])

        numbers = [row["lines"][0] for page in (first, second) for row in page.context["rows"]]
        assert numbers[:30] == [f"Text {number}." for number in reversed(range(30))]


def test_text_cannot_be_changed_afterwards(db):
    draft = build.draft()

    with pytest.raises(Exception, match="Cannot update of"), transaction.atomic():
        SavedValue.objects.filter(declaration=draft).update(value="other")


class Writing(RuleBasedStateMachine):
    """Two colleagues write, from pages of any age, over lines that lose answers.

    Officers return; nothing saved is ever lost, and nobody is in their own way.
    """

    checked = 0  # saved texts that were looked for, in all lives together

    TEXTS = st.sampled_from(["", "One.", "Two.", "Three.", "四。"])
    FIELDS = st.sampled_from(["summary", "route", "keywords"])

    @initialize()
    def begin(self):
        self.draft = build.draft()
        owner = accounts.owner_of(self.draft.organisation)
        self.pages: list[dict[str, str]] = [{}, {}]  # what each was told it is begun from
        self.shown: list[dict[str, str | None]] = [{}, {}]
        # Where, since a page was told last, nobody but the page wrote.
        self.alone: list[dict[str, bool]] = [{}, {}]
        self.names = ["", ""]
        self.loaded = 0
        self.people = [owner, accounts.member(Level.EDIT, self.draft.organisation)]
        self.officer = accounts.officer()
        self.load_the_page(0)
        self.load_the_page(1)
        self.saved: Counter[tuple[int, str, str | None]] = (
            Counter()
        )  # (person, field, text) -> how often the portal said "saved"

    def stored(self, field):
        return Declaration.objects.get(pk=self.draft.pk).content["technology"].get(field)

    @rule(who=st.integers(0, 1))
    def load_the_page(self, who):
        self.pages[who] = begun_marks(begun(self.draft))
        self.shown[who] = {field: self.stored(field) for field in ("summary", "route", "keywords")}
        self.alone[who] = dict.fromkeys(self.shown[who], True)
        self.loaded += 1
        self.names[who] = f"page{self.loaded}"

    @rule(who=st.integers(0, 1), field=FIELDS, typed=TEXTS, answered=st.booleans())
    def autosave(self, who, field, typed, answered):
        self.type(who, field, typed, answered=answered)

    @rule(who=st.integers(0, 1), field=FIELDS)
    def autosave_a_letter_typed_and_taken_away(self, who, field):
        self.type(who, field, self.shown[who][field] or "")

    def type(self, who, field, typed, *, answered=True):
        """Save as a page does: what it was begun from is what it was told last."""
        since = " ".join(f"{key}:{mark}" for key, mark in self.pages[who].items())
        before = self.stored(field)
        try:
            result = save_by_itself(
                self.draft, self.people[who], since, self.names[who], **{field: typed}
            )
        except DomainError:
            return
        if field in result.applied:
            assert self.shown[who][field] == before  # nobody writes over what they did not see
            self.alone[1 - who][field] = False
        if field in result.aside:
            assert not self.alone[who][field]  # nobody is in their own way
        self.shown[who][field] = typed or None
        if answered:
            self.pages[who] |= result.marks
            self.alone[who] |= dict.fromkeys(result.marks, True)
        if result.applied or result.aside or result.closed:
            self.saved[(who, field, typed or None)] += 1

    @rule(who=st.integers(0, 1), mine=st.booleans())
    def choose(self, who, mine):
        stored = Declaration.objects.get(pk=self.draft.pk)
        waiting = set_aside(stored, "technology", self.people[who])
        if not waiting:
            return
        chosen = {
            one.member: one.value if mine else stored.content["technology"].get(one.member)
            for one in waiting
        }
        try:
            services.settle(
                self.draft.pk, "technology", chosen,
                actor=self.people[who], begun=begun(self.draft),
            )  # fmt: skip
        except DomainError:
            return
        for page in self.alone:  # it was another page that wrote
            page |= dict.fromkeys(chosen, False)

    @rule()
    def submit(self):
        try:
            perform("submit", self.draft.pk, actor=self.people[0])
        except DomainError:
            return

    @rule()
    def give_back(self):
        stored = Declaration.objects.get(pk=self.draft.pk)
        if stored.status != Status.SUBMITTED:
            return
        perform("begin_check", self.draft.pk, actor=self.officer)
        perform(
            "return", self.draft.pk, actor=self.officer, reason="Please look.",
            corrections=[{"section": "technology", "field": "summary", "reason": "Short."}],
        )  # fmt: skip

    @invariant()
    def every_saved_text_can_be_had(self):
        if not hasattr(self, "saved"):
            return
        kept = Counter(
            (self.people.index(one.saved_by), one.member, one.value)
            for one in SavedValue.objects.filter(declaration=self.draft, section="technology")
            if one.member in ("summary", "route", "keywords")
        )
        Writing.checked += len(self.saved)
        assert all(kept[key] >= times for key, times in self.saved.items())

    @invariant()
    def last_applied_text_is_the_one_in_place(self):
        if not hasattr(self, "saved"):
            return
        content = Declaration.objects.get(pk=self.draft.pk).content["technology"]
        for field in ("summary", "route", "keywords"):
            last = SavedValue.objects.filter(
                declaration=self.draft, member=field, state="applied"
            ).first()
            assert content.get(field) == (last.value if last else None)

    @invariant()
    def each_version_hashes_to_its_receipt(self):
        if not hasattr(self, "saved"):
            return
        for version in self.draft.versions.all():
            assert content_hash(version.content) == version.content_hash


def test_no_sequence_of_saves_conflicts_and_steps_loses_a_text(db):
    run_state_machine_as_test(
        Writing,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )

    assert Writing.checked > 50
