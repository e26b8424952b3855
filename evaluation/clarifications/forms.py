"""What is filled in about questions to the enterprise: by experts, officers, the enterprise."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.forms import StepForm, helper
from evaluation.clarifications import clarifying
from evaluation.clarifications.places import choices_of, words_of
from evaluation.models import Assignment, Clarification
from submissions.scheme import Scheme

DAYS = 7  # that are proposed for an answer


class AskForm(forms.Form):
    """A question about one part of the declaration."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.ChoiceField(label=_("What the question is about"), required=False)
    question = forms.CharField(
        label=_("Your question to the enterprise"),
        max_length=clarifying.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Write nothing that shows who you are. An officer reads the question first and may "
            "word it differently."
        ),
    )

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.choices = choices_of(scheme)
        self.initial.setdefault("key", uuid.uuid4())
        self.helper = helper()

    def asked(self) -> dict[str, Any]:
        section, _dot, field = self.cleaned_data["place"].partition(".")
        values = self.cleaned_data
        question = {"key": values["key"], "question": values["question"]}
        return {**question, "section": section, "field": field}


class AnswerForm(StepForm):
    """What the enterprise answers."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=clarifying.LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("It cannot be changed once it is sent. It does not change the declaration."),
    )


class PassOnForm(StepForm):
    """How the enterprise reads the question, and until when it may answer."""

    wording = forms.CharField(
        label=_("Question as the enterprise reads it"),
        max_length=clarifying.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Take out what shows who asked. The enterprise and all experts of the case read it; "
            "what the expert wrote stays here."
        ),
    )
    due_on = forms.DateField(
        label=_("To be answered until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Until the end of this day, Beijing time."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clarifying.day_of(database_now())
        self.fields["wording"].initial = self.obj.question
        self.fields["due_on"].initial = today + dt.timedelta(days=DAYS)

    def facts(self) -> list[tuple[Any, Any]]:
        return [*_facts(self.obj), (_("First score sheet due"), _first_due(self.obj))]


class DeclineClarificationForm(StepForm):
    """Why a question is not passed on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "The expert who asked reads it. The enterprise learns nothing of the question."
        )

    def facts(self) -> list[tuple[Any, Any]]:
        return _facts(self.obj)


def _facts(row: Clarification) -> list[tuple[Any, Any]]:
    return [
        (_("Expert"), row.assignment.expert),
        (_("What the question is about"), words_of(row)),
        (_("Question of the expert"), row.question),
    ]


def _first_due(row: Clarification) -> str:
    waiting = Assignment.objects.unfinished().filter(case=row.assignment.case_id)
    due: dt.datetime | None = waiting.aggregate(first=Min("due_at"))["first"]
    if due is None:
        return gettext("not stated")
    return date_format(timezone.localtime(due, timezone.get_default_timezone()), "Y-m-d")
