"""Signed decisions wait for the announced moment, and for CAEPI; before it nobody knows of them."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from evaluation import procedures, releasing, services
from evaluation.models import Case, Decision, Procedure
from evaluation.procedures import Timetable
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders.procedures import activity
from tests.reading import text

pytestmark = pytest.mark.django_db


def later() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=60)


def let_the_moment_come(case: Case) -> None:
    past = timezone.now() - dt.timedelta(seconds=1)
    Procedure.objects.filter(activity=case.declaration.activity).update(release_at=past)


def told_members() -> int:
    return int(StoredMail.objects.filter(template="decision_released").count())


def decision_page(case: Case) -> int:
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    page = owner.get(reverse("evaluation:decision-detail", args=[case.declaration_id]))
    return int(page.status_code)


class TestMoment:
    def test_a_signed_decision_waits_for_it_and_nobody_outside_knows(self):
        case = build.case(CaseStatus.DECIDED, activity=activity(release_at=later()))

        signed = build.release(case)

        decision = Decision.objects.get(case=case)
        assert signed.status == CaseStatus.SIGNED
        assert (str(decision.released_by), decision.released_at) == ("Second Officer", None)
        assert (told_members(), decision_page(case)) == (0, 404)

    def test_all_of_an_activity_are_made_known_when_it_comes(self):
        together = activity(release_at=later())
        included = build.case(CaseStatus.SIGNED, activity=together)
        refused = build.case(CaseStatus.SIGNED, activity=together, outcome="not_included")
        other = build.case(CaseStatus.SIGNED)
        assert services.release_due_decisions() == 0

        let_the_moment_come(included)

        assert services.release_due_decisions() == 2
        assert build.reread(included).status == CaseStatus.PUBLICITY
        assert build.reread(refused).status == CaseStatus.NOT_INCLUDED
        assert build.reread(other).status == CaseStatus.SIGNED
        assert decision_page(included) == 200
        assert services.release_due_decisions() == 0

    def test_who_is_signed_after_it_is_made_known_at_once(self):
        case = build.case(CaseStatus.DECIDED, activity=activity(release_at=later()))
        let_the_moment_come(case)

        assert build.release(case).status == CaseStatus.PUBLICITY

    def test_a_signed_decision_can_be_sent_back_until_it_is_known(self):
        case = build.case(CaseStatus.SIGNED)

        perform_case("send_back", case.pk, actor=accounts.officer(), reason="A wrong figure.")

        assert build.reread(case).status == CaseStatus.SCORED
        decision = Decision.objects.get(case=case)
        assert (decision.sent_back_at is None, decision.signed_at is None) == (False, False)

    def test_a_late_conflict_takes_a_signed_decision_back(self):
        case = build.case(CaseStatus.SIGNED)

        build.exclude(build.an_assignment(case).sheet)

        assert build.reread(case).status == CaseStatus.SCORED

    def test_the_clock_does_not_come_early(self):
        case = build.case(CaseStatus.SIGNED)

        with pytest.raises(DomainError, match="has not come"):
            perform_case("make_known", case.pk, actor=None)

    def test_a_signature_stays_as_it_was_given(self):
        case = build.case(CaseStatus.SIGNED)
        mine = Decision.objects.filter(case=case)

        for change in ({"released_by": build.expert().user}, {"signed_at": later()}):
            with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
                mine.update(**change)

    def test_the_case_says_what_is_waited_for(self):
        officer = accounts.signed_in(accounts.officer())
        case = build.case(CaseStatus.SIGNED)

        page = text(officer.get(reverse("admin:evaluation_case_change", args=[case.pk])))

        assert "Signed by Second Officer" in page
        assert "It is to be released on" in page


class TestCaepi:
    @pytest.fixture
    def signer(self) -> User:
        return accounts.officer("caepi@example.org", name="C. Aepi")

    @pytest.fixture
    def signed(self, signer: User) -> Case:
        return build.case(CaseStatus.RELEASED, activity=activity(co_releaser=signer))

    def test_its_signature_is_asked_for_and_releases(self, signer, signed):
        assert signed.status == CaseStatus.SIGNED
        asked = StoredMail.objects.get(template="decision_to_co_release")
        assert (asked.recipient, "The experts agree." in asked.body) == (signer.email, False)

        released = perform_case("co_release", signed.pk, actor=signer)

        decision = Decision.objects.get(case=signed)
        assert (released.status, decision.co_released_by) == (CaseStatus.PUBLICITY, signer)
        acts = AuditEntry.objects.filter(subject_id=str(signed.pk)).order_by("id")
        assert list(acts.values_list("act", flat=True))[-4:] == [
            "case.release", "case.co_release", "case.make_known", "case.begin_publicity",
        ]  # fmt: skip

    def test_only_who_was_named_gives_it(self, signed):
        third = accounts.officer("third@example.org")

        with pytest.raises(DomainError, match="Aepi signs for CAEPI"):
            perform_case("co_release", signed.pk, actor=third)
        for person in (accounts.auditor(), accounts.expert_user(), None):
            with pytest.raises(PermissionDenied):
                perform_case("co_release", signed.pk, actor=person)

    def test_who_signs_for_caepi_neither_decides_nor_releases(self, signer):
        case = build.case(CaseStatus.SCORED, activity=activity(co_releaser=signer))

        with pytest.raises(DomainError, match="You sign for CAEPI in this activity"):
            build.decide(case, actor=signer)
        build.decide(case)
        with pytest.raises(DomainError, match="You sign for CAEPI in this activity"):
            build.release(case, actor=signer)
        build.release(case)

        assert perform_case("co_release", case.pk, actor=signer).status == CaseStatus.PUBLICITY

    def test_a_new_signer_is_mailed_what_waits(self, signer, signed):
        third = accounts.officer("third@example.org")
        one = signed.declaration.activity

        procedures.reschedule(
            one, Timetable(co_releaser=third), reason="On leave.", actor=accounts.officer()
        )
        procedures.reschedule(
            one, Timetable(co_releaser=third), reason="Again.", actor=accounts.officer()
        )

        asked = StoredMail.objects.filter(template="decision_to_co_release").order_by("created_at")
        assert [mail.recipient for mail in asked] == [signer.email, third.email]
        assert perform_case("co_release", signed.pk, actor=third).status == CaseStatus.PUBLICITY

    def test_who_decided_is_no_third(self, signer):
        case = build.case(CaseStatus.SCORED, activity=activity(co_releaser=accounts.officer()))
        build.decide(case, actor=signer)
        build.release(case)
        Procedure.objects.update(co_releaser=signer)

        with pytest.raises(DomainError, match="A third officer"):
            perform_case("co_release", case.pk, actor=signer)
        with pytest.raises(DatabaseError, match="third_officer"), transaction.atomic():
            Decision.objects.filter(case=case).update(
                co_released_by=signer, co_released_at=timezone.now()
            )

    def test_without_it_nothing_is_released(self, signed):
        assert services.release_due_decisions() == 0
        with pytest.raises(DomainError, match="for CAEPI is missing"):
            perform_case("make_known", signed.pk, actor=None)
        with pytest.raises(DatabaseError, match="second officer"), transaction.atomic():
            Case.objects.filter(pk=signed.pk).update(status=CaseStatus.RELEASED)

    def test_it_waits_for_the_moment_too(self, signer):
        both = activity(co_releaser=signer, release_at=later())
        case = build.case(CaseStatus.RELEASED, activity=both)

        perform_case("co_release", case.pk, actor=signer)
        assert build.reread(case).status == CaseStatus.SIGNED
        with pytest.raises(DomainError, match="already"):
            perform_case("co_release", case.pk, actor=signer)
        let_the_moment_come(case)

        assert releasing.due() == [case.pk]
        assert services.release_due_decisions() == 1

    def test_the_step_is_offered_to_who_is_named_alone(self, signer, signed):
        address = reverse("admin:evaluation_case_change", args=[signed.pk])

        offered = [
            "Sign for CAEPI" in text(accounts.signed_in(one).get(address))
            for one in (signer, accounts.officer(), accounts.second_officer())
        ]

        assert offered == [True, False, False]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_release_once():
    case = build.case(CaseStatus.SIGNED)
    let_the_moment_come(case)
    start, found = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait(10)
            found.append(services.release_due_decisions())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert sorted(found) == [0, 1]
    members = {one.recipient for one in StoredMail.objects.filter(template="decision_released")}
    assert told_members() == len(members)
