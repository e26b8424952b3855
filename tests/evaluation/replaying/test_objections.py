"""The replay of publicity and objections."""

import pytest

from evaluation.models import Case
from evaluation.objections import objecting
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.replaying import as_owner, faults, replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def code(case):
    return case.declaration.activity.code


@pytest.mark.parametrize("state", ["received", "refused", "not_upheld", "corrected", "upheld"])
def test_what_became_of_objections_is_rebuilt(case, state):
    make.objection(state, case=case, files=1)

    printed, error = replayed(code(case))

    assert error is None
    assert "1 objections" in printed


def test_who_looked_is_no_state(case):
    row = make.received(case)
    objecting.identity_of(row.pk, actor=accounts.officer())

    assert replayed(code(case))[1] is None


def test_an_end_that_was_moved_is_named(case):
    as_owner(
        "evaluation_case",
        "UPDATE evaluation_case SET publicity_ends_at = publicity_ends_at + interval '1 day'"
        " WHERE id = %s",
        str(case.pk),
    )

    printed, _error = replayed(code(case))

    assert faults(printed)[0].startswith(f"evaluation.Case {case.pk}: publicity ends: stored")


def test_a_translation_slipped_under_a_publicity_is_named(case):
    as_owner(
        "submissions_translationversion",
        "INSERT INTO submissions_translationversion"
        " (version_id, language, number, texts, content_hash, confirmed_at, confirmed_by_id)"
        " SELECT version_id, 'zh-hans', 1, '{}', '', publicity_began_at, %s"
        " FROM evaluation_case WHERE id = %s",
        str(accounts.owner_of(case.declaration.organisation).pk),
        str(case.pk),
    )

    printed, _error = replayed(code(case))

    assert faults(printed) == [
        f"evaluation.Case {case.pk}: what its publicity showed is not what was recorded"
    ]


def test_a_ruling_that_was_turned_is_named_and_what_it_led_to(case):
    row = make.ruled("upheld", case)
    as_owner(
        "evaluation_objection",
        "UPDATE evaluation_objection SET status = 'not_upheld' WHERE id = %s",
        str(row.pk),
    )

    printed, _error = replayed(code(case))

    assert Case.objects.get().status == "not_included"
    assert faults(printed) == [
        f"evaluation.Case {case.pk}: was removed for evaluation.Objection {row.pk}, not upheld"
        " against it",
        f"evaluation.Objection {row.pk}: status: stored not_upheld, recorded upheld",
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE evaluation_objection SET kind = 'formal' WHERE id = %s",
        "UPDATE evaluation_objection SET ruling = 'x' WHERE id = %s",
        "UPDATE evaluation_objection SET summary = 'x' WHERE id = %s",
    ],
)
def test_a_ruling_whose_words_were_changed_is_named(case, change):
    row = make.ruled("not_upheld", case)
    as_owner("evaluation_objection", change, str(row.pk))

    printed, _error = replayed(code(case))

    assert faults(printed) == [
        f"evaluation.Objection {row.pk}: its kind, ruling or summary is not what was recorded"
    ]


def test_one_that_was_received_and_is_missing_is_named(case):
    row, kept = make.received(case), make.received(case)
    make.sent(case)
    as_owner("evaluation_objection", "DELETE FROM evaluation_objection WHERE id = %s", str(row.pk))

    printed, _error = replayed(code(case))

    assert kept.status == "received"
    assert faults(printed) == [f"evaluation.Objection {row.pk}: was received and is missing"]
