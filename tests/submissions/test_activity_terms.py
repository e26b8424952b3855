"""What an officer is told of an activity while its terms are typed, and before it opens."""

import pytest
from django.urls import reverse

from core.moments import written
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return accounts.signed_in(accounts.officer())


def address(page, *args):
    return reverse(f"admin:submissions_activity_{page}", args=args)


def test_a_time_is_typed_in_a_zone_that_is_said(desk):
    form = desk.get(address("add")).context["adminform"].form

    said = {name: field.help_text for name, field in form.fields.items() if "_at" in name}
    assert said == {"opens_at": "Beijing time.", "closes_at": "Beijing time."}


def test_who_opens_an_activity_reads_what_it_is(desk):
    activity = build.prepared_activity(quota=3)

    facts = desk.get(address("step", activity.pk, "open")).context["form"].facts()

    assert [label for label, _value in facts] == [
        *("Code", "Title", "Fields of technology", "Declaration scheme", "Set of rules"),
        *("Opens", "Closes", "Declarations per organisation", "Under seal"),
        *("Recommendation asked for", "Days of publicity"),
    ]
    told = dict(facts)
    assert (told["Code"], told["Declarations per organisation"]) == (activity.code, 3)
    assert told["Closes"] == written(activity.closes_at)
    assert (told["Under seal"], told["Days of publicity"]) == ("no", 0)
