"""The desk says which version is judged, and what a newer one says otherwise."""

import copy

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.canonical import content_hash
from evaluation.desk.version_judged import notice_of
from evaluation.models import Assignment
from evaluation.states import CaseStatus
from evaluation.workflow import perform_assignment
from submissions.models import DeclarationVersion
from tests.builders import accounts
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db
NOTICE = "evaluation/_version_notice.html"


@pytest.fixture
def sheet():
    return build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))


def file_again(case, summary="Said otherwise."):
    """File one more version, as a correction after the acceptance would."""
    content = copy.deepcopy(case.version.content)
    content["sections"]["technology"]["summary"] = summary
    return DeclarationVersion.objects.create(
        declaration=case.declaration,
        number=case.declaration.versions.count() + 1,
        content=content,
        content_hash=content_hash(content),
        submitted_at=timezone.now(),
        submitted_by=case.version.submitted_by,
    )


def assignment_of(sheet):
    return Assignment.objects.select_related("case__version").get(pk=sheet.pk)


def notice(sheet):
    return render_to_string(NOTICE, notice_of(assignment_of(sheet)))


def page_of(sheet, person=None):
    client = accounts.signed_in(person or sheet.assignment.expert.user)
    return client.get(reverse("evaluation:newer-version", args=[sheet.pk]))


def test_the_notice_names_the_version_by_number_day_and_hash(sheet):
    version = sheet.assignment.case.version
    assignment = assignment_of(sheet)

    with CaptureQueriesContext(connection) as asked:
        said = render_to_string(NOTICE, notice_of(assignment))

    assert len(asked) == 1
    assert "Version 1 is judged, filed on" in said
    assert f"{version.content_hash[:12]}…" in said
    assert f'title="{version.content_hash}"' in said
    assert "newer version" not in said
    assert page_of(sheet).status_code == 404


def test_a_newer_version_is_told_of_and_the_judged_one_stays(sheet):
    case = sheet.assignment.case
    file_again(case)
    newest = file_again(case, "Said a third way.")

    said = notice(sheet)
    page = page_of(sheet)

    assert notice_of(assignment_of(sheet))["newer"] == newest
    assert "Version 1 is judged" in said
    assert "Version 3 was filed on" in said
    assert "Version 1 is still the one to be judged." in said
    assert f'href="{reverse("evaluation:newer-version", args=[sheet.pk])}"' in said
    text = page.content.decode()
    assert "From version 1 to version 3" in text
    assert "Said a third way." in text or "third" in text
    assert "Summary" in text


def test_a_sealed_sheet_says_the_same(sheet):
    build.submit(sheet)
    file_again(sheet.assignment.case)

    assert "Version 1 is judged" in notice(sheet)
    assert page_of(sheet).status_code == 200


def test_the_difference_is_for_the_expert_of_the_assignment(sheet):
    case = sheet.assignment.case
    file_again(case)
    owner = accounts.owner_of(case.declaration.organisation)
    others = (accounts.expert_user(), accounts.officer(), owner)

    assert [page_of(sheet, one).status_code for one in others] == [404] * 3
    mine = sheet.assignment.expert.user
    perform_assignment("decline", sheet.pk, actor=mine, reason="No time.")
    assert page_of(sheet, mine).status_code == 404
