"""What officers fill in about a feedback letter: its passages, and what they let stand."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import StepForm
from evaluation.letters import writing
from evaluation.letters.tone import OVERALL
from evaluation.letters.words import at_its_place, field_of, place_names
from evaluation.models import FeedbackLetter


class LetterForm(forms.Form):
    """A passage for each dimension and one on the whole, and the save it began from."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, letter: FeedbackLetter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.places = place_names(letter.case)
        self.initial["revision"] = letter.revision
        for place, name in self.places.items():
            self.fields[field_of(place)] = forms.CharField(
                label=name,
                required=False,
                max_length=writing.LONGEST,
                widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
            )
            self.initial[field_of(place)] = stored_text(letter, place)

    def passages(self) -> dict[str, str]:
        """Return the passages by the code of their dimension."""
        return {one: self.cleaned_data[field_of(one)] for one in self.places if one != OVERALL}

    def overall(self) -> str:
        return str(self.cleaned_data["overall"])


def stored_text(letter: FeedbackLetter, place: str) -> str:
    return letter.overall if place == OVERALL else letter.passages.get(place, "")


class FinishForm(StepForm):
    """What an officer has read and lets stand; what is refused is said by the step itself."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    confirmed = forms.MultipleChoiceField(
        label=_("I have read these remarks and let the words stand."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        letter: FeedbackLetter = self.obj
        self.fields["revision"].initial = letter.revision
        remarks = writing.remarks_of(letter)
        choices = [(one.key, at_its_place(one, letter)) for one in remarks if not one.refuses]
        field: Any = self.fields["confirmed"]
        field.choices = choices
        if not choices:
            del self.fields["confirmed"]
        self.refused = [at_its_place(one, letter) for one in remarks if one.refuses]

    def facts(self) -> list[tuple[Any, Any]]:
        """Show the letter as it would go out, and what stands against it."""
        letter: FeedbackLetter = self.obj
        against = [(gettext("Stands against it"), one) for one in self.refused]
        return [*against, *facts_of(letter)]


def facts_of(letter: FeedbackLetter) -> list[tuple[Any, Any]]:
    """Return the passages with what they are about, for pages of officers."""
    places = place_names(letter.case)
    return [(name, stored_text(letter, place) or "–") for place, name in places.items()]
