"""What the enterprise is told about a declaration whose technology stands in the catalogue."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalog.models import Technology
from catalog.states import TechnologyStatus
from submissions.models import Declaration
from submissions.standing import Event, Page, Standing

TONES = {
    TechnologyStatus.LISTED: "success",
    TechnologyStatus.SUSPENDED: "warning",
    TechnologyStatus.EXPIRED: "warning",
    TechnologyStatus.WITHDRAWN: "neutral",
    TechnologyStatus.REVOKED: "danger",
}


def of(declarations: list[Declaration]) -> Mapping[UUID, Standing]:
    """Return the standing of those that came into the catalogue; one query."""
    found = Technology.objects.filter(case__declaration__in=declarations).select_related("case")
    return {one.case.declaration_id: _standing(one) for one in found if one.case}


def _standing(technology: Technology) -> Standing:
    return Standing(
        label=capfirst(technology.get_status_display()),
        tone=TONES[TechnologyStatus(technology.status)],
        url=reverse("catalog:technology-detail", args=[technology.pk]),
        url_label=_("Public page of %(number)s") % {"number": technology.number},
        events=tuple(_events(technology)),
        pages=(Page(_("Your listing"), reverse("catalog:listing", args=[technology.pk])),),
    )


def _events(technology: Technology) -> list[Event]:
    number = technology.number
    listed = Event(
        _("Listed as %(number)s") % {"number": number}, technology.listed_at, tone="success"
    )
    if technology.status == TechnologyStatus.LISTED:
        return [listed]
    status = TechnologyStatus(technology.status)
    return [listed, Event(capfirst(status.label), technology.changed_at, tone=TONES[status])]
