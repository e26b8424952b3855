"""The minutes as pages and as a PDF, in the language of the reader: names put to the ids."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, pgettext
from django.utils.translation import gettext as _

from evaluation.models import Expert, PanelMeeting
from evaluation.panel.minutes import seen_by
from evaluation.panel.states import Choice, Presence, Proposal, Seat
from submissions.printing.filed import breakable
from submissions.printing.paper import Grid, Line, Paper, Part


def paper_of(meeting: PanelMeeting, items: set[str]) -> Paper:
    """Lay out the minutes for somebody who may see these items."""
    document = seen_by(meeting, items)
    names = _names(document)
    activity = str(meeting.activity)
    return Paper(
        language=get_language() or "en",
        rtl=get_language_bidi(),
        banner=_("Confidential: for the members of the panel and the officers."),
        kicker=_("Minutes of a panel meeting"),
        title=str(meeting),
        title_lang=get_language() or "en",
        facts=_facts(meeting, document, activity),
        parts=[_attendance(document, names), *(_item(one, names) for one in document["items"])],
        seal_heading="",
        seal_lines=[],
        footer=f"{document['meeting']['activity']} · {meeting.number}",
        page_word=_("Page"),
    )


def _names(document: dict[str, Any]) -> dict[str, str]:
    """Return the names of the members by id; who was erased has the name that is left."""
    keys = [UUID(one["expert"]) for one in document["members"]]
    rows = Expert.objects.filter(pk__in=keys).select_related("user")
    return {str(one.pk): str(one) for one in rows}


def moment(text: str | None) -> str:
    if not text:
        return "–"
    at = timezone.localtime(dt.datetime.fromisoformat(text), timezone.get_default_timezone())
    return date_format(at, "DATETIME_FORMAT")


def _facts(meeting: PanelMeeting, document: dict[str, Any], activity: str) -> list[Line]:
    told, quorum = document["meeting"], document["quorum"]
    came = _("%(attended)d of %(members)d members attended; %(wanted)d make the quorum.") % quorum
    return [
        Line(_("Activity"), activity),
        Line(pgettext("of a meeting", "Where"), told["place"]),
        Line(_("Opened on"), moment(told["opened_at"])),
        Line(_("Closed on"), moment(told["closed_at"])),
        Line(_("Ballot"), _("secret ballot") if told["ballot"] == "secret" else _("open ballot")),
        Line(_("Quorum"), came),
        Line(_("Majority"), rule()),
        Line("SHA-256", breakable(meeting.minutes_hash)),
    ]


def rule() -> str:
    """Say how a vote becomes a proposal."""
    return _(
        "Two thirds of the members who may take part must be present. The panel proposes what "
        "more than half of the votes say that were cast, abstentions not counted. Otherwise there "
        "is no proposal, and the officers decide with a reason."
    )


def _attendance(document: dict[str, Any], names: dict[str, str]) -> Part:
    rows = [
        [
            names.get(one["expert"], "–"),
            capfirst(str(Seat(one["seat"]).label)),
            capfirst(str(Presence(one["attendance"]).label)),
            moment(one["present_from"]),
            moment(one["left_at"]),
        ]
        for one in document["members"]
    ]
    columns = [_("Name"), _("Seat"), _("Attendance"), _("Present from"), _("Left at")]
    return Part(_("Attendance"), [], [Grid("", columns, rows)], [], [])


def _item(one: dict[str, Any], names: dict[str, str]) -> Part:
    heading = _("Item %(number)d") % {"number": one["item"]}
    if one.get("hidden"):
        said = Line(_("Not shown"), _("The reader takes no part in this item."))
        return Part(heading, [said], [], [], [])
    lines = [
        Line(_("Lead reviewer"), names.get(one["lead"] or "", "–")),
        Line(_("Left the room for a conflict of interest"), _people(one["away"], names)),
        Line(_("Notes of the discussion"), one["notes"] or "–"),
        Line(_("Conclusion of the lead reviewer"), one["conclusion"] or "–"),
        *_annulled(one),
        *_vote(one),
    ]
    votes = [[names.get(expert, "–"), str(Choice(choice).label)] for expert, choice in one["said"]]
    grids = [Grid(_("Votes by name"), [_("Name"), _("Vote")], votes)] if votes else []
    return Part(f"{heading}: {one['number']} {one['title']}", lines, grids, [], [])


def _people(keys: list[str], names: dict[str, str]) -> str:
    return " · ".join(sorted(names.get(key, "–") for key in keys)) or _("Nobody.")


def _annulled(one: dict[str, Any]) -> list[Line]:
    told = one.get("annulled", ())  # older minutes do not tell
    return [Line(_("Vote annulled"), f"{moment(each['at'])}: {each['reason']}") for each in told]


def _vote(one: dict[str, Any]) -> list[Line]:
    if not one["proposal"]:
        return [Line(_("Vote"), _("Not voted on."))]
    counts = " · ".join(
        f"{capfirst(str(choice.label))}: {one['votes'].get(choice.value, 0)}" for choice in Choice
    )
    room = _("%(present)d of the %(possible)d who may take part") % one
    return [
        Line(_("Present at the vote"), room),
        Line(_("Vote"), counts),
        Line(_("Proposal of the panel"), capfirst(str(Proposal(one["proposal"]).label))),
    ]
