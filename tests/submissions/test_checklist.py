"""The checklist of the formal check, its desk, and the queue."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from submissions import checklist, queue, services
from submissions.models import CheckMark, Declaration
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def document(**indicator: Any) -> dict[str, Any]:
    """Return a filing in which the rules remark one thing: a share of more than the whole."""
    made = build.content()
    row = {**made["performance"]["indicators"][0], "unit": "%", "typical": "120", **indicator}
    row |= {"minimum": "", "maximum": ""}
    made["performance"] = {**made["performance"], "indicators": [row]}
    return made


def in_check(officer: Any, **more: Any) -> Declaration:
    return build.declaration(Status.IN_CHECK, officer=officer, document=document(), **more)


def line(declaration: Declaration, item: str) -> checklist.Line:
    now = Declaration.objects.select_related("version", "activity__rule_set").get(pk=declaration.pk)
    assert now.version
    now.version.declaration = now
    return next(one for one in checklist.lines(now.version) if one.item == item)


def open_items(declaration: Declaration) -> set[str]:
    now = Declaration.objects.select_related("version", "activity__rule_set").get(pk=declaration.pk)
    assert now.version
    now.version.declaration = now
    return {one.item for one in checklist.lines(now.version) if one.is_open}


def stands(item: str, reason: str = "Measured twice.") -> dict[str, str]:
    return {"item": item, "verdict": "stands", "reason": reason}


def desk(declaration: Declaration) -> str:
    return reverse("admin:submissions_declaration_check", args=[declaration.pk])


SHARE = "share_within_bounds"


class TestMarks:
    def test_the_list_is_what_rules_remarked_and_what_is_seen_by_eye(self):
        declaration = in_check(accounts.officer())

        assert SHARE in open_items(declaration)
        assert "stamped_commitment" in open_items(declaration)
        assert "certificate_in_force" not in open_items(declaration)

    def test_while_a_line_is_open_nothing_is_accepted(self):
        officer = accounts.officer()
        declaration = in_check(officer)

        with pytest.raises(DomainError, match="checklist are open"):
            perform("accept", declaration.pk, actor=officer)
        build.tick(declaration, officer)

        assert open_items(declaration) == set()
        assert perform("accept", declaration.pk, actor=officer).status == Status.ACCEPTED

    def test_a_remark_may_stand_with_a_reason_and_not_without(self):
        officer = accounts.officer()
        declaration = in_check(officer)

        with pytest.raises(DomainError, match="Say why it may stand"):
            checklist.mark(declaration.pk, [stands(SHARE, " ")], actor=officer)
        with pytest.raises(IntegrityError), transaction.atomic():
            CheckMark.objects.create(
                version=declaration.versions.get(), item=SHARE, verdict="stands", marked_by=officer
            )
        checklist.mark(declaration.pk, [stands(SHARE)], actor=officer)

        assert SHARE not in open_items(declaration)
        told = AuditEntry.objects.get(act="declaration.marked")
        assert told.details["marks"] == {SHARE: "stands"}

    @pytest.mark.parametrize(
        "wrong",
        [
            stands("weather"),
            stands("stamped_commitment"),
            {"item": SHARE, "verdict": "met", "reason": "x"},
            stands("certificate_in_force"),
        ],
    )
    def test_what_is_not_on_the_list_is_not_marked(self, wrong):
        officer = accounts.officer()
        declaration = in_check(officer)

        with pytest.raises(DomainError, match="The checklist has no item"):
            checklist.mark(declaration.pk, [wrong], actor=officer)
        assert not CheckMark.objects.exists()

    def test_said_again_it_is_written_once(self):
        officer = accounts.officer()
        declaration = in_check(officer)
        for _time in range(2):
            checklist.mark(declaration.pk, [stands(SHARE)], actor=officer)

        assert CheckMark.objects.count() == 1

    def test_marks_are_written_by_officers_who_may_check_it_alone(self):
        officer = accounts.officer()
        declaration = in_check(officer)
        made = checklist.mark(declaration.pk, [stands(SHARE)], actor=officer)
        involved = accounts.officer()
        add_member(declaration.organisation.pk, involved, Level.VIEW, actor=None)
        others = [
            accounts.owner_of(declaration.organisation),
            accounts.member(Level.VIEW, declaration.organisation),
            involved,
            accounts.expert_user(),
            accounts.auditor(),
            accounts.system_administrator(),
        ]

        for other in others:
            with pytest.raises((PermissionDenied, TransitionError)):
                checklist.mark(declaration.pk, [stands(SHARE)], actor=other)
            assert not CheckMark.objects.visible_to(other).exists()
        assert list(CheckMark.objects.visible_to(officer)) == list(CheckMark.objects.all()) == made

    def test_before_the_check_has_begun_nothing_is_marked(self):
        filed = build.declaration(Status.SUBMITTED, document=document())

        with pytest.raises(TransitionError, match="Begin the formal check first"):
            checklist.mark(filed.pk, [stands(SHARE)], actor=accounts.officer())


class TestNextVersion:
    def again(self, officer: Any, **indicator: Any) -> Declaration:
        """Mark the first version, return it, file it once more with another figure."""
        declaration = in_check(officer)
        build.tick(declaration, officer)
        asked = [{"section": "performance", "field": "indicators", "reason": "x"}]
        perform("return", declaration.pk, actor=officer, reason="x", corrections=asked)
        owner = accounts.owner_of(declaration.organisation)
        build.fill(declaration, {"performance": document(**indicator)["performance"]}, actor=owner)
        build.take(declaration, "submit", owner)
        return build.take(declaration, "begin_check", officer)

    def test_what_was_said_holds_while_the_remark_is_the_same(self):
        declaration = self.again(accounts.officer())

        assert open_items(declaration) == set()

    def test_another_figure_at_the_same_place_opens_the_line(self):
        declaration = self.again(accounts.officer(), typical="130")

        assert open_items(declaration) == {SHARE, "claim_has_evidence"}

    def replaced(self, officer: Any) -> Declaration:
        """Mark a version with a file, return it for that file, file it with another one."""
        draft = build.draft(document=document())
        owner = accounts.owner_of(draft.organisation)
        scan = build.attachment(draft, kind="test_report", title="Commitment")
        build.take(draft, "submit", owner)
        build.take(draft, "begin_check", officer)
        build.tick(draft, officer)
        asked = [{"section": "performance", "attachment": str(scan.pk), "reason": "No stamp."}]
        perform("return", draft.pk, actor=officer, reason="x", corrections=asked)
        services.remove_attachment(scan.pk, actor=owner)
        build.attachment(draft, kind="test_report", title="Commitment")
        build.take(draft, "submit", owner)
        return build.take(draft, "begin_check", officer)

    def test_a_file_that_was_replaced_is_looked_at_anew(self):
        officer = accounts.officer()
        declaration = self.replaced(officer)

        opened = line(declaration, "stamped_commitment")
        with pytest.raises(DomainError, match="stamped commitment"):
            perform("accept", declaration.pk, actor=officer)
        page = accounts.signed_in(officer).get(desk(declaration))

        manual = {item for item in open_items(declaration) if line(declaration, item).is_manual}
        assert len(manual) == 6
        # What was found then is told, and not chosen: looking is what is asked for.
        assert opened.mark
        assert opened.mark.verdict == "met"
        assert "version 1)" in text(page)
        assert page.context["form"]["verdict_stamped_commitment"].value() == ""

    def test_what_was_looked_at_of_the_texts_is_looked_at_anew_and_the_rest_holds(self):
        officer = accounts.officer()
        declaration = in_check(officer)
        build.tick(declaration, officer)
        build.take(declaration, "return", officer)
        owner = accounts.owner_of(declaration.organisation)
        technology = {**document()["technology"], "summary": "Treats another water."}
        build.fill(declaration, {"technology": technology}, actor=owner)
        build.take(declaration, "submit", owner)
        build.take(declaration, "begin_check", officer)

        assert open_items(declaration) == {"within_the_notice"}

    def test_a_figure_that_a_rule_reckons_with_opens_the_line(self):
        """Removal is remarked at its own row; what it is held against stands in another one."""
        officer = accounts.officer()

        def performance(inlet: str) -> dict[str, Any]:
            figures = {"wat-removal-cod": "98", "wat-inlet-cod": inlet, "wat-outlet-cod": "50"}
            rows = [
                {
                    "indicator": code,
                    "typical": figure,
                    "unit": "%" if "removal" in code else "mg/L",
                    "condition": "25 °C",
                }
                for code, figure in figures.items()
            ]
            return {**build.content()["performance"], "indicators": rows}

        made = {**build.content(), "performance": performance("100")}
        declaration = build.declaration(Status.IN_CHECK, officer=officer, document=made)
        build.tick(declaration, officer)
        asked = [{"section": "performance", "field": "indicators", "reason": "x"}]
        perform("return", declaration.pk, actor=officer, reason="x", corrections=asked)
        owner = accounts.owner_of(declaration.organisation)
        build.fill(declaration, {"performance": performance("200")}, actor=owner)
        build.take(declaration, "submit", owner)
        build.take(declaration, "begin_check", officer)

        assert "removal_fits_inlet_and_outlet" in open_items(declaration)

    def test_the_desk_shows_what_changed_and_what_had_been_asked(self):
        officer = accounts.officer()
        declaration = self.again(officer, typical="130")
        client = accounts.signed_in(officer)

        page, whole = client.get(desk(declaration)), client.get(desk(declaration) + "?whole=1")

        assert "What changed since the version before" in text(page)
        assert "Asked for when it was returned" in text(page)
        assert 'id="section-technology"' not in text(page)
        assert 'id="section-technology"' in text(whole)

    def test_a_remark_leads_to_its_section_also_where_the_page_shows_changes_alone(self):
        officer = accounts.officer()
        declaration = self.again(officer, typical="130")
        client = accounts.signed_in(officer)

        page, whole = client.get(desk(declaration)), client.get(desk(declaration) + "?whole=1")

        assert '<a href="?whole=1#section-performance">Indicator 1: 130 %' in text(page)
        assert '<a href="#section-performance">Indicator 1: 130 %' in text(whole)
        assert 'id="section-performance"' in text(whole)


class TestDesk:
    def test_one_form_marks_and_accepts_and_goes_on_to_the_next(self):
        officer = accounts.officer()
        first, second = in_check(officer), in_check(officer)
        client = accounts.signed_in(officer)
        reasons = {f"reason_{item}": "Looked at." for item in open_items(first)}
        by_eye = {
            f"verdict_{item}": "met" for item in open_items(first) if line(first, item).is_manual
        }

        answer = client.post(desk(first), {"action": "accept", **reasons, **by_eye})

        assert Declaration.objects.get(pk=first.pk).status == Status.ACCEPTED
        assert answer.headers["Location"] == desk(second)

    def test_what_is_left_by_eye_is_met_at_one_press(self):
        officer = accounts.officer()
        declaration = in_check(officer)
        client = accounts.signed_in(officer)

        client.post(desk(declaration), {"action": "all_met", "verdict_files_legible": "not_met"})

        assert line(declaration, "stamped_commitment").holds
        assert line(declaration, "files_legible").is_open

    def test_refused_the_page_keeps_what_was_typed(self):
        officer = accounts.officer()
        declaration = in_check(officer)
        client = accounts.signed_in(officer)

        page = client.post(
            desk(declaration), {"action": "accept", f"reason_{SHARE}": "Typed with care."}
        )

        assert "of the checklist are open" in text(page)
        assert 'value="Typed with care."' in text(page)
        assert Declaration.objects.get().status == Status.IN_CHECK

    def test_of_ones_own_organisation_there_is_no_desk(self):
        declaration = in_check(accounts.officer())
        involved = accounts.officer()
        add_member(declaration.organisation.pk, involved, Level.VIEW, actor=None)

        assert accounts.signed_in(involved).get(desk(declaration)).status_code == 404


class TestQueue:
    def test_the_longest_waiting_comes_first_and_drafts_never(self):
        officer = accounts.officer()
        build.draft()
        first = build.declaration(Status.SUBMITTED)
        second = build.declaration(Status.SUBMITTED)
        build.take(first, "begin_check", officer)  # since later than the second

        assert list(queue.waiting(officer)) == [second, first]
        first.refresh_from_db()
        assert queue.neighbours(first, queue.to_work_on(officer)) == (second, None)

    def test_one_holds_what_one_checks(self):
        officer, other = accounts.officer(), accounts.officer()
        mine = build.declaration(Status.IN_CHECK, officer=officer)
        theirs = build.declaration(Status.IN_CHECK, officer=other)
        nobodys = build.declaration(Status.SUBMITTED)
        client = accounts.signed_in(officer)
        url = reverse("admin:submissions_declaration_changelist")

        def listed(holder: str) -> list[Declaration]:
            return list(client.get(url, {"holder": holder}).context["cl"].result_list)

        assert listed("mine") == [mine]
        assert listed("others") == [theirs]
        assert listed("nobody") == [nobodys]


def test_marks_of_a_whole_checklist_are_written_at_once():
    """However long the list: one statement for the marks, one for the audit."""
    officer = accounts.officer()
    filed = in_check(officer)
    assert filed.version
    marks = checklist.closing(filed.version, "Looked at.")

    with CaptureQueriesContext(connection) as asked:
        made = checklist.mark(filed.pk, marks, actor=officer)

    written = [one["sql"] for one in asked if "INSERT INTO" in one["sql"]]
    assert len(made) == len(marks) > 1
    assert len(written) == 2
    keys = [one.pk for one in made]
    assert keys == list(CheckMark.objects.order_by("pk").values_list("pk", flat=True))
