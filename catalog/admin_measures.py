"""The officers' desk of measures on listings."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog import renewing
from catalog.measure_forms import ConfirmForm, ProposeForm
from catalog.measure_states import MeasureStatus
from catalog.measures import MEASURES
from catalog.models import ListingMeasure, Technology
from catalog.proposing import propose
from core import acts, rights
from core.admin import ServiceAdmin, StepsAdmin
from core.beside import Link, beside
from core.errors import DomainError
from core.lifecycle import Transition

acts.name(
    {
        "listing measure.proposed": _("Measure proposed"),
        "technology.renewal_asked": _("Renewal asked for"),
    }
)
OF_ANOTHER = frozenset({"confirm", "send_back"})  # steps of an officer who did not propose it


class ListingMeasureAdmin(StepsAdmin[ListingMeasure], ServiceAdmin[ListingMeasure]):
    """Proposed on the form; another officer confirms it on its page."""

    workflow = MEASURES
    form = ProposeForm
    step_forms = {"confirm": ConfirmForm}
    places = {"technology": "number"}
    list_display = ("number", "title", "kind", "status", "proposed_by", "proposed_at", "due_on")
    list_filter = ("status", "kind")
    list_select_related = ("technology", "proposed_by")
    search_fields = ("technology__number", "technology__titles")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListingMeasure]:
        return super().get_queryset(request).select_related("technology", "proposed_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False if obj is not None else super().has_change_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"number": request.GET.get("number", ""), "kind": request.GET.get("kind", "")}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("number", "kind", "reason", "statement", "evidence", "due_on", "at_once",
                    "valid_until")  # fmt: skip
        return ("technology", "kind", "status", "reason", "statement", "evidence", "valid_until",
                "at_once", "lapses_at", "due_on", "answer", "answered_at", "proposed_by",
                "proposed_at", "confirmed_by", "confirmed_at", "dropped_because")  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj is not None else ()

    def steps_of(self, request: HttpRequest, obj: ListingMeasure) -> list[Transition]:
        """Leave to the one who proposed it what is theirs, and to the others what is not."""
        mine = obj.proposed_by_id == request.user.pk
        offered = super().steps_of(request, obj)
        return [step for step in offered if not (mine and step.name in OF_ANOTHER)]

    def why_not(self, request: HttpRequest, obj: ListingMeasure, transition: Transition) -> str:
        if obj.proposed_by_id == request.user.pk and obj.status == MeasureStatus.PROPOSED:
            return gettext("A second officer decides on the measure: you proposed it yourself.")
        return super().why_not(request, obj, transition)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        technology = Technology.objects.get(number=form.cleaned_data["number"])
        if not rights.can(request.user, "propose", technology):
            raise DomainError(gettext("You may not propose anything here."), field="number")
        made = propose(
            technology.pk,
            actor=request.user,  # type: ignore[arg-type]  # the gate let no one else in
            **form.given(),
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    @admin.display(description=_("number"), ordering="technology__number")
    def number(self, one: ListingMeasure) -> str:
        return one.technology.number

    @admin.display(description=_("title"))
    def title(self, one: ListingMeasure) -> str:
        return one.technology.title


@beside(Technology)
def measures_of(technology: Technology, person: Any) -> Iterator[Link]:
    """Lead to the measures there were, and to the form of the next one."""
    rows = ListingMeasure.objects.visible_to(person).filter(technology=technology)
    for one in rows.select_related("technology"):
        url = reverse("admin:catalog_listingmeasure_change", args=[one.pk])
        said = f"{one.get_kind_display()} – {one.get_status_display()}"
        yield Link(_("Measure"), said, url)
    asked = renewing.standing_request(technology)
    if asked is not None:
        day = date_format(asked.asked_at)
        said = gettext("asked for by the holder on %(day)s") % {"day": day}
        yield Link(_("Renewal"), said, reverse("catalog:technology-detail", args=[technology.pk]))
    if rights.can(person, "propose", technology):
        url = f"{reverse('admin:catalog_listingmeasure_add')}?number={technology.number}"
        yield Link(_("Measure"), gettext("Propose a measure"), url)


@beside(ListingMeasure)
def listing_of(measure: ListingMeasure, _person: Any) -> Iterator[Link]:
    url = reverse("admin:catalog_technology_change", args=[measure.technology_id])
    yield Link(_("Technology"), f"{measure.technology.number} {measure.technology.title}", url)


PAGES: dict[Any, Any] = {ListingMeasure: ListingMeasureAdmin}
