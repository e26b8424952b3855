"""What officers fill in about a measure on a listing, and what its holder answers."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog import renewing
from catalog.measure_states import MeasureKind
from catalog.measures import LONGEST
from catalog.models import ListingMeasure, Technology
from core.forms import StepForm, helper


def _day(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def _text(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=label, max_length=LONGEST, widget=widget, help_text=help_text, required=required
    )


class ProposeForm(forms.ModelForm[ListingMeasure]):
    """What is proposed, why, and what the holder is told."""

    number = forms.CharField(label=_("Number of the technology"), max_length=40)
    kind = forms.ChoiceField(
        label=_("Measure"), choices=MeasureKind.choices, widget=forms.RadioSelect
    )
    reason = _text(_("Reason, for officers"))
    statement = _text(_("Statement to the holder"), _("The holder gets it by mail."))
    evidence = _text(
        pgettext_lazy("of a measure", "Evidence"),
        _("What it rests on: letters, reports, findings. Of a withdrawal, the holder’s wish."),
        required=False,
    )
    due_on = _day(
        _("The holder can answer until the end of"), _("Only of a suspension or a revocation.")
    )
    at_once = forms.BooleanField(
        label=_("Suspend at once"),
        required=False,
        help_text=_("It lapses unless a second officer confirms it in time."),
    )
    valid_until = _day(_("Renewed until"), _("Only of a renewal."))

    class Meta:
        model = ListingMeasure
        fields = ()

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip()
        if not Technology.objects.filter(number=number).exists():
            raise forms.ValidationError(_("No technology has this number."))
        return number

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as keywords of ``propose``."""
        given = dict(self.cleaned_data)
        del given["number"]
        return given

    def _post_clean(self) -> None:
        """The service checks the row."""


class ConfirmForm(StepForm):
    """Shows what is confirmed, and what the holder said."""

    def facts(self) -> list[tuple[Any, Any]]:
        measure: ListingMeasure = self.obj
        return [
            (_("Measure"), measure.get_kind_display()),
            *_when(measure),
            (_("Proposed by"), measure.proposed_by),
            (_("Reason, for officers"), measure.reason),
            (pgettext_lazy("of a measure", "Evidence"), measure.evidence or "–"),
            (_("Statement to the holder"), measure.statement),
            (_("Answer of the holder"), _answer(measure)),
        ]


def _when(measure: ListingMeasure) -> list[tuple[Any, Any]]:
    """Say until when it renews, or how long it holds without a second officer."""
    if measure.valid_until is not None:
        present = date_format(measure.technology.valid_until)
        said = gettext("%(day)s; at present until %(present)s")
        return [
            (
                _("Renewed until"),
                said % {"day": date_format(measure.valid_until), "present": present},
            )
        ]
    if measure.lapses_at is not None:
        at = date_format(localtime(measure.lapses_at), "DATETIME_FORMAT")
        said = gettext("holds already; lapses on %(at)s unless it is confirmed")
        return [(_("At once"), said % {"at": at})]
    return []


def _answer(measure: ListingMeasure) -> str:
    if measure.answer:
        return measure.answer
    if measure.due_on:
        day = date_format(measure.due_on)
        return gettext("none yet; it can be given until the end of %(day)s") % {"day": day}
    request = None
    if measure.kind == MeasureKind.RENEW:
        if renewing.nobody_can_be_asked(measure.technology):
            return gettext("Nobody acts for this holder in the portal.")
        request = renewing.standing_request(measure.technology)
    return gettext("The particulars still hold.") if request else "–"


class AnswerForm(forms.Form):
    """What the holder says before anything is decided."""

    answer = _text(_("Your answer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class RenewalForm(forms.Form):
    """The holder asks for renewal."""

    still_holds = forms.BooleanField(
        label=_("We looked through the public page: its particulars still hold."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()
