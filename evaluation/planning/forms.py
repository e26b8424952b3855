"""What officers fill in about plans."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.forms import StepForm
from evaluation.models import AssignmentPlan, Case
from evaluation.planning import differences, facts
from evaluation.planning.states import DRAWN
from evaluation.planning.told import seed_in_words
from evaluation.planning.undoing import staying
from evaluation.relations import ASSIGNABLE
from submissions.models import Activity

# What publishing a plan and asking experts by hand do with the day (reminders, attendance, order).
DUE_HELP = _(
    "Until the end of this day, Beijing time. Empty: no day is set. The experts are asked without "
    "one and not reminded of their score sheets, and no sheet counts as missed."
)
MOST_OFFERED = 10  # activities whose pool is looked at before one is chosen


class PlanForm(forms.ModelForm[AssignmentPlan]):
    """A plan as it is asked for."""

    class Meta:
        model = AssignmentPlan
        fields = ("activity", "name", "need", "cap", "per_organisation", "specialists",
                  "economists", "base", "price")  # fmt: skip


def activities_for(person: Any) -> QuerySet[Activity]:
    """Return the activities in which declarations wait for experts."""
    waits = Case.objects.filter(declaration__activity=OuterRef("pk"), status__in=ASSIGNABLE)
    return Activity.objects.with_right(person, "manage").filter(Exists(waits))


class BeginForm(forms.Form):
    """For which activity a plan is begun; none: for any that waits."""

    activity = forms.ModelChoiceField(queryset=Activity.objects.none(), required=False)

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = activities_for(person).order_by("pk")
        self.fields["activity"].queryset = self.offered  # type: ignore[attr-defined]  # a model choice

    def activities(self) -> list[Activity]:
        chosen = self.cleaned_data["activity"] if self.is_valid() else None
        return [chosen] if chosen else list(self.offered[:MOST_OFFERED])


def bases_for(person: Any) -> QuerySet[AssignmentPlan]:
    """Return the plans that were drawn."""
    found = AssignmentPlan.objects.visible_to(person).filter(status__in=DRAWN)
    return found.select_related("activity")


class PublishForm(StepForm):
    """When the sheets are due; shows what is about to be done, and what changed since."""

    due_on = forms.DateField(
        label=_("Score sheets are due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=DUE_HELP,
    )

    def facts(self) -> list[tuple[Any, Any]]:
        plan: AssignmentPlan = self.obj
        new = plan.seats.filter(standing=False)
        found = differences.since(plan, plan.inputs.document, facts.read(plan.activity), self.actor)
        changed = "\n".join(str(one.sentence) for one in found)
        return [
            (_("Invitations"), str(new.count())),
            (_("Experts asked"), str(new.values("expert").distinct().count())),
            (_("Seed of the draw"), seed_in_words(plan)),
            (_("Changed since it was drawn"), changed or _("Nothing.")),
        ]

    def inputs(self) -> dict[str, Any]:
        return {"due_at": end_of(self.cleaned_data["due_on"])}


class UndoForm(StepForm):
    """Why a plan is undone; shows who stays."""

    def facts(self) -> list[tuple[Any, Any]]:
        all_of_them = staying(self.obj)
        seen = all_of_them.filter(case__in=Case.objects.visible_to(self.actor).values("pk"))
        who = seen.select_related("expert__user", "case__declaration").order_by("pk")
        names = [f"{one.case.declaration.number} – {one.expert}" for one in who]
        if hidden := all_of_them.count() - len(names):
            names.append(_not_shown(hidden))
        return [
            (_("These experts have accepted and stay"), "\n".join(names) or _("Nobody.")),
        ]


def _not_shown(number: int) -> str:
    return ngettext(
        "%(number)d more at declarations that you may not see.",
        "%(number)d more at declarations that you may not see.",
        number,
    ) % {"number": number}


class HandForm(forms.Form):
    """The plan that an edit by hand becomes."""

    name = forms.CharField(label=_("Name of the edited plan"), max_length=120)


class CoupleForm(forms.Form):
    """Who comes, and who leaves; where nobody is named, whoever costs least."""

    coming = forms.UUIDField()
    leaving = forms.UUIDField(required=False)

    def couple(self) -> tuple[UUID, UUID | None] | None:
        if not self.is_valid():
            return None
        return self.cleaned_data["coming"], self.cleaned_data["leaving"]


class OtherForm(forms.Form):
    """The plan to compare with."""

    other = forms.ModelChoiceField(label=_("Compare with"), queryset=AssignmentPlan.objects.none())

    def __init__(self, *args: Any, plan: AssignmentPlan, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = bases_for(reader).filter(activity=plan.activity_id).exclude(pk=plan.pk)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]  # a model choice


def end_of(day: dt.date | None) -> dt.datetime | None:
    """Return the last minute of a day in Beijing: midnight would be shown as the next day."""
    if day is None:
        return None
    return dt.datetime.combine(day, dt.time(23, 59), tzinfo=timezone.get_default_timezone())
