"""A set of rules tried on a past activity: exact numbers, whoever asks, however often it runs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.roles import Level as Membership
from accounts.services import add_member
from core import outbox, progress
from core.errors import DomainError
from core.models import AuditEntry, OutboxMessage
from submissions import trying
from submissions.checks.remarks import Level
from submissions.models import RuleSet, RuleTrial
from submissions.states import Status
from submissions.trying import OfRule, Outcome, ask_trial, outcome_of, run_piece
from tests.builders import accounts, rules
from tests.builders import submissions as build
from tests.builders.core import at_once
from tests.reading import text

pytestmark = pytest.mark.django_db

SET = (
    ("case_has_evidence", "warning"),
    ("says_enough", "information", {"words": 50}),
    ("language_of_text", "error"),
)


def document(*, cases: int, title: str = "Membrane bioreactor for landfill leachate"):
    """Return what is filed with so many cases that no file proves."""
    one = {"name": "Pilot plant", "country": "NO", "year": 2021}
    return build.content(title) | {"cases": {"cases": [one] * cases}}


def filed(activity, status=Status.SUBMITTED, **more):
    return build.declaration(status, activity=activity, document=document(**more))


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def activity(officer):
    """An activity that was checked by no rule at all, with five declarations of four kinds."""
    return build.open_activity(actor=officer, rule_set=rules.rule_set("none"))


@pytest.fixture
def rule_set():
    return rules.rule_set("tried", *SET)


def five(activity) -> None:
    filed(activity, cases=2)
    filed(activity, Status.RETURNED, cases=1)
    filed(activity, Status.RETURNED, cases=0)
    filed(activity, Status.WITHDRAWN, cases=0, title="生活垃圾渗滤液处理技术与装备")
    filed(activity, cases=0)
    filed(activity, Status.DRAFT, cases=3)


EXPECTED = Outcome(
    total=5,
    would=3,
    refused=1,
    returned=2,
    both=1,
    rules=(
        OfRule("A file proves each case", Level.WARNING, 2, 3),
        OfRule("Long texts say enough", Level.INFORMATION, 5, 5),
        OfRule("Texts are in the language of the declaration", Level.ERROR, 1, 1),
    ),
)


def run(trial) -> RuleTrial:
    """Carry out what is owed, as a worker does."""
    outbox.deliver_due()
    return RuleTrial.objects.get(pk=trial.pk)


class TestNumbers:
    def test_they_are_exact_and_beside_what_was_returned(self, activity, rule_set, officer):
        five(activity)

        trial = run(ask_trial(rule_set, activity, actor=officer))

        found = outcome_of(trial)
        assert found == EXPECTED
        assert (found.percent, found.percent_returned) == (60, 40)
        assert trial.finished_at is not None

    @pytest.mark.parametrize(
        ("would", "total", "percent"), [(19, 56, 34), (1, 8, 13), (0, 0, 0), (3, 3, 100)]
    )
    def test_per_cent_is_rounded_halves_up(self, would, total, percent):
        assert Outcome(total, would, 0, 0, 0, ()).percent == percent

    def test_what_was_first_filed_counts_and_not_what_was_corrected(
        self, activity, rule_set, officer
    ):
        returned = filed(activity, Status.RETURNED, cases=1)
        owner = accounts.owner_of(returned.organisation)
        summary = returned.content["technology"] | {"summary": "Treats landfill leachate better."}
        build.fill(returned, {"technology": summary}, actor=owner)
        build.take(returned, "submit", owner)

        trial = run(ask_trial(rule_set, activity, actor=officer))

        found = outcome_of(trial)
        assert (found.total, found.would, found.returned, found.both) == (1, 1, 1, 1)
        assert found.rules[0].declarations == 1

    def test_in_pieces_it_is_the_same(self, activity, rule_set, officer, monkeypatch):
        five(activity)
        monkeypatch.setattr(trying, "PIECE", 2)

        trial = run(ask_trial(rule_set, activity, actor=officer))

        assert outcome_of(trial) == EXPECTED
        assert OutboxMessage.objects.filter(topic=trying.TOPIC).count() == 3

    def test_what_is_filed_after_the_asking_is_not_counted(self, activity, rule_set, officer):
        filed(activity, cases=1)
        trial = ask_trial(rule_set, activity, actor=officer)
        filed(activity, cases=1)

        assert outcome_of(run(trial)).total == 1

    def test_progress_says_how_far_it_is(self, activity, rule_set, officer, monkeypatch):
        five(activity)
        monkeypatch.setattr(trying, "PIECE", 2)
        trial = ask_trial(rule_set, activity, actor=officer)
        name = trying.progress_name(trial)

        begun = progress.of(name)
        run_piece({"trial": str(trial.pk)})
        on_the_way = progress.of(name)
        run(trial)
        done = progress.of(name)

        seen = [begun, on_the_way, done]
        assert [(one.done, one.total, bool(one.finished_at)) for one in seen] == [
            (0, 5, False),
            (2, 5, False),
            (5, 5, True),
        ]


class TestTwice:
    def test_a_message_that_comes_again_changes_nothing(
        self, activity, rule_set, officer, monkeypatch
    ):
        five(activity)
        monkeypatch.setattr(trying, "PIECE", 2)
        trial = ask_trial(rule_set, activity, actor=officer)

        for _time in range(7):
            run_piece({"trial": str(trial.pk)})
        outbox.deliver_due()

        trial.refresh_from_db()
        assert outcome_of(trial) == EXPECTED

    def test_a_trial_that_is_not_there_is_no_fault(self):
        run_piece({"trial": "00000000-0000-0000-0000-000000000000"})

        assert not RuleTrial.objects.exists()

    def test_asked_again_while_at_work_it_is_the_same(self, activity, rule_set, officer):
        filed(activity, cases=1)
        first = ask_trial(rule_set, activity, actor=officer)
        again = ask_trial(rule_set, activity, actor=accounts.second_officer())

        assert again == first
        run(first)
        assert ask_trial(rule_set, activity, actor=officer) != first
        acts = AuditEntry.objects.filter(act="rule set.tried", subject_id=str(rule_set.pk))
        assert [one.details for one in acts] == [{"activity": activity.code}] * 2

    def test_what_failed_says_so_and_goes_on(self, activity, rule_set, officer, monkeypatch):
        five(activity)
        trial = ask_trial(rule_set, activity, actor=officer)
        name = trying.progress_name(trial)
        with monkeypatch.context() as broken:
            broken.setattr(trying, "of_version", None)
            with pytest.raises(TypeError):
                run_piece({"trial": str(trial.pk)})
        failed = progress.of(name).failed
        shown = text(accounts.signed_in(officer).get(page(trial)))

        ask_trial(rule_set, activity, actor=officer)

        assert "TypeError" in failed
        assert "The work stopped; it is tried again by itself." in shown
        assert progress.of(name).failed == ""
        assert outcome_of(run(trial)) == EXPECTED


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_each_declaration_once(monkeypatch):
    officer = accounts.officer()
    activity = build.open_activity(actor=officer, rule_set=rules.rule_set("none"))
    rule_set = rules.rule_set("tried", *SET)
    five(activity)
    monkeypatch.setattr(trying, "PIECE", 2)
    trial = ask_trial(rule_set, activity, actor=officer)
    payload = {"trial": str(trial.pk)}

    for _time in range(2):
        at_once(lambda: run_piece(payload), lambda: run_piece(payload))

    trial.refresh_from_db()
    assert outcome_of(trial) == EXPECTED


class TestKept:
    @pytest.mark.parametrize(
        "sql",
        [
            "delete from submissions_ruletrial",
            "update submissions_ruletrial set result = '{}'",
            "update submissions_ruletrial set asked_at = now()",
        ],
    )
    def test_the_database_keeps_what_came_out(self, activity, rule_set, officer, sql):
        filed(activity, cases=1)
        run(ask_trial(rule_set, activity, actor=officer))

        with (
            pytest.raises(DatabaseError, match="pgtrigger: Cannot"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


class TestWhoMay:
    @pytest.mark.parametrize(
        "who",
        [accounts.user, accounts.expert_user, accounts.auditor, accounts.system_administrator],
    )
    def test_nobody_but_officers_asks_or_reads(self, activity, rule_set, officer, who):
        filed(activity, cases=1)
        trial = ask_trial(rule_set, activity, actor=officer)
        person = who()

        with pytest.raises(PermissionDenied):
            ask_trial(rule_set, activity, actor=person)
        assert not RuleTrial.objects.visible_to(person).exists()
        client = accounts.signed_in(person)
        for url in (page(trial), try_page(rule_set), prepare_page(rule_set)):
            assert client.get(url).status_code == 404

    def test_the_enterprise_does_not(self, activity, rule_set, officer):
        owner = accounts.owner_of(filed(activity, cases=1).organisation)

        with pytest.raises(PermissionDenied):
            ask_trial(rule_set, activity, actor=owner)

    def test_an_officer_without_a_say_in_the_activity_does_not_ask(
        self, activity, rule_set, officer
    ):
        mine = filed(activity, cases=1)
        trial = ask_trial(rule_set, activity, actor=officer)
        run(trial)
        tied = accounts.second_officer()
        add_member(mine.organisation_id, tied, Membership.VIEW, actor=None)

        with pytest.raises(PermissionDenied):
            ask_trial(rule_set, activity, actor=tied)
        client = accounts.signed_in(tied)
        refused = client.post(try_page(rule_set), {"activity": str(activity.pk)})
        assert refused.context["form"].errors["activity"]
        # The numbers of the whole are for every officer; nothing in them names a declaration.
        shown = text(client.get(page(trial)))
        assert "Would have returned 100 % (1 of 1)" in shown
        assert mine.number not in shown

    def test_under_seal_nothing_is_opened(self, rule_set, officer):
        sealed = build.open_activity(actor=officer, sealed=True)
        filed(sealed, cases=1)
        client = accounts.signed_in(officer)

        answer = client.post(try_page(rule_set), {"activity": str(sealed.pk)})

        assert list(answer.context["form"].errors["activity"]) == [
            "This activity is under seal: what was declared is opened by nothing and nobody "
            "before it closes."
        ]
        assert not RuleTrial.objects.exists()
        build.closed(sealed, actor=officer)
        client.post(try_page(rule_set), {"activity": str(sealed.pk)})
        assert outcome_of(run(RuleTrial.objects.get())).total == 1

    def test_without_anything_filed_there_is_nothing_to_try(self, activity, rule_set, officer):
        build.draft(activity=activity)

        with pytest.raises(DomainError, match="Nothing was filed in this activity so far"):
            ask_trial(rule_set, activity, actor=officer)
        assert not trying.to_choose(officer).exists()


def page(trial) -> str:
    return reverse("admin:submissions_ruletrial_change", args=[trial.pk])


def try_page(rule_set) -> str:
    return reverse("admin:submissions_ruleset_try", args=[rule_set.pk])


def prepare_page(rule_set) -> str:
    return reverse("admin:submissions_ruleset_prepare", args=[rule_set.pk])


class TestPages:
    def test_from_the_set_to_the_numbers(self, activity, rule_set, officer):
        five(activity)
        desk = accounts.signed_in(officer)
        read = text(desk.get(reverse("admin:submissions_ruleset_change", args=[rule_set.pk])))

        answer = desk.post(try_page(rule_set), {"activity": str(activity.pk)})
        trial = RuleTrial.objects.get()
        waiting = text(desk.get(answer["Location"]))
        run(trial)
        shown = text(desk.get(page(trial)))

        assert f'href="{try_page(rule_set)}"' in read
        assert answer["Location"] == page(trial)
        # Without script the page asks again; with it the part does.
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting
        assert 'hx-trigger="every 2s"' in waiting
        assert "You may leave this page; the work goes on." in waiting
        assert "Would have returned" not in waiting
        assert "Would have returned 60 % (3 of 5)" in shown
        assert "1 of these could not have been filed: an error stands against it." in shown
        assert "Officers returned 40 % (2 of 5); 1 of these would have been" in shown
        assert "hx-trigger" not in shown
        assert "http-equiv" not in shown
        assert text(desk.get(try_page(rule_set))).count(page(trial)) == 1

    def test_the_page_costs_the_same_whatever_was_tried(
        self, activity, rule_set, officer, django_assert_max_num_queries
    ):
        filed(activity, cases=1)
        trial = run(ask_trial(rule_set, activity, actor=officer))
        desk = accounts.signed_in(officer)
        desk.get(page(trial))

        with django_assert_max_num_queries(16):
            desk.get(page(trial))

    def test_an_activity_that_is_none_and_a_set_that_is_none(self, rule_set, officer):
        desk = accounts.signed_in(officer)
        missing = RuleSet(pk=RuleSet.objects.latest("pk").pk + 1)

        answer = desk.post(try_page(rule_set), {"activity": "nonsense"})

        assert answer.context["form"].errors["activity"]
        assert desk.get(try_page(missing)).status_code == 404
        assert desk.get(prepare_page(missing)).status_code == 404
