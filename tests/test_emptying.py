"""What one test commits, the next does not find; and what was laid down is there again."""

import pytest

from core.models import AuditEntry
from reference.models import Unit
from submissions.models import Activity, RuleSet
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("time", ["first", "again", "and again"])
def test_each_begins_with_what_was_laid_down_and_nothing_else(time):
    assert Activity.objects.count() == 0
    assert AuditEntry.objects.count() == 0
    assert RuleSet.objects.count() > 0
    assert Unit.objects.get(code="%").symbol == "%"

    build.open_activity(titles={"en": time})
    if time == "again":  # what changed of that is laid down anew
        Unit.objects.filter(code="%").update(symbol="per cent")
