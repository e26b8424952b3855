"""What is to be put right in a declaration before it can be filed, for whoever asks.

The check page and the step *submit* ask the same question here, so that neither knows more.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.names import no_link
from submissions import profiles
from submissions.checks import rulesets
from submissions.checks.papers import Alike, Papers
from submissions.checks.remarks import Level, Remark
from submissions.choices import Choices
from submissions.models import Activity, Declaration, DeclarationVersion
from submissions.scheme import Scheme
from submissions.scheme.contradictions import Days
from submissions.scheme.sections import Finding, ProfileAsked


def to_put_right(
    declaration: Declaration,
    at: dt.datetime,
    choices: Choices,
    remarks: list[Remark] | None = None,
) -> list[Finding]:
    """List what is missing, what cannot be taken and what contradicts itself, in this order.

    At the end what the rules call an error: in ``remarks``, or in what they say when asked now.
    """
    scheme = declaration.activity.scheme.load()
    content = declaration.content
    if remarks is None:
        remarks = by_rules(declaration, at, choices)
    return [
        *_missing_in_profile(declaration, scheme),
        *scheme.missing(content),
        *scheme.faults(content, choices.known),
        *scheme.contradictions(content, days_of(declaration.activity, at)),
        *_links_in_names(content),
        *(
            Finding(one.section, one.field, one.message)
            for one in remarks
            if one.level is Level.ERROR
        ),
    ]


def to_look_at(declaration: Declaration, remarks: list[Remark]) -> list[Remark]:
    """List what keeps nothing from being filed and deserves a look: warnings, then information."""
    scheme = declaration.activity.scheme.load()
    wished = [
        Remark("recommended", Level.INFORMATION, one.section, one.field, one.message)
        for one in scheme.recommended(declaration.content)
    ]
    found = [*remarks, *wished]
    order = (Level.WARNING, Level.INFORMATION)
    return [one for level in order for one in found if one.level is level]


def by_rules(
    declaration: Declaration,
    at: dt.datetime,
    choices: Choices,
    alike: tuple[Alike, ...] = (),
) -> list[Remark]:
    """Run the activity's set of rules over the working copy.

    That one could not be run is no matter of the applicant's: the officers are told.

    ``alike``: what the text resembles, from whoever looked for it (``submissions.look_alikes``).
    """
    papers = Papers(
        scheme=declaration.activity.scheme.load(),
        content=declaration.content,
        language=declaration.language,
        today=_day(at),
        units_of=choices.units_of,
        alike=alike,
    )
    said = rulesets.remarks(declaration.activity.rules.load().applied, papers)
    return [one for one in said if not one.failed]


def of_version(version: DeclarationVersion, rules: rulesets.Rules | None = None) -> list[Remark]:
    """Run a set of rules, the activity's when none is given, over what was filed.

    As on the day it was filed: a certificate that ran out since was in force. For officers: a rule
    that could not be run is told, too.
    """
    activity = version.declaration.activity
    papers = Papers(
        scheme=activity.scheme.load(),
        content=version.content["sections"],
        language=version.content["language"],
        today=_day(version.submitted_at),
        units_of=Choices().units_of,
    )
    return rulesets.remarks((rules or activity.rules.load()).applied, papers)


def _links_in_names(content: Any) -> Iterator[Finding]:
    """Find addresses in names that mails of the portal carry to strangers."""
    technology, applicant = (_part(content, key) for key in ("technology", "applicant"))
    if said := _refused(technology.get("title")):
        yield Finding("technology", "title", said)
    for at, row in enumerate(applicant.get("joint") or ()):
        for key in ("name_en", "name_zh", "contact_name"):
            if said := _refused(_part({"row": row}, "row").get(key)):
                yield Finding("applicant", f"joint.{at}.{key}", said)


def _part(values: Any, key: str) -> dict[str, Any]:
    part = values.get(key) if isinstance(values, dict) else None
    return part if isinstance(part, dict) else {}


def _refused(name: Any) -> str:
    try:
        no_link(str(name or ""))
    except ValidationError as error:
        return str(error.message)
    return ""


def _missing_in_profile(declaration: Declaration, scheme: Scheme) -> list[Finding]:
    if scheme.profile is not ProfileAsked.REQUIRED:
        return []
    return list(profiles.missing(profiles.of(declaration.organisation_id)))


def days_of(activity: Activity, at: dt.datetime) -> Days:
    return Days(opened=_day(activity.opens_at), today=_day(at))


def _day(moment: dt.datetime) -> dt.date:
    """Say which day it is at the portal's, whatever zone the reader is in."""
    return timezone.localdate(moment, timezone.get_default_timezone())
