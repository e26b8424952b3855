"""Who asked for corrections is told when they come."""

import pytest

from core.models import StoredMail
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    rows = StoredMail.objects.filter(template="corrections_came")
    return [(one.recipient, one.subject) for one in rows]


def correct(declaration):
    declaration.content["technology"]["summary"] = "Said anew. " * 30
    declaration.save()
    owner = accounts.owner_of(declaration.organisation)
    return perform("submit", declaration.pk, actor=owner)


def test_the_officer_who_returned_it_hears_of_the_next_version():
    officer, _other = accounts.officer(), accounts.officer()
    returned = build.returned("technology", "summary", officer=officer)
    assert told() == []

    filed = correct(returned)

    assert told() == [(officer.email, f"Declaration {filed.number} was corrected")]
    body = StoredMail.objects.get(template="corrections_came").body
    assert "it was filed again as version 2" in body
    assert f"/admin/submissions/declaration/{filed.pk}/check/" in body


def test_an_officer_who_has_left_or_joined_the_applicant_hears_nothing():
    left, joined = accounts.officer(), accounts.officer()
    first = build.returned("technology", "summary", officer=left)
    second = build.returned("technology", "summary", officer=joined)
    left.grants.get().delete()
    joined.memberships.create(organisation=second.organisation, level="view")

    correct(first)
    correct(second)

    assert told() == []
