"""Listing after the end of publicity, and what happens to a listed technology."""

import datetime as dt
import threading
from itertools import product
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Level
from catalog import bigrams, publishing
from catalog.browsing import search
from catalog.models import Delivery, Technology
from catalog.states import GONE, TECHNOLOGY, TechnologyStatus
from catalog.workflow import TECHNOLOGIES, expire_due, perform
from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from evaluation.services import end_due_publicity
from evaluation.states import CaseStatus
from tests.builders import accounts, catalog, evaluation, submissions

pytestmark = pytest.mark.django_db

PATHS = {
    TechnologyStatus.LISTED: (),
    TechnologyStatus.SUSPENDED: ("suspend",),
    TechnologyStatus.EXPIRED: ("expire",),
    TechnologyStatus.WITHDRAWN: ("withdraw",),
    TechnologyStatus.REVOKED: ("revoke",),
}


def in_state(status: str) -> Technology:
    made = catalog.technology()
    for step in PATHS[TechnologyStatus(status)]:
        if step == "expire":
            run_out(made)
            perform(step, made.pk, actor=None)
        else:
            catalog.take(made, step)
    return Technology.objects.get(pk=made.pk)


def run_out(technology: Technology) -> None:
    """Let yesterday have been the last day."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Technology.objects.filter(pk=technology.pk).update(valid_until=yesterday)


def test_the_end_of_publicity_lists_the_technology():
    technology = catalog.listed_technology()

    assert technology.status == TechnologyStatus.LISTED
    assert technology.number == f"GBR-{timezone.localdate().year}-0001"
    assert (technology.epoch, technology.seq) == (1, 1)
    assert technology.content_hash == content_hash(technology.content)
    assert technology.content["titles"] == {"en": "Membrane bioreactor for landfill leachate"}
    assert technology.holder == technology.case.declaration.organisation
    assert technology.valid_until.year == timezone.localdate().year + publishing.VALID_YEARS
    assert technology.demonstration is True
    [version] = technology.versions.all()
    assert (version.number, version.content) == (1, technology.content)
    [delivery] = Delivery.objects.all()
    assert (delivery.type, delivery.seq, delivery.state) == ("technology.listed", 1, "pending")
    assert delivery.payload["data"] == technology.content


def test_listing_is_an_act_of_the_portal_and_the_holder_is_told():
    technology = catalog.listed_technology()

    act = AuditEntry.objects.get(act="technology.listed")
    assert act.actor is None
    assert act.subject_id == str(technology.pk)
    assert act.details == {
        "number": technology.number,
        "content_hash": technology.content_hash,
    }
    mail = StoredMail.objects.get(template="technology_listed")
    assert mail.recipient == accounts.owner_of(technology.holder).email
    assert technology.number in mail.subject
    assert f"/en/catalogue/{technology.pk}/" in mail.body


def test_what_must_stay_private_is_nowhere_in_what_is_published():
    document = submissions.content()
    document["applicant"] |= {
        "contact_name": "Canary Person",
        "contact_email": "canary@example.org",
        "contact_phone": "+47 22 22 22 22",
    }
    document["commitment"]["signatory"] = "Canary Signatory"

    technology = catalog.listed_technology(document=document)

    filed = str(technology.case.version.content)
    published = str([technology.content, *Delivery.objects.values_list("payload", flat=True)])
    registration = technology.holder.registration_number or "no number"
    experts = [a.expert.user.name for a in catalog.case_of(technology).assignments.all()]
    for secret in ("Canary", "canary@", "+47 22", registration, *experts):
        assert secret not in published
    assert "Canary" in filed


def test_nothing_is_listed_when_the_step_that_clears_it_is_undone():
    case = evaluation.case(CaseStatus.PUBLICITY, publicity_days=0)
    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        end_due_publicity()
        assert Technology.objects.filter(case=case).exists()
        raise RuntimeError("undone")

    assert not Technology.objects.filter(case=case).exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("status", "step"), list(product(TechnologyStatus, [t.name for t in TECHNOLOGY.transitions]))
)
def test_each_step_in_each_state(status, step):
    technology = in_state(status)
    run_out(technology)
    transition = TECHNOLOGY.step(step)

    if status in transition.sources:
        after = catalog.take(technology, step)
        assert after.status == transition.target
        assert after.seq == technology.seq + 1
        assert after.content["state"] == transition.target
        assert after.content_hash == content_hash(after.content)
    else:
        with pytest.raises((TransitionError, PermissionDenied)):
            perform(step, technology.pk, actor=None, reason="Because.")
        assert Technology.objects.get(pk=technology.pk).seq == technology.seq


@pytest.mark.parametrize("step", [t.name for t in TECHNOLOGY.transitions])
def test_nobody_takes_a_step_alone_it_is_the_portal_by_a_measure_or_by_the_clock(step):
    status = sorted(TECHNOLOGY.step(step).sources)[0]
    technology = in_state(status)
    run_out(technology)
    others: list[User] = [
        accounts.officer(),
        accounts.user(),
        accounts.expert_user(),
        accounts.auditor(),
        accounts.system_administrator(),
        accounts.member(Level.OWN, technology.holder),
    ]

    for actor in others:
        with pytest.raises(PermissionDenied):
            perform(step, technology.pk, actor=actor, reason="Because.")


def test_an_officer_has_no_say_over_the_technology_of_her_own_organisation():
    technology = catalog.technology()
    officer = accounts.officer()
    Membership.objects.create(user=officer, organisation=technology.holder, level=Level.VIEW)

    with pytest.raises(PermissionDenied):
        catalog.proposed(technology, actor=officer)

    assert TECHNOLOGIES.open_to(officer, technology) == []


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_a_grave_step_needs_a_reason(step):
    technology = catalog.technology()

    with pytest.raises(DomainError, match="reason"):
        perform(step, technology.pk, actor=None, reason="  ")


def test_listing_again_restores_the_very_record():
    technology = catalog.technology(announced=True)

    catalog.take(technology, "suspend")
    again = catalog.take(technology, "resume")

    assert again.content == technology.content
    assert again.content_hash == technology.content_hash
    assert list(again.versions.values_list("number", "content_hash")) == [
        (1, technology.content_hash),
        (2, again.versions.get(number=2).content_hash),
        (3, technology.content_hash),
    ]
    assert list(Delivery.objects.order_by("id").values_list("type", "seq")) == [
        ("technology.listed", 1),
        ("technology.suspended", 2),
        ("technology.resumed", 3),
    ]


@pytest.mark.parametrize("status", sorted(GONE))
def test_a_technology_that_is_gone_leaves_a_tombstone(status):
    technology = in_state(status)

    assert "titles" not in technology.content
    assert "texts" not in technology.content
    assert technology.content["state"] == status
    assert Delivery.objects.get(seq=2).payload["data"] == technology.content


def test_listings_expire_after_their_last_day_and_are_renewed():
    due, other = catalog.technologies(2)
    run_out(due)
    Technology.objects.filter(pk=other.pk).update(valid_until=timezone.localdate())

    assert expire_due() == 1
    assert expire_due() == 0

    assert Technology.objects.get(pk=due.pk).status == TechnologyStatus.EXPIRED
    assert Technology.objects.get(pk=other.pk).status == TechnologyStatus.LISTED
    renewed = catalog.take(due, "renew")
    assert renewed.valid_until.year == timezone.localdate().year + publishing.VALID_YEARS
    assert renewed.content["valid_until"] == renewed.valid_until.isoformat()


def test_a_listing_that_is_valid_does_not_expire():
    technology = catalog.technology()

    with pytest.raises(DomainError, match="still valid"):
        perform("expire", technology.pk, actor=None)


def test_the_database_refuses_a_state_that_no_step_leads_to():
    technology = in_state(TechnologyStatus.REVOKED)

    with pytest.raises(DatabaseError), transaction.atomic():
        Technology.objects.filter(pk=technology.pk).update(status=TechnologyStatus.LISTED)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (dt.date(2026, 3, 2), dt.date(2031, 3, 2)),
        (dt.date(2028, 2, 29), dt.date(2033, 2, 28)),
    ],
)
def test_five_years_end_on_the_same_day(day, later):
    assert publishing.years_after(day, 5) == later


def at_once(work: list[tuple[str, UUID]]) -> list[str]:
    """Take steps at the same moment, each from a connection of its own; return what came of it."""
    gate, said = threading.Barrier(len(work)), []

    def run(step: str, pk: UUID) -> None:
        try:
            gate.wait(10)
            perform(step, pk, actor=None, reason="Because.")
            said.append("done")
        except DomainError:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_two_steps_at_once_make_one_change():
    technology = catalog.technology(announced=True)

    said = at_once([("suspend", technology.pk)] * 2)

    assert said == ["done", "refused"]
    assert list(Delivery.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_cases_are_cleared_at_once():
    activity = evaluation.activity(experts_wanted=1, publicity_days=0)
    cases = [
        evaluation.case(CaseStatus.PUBLICITY, activity=activity, experts_wanted=1)
        for _number in range(3)
    ]
    gate = threading.Barrier(len(cases))

    def clear() -> None:
        gate.wait(10)
        end_due_publicity()
        connection.close()

    threads = [threading.Thread(target=clear) for _case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    year = timezone.localdate().year
    assert sorted(Technology.objects.values_list("number", flat=True)) == [
        f"GBR-{year}-0001",
        f"GBR-{year}-0002",
        f"GBR-{year}-0003",
    ]


def test_what_it_treats_is_a_word_to_find_it_by():
    made = catalog.technology(pollutants=["ammonia-nitrogen"], keywords="")

    for typed in ("氨氮", "ammonia nitrogen"):
        assert search.hits(bigrams.asked(typed)).places.tolist() == [made.place]


def test_section_the_applicant_withholds_is_not_published():
    content = submissions.content()
    content["commitment"]["withheld"] = ["cases", "economics"]

    listed = catalog.listed_technology(document=content)

    assert (listed.content["cases"], listed.content["costs"]) == ([], [])
    assert listed.case_countries == []
    assert listed.content["indicators"] != []
    assert "Pilot plant" not in str(listed.content)
