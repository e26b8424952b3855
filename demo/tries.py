"""Where the less obvious parts are seen: panel, objections, letters, measures, enquiries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Enquiry, ListingMeasure
from demo import people, plan
from demo.enquiries import WAITING
from demo.letters import VISITED
from demo.panels import TO_COME
from demo.people import Person
from demo.plan import Destiny
from evaluation.models import Case, FeedbackLetter, Objection, PanelMeeting, Verification


@dataclass(frozen=True, slots=True)
class Try:
    """One thing to do: by whom (nobody: without signing in), and where it begins."""

    label: str | Promise
    who: Person | None
    url: str


def found() -> list[Try]:
    """Return what can be tried of what the load has brought so far."""
    return [*_panel(), *_objection(), *_letter(), *_appointment(), *_measure(), *_enquiry()]


def _panel() -> Iterator[Try]:
    one = PanelMeeting.objects.filter(activity__code=plan.REVIEW_ROUND, title=TO_COME).first()
    if one is not None:
        yield Try(_("Run the meeting of the panel"), people.OFFICER, _desk("panelmeeting", one.pk))
        member = people.EXPERTS[1].person
        yield Try(_("Attend the panel, read the papers"), member, _page("panel", one.pk))


def _objection() -> Iterator[Try]:
    case = _case(plan.OBJECTED_TO.technology)
    if case is None or case.publicity_ends_at is None:
        return
    yield Try(_("Read an entry and object to it"), None, _page("publicity-entry", case.pk))
    yield Try(_("Confirm it: open the mail that went to you"), None, reverse("demo:mail-list"))
    put = Objection.objects.filter(case=case, admitted_at__isnull=False).order_by("-place").first()
    if put is not None:
        page = _page("objection-list", case.declaration_id)
        yield Try(_("Answer an objection to your entry"), people.OWNER, page)
        yield Try(_("Rule on an objection"), people.THIRD_OFFICER, _desk("objection", put.pk))


def _letter() -> Iterator[Try]:
    listed = plan.INVENTED_IN_THE_LISTED_ROUND
    case = _case(*(one.technology for one in listed if one.destiny == Destiny.NOT_INCLUDED))
    letter = FeedbackLetter.objects.filter(case=case).first() if case else None
    if case is not None and letter is not None:
        page = _page("decision-letter", case.declaration_id)
        yield Try(_("Read the feedback letter to your firm"), people.OWNER, page)
        desk = _desk("feedbackletter", letter.pk)
        yield Try(_("See how a feedback letter is written"), people.OFFICER, desk)


def _appointment() -> Iterator[Try]:
    case = _case(VISITED)
    row = Verification.objects.filter(case=case).first() if case else None
    if case is not None and row is not None:
        page = _page("verification-list", case.declaration_id)
        yield Try(_("Read of the on-site appointment"), people.OWNER, page)
        desk = _desk("verification", row.pk)
        yield Try(_("See what was found on site"), people.OFFICER, desk)


def _measure() -> Iterator[Try]:
    key = plan.key_of(plan.IN_DOUBT)
    rows = ListingMeasure.objects.filter(technology__case__declaration__start_key=key)
    one = rows.order_by("pk").first()
    if one is not None:
        page = reverse("catalog:listing", args=[one.technology_id])
        yield Try(_("Answer before a listing is suspended"), people.OWNER, page)
        desk = reverse("admin:catalog_listingmeasure_change", args=[one.pk])
        yield Try(_("Confirm a suspension, or drop it"), people.SECOND_OFFICER, desk)


def _enquiry() -> Iterator[Try]:
    rows = Enquiry.objects.filter(address=WAITING.address)
    one = rows.first()
    if one is not None:
        form = reverse("catalog:enquiry-form", args=[one.technology_id])
        yield Try(_("Ask the holder of a technology"), None, form)
        page = reverse("catalog:holder-enquiry", args=[one.technology_id, one.pk])
        yield Try(_("Answer an enquiry about your technology"), people.OWNER, page)


def _case(*technologies: str) -> Case | None:
    keys = [plan.key_of(one) for one in technologies]
    return Case.objects.filter(declaration__start_key__in=keys).first()


def _page(name: str, key: UUID) -> str:
    return reverse(f"evaluation:{name}", args=[key])


def _desk(model: str, key: Any) -> str:
    return reverse(f"admin:evaluation_{model}_change", args=[key])
