"""What joint applicants are told of how it stands, whose answer counts, what is waived."""

import pytest
from django.test import Client

from core.errors import DomainError
from core.models import StoredMail
from submissions import services
from submissions.joint import CONFIRMATIONS, answered_before
from submissions.models import JointConfirmation
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.joint import PARTNER
from tests.reading import text
from tests.submissions.test_joint import (
    CONFIRM,
    SECOND,
    corrected,
    draft,
    link,
    owner,
    row,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed():
    return submit(draft())


OFFICE = {"contact_name": "The office", "contact_email": "office@example.org"}


def test_an_answer_is_that_of_the_organisation_not_of_the_address():
    both = [{**PARTNER, **OFFICE}, {**SECOND, **OFFICE, "name_zh": "第二工厂"}]
    one = submit(draft(*both))
    CONFIRMATIONS.perform("decline", row().pk, actor=None, signatory="K. P.", remark="No.")
    CONFIRMATIONS.perform("confirm", row("Second Works").pk, actor=None, signatory="S. W.")
    # The second comes first now, under the name that was written in both versions.
    officer = accounts.officer()
    perform("begin_check", one.pk, actor=officer)
    asked = [{"section": "applicant", "field": "joint", "reason": "Who declares?"}]
    perform("return", one.pk, actor=officer, reason="x", corrections=asked)
    one.refresh_from_db()
    renamed = {**both[1], "name_en": "Second Factory"}
    third = {"name_en": "Third House", "country": "NO", **OFFICE}
    values = {**one.content["applicant"], "joint": [renamed, both[0], third]}
    services.save_section(one.pk, "applicant", values, actor=owner(one), revision=one.revision)
    submit(one)

    found = {
        now.name: before and before.name
        for now in JointConfirmation.objects.filter(version__number=2)
        if (before := answered_before(now)) or True
    }

    assert found == {
        "Second Factory": "Second Works", "Partner Ltd": "Partner Ltd", "Third House": None,
    }  # fmt: skip


def test_one_whose_name_was_corrected_is_known_by_the_address(filed):
    Client().post(link(), CONFIRM)
    officer = accounts.officer()
    perform("begin_check", filed.pk, actor=officer)
    asked = [{"section": "applicant", "field": "joint", "reason": "The name?"}]
    perform("return", filed.pk, actor=officer, reason="x", corrections=asked)
    filed.refresh_from_db()
    spelt = {**PARTNER, "name_en": "Partners Limited", "name_zh": "合作有限公司"}
    values = {**filed.content["applicant"], "joint": [spelt]}
    services.save_section(
        filed.pk, "applicant", values, actor=owner(filed), revision=filed.revision
    )
    submit(filed)

    assert answered_before(row("Partners Limited", 2)) == row()


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (("begin_check", "reject"), "An answer is not asked for now; should the rejection be"),
        (("begin_check", "reject", "contest"), "and the applicant contests it."),
    ],
)
def test_the_link_says_how_it_stands(filed, steps, sentence):
    officer, url = accounts.officer(), link()
    for step in steps:
        build.take(filed, step, owner(filed) if step == "contest" else officer)

    page = text(Client().get(url))

    assert sentence in page
    assert "Nothing more is asked of your organisation" not in page


def test_only_what_is_in_force_is_waived_and_the_applicant_is_told(filed):
    officer, first = accounts.officer(), row()
    CONFIRMATIONS.perform("decline", first.pk, actor=None, signatory="K. P.", remark="No.")
    StoredMail.objects.all().delete()
    corrected(filed)

    with pytest.raises(DomainError, match="not open for confirmation any more"):
        CONFIRMATIONS.perform("waive", first.pk, actor=officer, reason="x")
    CONFIRMATIONS.perform("waive", row(version=2).pk, actor=officer, reason="Internal.")

    (told,) = StoredMail.objects.filter(template="joint_answered")
    assert told.recipient == owner(filed).email
    assert "An officer waived the confirmation of Partner Ltd for version 2" in told.body
    assert "Internal." not in told.body
