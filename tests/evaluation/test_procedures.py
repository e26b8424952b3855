"""What an activity does beside the short road: fixed when it opens, its dates moved afterwards."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services import revoke_role
from core.errors import DomainError
from core.models import AuditEntry
from evaluation import noticeboard, procedures
from evaluation.models import ActivityCriteria, Procedure
from evaluation.procedures import Steps, Timetable
from evaluation.states import CaseStatus
from submissions.activities import edit_activity
from submissions.cloning import clone_activity
from submissions.models import Activity
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, evaluation, submissions
from tests.builders.procedures import activity, procedure
from tests.reading import text

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
SHORT = (
    "formal check → score sheets of experts → decision of two officers"
    " → publicity of 7 days → listing in the pool"
)


def told(one: Activity) -> str:
    (fact,) = noticeboard.procedure_of(one)
    return str(fact["value"])


def refused(one: Activity, timetable: Timetable, *, co_release: bool = False) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        procedures.set_procedure(
            one, Steps(co_release=co_release), timetable, actor=accounts.officer()
        )
    return refusal.value


def test_an_activity_nothing_is_said_of_takes_the_short_road():
    short = submissions.prepared_activity(publicity_days=7)

    assert told(short) == SHORT
    assert procedures.of(short).panel is False


def test_all_see_the_way_in_the_order_of_its_steps(client):
    signer = accounts.second_officer()
    long = activity(
        panel=True, defence="arranged", site_visit="every", working_days=True, co_releaser=signer,
        publicity_days=5,
    )  # fmt: skip

    assert told(long) == (
        "formal check → score sheets of experts → defence where arranged → on-site verification"
        " → panel meeting → decision of two officers → signature of CAEPI"
        " → publicity of 5 working days → listing in the pool"
    )
    page = text(client.get(reverse("submissions:activity-detail", args=[long.code])))
    assert told(long) in page


def test_the_steps_are_fixed_when_it_opens():
    one = procedure(panel=True).activity
    officer = accounts.officer()
    procedures.set_procedure(one, Steps(), Timetable(), actor=officer)
    assert procedures.of(one).panel is False

    ACTIVITIES.perform("open", one.pk, actor=officer)

    with pytest.raises(DomainError, match="has been opened"):
        procedures.set_procedure(one, Steps(panel=True), Timetable(), actor=officer)
    with pytest.raises(DatabaseError, match="has been opened"), transaction.atomic():
        Procedure.objects.filter(activity=one).update(panel=True)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Procedure.objects.filter(activity=one).delete()


def test_no_procedure_is_added_to_an_open_activity():
    one = submissions.prepared_activity()
    Activity.objects.filter(pk=one.pk).update(status="open")  # as before rows were written

    with pytest.raises(DatabaseError, match="has been opened"), transaction.atomic():
        Procedure.objects.create(activity=one, panel=True)
    Procedure.objects.create(activity=one)  # the short road, as it was announced


def test_of_an_activity_nothing_was_said_of_the_dates_can_be_announced_later():
    one = submissions.open_activity()
    day = one.closes_at.date() + dt.timedelta(days=20)

    procedures.reschedule(one, Timetable(day), reason="Asked for.", actor=accounts.officer())

    assert (procedures.of(one).review_until, told(one).count("→")) == (day, 4)


def test_a_moment_of_release_in_the_past_is_refused():
    one = activity()
    Activity.objects.filter(pk=one.pk).update(
        opens_at=timezone.now() - dt.timedelta(days=9), closes_at=timezone.now() - DAY * 2
    )
    past = Timetable(release_at=timezone.now() - DAY)

    with pytest.raises(DomainError, match="This moment has passed already") as refusal:
        procedures.reschedule(one, past, reason="Late.", actor=accounts.officer())

    assert refusal.value.field == "release_at"


@pytest.mark.parametrize("opened", [True, False])
def test_an_activity_is_not_prolonged_past_what_was_announced(opened):
    officer = accounts.officer()
    one = submissions.prepared_activity(actor=officer)
    close = one.closes_at
    procedure(one, review_until=close.date() + 5 * DAY, release_at=close + 9 * DAY)
    if opened:
        ACTIVITIES.perform("open", one.pk, actor=officer)

    for days, said in ((6, "Reviews end after the activity closes."), (10, "Reviews end")):
        with pytest.raises(DomainError, match=said) as refusal:
            edit_activity(
                one.pk, actor=officer, closes_at=close + days * DAY, closing_reason="Floods."
            )
        assert refusal.value.field == "closes_at"
        assert "Move the announced dates first." in str(refusal.value)
    edit_activity(one.pk, actor=officer, closes_at=close + 4 * DAY, closing_reason="Floods.")

    assert Activity.objects.get(pk=one.pk).closes_at == close + 4 * DAY


def test_an_activity_is_not_concluded_while_something_is_under_evaluation():
    case = evaluation.case(CaseStatus.DECIDED)
    one, officer = case.declaration.activity, accounts.officer()
    submissions.closed(one)

    with pytest.raises(DomainError, match="1 declaration of this activity is still under eval"):
        ACTIVITIES.perform("conclude", one.pk, actor=officer)
    assert Activity.objects.get(pk=one.pk).status == "closed"
    evaluation.release(case)

    assert ACTIVITIES.perform("conclude", one.pk, actor=officer).status == "concluded"


def test_dates_of_an_open_activity_move_with_a_reason_that_is_kept():
    one = activity()
    officer, day = accounts.officer(), one.closes_at.date() + dt.timedelta(days=20)
    later = one.closes_at + dt.timedelta(days=40)

    with pytest.raises(DomainError) as refusal:
        procedures.reschedule(one, Timetable(day, later), reason=" ", actor=officer)
    assert refusal.value.field == "reason"
    procedures.reschedule(one, Timetable(day, later), reason="Few experts.", actor=officer)

    moved = procedures.of(one)
    assert (moved.review_until, moved.release_at) == (day, later)
    kept = AuditEntry.objects.get(act="activity.rescheduled").details
    assert kept["reason"] == "Few experts."
    assert kept["from"] == {"review_until": None, "release_at": None, "co_releaser": None}
    assert kept["to"]["release_at"] == later.isoformat()


def test_a_moment_of_release_that_passed_is_not_moved():
    one = activity()
    past = timezone.now() - dt.timedelta(hours=1)
    Procedure.objects.filter(activity=one).update(release_at=past)
    later = Timetable(release_at=one.closes_at + dt.timedelta(days=40))

    with pytest.raises(DomainError, match="has passed") as refusal:
        procedures.reschedule(one, later, reason="Late.", actor=accounts.officer())

    assert refusal.value.field == "release_at"


def test_dates_follow_each_other():
    one = submissions.prepared_activity()
    close, day = one.closes_at, dt.timedelta(days=1)

    early = refused(one, Timetable(review_until=close.date() - day))
    assert (early.field, str(early)) == ("review_until", "Reviews end after the activity closes.")
    early = refused(one, Timetable(release_at=close - day))
    assert early.field == "release_at"
    early = refused(one, Timetable(close.date() + 9 * day, close + 5 * day))
    assert str(early) == "Decisions are released after the reviews end."


def test_who_signs_for_caepi_is_an_officer_and_only_where_somebody_signs():
    one = submissions.prepared_activity()
    officer = accounts.second_officer()

    assert str(refused(one, Timetable(), co_release=True)) == "Say who signs for CAEPI."
    assert refused(one, Timetable(co_releaser=officer)).field == "co_releaser"
    stranger = refused(one, Timetable(co_releaser=accounts.user()), co_release=True)
    assert str(stranger) == "Who signs for CAEPI is an officer of the portal."
    assert not Procedure.objects.exists()


def test_nobody_but_officers_sets_or_moves_it():
    prepared, opened = submissions.prepared_activity(), activity()

    for person in (accounts.user(), accounts.expert_user(), accounts.auditor()):
        with pytest.raises(PermissionDenied):
            procedures.set_procedure(prepared, Steps(), Timetable(), actor=person)
        with pytest.raises(PermissionDenied):
            procedures.reschedule(opened, Timetable(), reason="Mine.", actor=person)


def test_an_activity_made_after_another_keeps_its_steps_and_no_dates():
    close = timezone.now() + dt.timedelta(days=90)
    signer = accounts.second_officer()
    source = activity(panel=True, release_at=close, co_releaser=signer)
    like = submissions.prepared_activity()
    values = {
        "code": "TP-NEXT", "titles": like.titles, "notices": like.notices, "field_codes": ["WAT"],
        "scheme": like.scheme, "opens_at": like.opens_at, "closes_at": like.closes_at,
        "publicity_days": 7,
    }  # fmt: skip

    made = clone_activity(source, actor=accounts.officer(), **values)
    revoke_role(signer, "officer", actor=None)
    without = clone_activity(source, actor=accounts.officer(), **{**values, "code": "TP-AFTER"})

    kept = procedures.of(without)
    assert (kept.panel, kept.co_release, kept.co_releaser) == (True, False, None)
    how = procedures.of(made)
    assert (how.panel, how.co_release, how.co_releaser) == (True, True, signer)
    assert how.release_at is None


ADD = "admin:submissions_activity_add"
NEW = "Give it a code and dates of its own."


def said(client, source, **typed):
    """Return what is said to come along; with ``typed``, after a form that is refused."""
    address = f"{reverse(ADD)}?source={source.pk}"
    if typed:
        answer = client.post(address, {"source": source.pk, **typed})
        assert answer.status_code == 200
        return answer.context["comes_along"]
    return client.get(address).context["comes_along"]


def criteria_said(source):
    criteria = ActivityCriteria.objects.get(activity=source).criteria_set
    return f"The criteria set comes along: {criteria}."


def test_what_comes_along_is_said_on_the_page_of_the_new_activity():
    close = timezone.now() + dt.timedelta(days=90)
    signer = accounts.second_officer()
    source = activity(
        panel=True, site_visit="arranged", working_days=True, release_at=close, co_releaser=signer
    )
    officer = accounts.signed_in(accounts.officer())

    told = said(officer, source)
    refused = said(officer, source, code="TP-NEXT", publicity_days="9")
    revoke_role(signer, "officer", actor=None)
    after = said(officer, source)

    steps = "on-site verification where arranged, panel meeting"
    kept = (
        f"The steps of the procedure come along: {steps}, signature of CAEPI ({signer.name}), "
        "publicity in working days."
    )
    dates = "The announced dates do not come along: set them on the page of the procedure."
    assert told == refused == [criteria_said(source), kept, dates, NEW]
    assert after == [
        criteria_said(source),
        f"The steps of the procedure come along: {steps}, publicity in working days.",
        f"{signer.name} is no officer any more: the signature of CAEPI does not come along. "
        "Name who signs on the page of the procedure.",
        dates,
        NEW,
    ]


def test_where_nothing_is_copied_of_the_procedure_nothing_is_said_to_come_along():
    signer = accounts.second_officer()
    unset, short = submissions.prepared_activity(), activity()
    signed = activity(co_releaser=signer)
    officer = accounts.signed_in(accounts.officer())
    revoke_role(signer, "officer", actor=None)

    assert said(officer, unset) == [criteria_said(unset), NEW]
    assert said(officer, short) == [criteria_said(short), NEW]
    assert said(officer, signed) == [
        criteria_said(signed),
        f"{signer.name} is no officer any more: the signature of CAEPI does not come along. "
        "Name who signs on the page of the procedure.",
        NEW,
    ]


def test_what_comes_along_is_read_on_the_page_and_only_by_a_source_one_may_read():
    source = activity(panel=True)
    officer = accounts.signed_in(accounts.officer())

    page = text(officer.get(f"{reverse(ADD)}?source={source.pk}"))
    plain = officer.get(reverse(ADD))

    assert f"Made after {source.code}" in page
    assert "The steps of the procedure come along: panel meeting." in page
    assert "comes_along" not in plain.context
    assert "comes_along" not in officer.get(f"{reverse(ADD)}?source=nonsense").context


class TestPage:
    ADD = "admin:evaluation_procedure_add"

    def test_an_officer_sets_it_and_is_told_what_is_wrong_at_the_place(self, client):
        officer = accounts.signed_in(accounts.officer())
        one = submissions.prepared_activity()
        typed = {"activity": one.pk, "panel": "on", "defence": "none", "site_visit": "every",
                 "review_until": "2020-01-01"}  # fmt: skip

        page = text(officer.post(reverse(self.ADD), typed))
        assert "Reviews end after the activity closes." in page
        assert not Procedure.objects.exists()
        officer.post(reverse(self.ADD), {**typed, "review_until": ""})

        how = Procedure.objects.get(activity=one)
        assert (how.panel, how.site_visit, how.defence) == (True, "every", "none")

    def test_of_an_open_activity_only_dates_are_asked(self):
        officer = accounts.signed_in(accounts.officer())
        one = activity(panel=True)
        address = reverse("admin:evaluation_procedure_change", args=[one.pk])
        later = timezone.localtime(one.closes_at + dt.timedelta(days=40))
        typed = {"release_at_0": later.date().isoformat(), "release_at_1": "12:00:00"}

        page = text(officer.post(address, {**typed, "panel": ""}))
        assert "Please give a reason." in page
        officer.post(address, {**typed, "panel": "", "reason": "Few experts."})

        how = Procedure.objects.get(activity=one)
        assert how.panel is True
        assert how.release_at is not None
        assert timezone.localtime(how.release_at).date() == later.date()
