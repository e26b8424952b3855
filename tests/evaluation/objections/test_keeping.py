"""How long it is kept who objected: by the clock, on request, and what a restore looks for."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import erasure, personal
from core.models import StoredMail
from evaluation.models import Objection, ObjectionFile
from evaluation.objections import keeping
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from submissions.files import verifying
from tests.builders import accounts, clock, procedures
from tests.builders import evaluation as build
from tests.builders import objections as make

pytestmark = pytest.mark.django_db

WHO = ("name", "unit", "address", "phone")
BLANK = dict.fromkeys(WHO, "")


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def later(**more):
    clock.stop(timezone.now() + dt.timedelta(**more))


def who(row):
    return Objection.objects.values(*WHO).get(pk=row.pk)


def mails_to(row):
    return StoredMail.objects.filter(recipient=row.address).count()


def test_what_can_be_confirmed_still_is_kept(case):
    row = make.sent(case)
    ends_at = row.case.publicity_ends_at
    assert ends_at is not None
    assert ends_at > row.sent_at + dt.timedelta(days=7)
    clock.stop(ends_at - dt.timedelta(seconds=1))
    assert keeping.prune() == 0

    clock.stop(ends_at)

    assert keeping.prune() == 1


def test_what_nobody_confirmed_goes_after_a_week_with_its_files_and_mails(
    django_capture_on_commit_callbacks,
):
    short = procedures.activity(publicity_days=3, experts_wanted=1)
    case = build.case(CaseStatus.PUBLICITY, activity=short)
    row, withdrawn = make.sent(case, files=1), make.sent(case)
    OBJECTIONS.perform("withdraw", withdrawn.pk, actor=None)
    kept = make.received(case)
    stored = row.files.get().file.name
    assert stored is not None
    later(days=6, hours=23)
    assert keeping.prune() == 0

    later(days=7, minutes=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.prune() == 2

    assert list(Objection.objects.all()) == [kept]
    assert (mails_to(row), mails_to(kept)) == (0, 1)
    assert not default_storage.exists(stored)


@pytest.mark.parametrize("state", ["refused", "withdrawn", "not_upheld", "corrected", "upheld"])
def test_who_objected_is_erased_a_year_after_it_was_settled(case, state):
    row = make.objection(state, case=case, protected=True, files=1)
    later(days=364)
    assert keeping.prune() == 0

    later(days=365, minutes=1)

    assert keeping.prune() == 1
    assert keeping.prune() == 0
    assert who(row) == BLANK
    assert mails_to(row) == 0
    assert not ObjectionFile.objects.exists()
    row.refresh_from_db()
    assert row.statement == "The removal rate was measured elsewhere."
    assert row.status == state


@pytest.mark.parametrize("state", ["received", "admitted"])
def test_what_is_not_settled_is_kept(case, state):
    row = make.objection(state, case=case)
    later(days=4000)

    assert keeping.prune() == 0
    assert who(row)["name"] == "Wen Yi"


def test_a_person_reads_what_is_held_and_has_it_erased(case):
    person = accounts.user()
    row = make.admitted(case, address=person.email)
    other = make.received(case)

    (held,) = personal.export(person)["objections"]
    erasure.erase(person.pk, actor=person)

    assert (held["statement"], held["address"]) == (row.statement, person.email)
    assert (who(row), who(other)["name"]) == (BLANK, "Wen Yi")
    assert Objection.objects.get(pk=row.pk).status == "withdrawn"


def test_who_answered_for_an_applicant_reads_the_answer(case):
    row = make.respond(make.admitted(case))

    assert row.responded_by is not None
    (held,) = personal.export(row.responded_by)["objection_answers"]

    assert held["response"] == "It was here."


def test_a_restore_looks_for_the_files_of_objections(case):
    row = make.received(case, files=2)
    first, second = row.files.order_by("file_name")
    assert first.file.name is not None
    default_storage.delete(first.file.name)

    found = verifying.verify(reading=True)

    assert (found.missing, found.strays) == ([first.file.name], [])
    assert found.checked >= 2
    assert second.file.name not in found.different
