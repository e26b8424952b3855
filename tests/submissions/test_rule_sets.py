"""Sets of rules: laid down, chosen by an activity, named by what is filed, run over it."""

import datetime as dt
from copy import deepcopy
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEntry
from submissions import findings
from submissions.checks import rulesets
from submissions.checks.remarks import Level, Remark
from submissions.checks.rulesets import read
from submissions.checks.shipped import newest, shipped_sets
from submissions.choices import Choices
from submissions.cloning import like
from submissions.models import Activity, Declaration, RuleSet
from submissions.rule_sets import create_rule_set, newest_rule_set, next_version, restore_shipped
from submissions.services import edit_activity
from submissions.states import Status
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, rules
from tests.builders import submissions as build
from tests.builders.core import at_once
from tests.reading import text
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db


class TestLaidDown:
    def test_the_portal_comes_with_its_sets(self):
        rows = RuleSet.objects.order_by("pk").values_list(
            "code", "version", "document", "content_hash"
        )

        assert list(rows) == [
            (one.code, one.version, one.document, one.content_hash) for one in shipped_sets()
        ]

    def test_a_migration_again_adds_nothing(self):
        restore_shipped("default", RuleSet)

        assert RuleSet.objects.count() == 2

    def test_the_same_again_is_the_same_and_another_is_refused(self):
        officer = accounts.officer()
        source = rules.source("own", ("says_enough", "warning"))

        made = create_rule_set(source, actor=officer)
        again = create_rule_set(deepcopy(source), actor=officer)

        assert again == made == newest_rule_set()
        acts = AuditEntry.objects.filter(subject_type="rule set").values_list("act", "actor")
        assert list(acts) == [("rule set.added", officer.pk)]
        with pytest.raises(DomainError, match="laid down differently"):
            create_rule_set(rules.source("own", ("says_enough", "error")), actor=officer)

    def test_what_is_no_set_of_rules_is_refused_with_the_place(self):
        with pytest.raises(DomainError, match=r"rules\[0\]: there is no rule 'fly'"):
            create_rule_set(rules.source("own", ("fly", "error")), actor=None)

        assert not RuleSet.objects.filter(code="own").exists()

    @pytest.mark.parametrize(
        "who",
        [accounts.user, accounts.expert_user, accounts.auditor, accounts.system_administrator],
    )
    def test_nobody_but_officers_lays_one_down_or_sees_one(self, who):
        person = who()

        with pytest.raises(PermissionDenied):
            create_rule_set(rules.source("own"), actor=person)
        assert not RuleSet.objects.visible_to(person).exists()
        assert RuleSet.objects.visible_to(accounts.officer()).count() == 2

    def test_next_version_follows_the_newest_of_its_code(self):
        officer = accounts.officer()
        first = rules.rule_set("own", ("says_enough", "warning"))
        second = next_version(first, rules.document(("says_enough", "error")), actor=officer)
        third = next_version(second, rules.document(("says_enough", "warning")), actor=officer)

        assert [(one.code, one.version) for one in (second, third)] == [("own", 2), ("own", 3)]
        with pytest.raises(DomainError, match="Nothing is changed yet"):
            next_version(third, deepcopy(third.document), actor=officer)

    def test_what_another_version_changed_is_not_dropped(self):
        officer = accounts.officer()
        first = rules.rule_set("own", ("says_enough", "warning"))
        next_version(first, rules.document(("says_enough", "error")), actor=officer)

        with pytest.raises(DomainError, match="Version 2 was laid down since"):
            next_version(first, rules.document(("case_has_evidence", "error")), actor=officer)

        assert RuleSet.objects.filter(code="own").count() == 2
        desk = accounts.signed_in(officer)
        page = desk.get(reverse("admin:submissions_ruleset_prepare", args=[first.pk]))
        newest_page = reverse("admin:submissions_ruleset_prepare", args=[newest_rule_set().pk])
        assert "Version 2 was laid down since" in text(page)
        assert newest_page in text(page)
        assert "laid down since" not in text(desk.get(newest_page))

    def test_a_set_is_read_once_and_may_leave_its_document_out(self, django_assert_num_queries):
        one = rules.rule_set("own", ("says_enough", "warning"))
        one.load()

        with django_assert_num_queries(1):
            assert RuleSet.objects.defer("document").get(pk=one.pk).load() is one.load()
        assert one.load() == read(one.document)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_is_told_of_the_first():
    officer = accounts.officer()
    first = rules.rule_set("own", ("says_enough", "warning"))
    said = []

    def lay_down(level):
        try:
            next_version(first, rules.document(("case_has_evidence", level)), actor=officer)
        except DomainError as error:
            said.append(str(error).partition(".")[0])

    at_once(lambda: lay_down("error"), lambda: lay_down("warning"))

    assert said == ["Version 2 was laid down since"]
    versions = RuleSet.objects.filter(code="own").order_by("version")
    assert list(versions.values_list("version", flat=True)) == [1, 2]


class TestOfActivity:
    def test_a_new_one_takes_the_newest(self):
        newest_set = rules.rule_set("own", ("says_enough", "warning"))

        assert build.prepared_activity().rule_set == newest_set

    def test_one_from_before_has_what_the_portal_comes_with(self):
        activity = build.prepared_activity()
        Activity.objects.filter(pk=activity.pk).update(rule_set=None)

        rules_of = Activity.objects.get(pk=activity.pk).rules
        assert (rules_of.code, rules_of.version) == ("default", 2)
        assert rules_of.load() == newest().load()

    def test_it_is_chosen_while_prepared_and_sealed_once_open(self):
        officer = accounts.officer()
        first = rules.rule_set("one", ("says_enough", "warning"))
        other = rules.rule_set("two", ("says_enough", "error"))
        activity = build.prepared_activity(rule_set=first)
        assert edit_activity(activity.pk, actor=officer, rule_set=other).rule_set == other
        act = AuditEntry.objects.get(act="activity.changed", subject_id=str(activity.pk))
        assert act.details == {"rule_set": [first.pk, other.pk]}

        opened = build.open_activity(rule_set=other)
        with pytest.raises(DomainError, match="cannot change while the activity is open"):
            edit_activity(opened.pk, actor=officer, rule_set=first)

    def test_one_from_before_that_is_open_can_still_be_prolonged(self):
        activity = build.open_activity()
        Activity.objects.filter(pk=activity.pk).update(rule_set=None)
        later = activity.closes_at + dt.timedelta(days=3)

        edit_activity(
            activity.pk, actor=accounts.officer(), closes_at=later, closing_reason="Floods."
        )

        assert Activity.objects.get(pk=activity.pk).closes_at == later

    def test_the_form_offers_the_newest_and_a_clone_the_one_of_its_source(self):
        first = rules.rule_set("one", ("says_enough", "warning"))
        source = build.prepared_activity(rule_set=first)
        newest_set = rules.rule_set("two", ("says_enough", "error"))
        officer = accounts.officer()
        desk = accounts.signed_in(officer)
        page = reverse("admin:submissions_activity_add")

        alone = desk.get(page).context["adminform"].form.initial["rule_set"]
        after = desk.get(f"{page}?source={source.pk}").context["adminform"].form.initial["rule_set"]

        assert (alone, after) == (newest_set.pk, first.pk)
        Activity.objects.filter(pk=source.pk).update(rule_set=None)
        assert "rule_set" not in like(officer, str(source.pk))

    def test_one_without_a_set_is_given_the_newest_when_it_opens_and_keeps_it(self):
        officer = accounts.officer()
        activity = build.prepared_activity(actor=officer)
        Activity.objects.filter(pk=activity.pk).update(rule_set=None)
        there = rules.rule_set("one", ("says_enough", "warning"))

        ACTIVITIES.perform("open", activity.pk, actor=officer)
        rules.rule_set("two", ("says_enough", "error"))

        opened = Activity.objects.get(pk=activity.pk)
        assert opened.rule_set == opened.rules == there
        act = AuditEntry.objects.get(act="activity.open", subject_id=str(activity.pk))
        assert act.details == {"rule_set": there.pk}
        assert like(officer, str(activity.pk))["rule_set"] == there.pk

    def test_what_was_opened_before_is_given_the_one_it_was_checked_by(self):
        chosen = rules.rule_set("one", ("says_enough", "warning"))
        some = {
            "prepared": build.prepared_activity(),
            "opened": build.open_activity(),
            "closed": build.closed_activity(),
        }
        Activity.objects.update(rule_set=None)
        named = build.open_activity(rule_set=chosen)
        migration = import_module("submissions.migrations.0034_rules_pinned")

        for _time in range(2):
            migration.pin(apps, connection.schema_editor())

        shipped = RuleSet.objects.get(code="default", version=2)
        assert {name: Activity.objects.get(pk=one.pk).rule_set for name, one in some.items()} == {
            "prepared": None,
            "opened": shipped,
            "closed": shipped,
        }
        assert Activity.objects.get(pk=named.pk).rule_set == chosen


class TestFindings:
    SHORT = ("says_enough", "warning", {"words": 50})

    def test_a_declaration_is_checked_by_the_set_of_its_activity(self):
        strict = build.open_activity(rule_set=rules.rule_set("one", ("case_has_evidence", "error")))
        lenient = build.open_activity(rule_set=rules.rule_set("two"))
        at = timezone.now()

        found = [
            [one.rule for one in findings.by_rules(draft, at, Choices(draft.activity, draft))]
            for draft in (build.draft(activity=strict), build.draft(activity=lenient))
        ]

        assert found == [["case_has_evidence"], []]

    def test_an_error_keeps_it_from_being_filed(self):
        strict = build.open_activity(rule_set=rules.rule_set("one", ("case_has_evidence", "error")))
        draft = build.draft(activity=strict)

        with pytest.raises(DomainError, match="neither acceptance nor measurements"):
            build.take(draft, "submit", accounts.owner_of(draft.organisation))

    def test_the_check_page_runs_the_rules_once(self, monkeypatch):
        strict = rules.rule_set("one", ("case_has_evidence", "error"), self.SHORT)
        draft = build.draft(activity=build.open_activity(rule_set=strict))
        runs = []
        run = rulesets.remarks

        def noted(applied, papers):
            runs.append(applied)
            return run(applied, papers)

        monkeypatch.setattr(rulesets, "remarks", noted)

        page = owner_client(draft).get(address("declaration-check", draft.pk))

        assert len(runs) == 1
        assert [one["message"] for one in page.context["findings"]] == [
            "Case 1: neither acceptance nor measurements are proved by a file."
        ]
        assert "Summary: fewer than 50 words." in [
            one["message"] for one in page.context["remarks"]
        ]

    def test_what_was_filed_is_read_as_on_its_day(self):
        rule_set = rules.rule_set("one", ("case_has_evidence", "warning"), self.SHORT)
        draft = build.draft(activity=build.open_activity(rule_set=rule_set))
        filed = build.take_filed(draft)
        document = build.content("Another title")
        document["cases"] = {"cases": []}
        Declaration.objects.update(content=document)

        found = findings.of_version(filed)

        assert found == [
            Remark(
                "case_has_evidence",
                Level.WARNING,
                "cases",
                "cases.0.acceptance",
                "Case 1: neither acceptance nor measurements are proved by a file.",
            ),
            Remark(
                "says_enough",
                Level.WARNING,
                "technology",
                "summary",
                "Summary: fewer than 50 words.",
            ),
        ]
        other = read(rules.document(("case_has_evidence", "error")))
        assert [(one.rule, one.level) for one in findings.of_version(filed, other)] == [
            ("case_has_evidence", Level.ERROR)
        ]

    def test_a_certificate_that_ran_out_since_was_in_force(self):
        rule_set = rules.rule_set("one", ("certificate_in_force", "warning"))
        draft = build.draft(activity=build.open_activity(rule_set=rule_set))
        filed = build.take_filed(draft)
        day = timezone.localdate()
        filed.content["sections"]["property"]["rights"][0]["expires_on"] = day.isoformat()

        today = findings.of_version(filed)
        filed.submitted_at += dt.timedelta(days=1)

        assert today == []
        assert [one.rule for one in findings.of_version(filed)] == ["certificate_in_force"]

    def test_the_document_names_the_set(self):
        rule_set = rules.rule_set("one", ("says_enough", "warning"))
        named = build.declaration(Status.SUBMITTED, activity=build.open_activity(rule_set=rule_set))
        draft = build.draft()
        Activity.objects.filter(pk=draft.activity_id).update(rule_set=None)
        unnamed = build.take_filed(draft)

        shipped = newest()
        assert [one.content["rules"] for one in (named.version, unnamed)] == [
            {"code": "one", "version": 1, "hash": rule_set.content_hash},
            {"code": "default", "version": 2, "hash": shipped.content_hash},
        ]
