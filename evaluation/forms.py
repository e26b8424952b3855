"""What an expert fills in: the answer to an invitation, and the scores."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import StepForm, helper
from evaluation.criteria import COMMENT_ABOVE, COMMENT_BELOW, needs_comment
from evaluation.models import Indicator, ScoreSheet
from evaluation.services import Given


class AcceptForm(StepForm):
    """The commitment an expert makes before the content opens."""

    commitment = forms.BooleanField(
        label=_(
            "I have no conflict of interest with this organisation, and I keep to myself what I "
            "read and how it is judged."
        ),
        error_messages={
            "required": _("Without this commitment the declaration cannot be opened to you.")
        },
    )


class DeclineForm(StepForm):
    """Why an expert does not score."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "For example: a conflict of interest, no time, outside my field. Officers read it."
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
        for indicator in indicators:
            self.fields[f"value_{indicator.pk}"] = _value_field(indicator)
            self.fields[f"comment_{indicator.pk}"] = _comment_field(indicator)
        self.helper: FormHelper = helper()

    def scores(self) -> Given:
        """Return what was given, as ``save_scores`` takes it."""
        return {
            one.pk: (self.cleaned_data[f"value_{one.pk}"], self.cleaned_data[f"comment_{one.pk}"])
            for one in self.indicators
        }

    def values(self) -> dict[int, int | None]:
        """Return the scores on the page by indicator, those that are numbers from 0 to 100."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return {one.pk: data.get(f"value_{one.pk}") for one in self.indicators}

    def comment_wanted(self, indicator: Indicator) -> bool:
        """Say whether the page shows a score that needs a comment and has none."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        value = data.get(f"value_{indicator.pk}")
        return needs_comment(value) and not data.get(f"comment_{indicator.pk}", "").strip()


def _stored(sheet: ScoreSheet) -> dict[str, Any]:
    initial: dict[str, Any] = {"revision": sheet.revision, "comment": sheet.comment}
    for score in sheet.scores.all():
        initial[f"value_{score.indicator_id}"] = score.value
        initial[f"comment_{score.indicator_id}"] = score.comment
    return initial


def _value_field(indicator: Indicator) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Score"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(
            attrs={
                "class": "score-input",
                "inputmode": "numeric",
                "aria-label": _("Score for “%s”, from 0 to 100") % indicator.name,
                "data-weight": indicator.weight,
                "data-comment-below": COMMENT_BELOW,
                "data-comment-above": COMMENT_ABOVE,
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
