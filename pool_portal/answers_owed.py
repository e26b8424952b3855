"""What an enterprise was asked and has not answered: the lines of its work with a last day."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.enquiries.states import WAITING
from catalog.measure_states import HEARD
from catalog.models import Enquiry, ListingMeasure
from catalog.states import TechnologyStatus
from evaluation.clarifications.states import ClarificationStatus
from evaluation.models import Clarification, Objection, Verification
from pool_portal.work_items import SHOWN, Item
from submissions.models import Declaration


def answers_owed(user: User) -> Iterator[Item]:
    """Yield what waits for an answer, kind by kind, each the most urgent first."""
    yield from _questions(user)
    yield from _appointments(user)
    yield from _objections(user)
    yield from _notices(user)
    yield from _enquiries(user)


def _questions(user: User) -> Iterator[Item]:
    put = Clarification.objects.with_right(user, "answer")
    rows = put.filter(status=ClarificationStatus.PASSED_ON)
    rows = rows.select_related("assignment__case__declaration__organisation")
    for one in rows.order_by("due_on", "pk")[:SHOWN]:
        declaration = one.assignment.case.declaration
        yield _item(
            declaration, "evaluation:clarification-list", _("A question to answer"), one.due_on
        )


def _appointments(user: User) -> Iterator[Item]:
    arranged = Verification.objects.with_right(user, "answer")
    rows = arranged.filter(answer="", held_at__gt=now())
    rows = rows.select_related("case__declaration__organisation")
    for one in rows.order_by("held_at", "pk")[:SHOWN]:
        day = localtime(one.held_at).date()
        declaration = one.case.declaration
        yield _item(declaration, "evaluation:verification-list", _("An appointment to answer"), day)


def _objections(user: User) -> Iterator[Item]:
    admitted = Objection.objects.with_right(user, "respond")
    rows = admitted.filter(responded_at=None, respond_until__gte=localdate())
    rows = rows.select_related("case__declaration__organisation")
    for one in rows.order_by("respond_until", "pk")[:SHOWN]:
        url = reverse("evaluation:objection-list", args=[one.case.declaration_id])
        label = _("Objection %(number)s to answer") % {"number": one.number}
        note = _until(one.case.declaration.organisation.name, one.respond_until)
        page = f"{url}#objection-{one.pk}"
        yield Item(str(one.case.declaration), page, note, {"label": label, "tone": "warning"})


def _notices(user: User) -> Iterator[Item]:
    asked = ListingMeasure.objects.with_right(user, "answer")
    rows = asked.filter(kind__in=HEARD, answer="", due_on__gte=localdate())
    for one in rows.select_related("technology__holder").order_by("due_on", "pk")[:SHOWN]:
        yield Item(
            one.technology.title,
            reverse("catalog:listing", args=[one.technology_id]),
            _until(one.technology.holder.name, one.due_on),
            {"label": _("A notice to answer"), "tone": "warning"},
        )


def _enquiries(user: User) -> Iterator[Item]:
    asked = Enquiry.objects.with_right(user, "answer")
    rows = asked.filter(status__in=WAITING, technology__status=TechnologyStatus.LISTED)
    for one in rows.select_related("technology__holder").order_by("waits_since", "pk")[:SHOWN]:
        since = date_format(localtime(one.waits_since), "DATE_FORMAT")
        waits = str(_("since %(day)s") % {"day": since})
        yield Item(
            one.technology.title,
            reverse("catalog:holder-enquiry", args=[one.technology_id, one.pk]),
            f"{one.technology.holder.name} · {waits}",
            {"label": _("An enquiry to answer"), "tone": "warning"},
        )


def _item(declaration: Declaration, name: str, label: str | Promise, day: Any) -> Item:
    url = reverse(name, args=[declaration.pk])
    note = _until(declaration.organisation.name, day)
    return Item(str(declaration), url, note, {"label": label, "tone": "warning"})


def _until(name: str, day: Any) -> str:
    until = str(_("until %(day)s") % {"day": date_format(day, "DATE_FORMAT")})
    return f"{name} · {until}"
