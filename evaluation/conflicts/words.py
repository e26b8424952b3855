"""A connection in one sentence: what kind, with whom, when, and where it is known from."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models import Connection

# Asked for with each expert, as JSON, in the query that looks for conflicts.
ASKED = (
    "kind",
    "person_id",
    "organisation_name",
    "began_on",
    "ended_on",
    "source",
    "person__name",
    "other_person__name",
    "organisation__name_en",
    "organisation__name_zh",
    "other_organisation__name_en",
    "other_organisation__name_zh",
)


def sentence(found: Mapping[str, Any]) -> str:
    """Return a connection, as ``ASKED`` has it, in words for officers."""
    return _("%(kind)s: %(ends)s; %(dates)s. Source: %(source)s") % {
        "kind": Connection.Kind(found["kind"]).label,
        "ends": " – ".join(_ends(found)),
        "dates": dates(_day(found["began_on"]), _day(found["ended_on"])),
        "source": found["source"] or "–",
    }


def dates(began: dt.date | None, ended: dt.date | None) -> str:
    since = date_format(began, "SHORT_DATE_FORMAT") if began else _("beginning unknown")
    until = date_format(ended, "SHORT_DATE_FORMAT") if ended else _("goes on")
    return since if began and began == ended else f"{since} – {until}"


def _ends(found: Mapping[str, Any]) -> list[str]:
    """Name both ends; of an expert and an organisation the organisation says it."""
    if found["other_person__name"]:
        return [found["person__name"], found["other_person__name"]]
    if found["person_id"]:
        return [found["organisation_name"] or "–"]
    houses = ("organisation", "other_organisation")
    return [found[f"{one}__name_en"] or found[f"{one}__name_zh"] or "–" for one in houses]


def _day(written: str | dt.date | None) -> dt.date | None:
    """Return a day, as a row has it or as JSON does."""
    return dt.date.fromisoformat(written) if isinstance(written, str) else written
