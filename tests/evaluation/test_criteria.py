"""Which criteria sets are sound, and that a sealed one stays as it is."""

import copy
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import InternalError

from core.errors import DomainError
from core.models import AuditEntry
from evaluation import criteria
from evaluation.models import ActivityCriteria, CriteriaSet, Indicator
from evaluation.services import seal_criteria, set_activity_criteria
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, submissions
from tests.builders import evaluation as build


def changed(**at):
    """Return the default document with some values replaced: path__to__value=..."""
    document = copy.deepcopy(criteria.default())
    for path, value in at.items():
        *steps, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        target: Any = document
        for step in steps:
            target = target[step]
        target[last] = value
    return document


def test_the_default_set_is_sound_and_as_the_domain_says():
    document = criteria.default()

    assert criteria.faults(document) == []
    assert {d["code"]: d["weight"] for d in document["dimensions"]} == {
        "advanced": 25,
        "practicability": 25,
        "economy": 20,
        "maturity": 20,
        "service": 10,
    }
    assert [len(d["indicators"]) for d in document["dimensions"]] == [3, 3, 3, 3, 3]
    assert {
        tuple((band["from"], band["to"]) for band in one["bands"])
        for d in document["dimensions"]
        for one in d["indicators"]
    } == {((90, 100), (75, 89), (60, 74), (0, 59))}


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ({"dimensions__0__weight": 24}, "The weights in “default” do not sum to 100."),
        (
            {"dimensions__0__indicators__0__weight": 41},
            "The weights in “advanced” do not sum to 100.",
        ),
        (
            {"dimensions__0__indicators__0__bands__1__from": 76},
            "The bands of “level” do not cover 0 to 100 without a gap.",
        ),
        (
            {"dimensions__0__indicators__0__bands__0__to": 99},
            "The bands of “level” do not cover 0 to 100 without a gap.",
        ),
        (
            {"dimensions__0__indicators__0__bands": []},
            "The bands of “level” do not cover 0 to 100 without a gap.",
        ),
        ({"dimensions__1__code": "advanced"}, "A code in “default” occurs twice."),
        ({"gates__recommended": "101"}, "A gate lies outside 0 to 100."),
        (
            {"gates__recommended": "50"},
            "The gate for discussion lies above the one for recommendation.",
        ),
        (
            {"dimensions__0__names": {"en": "Advanced nature", "zh-hans": " "}},
            "“advanced” has no text in the language “zh-hans”.",
        ),
        ({"version": 0}, "A criteria set has a code and a version from 1."),
    ],
)
def test_an_unsound_set_is_named_for_what_is_wrong(at, sentence):
    assert criteria.faults(changed(**at)) == [sentence]


def test_weights_that_cancel_out_are_no_weights():
    document = changed(dimensions__0__weight=0, dimensions__1__weight=50)

    assert criteria.faults(document) == ["A weight in “default” is less than 1."]


@pytest.mark.parametrize("document", [{}, {"code": "x"}, changed(gates={}), changed(dimensions=1)])
def test_what_is_no_criteria_set_is_refused_as_such(document):
    (sentence,) = criteria.faults(document)

    assert sentence.startswith("The document does not have the shape of a criteria set")


@pytest.mark.django_db
def test_sealing_writes_the_set_once_and_the_rows_give_the_seal_again():
    officer = accounts.officer()

    sealed = seal_criteria(criteria.default(), actor=officer)
    again = seal_criteria(criteria.default(), actor=officer)

    assert again == sealed
    assert criteria.document_of(sealed) == criteria.default()
    assert criteria.seal_of(criteria.document_of(sealed)) == sealed.content_hash
    assert len(sealed.content_hash) == 64
    act = AuditEntry.objects.get(act="criteria set.sealed")
    assert (act.actor, act.details) == (officer, {"content_hash": sealed.content_hash})


@pytest.mark.django_db
def test_another_content_needs_another_version():
    build.criteria()

    with pytest.raises(DomainError, match="new version"):
        seal_criteria(changed(gates__recommended="80"))

    newer = seal_criteria(changed(gates__recommended="80", version=2))
    assert [one.version for one in CriteriaSet.objects.filter(code="default")] == [2, 1]
    assert criteria.gates(newer).recommended == 80


@pytest.mark.django_db
def test_an_unsound_set_is_not_sealed():
    with pytest.raises(DomainError, match="do not sum to 100"):
        seal_criteria(changed(dimensions__0__weight=24))

    assert not CriteriaSet.objects.exists()


@pytest.mark.django_db
def test_only_officers_seal():
    with pytest.raises(PermissionDenied):
        seal_criteria(criteria.default(), actor=accounts.user())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evaluation_indicator SET weight = 1",
        "UPDATE evaluation_dimension SET weight = 1",
        "UPDATE evaluation_criteriaset SET gates = '{}'",
        "DELETE FROM evaluation_indicator",
    ],
)
def test_the_database_keeps_a_sealed_set_as_it_is(statement):
    build.criteria()

    with (
        pytest.raises(InternalError, match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert Indicator.objects.count() == 15


@pytest.mark.django_db
def test_the_criteria_of_an_activity_can_change_until_it_opens():
    officer = accounts.officer()
    activity = submissions.prepared_activity(actor=officer, experts_wanted=2)

    set_activity_criteria(activity, build.criteria(), experts_wanted=5, actor=officer)
    ACTIVITIES.perform("open", activity.pk, actor=officer)

    assert ActivityCriteria.objects.get(activity=activity).experts_wanted == 5
    with pytest.raises(DomainError, match="fixed"):
        set_activity_criteria(activity, build.criteria(), experts_wanted=3, actor=officer)


@pytest.mark.django_db
def test_an_activity_wants_one_expert_at_least():
    officer = accounts.officer()
    activity = submissions.prepared_activity(actor=officer, experts_wanted=0)

    with pytest.raises(DomainError) as refusal:
        set_activity_criteria(activity, build.criteria(), experts_wanted=0, actor=officer)

    assert refusal.value.field == "experts_wanted"


@pytest.mark.django_db
def test_only_officers_set_the_criteria_of_an_activity():
    activity = submissions.prepared_activity(experts_wanted=0)

    with pytest.raises(PermissionDenied):
        set_activity_criteria(activity, build.criteria(), experts_wanted=1, actor=accounts.user())
