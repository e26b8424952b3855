"""A translation that is confirmed in the moment the publicity begins."""

from functools import partial

import pytest

from core.models import AuditEntry
from evaluation.models import Case
from evaluation.publicity import contents
from evaluation.states import CaseStatus
from submissions.translations import save_translation
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_shown_is_what_was_recorded_whoever_was_first():
    case = build.case(CaseStatus.DECIDED, experts_wanted=1)
    translate = partial(
        save_translation,
        case.declaration_id,
        "zh-hans",
        {"technology.title": "名称"},
        actor=accounts.owner_of(case.declaration.organisation),
        confirm=True,
    )

    found = outcomes_of(partial(build.release, case), translate)

    assert found == ["done", "done"]
    act = AuditEntry.objects.get(act="case.begin_publicity")
    assert act.details["shown"] == contents.fixed(Case.objects.get(pk=case.pk))
