"""What stands beside the notice of an activity, and changes of its closing time."""

import base64
import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import ReminderRule, SentReminder
from submissions import notices, services
from submissions.models import (
    Activity,
    Annex,
    ClosingChange,
    Declaration,
    DemandTheme,
    EarlyLook,
    JointConfirmation,
    Recommendation,
    RuleSet,
    RuleTrial,
    Supporter,
)
from tests.builders import accounts, submissions

# A real picture of one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)


def logo(name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, content_type="image/png")


def annex(activity: Activity, **more: Any) -> Annex:
    values = {
        "actor": None,
        "titles": {"en": "Form", "zh-hans": "申报表"},
        "file": submissions.pdf("form.pdf"),
        **more,
    }
    values["actor"] = values["actor"] or accounts.officer()
    return notices.save_annex(None, activity=activity, **values)


def supporter(activity: Activity, **more: Any) -> Supporter:
    values = {
        "names": {"en": "An association", "zh-hans": "某协会"},
        "url": "https://association.example.org/",
        "logo": logo(),
        **more,
    }
    actor = values.pop("actor", None) or accounts.officer()
    return notices.save_supporter(None, activity=activity, actor=actor, **values)


def theme(activity: Activity, **more: Any) -> DemandTheme:
    values = {
        "titles": {"en": "Leachate", "zh-hans": "渗滤液"},
        "texts": {"en": "Landfills in hot climates.", "zh-hans": "炎热地区的填埋场。"},
        **more,
    }
    actor = values.pop("actor", None) or accounts.officer()
    return notices.save_theme(None, activity=activity, actor=actor, **values)


def prolonged(
    activity: Activity, *, days: int = 7, reason: str = "Floods.", **more: Any
) -> Activity:
    return services.edit_activity(
        activity.pk,
        actor=more.pop("actor", None) or accounts.officer(),
        closes_at=activity.closes_at + dt.timedelta(days=days),
        closing_reason=reason,
        **more,
    )


def one_of_everything(filed: Declaration) -> None:
    """Make a row of each kind that stands beside an activity or a declaration; none is public."""
    activity = submissions.prepared_activity()
    annex(activity)
    supporter(activity)
    theme(activity)
    now = timezone.now()
    ClosingChange.objects.create(
        activity=activity,
        before=now,
        after=now,
        reason="x",
        changed_at=now,
        changed_by=accounts.officer(),
    )
    EarlyLook.objects.create(
        declaration=filed, reason="x", asked_by=accounts.officer(), asked_at=now
    )
    RuleTrial.objects.create(
        rule_set=RuleSet.objects.all()[0],
        activity=activity,
        asked_by=accounts.officer(),
        asked_at=now,
        until=0,
    )
    Recommendation.objects.create(
        declaration=filed, unit="A bureau", address="bureau@example.org", language="en"
    )
    assert filed.version
    JointConfirmation.objects.create(
        declaration=filed,
        version=filed.versions.get(),
        place=0,
        name="Partner Ltd",
        language="en",
        asked_at=now,
    )
    SentReminder.objects.create(
        rule=ReminderRule.objects.all()[0],
        subject_type="activity",
        subject_id=str(activity.pk),
        due_at=now,
        recipient="x",
        sent_at=now,
    )
