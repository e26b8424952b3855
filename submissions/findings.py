"""What is to be put right in a declaration before it can be filed, for whoever asks.

The check page and the step *submit* ask the same question here, so that neither knows more.
"""

import datetime as dt

from django.utils import timezone

from submissions.choices import Choices
from submissions.models import Activity, Declaration
from submissions.scheme.contradictions import Days
from submissions.scheme.sections import Finding


def to_put_right(declaration: Declaration, at: dt.datetime, choices: Choices) -> list[Finding]:
    """List what is missing, what cannot be taken and what contradicts itself, in this order."""
    scheme = declaration.activity.scheme.load()
    content = declaration.content
    return [
        *scheme.missing(content),
        *scheme.faults(content, choices.known),
        *scheme.contradictions(content, days_of(declaration.activity, at)),
    ]


def days_of(activity: Activity, at: dt.datetime) -> Days:
    return Days(opened=_day(activity.opens_at), today=_day(at))


def _day(moment: dt.datetime) -> dt.date:
    """Say which day it is at the portal's, whatever zone the reader is in."""
    return timezone.localdate(moment, timezone.get_default_timezone())
