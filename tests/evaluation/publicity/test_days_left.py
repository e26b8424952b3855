"""How many days of a publicity are left.

The rule: a publicity of N days ends with the Nth day after the one on which it begins. What is
left are the days after today, the last one among them: N on the day it begins, one on the day
before the last, and on the last day that it is the last.
"""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.states import CaseStatus
from tests.builders import clock
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db

BEIJING = dt.timezone(dt.timedelta(hours=8))
BEGAN = dt.datetime(2026, 11, 23, 17, 30, tzinfo=BEIJING)
SAID = {
    dt.datetime(2026, 11, 23, 17, 31, tzinfo=BEIJING): "30 days left",
    dt.datetime(2026, 11, 23, 23, 59, 59, tzinfo=BEIJING): "30 days left",
    dt.datetime(2026, 11, 24, 0, 0, tzinfo=BEIJING): "29 days left",
    dt.datetime(2026, 12, 22, 12, 0, tzinfo=BEIJING): "1 day left",
    dt.datetime(2026, 12, 23, 0, 0, tzinfo=BEIJING): "Today is the last day",
    dt.datetime(2026, 12, 23, 23, 59, 59, tzinfo=BEIJING): "Today is the last day",
    dt.datetime(2026, 12, 24, 0, 0, tzinfo=BEIJING): "The period is over",
}


@pytest.fixture
def case():
    decided = build.case(CaseStatus.DECIDED, experts_wanted=1, publicity_days=30)
    clock.stop(BEGAN)
    return build.release(decided)


def test_they_are_the_days_after_today(case):
    assert case.last_day_of_publicity == dt.date(2026, 12, 23)
    for now, said in SAID.items():
        clock.stop(now)
        for name, keys in (("publicity-list", []), ("publicity-entry", [case.pk])):
            page = text(Client().get(reverse(f"evaluation:{name}", args=keys)))
            assert [one for one in set(SAID.values()) if one in page] == [said], (now, name)
