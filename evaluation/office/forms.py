"""What officers fill in at the steps of a case, and about experts and criteria."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Case as When
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models import When as Is
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.forms import StepForm
from core.moments import written
from core.sentences import follow
from evaluation.conflicts import earlier
from evaluation.conflicts import finding as conflicts
from evaluation.conflicts.knowing import KNOWS, knowing
from evaluation.models import (
    ActivityCriteria,
    Case,
    CriteriaChange,
    Decision,
    Expert,
)
from evaluation.office import still_missing
from evaluation.panel import deciding, pages
from evaluation.planning.forms import DUE_HELP, end_of
from evaluation.results import case_result
from evaluation.states import HANDED_IN, MOST_FURTHER, STANDING
from evaluation.words import VERDICTS
from submissions.models import Activity
from submissions.states import ActivityStatus

MOST_EXPERTS = 200  # on one page; those nearest to the declaration's sub-category come first


class ExpertChoices(forms.CheckboxSelectMultiple):
    """Check boxes of which some cannot be ticked; their labels say why."""

    disabled: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.disabled:
            option["attrs"]["disabled"] = True
        return option


class AssignForm(StepForm):
    """Whom to ask, and until when. Shows each expert's load and what stands against each."""

    experts = forms.MultipleChoiceField(
        label=_("Experts"), widget=ExpertChoices(attrs={"class": "radiolist"})
    )
    due_on = forms.DateField(
        label=_("Score sheets are due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=DUE_HELP,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case: Case = self.obj
        self.pool = list(candidates(case)[:MOST_EXPERTS])
        field: Any = self.fields["experts"]
        judged = earlier.told(case.declaration_id, [one.pk for one in self.pool], self.actor)
        field.choices = [(str(one.pk), _label(one, judged.get(one.pk, ()))) for one in self.pool]
        field.widget.disabled = frozenset(str(one.pk) for one in self.pool if _hindrance(one))
        field.help_text = _(
            "Score sheets wanted: %(wanted)d. Experts asked and not declined: %(asked)d."
        ) % {"wanted": case.experts_wanted, "asked": case.assignments.standing().count()}

    def inputs(self) -> dict[str, Any]:
        by_id = {str(one.pk): one for one in self.pool}
        chosen = [by_id[pk] for pk in self.cleaned_data["experts"]]
        return {"experts": chosen, "due_at": end_of(self.cleaned_data["due_on"])}


def candidates(case: Case) -> QuerySet[Any]:
    """Return the experts who are available, the nearest to the subject first."""
    subcategory = case.declaration.subcategory
    pool = conflicts.against(Expert.objects.available(), case.declaration)
    found: QuerySet[Any] = (
        pool.select_related("user", "employer")
        .annotate(
            load=Count(
                "assignments",
                filter=Q(assignments__status__in=STANDING)
                & ~Q(assignments__sheet__status__in=HANDED_IN),
                distinct=True,
            ),
            asked=Exists(case.assignments.answered_or_open().filter(expert=OuterRef("pk"))),
            knows=When(Is(knowing(case.pk), then=Value(True)), default=Value(False)),
            nearness=_nearness(subcategory),
        )
        .order_by("nearness", "load", "user__name", "pk")
    )
    return found


def _nearness(subcategory: Any) -> Any:
    """0: in the sub-category; 1: in the field; 2: elsewhere."""
    if subcategory is None:
        return Value(2)
    inside = Expert.objects.filter(subcategories=subcategory).values("pk")
    near = Expert.objects.filter(fields=subcategory.field_id).values("pk")
    return When(
        Is(pk__in=inside, then=Value(0)),
        Is(pk__in=near, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _label(expert: Any, judged: Iterable[str]) -> str:
    load = ngettext("%(count)d open assignment", "%(count)d open assignments", expert.load) % {
        "count": expert.load
    }
    near = (gettext("in the sub-category"), gettext("in the field"), gettext("another field"))
    said = [_hindrance(expert), follow(*judged)]
    parts = [str(expert), expert.employer_name, near[expert.nearness], load, *said]
    return " · ".join(part for part in parts if part)


def _hindrance(expert: Any) -> str:
    """Say why this expert cannot be chosen; empty when nothing stands against it."""
    if expert.asked:
        return gettext("asked already")
    if expert.knows:
        return str(KNOWS)
    if expert.cap is not None and expert.load >= expert.cap:
        return gettext("wants no more than %(cap)d at a time") % {"cap": expert.cap}
    return follow(*(conflict.reason for conflict in conflicts.reasons(expert)))


class DecideForm(StepForm):
    """The outcome, and what the enterprise will read about it."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
    )
    statement = forms.CharField(
        label=_("Statement to the enterprise"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("It is sent when a second officer releases the decision. Name no expert."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        result = case_result(self.obj)
        self.fields["outcome"].help_text = _(
            "Total: %(total)s points. By the figures: %(verdict)s."
        ) % {
            "total": result["total"]["mean"],
            "verdict": VERDICTS[result["verdict"]]["label"],
        }
        self.spoken = deciding.spoken(self.obj)
        if self.spoken is not None:
            self.fields["reason"] = forms.CharField(
                label=_("Reason, if you decide otherwise than the panel"),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("It is kept with the decision. The enterprise does not read it."),
            )

    def facts(self) -> list[tuple[Any, Any]]:
        """Show what the panel proposes, where it has spoken, and where it is to speak again."""
        told = still_missing.facts(self)
        if self.spoken is not None:
            said = f"{capfirst(self.spoken.get_proposal_display())} ({self.spoken.meeting})"
            told.append((_("Proposal of the panel"), said))
        to_come = pages.to_come(self.obj)
        if to_come is not None and deciding.may_be_decided(self.obj):
            where = _("“%(meeting)s”, %(moment)s: once it is decided there is no vote on it there.")
            named = {"meeting": to_come, "moment": written(to_come.starts_at)}
            told.append((_("On an agenda still"), where % named))
        return told


class AskFurtherForm(StepForm):
    """How many opinions are wanted beside those that were."""

    more = forms.IntegerField(
        label=_("Further experts wanted"),
        min_value=0,
        max_value=MOST_FURTHER,
        initial=0,
        help_text=_("Beside those who are missing. The figures of the activity propose where."),
    )


class CancelAssignmentForm(StepForm):
    """Why an expert is released, and who looks for another one."""

    by_hand = forms.BooleanField(
        label=_("I look for another expert myself, or none is needed"),
        required=False,
        help_text=_("Otherwise the plan that asked this expert draws another one at once."),
    )


class ExcludeForm(StepForm):
    """Why a sheet that is in counts no more, and where that is known from."""

    evidence = forms.CharField(
        label=_("Supporting evidence"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where the conflict is known from: a register, a letter, a page of the web."),
    )

    def facts(self) -> list[tuple[Any, Any]]:
        return [
            (_("Expert"), self.obj.assignment.expert),
            (
                _("What follows"),
                gettext(
                    "The sheet stays as it is and counts no more. The result is worked out anew, "
                    "both results are kept, and a decision that is not released is sent back."
                ),
            ),
        ]


class ActivityCriteriaForm(forms.ModelForm[ActivityCriteria]):
    """By what an activity in preparation will be judged."""

    class Meta:
        model = ActivityCriteria
        fields = ("activity", "criteria_set", "experts_wanted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "activity" in self.fields:
            prepared = Activity.objects.filter(status=ActivityStatus.PREPARED)
            self.fields["activity"].queryset = prepared.filter(criteria=None)  # type: ignore[attr-defined]  # a model choice


class CriteriaChangeForm(forms.ModelForm[CriteriaChange]):
    """Another version of the criteria for an activity that was opened, and why."""

    class Meta:
        model = CriteriaChange
        fields = ("activity", "criteria_set", "reason")
        help_texts = {"reason": _("It is published beside the notice.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "activity" in self.fields:
            opened = Activity.objects.filter(criteria__isnull=False).exclude(
                status__in=(ActivityStatus.PREPARED, ActivityStatus.CONCLUDED)
            )
            self.fields["activity"].queryset = opened  # type: ignore[attr-defined]  # a model choice
