"""Conflicts of interest where several declare together."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from submissions.joint import CONFIRMATIONS
from submissions.models import Declaration, JointConfirmation
from submissions.reminding import confirmations_seen
from submissions.states import JointStatus
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db

PARTNER = {
    "name_en": "Partner Ltd",
    "name_zh": "合作公司",
    "country": "NO",
    "contact_name": "K. Partner",
    "contact_email": "partner@example.org",
}


def filed(**more):
    document = submissions.content()
    document["applicant"]["joint"] = [PARTNER]
    draft = submissions.draft(document=document, **more)
    submissions.take(draft, "submit", accounts.owner_of(draft.organisation))
    return Declaration.objects.get(pk=draft.pk)


def employed_by_the_applicant(declaration):
    officer = accounts.officer()
    build.expert(user=officer, employer=declaration.organisation)
    return officer


def competing_there(declaration):
    officer = accounts.officer()
    own = filed(activity=declaration.activity)
    add_member(own.organisation_id, officer, Level.VIEW, actor=None)
    return officer


@pytest.mark.parametrize("tie", [employed_by_the_applicant, competing_there])
def test_an_officer_with_a_conflict_neither_sees_nor_waives_a_joint_confirmation(tie):
    declaration = filed()
    (asked,) = declaration.joint_confirmations.all()
    officer = tie(declaration)
    desk = accounts.signed_in(officer)
    free = JointConfirmation.objects.visible_to(accounts.officer())
    assert asked in free

    seen = JointConfirmation.objects.visible_to(officer).filter(pk=asked.pk)
    listed = desk.get(reverse("admin:submissions_jointconfirmation_changelist"))
    page = desk.get(reverse("admin:submissions_jointconfirmation_change", args=[asked.pk]))

    assert not seen.exists()
    assert confirmations_seen([str(asked.pk)], officer) == set()
    assert declaration.number not in text(listed)
    assert "partner@example.org" not in text(page)
    with pytest.raises(PermissionDenied):
        CONFIRMATIONS.perform("waive", asked.pk, actor=officer, reason="x")
    asked.refresh_from_db()
    assert asked.status == JointStatus.ASKED
