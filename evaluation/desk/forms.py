"""A score sheet as a page sends it: all entries, or the few that are saved while one types.

The names follow ``section-saving.js``: ``score-<entry>-<part>``, where the entry is the id of an
indicator or one of the texts over all.
"""

from collections.abc import Container, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import helper
from core.sentences import follow
from evaluation.criteria.asking import must_be_explained
from evaluation.desk import anchors
from evaluation.desk.saving import (
    WORDS,
    Begun,
    Entry,
    Given,
    Scores,
    mark_of,
    stored_entries,
)
from evaluation.models import Indicator, ScoreSheet
from evaluation.states import Recommendation
from submissions.form_fields import TextField
from submissions.scheme.differences import begun_marks

PREFIX = "score"
PARTS = ("value", "without", "comment", "evidence")  # of an indicator
TEXT = "text"  # the part of what is said over all
LONGEST_QUOTED = 80  # characters of what cannot be taken


class EvidenceField(forms.Field):
    """The texts of anchors, one hidden input each."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value or ()))


class ScoreForm(forms.Form):
    """A score, a comment and evidence per indicator; comment, recommendation, remark over all.

    ``only`` names the entries a page sends while one types; None: all of them.
    """

    begun = forms.CharField(required=False, max_length=40_000, widget=forms.HiddenInput)
    copy = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        sheet: ScoreSheet,
        indicators: list[Indicator],
        only: Container[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.indicators = [one for one in indicators if only is None or str(one.pk) in only]
        self.words = [name for name in WORDS if only is None or name in only]
        super().__init__(*args, **kwargs)
        self.version = sheet.assignment.case.version
        stored = stored_entries(sheet)
        best = sheet.assignment.case.criteria_set.best
        for indicator in self.indicators:
            for part, field in _fields_of(indicator, best).items():
                self.fields[name_of(indicator.pk, part)] = field
        for word in self.words:
            self.fields[name_of(word, TEXT)] = _word_fields()[word]
        self.initial = self._laid_out(stored) | {"begun": self.marks(stored)}
        self.helper: FormHelper = helper()

    def marks(self, stored: Mapping[str, Entry]) -> str:
        """Write down what the page begins with, so that later it can be told who changed what."""
        entries = {**{str(one.pk): Given() for one in self.indicators}, **stored}
        return " ".join(f"{name}:{mark_of(entry)}" for name, entry in entries.items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for one in self.indicators:
            value, without = (name_of(one.pk, part) for part in ("value", "without"))
            if cleaned.get(without) and cleaned.get(value) is not None:
                self.add_error(value, _("Give a score, or say that it does not apply: not both."))
            self._check_evidence(name_of(one.pk, "evidence"), cleaned)
        return cleaned

    def _check_evidence(self, name: str, cleaned: dict[str, Any]) -> None:
        """Refuse what is no place of the version at its indicator; the others are saved."""
        try:
            anchors.documents(cleaned.get(name) or (), self.version)
        except DomainError as error:
            self.add_error(name, str(error))

    def scores(self) -> Scores:
        """Return what was given, of the page or, unsent, as stored; but for what is refused."""
        refused, data = self.refused(), self._read()
        return {
            one.pk: _given(one.pk, data) for one in self.indicators if str(one.pk) not in refused
        }

    def said(self) -> dict[str, str]:
        """Return the texts over all, but for those that are refused."""
        refused, data = self.refused(), self._read()
        return {
            word: data.get(name_of(word, TEXT)) or "" for word in self.words if word not in refused
        }

    def begun_from(self) -> Begun:
        data = self._read()
        return Begun(begun_marks(data.get("begun", "")), data.get("copy", ""))

    def refused(self) -> set[str]:
        """Name the entries that cannot be read."""
        return {entry_of(name) for name in self.errors if name.startswith(f"{PREFIX}-")}

    def remarks(self) -> list[dict[str, str]]:
        """Return what was refused: the place on the page, and the sentence."""
        return [
            {"at": f"div_id_{name}", "text": follow(*sentences)}
            for name, sentences in self.errors.items()
            if name.startswith(f"{PREFIX}-")
        ]

    def in_words(self) -> list[dict[str, str]]:
        """Return what was refused: where, by the name people know it under, what was typed, why."""
        names = {str(one.pk): one.name for one in self.indicators}
        return [
            {
                "at": f"div_id_{name}",
                "name": names.get(entry_of(name), str(self.fields[name].label)),
                "typed": self._typed(name),
                "sentence": follow(*sentences),
            }
            for name, sentences in self.errors.items()
            if name.startswith(f"{PREFIX}-")
        ]

    def _typed(self, name: str) -> str:
        value = self[name].data
        text = "; ".join(value) if isinstance(value, list) else str(value or "")
        return Truncator(text).chars(LONGEST_QUOTED)

    def given(self, indicator: Indicator) -> Given:
        return self.scores().get(indicator.pk, Given())

    def lacks(self, indicator: Indicator) -> tuple[bool, bool]:
        """Say whether an answer needs a comment, and evidence, that it does not have yet."""
        given = self.given(indicator)
        asked = must_be_explained(indicator, given.value, not_applicable=given.not_applicable)
        without_evidence = not given.evidence and not given.not_applicable
        return asked and not given.comment.strip(), asked and without_evidence

    def over_all(self) -> list[dict[str, Any]]:
        """Return the texts over all as the page lays them out."""
        return [{"key": word, "bound": self[name_of(word, TEXT)]} for word in self.words]

    def _read(self) -> Mapping[str, Any]:
        """Return what the page sent, as far as it can be read; unsent, what is stored."""
        return self.cleaned_data if self.is_bound and not self.errors.get("begun") else self.initial

    def _laid_out(self, stored: Mapping[str, Entry]) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for one in self.indicators:
            given = stored.get(str(one.pk), Given())
            if isinstance(given, Given):
                told = (given.value, given.not_applicable, given.comment, given.evidence)
                initial |= {
                    name_of(one.pk, part): value for part, value in zip(PARTS, told, strict=True)
                }
        return initial | {name_of(word, TEXT): stored[word] for word in self.words}


def name_of(entry: int | str, part: str) -> str:
    return f"{PREFIX}-{entry}-{part}"


def entry_of(name: str) -> str:
    return name.split("-")[1]


def _given(pk: int, data: Mapping[str, Any]) -> Given:
    value, without, comment, evidence = (data.get(name_of(pk, part)) for part in PARTS)
    return Given(value, comment or "", bool(without), tuple(evidence or ()))


def _fields_of(indicator: Indicator, best: int) -> dict[str, forms.Field]:
    fields = {"value": _value_field(indicator, best), "comment": _comment_field(indicator)}
    if indicator.not_applicable:
        fields["without"] = _without_field(indicator)
    return fields | {"evidence": EvidenceField(required=False)}


def _word_fields() -> dict[str, forms.Field]:
    return {
        "comment": TextField(
            label=_("Overall comment"),
            widget=forms.Textarea(attrs={"rows": 4}),
            required=False,
            max_length=8000,
        ),
        "recommendation": forms.ChoiceField(
            label=_("Your recommendation"),
            required=False,
            choices=Recommendation.choices,
            widget=forms.RadioSelect,
        ),
        "remark": TextField(
            label=_("Confidential remark to the panel"),
            help_text=_("Read by officers and the panel only. The enterprise is never told."),
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
            max_length=8000,
        ),
    }


def _without_field(indicator: Indicator) -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Not applicable"),
        required=False,
        widget=forms.CheckboxInput(
            attrs={
                "class": "score-without",
                "aria-label": _("Not applicable: “%s”") % indicator.name,
            }
        ),
    )


def _value_field(indicator: Indicator, best: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Score"),
        required=False,
        min_value=0,
        max_value=best,
        # Not of type "number": such a one shows what it cannot read as empty, and sends nothing.
        widget=forms.TextInput(
            attrs={
                "class": "score-input",
                "inputmode": "numeric",
                "autocomplete": "off",
                "aria-label": _("Score for “%(indicator)s”, from 0 to %(best)d")
                % {"indicator": indicator.name, "best": best},
                "data-weight": indicator.weight,
                "data-best": best,
                # In these bands an answer needs a comment and evidence.
                "data-best-from": indicator.bands[0]["from"],
                "data-worst-to": indicator.bands[-1]["to"],
            }
        ),
    )


def _comment_field(indicator: Indicator) -> TextField:
    return TextField(
        label=_("Comment"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(
            attrs={"rows": 2, "aria-label": _("Comment on “%s”") % indicator.name}
        ),
    )
