"""The officers' desk in other languages."""

import pytest
from django.urls import reverse
from django.utils import translation

from submissions.models import Declaration
from submissions.states import Status
from tests.builders import accounts, evaluation, submissions
from tests.reading import text
from tests.test_desk import address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "ar"])
def test_a_step_can_be_taken_in_every_language(language):
    filed = submissions.declaration(Status.IN_CHECK)
    desk = accounts.signed_in(accounts.officer())
    with translation.override(language):
        page = reverse("admin:submissions_declaration_step", args=[filed.pk, "reject"])

    refused = desk.post(page, {"reason": ""})
    desk.post(page, {"reason": "不在征集范围内。", "code": "out-of-scope"})

    assert f'lang="{language}"' in text(refused)
    assert "reason" in refused.context["form"].errors
    assert Declaration.objects.get(pk=filed.pk).status == Status.REJECTED


def test_labels_end_in_a_chinese_colon():
    filed = submissions.declaration(Status.SUBMITTED)
    desk = accounts.signed_in(accounts.officer())
    with translation.override("zh-hans"):
        pages = [address(filed), address(filed.activity), address(evaluation.case())]

    for page in pages:
        labels = [part.split("</label>")[0] for part in text(desk.get(page)).split("<label")[1:]]
        assert labels
        assert [label for label in labels if label.endswith(":")] == []
        assert any(label.endswith("：") for label in labels)
