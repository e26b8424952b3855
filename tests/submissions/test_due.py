"""The day corrections are due: counted in working days of the calendar that officers keep."""

import datetime as dt

import pytest
from django.urls import reverse

from reference.models import WorkingDayException
from submissions.models import Correction
from submissions.states import Status
from tests.builders import accounts, clock
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db

THURSDAY = dt.datetime(2030, 4, 3, 17, 0, tzinfo=dt.UTC)  # 4 April, 01:00 in Beijing


def calendar(*days, working=False):
    for day in days:
        WorkingDayException.objects.create(
            country_id="CN", date=day, is_working=working, names={"en": "Day"}, source="notice"
        )


@pytest.fixture
def returning():
    """Return an officer's desk, and the address at which a declaration is returned."""
    officer = accounts.officer()
    one = build.declaration(Status.IN_CHECK, officer=officer)
    url = reverse("admin:submissions_declaration_step", args=[one.pk, "return"])
    clock.stop(THURSDAY)
    return accounts.signed_in(officer), url


def form(**more):
    return {
        "reason": "x",
        "place_1": "technology.summary",
        "code_1": "unclear",
        "what_1": "More.",
        **more,
    }


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ({"due_days": "1"}, dt.date(2030, 4, 7)),  # the 5th is a holiday, the Sunday is worked
        ({"due_days": "2"}, dt.date(2030, 4, 8)),
        ({"due_days": "10"}, dt.date(2030, 4, 18)),
        ({"due_days": "10", "due_on": "2030-04-20"}, dt.date(2030, 4, 20)),
        ({"due_on": "2030-04-21"}, dt.date(2030, 4, 21)),
        ({"due_days": "", "due_on": ""}, None),
    ],
)
def test_days_typed_are_working_days_and_a_day_picked_stands(returning, typed, due):
    desk, url = returning
    calendar(dt.date(2030, 4, 5))
    calendar(dt.date(2030, 4, 7), working=True)

    desk.post(url, form(**typed))

    assert Correction.objects.get().due_on == due


def test_the_page_offers_ten_and_says_when_they_end(returning):
    desk, url = returning
    calendar(dt.date(2030, 4, 5))

    page = desk.get(url)

    assert page.context["form"].fields["due_days"].initial == 10
    assert "10 working days from today end on 2030-04-19." in text(page)
    assert "is not loaded" not in text(page)


def test_a_year_without_calendar_is_said(returning):
    desk, url = returning

    assert (
        "10 working days from today end on 2030-04-18. "
        "The calendar of 2030 is not loaded: only weekends are left out."
    ) in text(desk.get(url))


@pytest.mark.parametrize("days", ["0", "-3", "251", "ten"])
def test_nonsense_is_refused_with_everything_typed(returning, days):
    desk, url = returning

    page = desk.post(url, form(due_days=days))

    assert "More." in text(page)
    assert page.context["form"].errors["due_days"]
    assert not Correction.objects.exists()
