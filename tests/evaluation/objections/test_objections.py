"""The life of an objection, the stay of the single entry, and who may do what."""

import datetime as dt
import re

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from accounts.roles import Level
from accounts.services import add_member
from catalog.models import Technology
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from evaluation import services
from evaluation.models import Case, Decision, Objection
from evaluation.objections import objecting
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from evaluation.workflow import CASES
from reference import working_days
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.builders import objections as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def over(case):
    case.refresh_from_db()
    clock.stop(case.publicity_ends_at)


def state(case):
    return Case.objects.values_list("status", flat=True).get(pk=case.pk)


# Sent and confirmed ----------------------------------------------------------------------


def test_it_is_kept_as_sent_and_counts_for_nothing_before_it_is_confirmed(case):
    row = make.sent(case, name="  Wen   Yi ", address=" Wen@Example.org ", files=1)

    mail = StoredMail.objects.get(template="objection_sent")
    assert (row.status, row.name, row.address) == ("sent", "Wen Yi", "wen@example.org")
    assert (mail.recipient, mail.secret) == ("wen@example.org", True)
    assert row.files.get().scan == "not_scanned"
    assert not StoredMail.objects.filter(template="objection_received").exists()
    over(case)
    assert services.end_due_publicity() == 1


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"name": "匿名"}, "name", "anonymous objections are not taken"),
        ({"name": "7 8"}, "name", "anonymous objections are not taken"),
        ({"name": "Anonymous"}, "name", "anonymous objections are not taken"),
        ({"statement": " "}, "statement", "Say what is wrong"),
        ({"evidence": " "}, "evidence", "without evidence are not taken"),
        ({"proposed_kind": "other"}, "proposed_kind", "Choose one of the list"),
    ],
)
def test_what_is_no_objection_is_refused_with_a_reason(case, given, field, says):
    with pytest.raises(DomainError, match=says) as refused:
        make.sent(case, **given)

    assert refused.value.field == field
    assert not Objection.objects.exists()


def test_a_file_is_evidence(case):
    assert make.sent(case, evidence="", files=1).files.count() == 1


def test_late_is_not_taken_and_what_is_not_public_cannot_be_objected_to(case):
    over(case)
    with pytest.raises(DomainError, match="publicity of this entry is over"):
        make.sent(case)

    with pytest.raises(DomainError, match="publicity of this entry is over"):
        make.sent(build.case(CaseStatus.SCORED))


def links():
    return StoredMail.objects.filter(template="objection_sent").count()


def test_the_same_sent_again_is_the_same_and_leaves_no_file_behind(case):
    first = make.sent(case, address="one@example.org", files=1)

    again = make.sent(case, address="one@example.org", files=1)

    assert (again, Objection.objects.count(), links()) == (first, 1, 1)
    assert len(default_storage.listdir("objections")[1]) == 1


def test_the_same_sent_later_brings_a_new_link_within_the_limit(case):
    first = make.sent(case, address="one@example.org", files=1)
    old = make.token_of(first)
    clock.stop(first.sent_at + dt.timedelta(minutes=2))

    for _n in range(4):
        assert make.sent(case, address="one@example.org", files=1) == first

    assert (Objection.objects.count(), links()) == (1, 3)
    assert AuditEntry.objects.filter(act="objection.sent_again").count() == 2
    assert objecting.by_token(old) is None
    mails = StoredMail.objects.filter(template="objection_sent")
    tokens = [re.findall(r"/objections/([^/\s]+)/", one.body)[0] for one in mails]
    assert sum(objecting.by_token(one) == first for one in tokens) == 1


@pytest.mark.parametrize(
    "given", [{"name": "Yi Wen"}, {"evidence": "Another."}, {"protected": True}, {"files": 2}]
)
def test_what_differs_in_anything_is_another(case, given):
    first = make.sent(case, address="one@example.org", files=1)

    other = make.sent(case, **{"address": "one@example.org", "files": 1, **given})

    assert (other == first, Objection.objects.count(), links()) == (False, 2, 2)


def test_one_mailbox_gets_three_links_a_day_about_an_entry_and_nobody_is_told(case):
    for number in range(3):
        make.sent(case, address=f"one+{number}@example.org", statement=f"Reason {number}.")

    make.sent(case, address="ONE@example.org")

    assert (Objection.objects.count(), links()) == (3, 3)
    make.sent(build.case(CaseStatus.PUBLICITY), address="one@example.org")
    make.sent(case, address="two@example.org")
    assert (Objection.objects.count(), links()) == (5, 5)
    make.confirm(Objection.objects.get(address="one+0@example.org"))
    make.sent(case, address="one@example.org")
    assert (Objection.objects.count(), links()) == (6, 6)


def test_confirmed_it_is_received_and_told_to_officers_who_may_handle_it(case):
    officer, tied = accounts.officer(), accounts.officer()
    add_member(case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    decision = Decision.objects.get(case=case)

    row = make.received(case)

    mails = StoredMail.objects.filter(template="objection_received")
    told = set(mails.values_list("recipient", flat=True))
    today = dt.date.fromisoformat(AuditEntry.objects.get(act="objection.confirm").details["due_on"])
    assert row.status == "received"
    assert row.due_on == today == working_days.after(objecting_day(row), 15).day
    assert officer.email in told
    assert told.isdisjoint({tied.email, decision.decided_by.email, decision.released_by.email})


def objecting_day(row):
    from_received = row.received_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
    return from_received.date()


def test_confirmed_too_late_it_is_not_received(case):
    row = make.sent(case)
    over(case)

    with pytest.raises(DomainError, match="over before the objection was confirmed"):
        make.confirm(row)

    assert services.end_due_publicity() == 1
    row.refresh_from_db()
    assert row.status == "sent"


def test_the_audit_holds_nothing_of_who_objects(case):
    row = make.ruled("not_upheld", case, name="Wen Yi", unit="Rival Works", phone="555 0100")

    record = " ".join(AuditEntry.objects.values_list("record", flat=True))
    assert AuditEntry.objects.filter(subject_type="objection").count() == 5
    for telling in ("Wen Yi", "Rival Works", "555 0100", row.address):
        assert telling not in record


# The stay --------------------------------------------------------------------------------


@pytest.mark.parametrize("there", ["received", "admitted"])
def test_the_entry_waits_while_it_is_open_and_the_others_go_on(case, there):
    other = build.case(CaseStatus.PUBLICITY, experts_wanted=1)
    make.objection(there, case=case)
    over(other)

    assert services.end_due_publicity() == 1

    assert (state(case), state(other)) == ("publicity", "cleared")
    with pytest.raises(DomainError, match="has not been settled"):
        CASES.perform("clear", case.pk, actor=None)


@pytest.mark.parametrize("settled", ["refused", "withdrawn", "not_upheld", "corrected"])
def test_once_the_last_is_settled_the_clock_lists_the_entry(case, settled):
    first, second = make.received(case), make.objection(settled, case=case)
    over(case)
    assert services.end_due_publicity() == 0

    make.refuse(first)

    assert services.end_due_publicity() == 1
    assert second.status == settled
    assert state(case) == "cleared"
    assert Technology.objects.get(case=case).status == "listed"


def test_upheld_the_entry_is_removed_and_never_listed(case):
    row = make.ruled("upheld", case)
    over(case)

    assert services.end_due_publicity() == 0

    act = AuditEntry.objects.get(act="case.uphold_objection")
    decision = Decision.objects.get(case=case)
    assert state(case) == "not_included"
    assert (act.before, act.after) == ("publicity", "not_included")
    assert act.details == {"objection": str(row.pk)}
    assert (decision.outcome, decision.sent_back_at) == ("included", None)
    assert not Technology.objects.exists()


def test_of_two_upheld_the_second_finds_the_entry_removed_already(case):
    second = make.admitted(case)
    make.respond(second)
    make.ruled("upheld", case)

    assert make.rule(second, "uphold").status == "upheld"
    assert AuditEntry.objects.filter(act="case.uphold_objection").count() == 1


def test_the_database_itself_keeps_the_stay(case):
    make.received(case)

    for status in ("cleared", "not_included"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "update evaluation_case set status = %s where id = %s", [status, str(case.pk)]
            )


# Handling --------------------------------------------------------------------------------


def test_admitted_it_has_a_kind_and_the_applicant_is_heard(case):
    officer = accounts.officer()
    owner = accounts.owner_of(case.declaration.organisation)

    row = make.admit(make.received(case, protected=True), actor=officer, kind="formal")

    mail = StoredMail.objects.get(template="objection_put")
    assert (row.kind, row.proposed_kind, row.handled_by) == ("formal", "substantive", officer)
    assert row.respond_until == working_days.after(objecting_day(row), 10).day
    assert mail.recipient == owner.email
    assert row.statement in mail.body
    for telling in (row.name, row.unit, row.address, row.phone):
        assert telling not in mail.body + mail.subject


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"respond_until": dt.date(2020, 1, 1)}, "respond_until"),
        ({"respond_until": dt.date(2100, 1, 1)}, "respond_until"),
    ],
)
def test_admitting_asks_for_a_kind_and_a_day_ahead(case, given, field):
    row = make.received(case)

    with pytest.raises(DomainError) as refused:
        make.admit(row, **given)

    assert refused.value.field == field


def test_refused_with_a_reason_the_objector_reads(case):
    row = make.refuse(make.received(case))

    mail = StoredMail.objects.get(template="objection_refused")
    assert (row.status, row.refusal, row.reason) == ("refused", "no_evidence", "Nothing to check.")
    assert mail.recipient == row.address
    assert "Nothing to check." in mail.body


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"refusal": "x", "reason": "Because."}, "refusal"),
        ({"refusal": "late", "reason": " "}, "reason"),
        ({"refusal": "late", "reason": "Wen Yi came late."}, "reason"),
    ],
)
def test_refusing_asks_for_a_known_reason_and_names_nobody(case, inputs, field):
    row = make.received(case, name="Wen Yi")

    with pytest.raises(DomainError) as refused:
        OBJECTIONS.perform("refuse", row.pk, actor=accounts.officer(), **inputs)

    assert refused.value.field == field


def test_the_applicant_answers_once_and_in_time(case):
    row = make.admitted(case)

    assert make.respond(row).response == "It was here."

    with pytest.raises(DomainError, match="it is given once"):
        make.respond(row)
    late = make.admitted(case)
    with make.after_the_answer(late), pytest.raises(DomainError, match="has passed"):
        make.respond(late)


def test_who_admitted_it_does_not_remove_the_entry_alone(case):
    officer = accounts.officer()
    row = make.respond(make.admit(make.received(case), actor=officer))

    with pytest.raises(DomainError, match="Another officer must rule"):
        make.rule(row, "uphold", actor=officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(
            status="upheld", ruling="x", summary="x", settled_at=row.admitted_at, ruled_by=officer
        )

    assert make.rule(row, "dismiss", actor=officer).status == "not_upheld"


@pytest.mark.parametrize("step", ["uphold", "correct"])
def test_nobody_rules_against_an_applicant_who_can_still_answer(case, step):
    row = make.admitted(case, kind="formal")
    with pytest.raises(DomainError, match="can still answer"):
        make.rule(row, step)

    with make.after_the_answer(row):
        ruled = make.rule(row, step)

    assert ruled.status == {"uphold": "upheld", "correct": "corrected"}[step]


def test_only_what_is_not_substantive_leaves_the_entry_corrected(case):
    row = make.respond(make.admitted(case))

    with pytest.raises(DomainError, match="only if it is not substantive"):
        make.rule(row, "correct")

    assert make.ruled("corrected", case).status == "corrected"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ruling": " "}, "ruling"),
        ({"summary": ""}, "summary"),
        ({"summary": "s" * 2001}, "summary"),
        ({"summary": "wen yi was wrong."}, "summary"),
        ({"ruling": "A rival said so."}, "ruling"),
    ],
)
def test_a_ruling_is_written_and_tells_not_who_objects(case, given, field):
    row = make.admitted(case, name="Wen Yi", protected=True)

    with pytest.raises(DomainError) as refused:
        make.rule(row, "dismiss", **given)

    assert refused.value.field == field


def test_the_ruling_is_told_to_both_sides(case):
    row = make.ruled("upheld", case)

    told = StoredMail.objects.filter(template__in=("objection_ruled", "objection_ruling"))
    owner = accounts.owner_of(case.declaration.organisation)
    assert set(told.values_list("recipient", flat=True)) == {row.address, owner.email}
    assert all(row.ruling in mail.body and "entry removed" in mail.body for mail in told)


def test_withdrawn_it_is_told_to_officers_and_to_an_applicant_who_was_asked(case):
    def told(row):
        mails = StoredMail.objects.filter(template="objection_withdrawn")
        before = set(mails.values_list("pk", flat=True))
        OBJECTIONS.perform("withdraw", row.pk, actor=None)
        return set(mails.exclude(pk__in=before).values_list("recipient", flat=True))

    officer, owner = accounts.officer(), accounts.owner_of(case.declaration.organisation)
    sent, received, admitted = make.sent(case), make.received(case), make.admitted(case)

    found = [told(row) for row in (sent, received, admitted)]

    assert [officer.email in one for one in found] == [False, True, True]
    assert [owner.email in one for one in found] == [False, False, True]
