"""Every heading of a list and every label of a page stands in Chinese when the desk does."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from evaluation.models import FigureScenario
from submissions.models import Declaration, DeclarationScheme
from submissions.states import Status
from tests.builders import figures, submissions
from tests.test_officers_lists import MAKERS, MODELS, reader

pytestmark = pytest.mark.django_db

# Their pages are drawn from the scheme, or the figures, which the fifty rows do not have.
WHOLE: dict[Any, Any] = {
    Declaration: lambda: submissions.declaration(Status.SUBMITTED),
    DeclarationScheme: submissions.scheme,
    FigureScenario: figures.scenario,
}
HAN = re.compile(r"[\u4e00-\u9fff]")


def headings(listed) -> list[str]:
    cl = listed.context["cl"]
    shown = [one for one in cl.list_display if one != "action_checkbox"]
    return [str(label_for_field(one, cl.model, cl.model_admin)) for one in shown]


def labels(page) -> list[str]:
    lines = [line for part in page.context["adminform"] for line in part]
    return [strip_tags(field.label_tag()) for line in lines for field in line]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_officers_page_speaks_chinese(model, monkeypatch):
    monkeypatch.setattr(admin.site.get_model_admin(model), "list_per_page", 1)
    WHOLE.get(model, MAKERS.get(model, lambda: None))()
    client = reader(model)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    with translation.override("zh-hans"):
        listed = client.get(reverse(f"{name}_changelist"))
        row = listed.context["cl"].result_list[0]
        page = client.get(reverse(f"{name}_change", args=[row.pk]))

        said = headings(listed) + labels(page)

    assert len(said) > 4
    assert [one for one in said if not HAN.search(one)] == []
