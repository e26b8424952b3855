"""Who asked for corrections is told when they come."""

import pytest

from accounts import services
from accounts.roles import Level, Role
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


def test_who_may_not_check_it_any_more_hears_nothing():
    left, suspended, joined = (accounts.officer() for _number in range(3))
    returned = [
        build.returned("technology", "summary", officer=one) for one in (left, suspended, joined)
    ]
    administrator = accounts.system_administrator()
    services.revoke_role(left, Role.OFFICER, actor=administrator, reason="Has left.")
    services.suspend(suspended, actor=administrator, reason="On long leave.")
    services.add_member(returned[-1].organisation_id, joined, Level.VIEW, actor=None)

    for one in returned:
        correct(one)

    assert told() == []
