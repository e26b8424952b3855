"""Which criteria sets are sound, and that a sealed one stays as it is."""

import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import InternalError

from core.errors import DomainError
from core.models import AuditEntry
from evaluation.criteria import asking, documents
from evaluation.criteria.asking import yardstick
from evaluation.criteria.sealing import seal_criteria, set_activity_criteria
from evaluation.criteria.soundness import faults
from evaluation.models import ActivityCriteria, CriteriaSet, Indicator
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders.criteria import changed

SET, LEVEL = "“Technology evaluation criteria”", "“Level against the best at home and abroad”"


def test_the_default_set_is_sound_and_as_the_domain_says():
    document = documents.default()

    assert faults(document) == []
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
        (
            {"dimensions__0__weight": 24},
            f"The weights in {SET} sum to 99, not to 100.",
        ),
        (
            {"dimensions__0__indicators__0__weight": 41},
            "The weights in “Advanced nature” sum to 101, not to 100.",
        ),
        (
            {"dimensions__0__indicators__0__bands__1__from": 76},
            f"The bands of {LEVEL} do not cover 0 to 100 without a gap.",
        ),
        (
            {"dimensions__0__indicators__0__bands__0__to": 99},
            f"The bands of {LEVEL} do not cover 0 to 100 without a gap.",
        ),
        (
            {"dimensions__0__indicators__0__bands": []},
            f"The bands of {LEVEL} do not cover 0 to 100 without a gap.",
        ),
        (
            {"dimensions__1__code": "advanced"},
            f"A code in {SET} occurs twice.",
        ),
        ({"gates__recommended": "101"}, "A gate lies outside 0 to 100."),
        (
            {"gates__recommended": "50"},
            "The gate for discussion lies above the one for recommendation.",
        ),
        (
            {"dimensions__0__names": {"en": "Advanced nature", "zh-hans": " "}},
            "“Advanced nature” has no text in the language “zh-hans”.",
        ),
        ({"version": 0}, "A criteria set has a code and a version from 1."),
    ],
)
def test_an_unsound_set_is_named_for_what_is_wrong(at, sentence):
    assert faults(changed(**at)) == [sentence]


def with_fields(*fields, weights=(40, 35, 25)):
    """Let the last indicator of the first dimension be asked in some fields only."""
    document = changed(dimensions__0__indicators__2__fields=list(fields))
    for one, weight in zip(document["dimensions"][0]["indicators"], weights, strict=True):
        one["weight"] = weight
    return document


def test_the_weights_sum_to_100_in_every_field():
    short = with_fields("WAT")

    assert faults(short) == ["The weights in “Advanced nature” sum to 75, not to 100."]

    both = with_fields("WAT")
    both["dimensions"][0]["indicators"].append(
        copy.deepcopy(both["dimensions"][0]["indicators"][2])
        | {"code": "margin-elsewhere", "fields": ["AIR"]}
    )
    assert faults(both) == ["The weights in “Advanced nature” sum to 75, not to 100."]

    both["dimensions"][0]["indicators"][0]["weight"] = 65
    assert faults(both) == [
        "The weights in “Advanced nature” sum to 125 in the field AIR, not to 100.",
        "The weights in “Advanced nature” sum to 125 in the field WAT, not to 100.",
    ]


def test_one_indicator_of_each_dimension_has_to_be_scored():
    document = changed()
    for one in document["dimensions"][1]["indicators"]:
        one["not_applicable"] = True

    assert faults(document) == [
        "In “Practicability” every indicator may be said not to apply; one has to be scored."
    ]


def test_a_field_that_does_not_exist_is_named():
    document = with_fields("XXX")

    found = faults(document, fields={"WAT", "AIR"})

    assert found[0] == "There is no field of technology “XXX”."


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ({"best": 1}, "The scale ends at a whole number from 2 to 100."),
        (
            {"dimensions__0__minimum": "101"},
            "The least points of “Advanced nature” lie outside 0 to 100.",
        ),
        (
            {"dimensions__0__indicators__0__veto_below": "0"},
            f"The least points of {LEVEL} lie outside 0 to 100.",
        ),
    ],
)
def test_minimum_veto_and_scale_have_limits(at, sentence):
    assert sentence in faults(changed(**at))


def test_the_bands_follow_the_scale():
    document = changed(best=10)

    assert faults(document)[0] == f"The bands of {LEVEL} do not cover 0 to 10 without a gap."


def test_what_is_left_out_does_not_change_the_seal():
    said = changed(best=100, dimensions__0__minimum="", dimensions__0__indicators__0__fields=[])

    assert documents.seal_of(said) == documents.seal_of(documents.default())
    assert documents.seal_of(documents.read("default-1")) == (
        "ea85d590832d870959e709e773f88de013a8ebc38a638599891e0b8fadadf9db"
    )


def test_a_field_picks_its_indicators():
    document = with_fields("WAT")

    asked = [
        [one["code"] for one in asking.asked_of(document, field)[0]["indicators"]]
        for field in ("WAT", "AIR", None)
    ]

    assert asked == [
        ["level", "innovation", "margin"],
        ["level", "innovation"],
        ["level", "innovation"],
    ]


def test_versions_that_differ_in_weights_and_gates_ask_the_same():
    weighed = changed(
        gates__recommended="80", dimensions__0__weight=26, dimensions__1__weight=24, version=9
    )
    reworded = changed(dimensions__0__indicators__0__bands__0__texts={"en": "x", "zh-hans": "y"})

    assert asking.asks_the_same(documents.default(), weighed)
    assert not asking.asks_the_same(documents.default(), reworded)


def test_weights_that_cancel_out_are_no_weights():
    document = changed(dimensions__0__weight=0, dimensions__1__weight=50)

    assert faults(document) == [f"A weight in {SET} is less than 1."]


@pytest.mark.parametrize("document", [{}, {"code": "x"}, changed(gates={}), changed(dimensions=1)])
def test_what_is_no_criteria_set_is_refused_as_such(document):
    (sentence,) = faults(document)

    assert sentence.startswith("The document does not have the shape of a criteria set")


@pytest.mark.django_db
def test_sealing_writes_the_set_once_and_the_rows_give_the_seal_again():
    sealed = seal_criteria(documents.default())
    again = seal_criteria(documents.default())

    assert again == sealed
    assert documents.document_of(sealed) == documents.default()
    assert documents.seal_of(documents.document_of(sealed)) == sealed.content_hash
    assert len(sealed.content_hash) == 64
    act = AuditEntry.objects.get(act="criteria set.sealed")
    assert act.actor is None
    assert act.details == {
        "content_hash": sealed.content_hash,
        "parts": documents.part_seals(documents.default()),
    }


@pytest.mark.django_db
def test_another_content_needs_another_version():
    build.criteria()

    with pytest.raises(DomainError, match="new version"):
        seal_criteria(changed(gates__recommended="80"))

    newer = seal_criteria(changed(gates__recommended="80", version=3))
    assert [one.version for one in CriteriaSet.objects.filter(code="default")] == [3, 2]
    assert yardstick(documents.document_of(newer), None).gates.recommended == 80


@pytest.mark.django_db
def test_an_unsound_set_is_not_sealed():
    with pytest.raises(DomainError, match="sum to 99, not to 100"):
        seal_criteria(changed(dimensions__0__weight=24))

    assert not CriteriaSet.objects.exists()


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
