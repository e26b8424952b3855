"""Laying down schemes; making, changing and opening activities."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from submissions import services
from submissions.activities import SCHEMES, require_open
from submissions.models import Activity, DeclarationScheme
from submissions.scheme.documents import SchemeError
from submissions.states import ActivityStatus
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, submissions

pytestmark = pytest.mark.django_db


def document():
    return json.loads((SCHEMES / "demo-3.json").read_text(encoding="utf-8"))


def test_same_scheme_twice_is_one_scheme():
    first = services.create_scheme(document(), actor=None)
    second = services.create_scheme(document(), actor=accounts.officer())

    assert second == first
    assert AuditEntry.objects.filter(act="scheme.added").count() == 1


def test_changed_scheme_needs_a_new_version():
    services.create_scheme(document(), actor=None)
    changed = document()
    changed["sections"][1]["fields"][0]["max_length"] = 50

    with pytest.raises(DomainError, match="new version"):
        services.create_scheme(changed, actor=None)

    later = document()["version"] + 1
    assert services.create_scheme(changed | {"version": later}, actor=None).version == later


def test_earlier_version_that_is_stored_stays_as_it_was_sealed():
    earlier = document() | {"version": 1}
    field = next(f for f in earlier["sections"][1]["fields"] if f["key"] == "target_countries")
    field["labels"] = {"en": "Target countries", "zh-hans": "目标国家"}
    stored = services.create_scheme(earlier, actor=None)

    shipped = services.create_scheme(document(), actor=None)

    stored.refresh_from_db()
    assert stored.sections == earlier["sections"]
    assert (stored.version, shipped.version) == (1, document()["version"])
    assert stored.content_hash != shipped.content_hash


def test_unsound_scheme_is_not_laid_down():
    with pytest.raises(SchemeError):
        services.create_scheme(document() | {"sections": []}, actor=None)


def test_applicant_lays_down_nothing():
    user = accounts.user()

    with pytest.raises(PermissionDenied):
        services.create_scheme(document(), actor=user)
    with pytest.raises(PermissionDenied):
        submissions.prepared_activity(actor=user)

    assert not Activity.objects.exists()


def test_activity_begins_in_preparation():
    activity = submissions.prepared_activity(field_codes=["WAT", "AIR"])

    assert activity.status == ActivityStatus.PREPARED
    assert sorted(activity.fields.values_list("code", flat=True)) == ["AIR", "WAT"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"titles": {"zh-hans": "活动"}}, "titles"),
        ({"titles": {"en": " "}}, "titles"),
        ({"notices": {"en": "A", "xx": "B"}}, "notices"),
        ({"code": "no spaces"}, "code"),
        ({"field_codes": []}, "field_codes"),
        ({"field_codes": ["XXX"]}, "field_codes"),
        ({"closes_at": timezone.now() - dt.timedelta(days=9)}, "closes_at"),
        ({"publicity_days": -1}, "publicity_days"),
    ],
)
def test_activity_that_makes_no_sense_is_refused_at_its_field(wrong, field):
    with pytest.raises(DomainError) as refusal:
        submissions.prepared_activity(**wrong)

    assert refusal.value.field == field
    assert not Activity.objects.exists()


def test_second_activity_needs_another_code():
    submissions.prepared_activity(code="ONE")

    with pytest.raises(DomainError) as refusal:
        submissions.prepared_activity(code="ONE")

    assert refusal.value.field == "code"


def test_prepared_activity_can_change_in_everything():
    activity = submissions.prepared_activity()

    changed = services.edit_activity(
        activity.pk, actor=accounts.officer(), code="NEW", publicity_days=3, field_codes=["AIR"]
    )

    assert (changed.code, changed.publicity_days) == ("NEW", 3)
    assert [field.pk for field in changed.fields.all()] == ["AIR"]


def test_the_audit_keeps_what_was_before_an_edit():
    activity = submissions.prepared_activity(
        titles={"en": "Round"}, field_codes=["WAT", "AIR"], contact="who@example.org"
    )
    ends = activity.closes_at
    later = ends + dt.timedelta(days=7)

    services.edit_activity(
        activity.pk,
        actor=accounts.officer(),
        titles={"en": "Round", "zh-hans": "征集"},
        closes_at=later,
        field_codes=["WAT"],
        contact="else@example.org",
        notices=activity.notices,
    )

    assert AuditEntry.objects.get(act="activity.changed").details == {
        "titles": [{"en": "Round"}, {"en": "Round", "zh-hans": "征集"}],
        "closes_at": [ends.astimezone(dt.UTC).isoformat(), later.astimezone(dt.UTC).isoformat()],
        "fields": [["AIR", "WAT"], ["WAT"]],
        "contact": [],  # it may be a person's
    }


@pytest.mark.parametrize(
    "change",
    [
        {"code": "NEW"},
        {"publicity_days": 3},
        {"field_codes": ["AIR"]},
        {"opens_at": timezone.now()},
        {"closes_at": timezone.now() + dt.timedelta(days=1)},
    ],
)
def test_open_activity_keeps_what_people_were_promised(change):
    activity = submissions.open_activity()

    with pytest.raises(DomainError) as refusal:
        services.edit_activity(activity.pk, actor=accounts.officer(), **change)

    assert refusal.value.field == next(iter(change))


def test_open_activity_can_be_prolonged():
    activity = submissions.open_activity()
    later = activity.closes_at + dt.timedelta(days=7)

    services.edit_activity(
        activity.pk, actor=accounts.officer(), closes_at=later, closing_reason="Floods."
    )

    assert Activity.objects.get().closes_at == later


def test_edit_that_changes_nothing_is_no_act():
    activity = submissions.open_activity()

    services.edit_activity(activity.pk, actor=accounts.officer(), titles=activity.titles)

    assert not AuditEntry.objects.filter(act="activity.changed").exists()


def test_closed_activity_is_not_edited():
    activity = submissions.closed_activity()

    with pytest.raises(PermissionDenied):
        services.edit_activity(activity.pk, actor=accounts.officer(), contact="x")


def test_activity_whose_closing_time_has_passed_is_not_opened():
    past = timezone.now() - dt.timedelta(minutes=1)
    activity = submissions.prepared_activity(closes_at=past)

    with pytest.raises(DomainError, match="passed already"):
        ACTIVITIES.perform("open", activity.pk, actor=accounts.officer())


def test_activity_with_an_unknown_vocabulary_is_not_opened():
    broken = document() | {"version": 7}
    broken["sections"][1]["fields"][2]["vocabulary"] = "flavour"
    scheme = services.create_scheme(broken, actor=None)

    with pytest.raises(DomainError, match="vocabularies without terms: flavour"):
        submissions.open_activity(scheme=scheme)


def test_activity_with_an_unsound_scheme_is_not_opened():
    scheme = DeclarationScheme.objects.create(
        code="bad", version=1, names={"en": "Bad"}, sections=[], content_hash=""
    )

    with pytest.raises(DomainError, match="The scheme is unsound: sections: there are none"):
        submissions.open_activity(scheme=scheme)


@pytest.mark.parametrize(
    ("status", "seconds_after_opening", "seconds_before_closing", "takes"),
    [
        (ActivityStatus.OPEN, 0, 10, True),
        (ActivityStatus.OPEN, -1, 10, False),
        (ActivityStatus.OPEN, 10, -0.000001, False),
        (ActivityStatus.OPEN, 10, 0, True),
        (ActivityStatus.PREPARED, 10, 10, False),
        (ActivityStatus.CLOSED, 10, 10, False),
        (ActivityStatus.CONCLUDED, 10, 10, False),
    ],
)
def test_deadline_is_exact(status, seconds_after_opening, seconds_before_closing, takes):
    now = timezone.now()
    activity = Activity(
        status=status,
        opens_at=now - dt.timedelta(seconds=seconds_after_opening),
        closes_at=now + dt.timedelta(seconds=seconds_before_closing),
    )

    if takes:
        require_open(activity, now)
    else:
        with pytest.raises(TransitionError):
            require_open(activity, now)
