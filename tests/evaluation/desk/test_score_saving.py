"""What a save of a score sheet stores, and what it refuses."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError, TransitionError
from evaluation import case_page
from evaluation.desk.saving import Begun, Given, mark_of, save_scores, stored_entries
from evaluation.models import Indicator, Score, ScoreSheet
from evaluation.results import case_result, sheet_document
from evaluation.states import CaseStatus, SheetStatus
from evaluation.workflow import perform_sheet
from tests.builders import accounts, criteria
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    case = build.case(CaseStatus.IN_REVIEW)
    return build.accept(build.an_assignment(case))


def save(sheet, scores, **given):
    return save_scores(sheet.pk, scores, **{"actor": sheet.assignment.expert.user, **given})


def begun(sheet, page="a"):
    """Return what a page that is opened now begins with."""
    entries = stored_entries(ScoreSheet.objects.get(pk=sheet.pk))
    every = {str(pk): Given() for pk in Indicator.objects.values_list("pk", flat=True)}
    return Begun({name: mark_of(one) for name, one in {**every, **entries}.items()}, page)


def stored(sheet):
    return {one.indicator_id: (one.value, one.comment) for one in sheet.scores.all()}


def two_indicators():
    return Indicator.objects.values_list("pk", flat=True)[:2]


def test_a_save_changes_what_it_brings_and_nothing_else(sheet):
    first, second = two_indicators()

    save(
        sheet,
        {first: Given(80, " Good. "), second: Given(None, "Look again.")},
        words={"comment": "So far.", "remark": " Between us. "},
    )
    saved = save(sheet, {second: Given(None, " ")}, words={"comment": ""}).sheet

    assert stored(sheet) == {first: (80, "Good.")}
    assert (saved.revision, saved.comment, saved.remark) == (2, "", "Between us.")
    assert saved.status == SheetStatus.DRAFT


def test_what_is_stored_already_is_no_change(sheet):
    first, _second = two_indicators()
    save(sheet, {first: Given(80, "Good.")})

    again = save(sheet, {first: Given(80, " Good. ")})

    assert (again.sheet.revision, again.aside) == (1, ())


def test_a_comment_is_kept_without_a_score(sheet):
    first, _second = two_indicators()

    save(sheet, {first: Given(None, "Look again.")})

    assert stored(sheet) == {first: (None, "Look again.")}


def test_two_windows_on_two_indicators_both_save(sheet):
    first, second = two_indicators()
    one, other = begun(sheet, "one"), begun(sheet, "other")

    assert save(sheet, {first: Given(80)}, begun=one).aside == ()
    assert save(sheet, {second: Given(60)}, begun=other).aside == ()

    assert stored(sheet) == {first: (80, ""), second: (60, "")}


def test_a_rival_stays_on_its_page_and_sees_what_is_stored(sheet):
    first, second = two_indicators()
    one, other = begun(sheet, "one"), begun(sheet, "other")
    save(sheet, {first: Given(80, "Mine.")}, begun=one)

    refused = save(sheet, {first: Given(20, "Old."), second: Given(50)}, begun=other)

    assert refused.aside == (str(first),)
    assert refused.marks[str(first)] == mark_of(Given(80, "Mine."))
    assert stored(sheet) == {first: (80, "Mine."), second: (50, "")}

    on_the_second_word = Begun({**other.marks, **refused.marks}, "other")
    assert save(sheet, {first: Given(20, "Old.")}, begun=on_the_second_word).aside == ()
    assert stored(sheet)[first] == (20, "Old.")


def test_a_whole_page_brings_back_nothing_that_it_only_shows(sheet):
    first, second = two_indicators()
    save(sheet, {first: Given(10)})
    old = begun(sheet, "old")
    save(sheet, {first: Given(80)}, begun=begun(sheet, "new"))

    saved = save(sheet, {first: Given(10), second: Given(50)}, begun=old)

    assert (saved.aside, stored(sheet)) == ((), {first: (80, ""), second: (50, "")})
    assert str(first) not in saved.marks


def test_a_page_goes_on_over_its_own_save_when_the_answer_was_lost(sheet):
    first, _second = two_indicators()
    page = begun(sheet, "page")
    save(sheet, {first: Given(80)}, begun=page)

    assert save(sheet, {first: Given(70)}, begun=page).aside == ()
    assert stored(sheet)[first] == (70, "")
    # Also back to where it began.
    assert save(sheet, {first: Given()}, begun=page).aside == ()
    assert stored(sheet) == {}


def test_the_text_of_another_page_is_not_taken_for_the_own(sheet):
    first, _second = two_indicators()
    page, twin = begun(sheet, "page"), begun(sheet, "twin")
    save(sheet, {first: Given(80)}, begun=page)

    assert save(sheet, {first: Given(70)}, begun=twin).aside == (str(first),)


@pytest.mark.parametrize("value", [-1, 101])
def test_a_score_lies_between_0_and_100(sheet, value):
    first, _second = two_indicators()

    with pytest.raises(DomainError, match="between 0 and 100"):
        save(sheet, {first: Given(value, "")})


MARGIN = "margin"  # the indicator of the default set that may be said not to apply


def test_an_indicator_that_does_not_apply_has_no_score_and_says_why(sheet):
    margin = Indicator.objects.get(code=MARGIN).pk
    actor = sheet.assignment.expert.user
    everything = dict(build.full_scores(sheet.assignment.case)) | {margin: Given(None, "", True)}

    save(sheet, everything, words=build.WORDS)
    with pytest.raises(DomainError, match="1 entry is missing"):
        perform_sheet("submit", sheet.pk, actor=actor)
    save(sheet, everything | {margin: Given(None, "No standard exists.", True)})
    perform_sheet("submit", sheet.pk, actor=actor)

    document = sheet_document(sheet)["scores"]
    assert [one for one in document if "not_applicable" in one] == [
        {
            "indicator": "advanced.margin",
            "value": None,
            "comment": "No standard exists.",
            "not_applicable": True,
        }
    ]


@pytest.mark.parametrize(
    ("code", "given", "sentence"),
    [
        ("level", Given(None, "Why.", True), "applies to every declaration"),
        (MARGIN, Given(80, "Why.", True), "not both"),
    ],
)
def test_not_applicable_is_said_where_it_may_be_and_without_a_score(sheet, code, given, sentence):
    indicator = Indicator.objects.get(code=code).pk

    with pytest.raises(DomainError, match=sentence):
        save(sheet, {indicator: given})

    assert stored(sheet) == {}


def test_the_case_says_which_veto_failed():
    vetoing = criteria.next_version(dimensions__0__indicators__0__veto_below="90")
    case = build.scored_case()
    case.weighed_by = vetoing
    case.save()

    result = case_result(case)
    shown = case_page.figures(case, case_page.asked(case), None)

    assert (result["verdict"], result["failed_indicators"]) == (
        "not_recommended",
        ["advanced.level"],
    )
    assert [(one.mean, one.below) for one in shown.vetoed] == [("80.00", "90")]


def test_an_indicator_of_another_set_is_refused(sheet):
    with pytest.raises(DomainError, match="not among the criteria"):
        save(sheet, {10**9: Given(50, "")})


def test_nobody_else_saves_scores(sheet):
    for person in (accounts.officer(), build.expert().user, accounts.user()):
        with pytest.raises(PermissionDenied):
            save(sheet, {}, actor=person)


def test_a_submitted_sheet_is_not_saved(sheet):
    build.submit(sheet)

    with pytest.raises(TransitionError, match="submitted"):
        save(sheet, {})

    assert Score.objects.filter(sheet=sheet).count() == 15


def test_saving_costs_the_same_for_one_score_and_for_all(sheet):
    first, _second = two_indicators()
    everything = build.full_scores(sheet.assignment.case)
    save(sheet, {})  # her roles are read once

    with CaptureQueriesContext(connection) as one:
        save(sheet, {first: Given(80, "")})
    with CaptureQueriesContext(connection) as all_of_them:
        save(sheet, everything)

    assert len(one) == len(all_of_them)


def test_generated_scores_stay_marked(sheet):
    save(sheet, {}, generated=True)
    save(sheet, {})

    assert ScoreSheet.objects.get(pk=sheet.pk).generated is True


def test_generated_scores_exist_in_the_demonstration_only(sheet, settings):
    settings.DEMO = False

    with pytest.raises(PermissionDenied):
        save(sheet, {}, generated=True)
