"""What an expert fills in: the answer to an invitation, and the scores."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import StepForm, helper
from evaluation import confidentiality
from evaluation.criteria.asking import must_be_explained
from evaluation.models import Indicator, ScoreSheet
from evaluation.score_saving import Given, Scores


class AcceptForm(StepForm):
    """What an expert says before the content opens; the promise once in an activity."""

    no_conflict = forms.BooleanField(
        label=_("I have no conflict of interest with any of these organisations."),
        help_text=_(
            "You or a near relative work or worked there, advised it, hold shares, invented or "
            "judged with it, or anything else ties you to it: then declare a conflict below."
        ),
        error_messages={"required": _("Without this the declaration cannot be opened to you.")},
    )
    confidential = forms.BooleanField(
        label=_("I promise confidentiality for this activity."),
        error_messages={"required": _("Without this the declaration cannot be opened to you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confidential"].help_text = confidentiality.text()
        if confidentiality.is_signed(self.obj):
            del self.fields["confidential"]


class RecuseForm(StepForm):
    """Which conflict an expert has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("I have a conflict of interest, because")
        self.fields["reason"].help_text = _("Officers read it. It is kept as evidence.")


class LateConflictForm(RecuseForm):
    """The same, once the score sheet is in: it will no longer count."""


class DeclineForm(StepForm):
    """Why an expert does not score."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "For example: no time, outside my field. Officers read it."
        )


class KeyForm(forms.Form):
    """Where a page of a list begins."""

    after = forms.CharField(max_length=100, required=False)

    def key(self) -> str:
        return self.cleaned_data["after"] if self.is_valid() else ""


class ScoreForm(forms.Form):
    """A whole score sheet: a score and a comment per indicator, and one comment over all."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Overall comment"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, sheet: ScoreSheet, indicators: list[Indicator], **kwargs: Any
    ) -> None:
        self.indicators = indicators
        super().__init__(*args, **kwargs)
        self.initial = _stored(sheet)
        best = sheet.assignment.case.criteria_set.best
        for indicator in indicators:
            self.fields[f"value_{indicator.pk}"] = _value_field(indicator, best)
            self.fields[f"comment_{indicator.pk}"] = _comment_field(indicator)
            if indicator.not_applicable:
                self.fields[f"without_{indicator.pk}"] = _without_field(indicator)
        self.helper: FormHelper = helper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for one in self.indicators:
            if cleaned.get(f"without_{one.pk}") and cleaned.get(f"value_{one.pk}") is not None:
                self.add_error(
                    f"value_{one.pk}", _("Give a score, or say that it does not apply: not both.")
                )
        return cleaned

    def scores(self) -> Scores:
        """Return what was given, as ``save_scores`` takes it; of the page or, unsent, as stored."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return {
            one.pk: Given(
                value=data.get(f"value_{one.pk}"),
                comment=data.get(f"comment_{one.pk}", ""),
                not_applicable=bool(data.get(f"without_{one.pk}")),
            )
            for one in self.indicators
        }

    def comment_wanted(self, indicator: Indicator) -> bool:
        """Say whether the page shows an answer that needs a comment and has none."""
        given = self.scores()[indicator.pk]
        return not given.comment.strip() and must_be_explained(
            indicator, given.value, not_applicable=given.not_applicable
        )


def _stored(sheet: ScoreSheet) -> dict[str, Any]:
    initial: dict[str, Any] = {"revision": sheet.revision, "comment": sheet.comment}
    for score in sheet.scores.all():
        initial[f"value_{score.indicator_id}"] = score.value
        initial[f"comment_{score.indicator_id}"] = score.comment
        initial[f"without_{score.indicator_id}"] = score.not_applicable
    return initial


def _without_field(indicator: Indicator) -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Not applicable"),
        required=False,
        widget=forms.CheckboxInput(
            attrs={
                "class": "score-without",
                "aria-label": _("“%s” does not apply to this declaration") % indicator.name,
            }
        ),
    )


def _value_field(indicator: Indicator, best: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Score"),
        required=False,
        min_value=0,
        max_value=best,
        widget=forms.NumberInput(
            attrs={
                "class": "score-input",
                "inputmode": "numeric",
                "aria-label": _("Score for “%(indicator)s”, from 0 to %(best)d")
                % {"indicator": indicator.name, "best": best},
                "data-weight": indicator.weight,
                "data-best": best,
                # In these bands an answer needs a comment.
                "data-best-from": indicator.bands[0]["from"],
                "data-worst-to": indicator.bands[-1]["to"],
            }
        ),
    )


def _comment_field(indicator: Indicator) -> forms.CharField:
    return forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(
            attrs={"rows": 2, "aria-label": _("Comment on “%s”") % indicator.name}
        ),
    )
