"""What is to be put right in a declaration before it can be filed, for whoever asks.

The check page and the step *submit* ask the same question here, so that neither knows more.
"""

import datetime as dt

from django.utils import timezone

from submissions import profiles
from submissions.checks.papers import Alike, Papers
from submissions.checks.remarks import Level, Remark
from submissions.checks.rulesets import remarks, shipped
from submissions.choices import Choices
from submissions.models import Activity, Declaration
from submissions.scheme import Scheme
from submissions.scheme.contradictions import Days
from submissions.scheme.sections import Finding, ProfileAsked


def to_put_right(
    declaration: Declaration,
    at: dt.datetime,
    choices: Choices,
    alike: tuple[Alike, ...] = (),
) -> list[Finding]:
    """List what is missing, what cannot be taken and what contradicts itself, in this order.

    At the end what the rules call an error. ``alike``: what the text resembles, from whoever
    looked for it (``submissions.look_alikes``).
    """
    scheme = declaration.activity.scheme.load()
    content = declaration.content
    return [
        *_missing_in_profile(declaration, scheme),
        *scheme.missing(content),
        *scheme.faults(content, choices.known),
        *scheme.contradictions(content, days_of(declaration.activity, at)),
        *(
            Finding(one.section, one.field, one.message)
            for one in by_rules(declaration, at, choices, alike)
            if one.level is Level.ERROR
        ),
    ]


def to_look_at(
    declaration: Declaration,
    at: dt.datetime,
    choices: Choices,
    alike: tuple[Alike, ...] = (),
) -> list[Remark]:
    """List what keeps nothing from being filed and deserves a look: warnings, then information."""
    scheme = declaration.activity.scheme.load()
    wished = [
        Remark("recommended", Level.INFORMATION, one.section, one.field, one.message)
        for one in scheme.recommended(declaration.content)
    ]
    found = [*by_rules(declaration, at, choices, alike), *wished]
    order = (Level.WARNING, Level.INFORMATION)
    return [one for level in order for one in found if one.level is level]


def by_rules(
    declaration: Declaration,
    at: dt.datetime,
    choices: Choices,
    alike: tuple[Alike, ...] = (),
) -> list[Remark]:
    """Run the set of rules over the working copy."""
    papers = Papers(
        scheme=declaration.activity.scheme.load(),
        content=declaration.content,
        language=declaration.language,
        today=_day(at),
        units_of=choices.units_of,
        alike=alike,
    )
    return remarks(shipped(), papers)


def _missing_in_profile(declaration: Declaration, scheme: Scheme) -> list[Finding]:
    if scheme.profile is not ProfileAsked.REQUIRED:
        return []
    return list(profiles.missing(profiles.of(declaration.organisation_id)))


def days_of(activity: Activity, at: dt.datetime) -> Days:
    return Days(opened=_day(activity.opens_at), today=_day(at))


def _day(moment: dt.datetime) -> dt.date:
    """Say which day it is at the portal's, whatever zone the reader is in."""
    return timezone.localdate(moment, timezone.get_default_timezone())
