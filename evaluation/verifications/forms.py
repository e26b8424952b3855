"""What is filled in about defences and on-site verifications: by officers, and the enterprise."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.holders import holders
from accounts.models import User
from accounts.roles import Role
from core.forms import FilesField, StepForm, helper
from core.moments import written
from core.sentences import follow
from evaluation.conflicts import earlier, found_late
from evaluation.models import Case, Expert, Procedure, Verification
from evaluation.office.forms import MOST_EXPERTS, ExpertChoices
from evaluation.verifications import files, verifying
from evaluation.verifications.states import Answer, Kind, Result


class ArrangeForm(forms.Form):
    """Kind, time and place, what the enterprise prepares, what is verified, who comes."""

    kind = forms.ChoiceField(
        label=_("What is held"), widget=forms.RadioSelect(attrs={"class": "radiolist"})
    )
    held_at = forms.DateTimeField(
        label=_("Date and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Beijing time. The enterprise reads it."),
    )
    place = forms.CharField(
        label=_("Place or link"), max_length=400, help_text=_("The enterprise reads it.")
    )
    prepare = forms.CharField(
        label=_("What the enterprise prepares"),
        max_length=verifying.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The enterprise reads it. Name nobody who judges."),
    )
    points = forms.CharField(
        label=_("What is verified"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One point in a line. Officers and who takes part read it."),
    )
    experts = forms.MultipleChoiceField(
        label=_("Experts taking part"),
        required=False,
        widget=ExpertChoices(attrs={"class": "radiolist"}),
    )
    officers = forms.MultipleChoiceField(
        label=_("Officers taking part"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )

    def __init__(self, *args: Any, case: Case, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pool = Expert.objects.available().select_related("user")
        found = list(pool.order_by("user__name", "pk")[:MOST_EXPERTS])
        self.pool = {str(one.pk): one for one in found}
        self.staff = {str(one.pk): one for one in holders(Role.OFFICER)}
        fields: Any = self.fields
        fields["kind"].choices = [
            (kind.value, kind.label)
            for kind in Kind
            if verifying.asked_for(case, kind) != Procedure.Verified.NONE
        ]
        if len(fields["kind"].choices) == 1:
            fields["kind"].initial = fields["kind"].choices[0][0]
        against = found_late.against(case, found)
        known = earlier.told(case.declaration_id, [one.pk for one in found], reader)
        fields["experts"].choices = [
            (str(one.pk), _label(one, against.get(one.pk, ()), known.get(one.pk, ())))
            for one in found
        ]
        fields["experts"].widget.disabled = frozenset(map(str, against))
        fields["officers"].choices = [(key, str(one)) for key, one in self.staff.items()]
        self.helper = helper()

    def wanted(self) -> verifying.Wanted:
        """Return what was filled in, as ``verifying.arrange`` takes it."""
        given = self.cleaned_data
        people = {
            "experts": [self.pool[key] for key in given["experts"]],
            "officers": [self.staff[key] for key in given["officers"]],
        }
        return verifying.Wanted(**{**given, "points": given["points"].splitlines(), **people})


def _label(expert: Expert, against: Iterable[str], known: Iterable[str]) -> str:
    said = [str(expert), expert.employer_name, follow(*against), follow(*known)]
    return " · ".join(filter(None, said))


class ReportForm(StepForm):
    """What was found: on the whole, and point by point."""

    findings = forms.CharField(
        label=_("Findings"),
        max_length=verifying.LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("It cannot be changed once it is handed in. The enterprise does not read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, point in enumerate(self.obj.points):
            self.fields[f"result_{number}"] = forms.ChoiceField(
                label=point,
                choices=Result.choices,
                widget=forms.RadioSelect(attrs={"class": "radiolist"}),
                error_messages={"required": _("Say what was found of every point.")},
            )
            self.fields[f"note_{number}"] = forms.CharField(
                label=gettext("Note on point %(number)d") % {"number": number + 1},
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        # Laid beside the report before it is handed in; not one of its inputs.
        self.fields["attached"] = FilesField(
            label=_("Files"),
            required=False,
            help_text=_(
                "Photographs, the signed record: PDF, PNG or JPEG, at most %(most)d files of "
                "10 MB each. They are sealed with the report. The panel opens them too: a name "
                "in a file tells it who took part."
            )
            % {"most": files.SHELF.most},
        )

    def inputs(self) -> dict[str, Any]:
        given = self.cleaned_data
        pairs = [
            (given[f"result_{number}"], given[f"note_{number}"])
            for number in range(len(self.obj.points))
        ]
        return {"findings": given["findings"], "results": pairs}

    def facts(self) -> list[tuple[Any, Any]]:
        return facts_of(self.obj)


class CancelForm(StepForm):
    """Why it is not held; the enterprise learns that, and not why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Officers read it. The enterprise is told that the appointment is cancelled."
        )

    def facts(self) -> list[tuple[Any, Any]]:
        return facts_of(self.obj)


def facts_of(row: Verification) -> list[tuple[Any, Any]]:
    """Return when, where, and what the enterprise answered."""
    said = " ".join(filter(None, [str(row.get_answer_display()), row.answer_reason]))
    return [
        (_("Date and time"), written(row.held_at)),
        (_("Place or link"), row.place),
        (_("Answer of the enterprise"), said or "–"),
    ]


class AppointmentForm(StepForm):
    """What the enterprise answers, once."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=Answer.choices,
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
    )
    answer_reason = forms.CharField(
        label=_("Why another date, and which dates suit you"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("You can answer once."),
    )
