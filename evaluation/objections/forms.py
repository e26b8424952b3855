"""What is filled in about objections: by anybody, by the applicant, by officers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES
from accounts.names import no_link
from core.clock import database_now
from core.forms import FilesField, StepForm, helper
from evaluation.objections import open_to
from evaluation.objections.objecting import LONGEST, Said
from evaluation.objections.states import ObjectionKind, Refusal
from evaluation.objections.workflow import LONGEST_SUMMARY
from submissions.due import after_today, warning


def _text(label: Any, *, rows: int = 6, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class ObjectionForm(forms.Form):
    """Who objects, to what, and by what it can be checked."""

    statement = _text(
        _("Statement of facts"),
        max_length=LONGEST,
        rows=8,
        help_text=_(
            "What is wrong with this entry, and how you know. The applicant reads it: do not "
            "write here who you are if your identity shall be protected."
        ),
    )
    proposed_kind = forms.ChoiceField(
        label=_("What the objection is about"),
        choices=ObjectionKind.choices,
        widget=forms.RadioSelect,
    )
    evidence = _text(
        pgettext_lazy("of an objection", "Evidence"),
        max_length=4000,
        rows=4,
        required=False,
        help_text=_(
            "What can be checked: publications, patents, contracts, court files. Do not write "
            "here who you are if your identity shall be protected."
        ),
    )
    attached = FilesField(
        label=_("Files"),
        required=False,
        help_text=_(
            "PDF, PNG or JPEG, at most 3 files of 10 MB each. If the form comes back with a "
            "mistake, choose the files again."
        ),
    )
    name = forms.CharField(
        label=_("Your real name"),
        max_length=150,
        validators=[no_link],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    unit = forms.CharField(
        label=_("Your organisation"),
        max_length=200,
        required=False,
        validators=[no_link],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You get a mail with a link, by which you confirm the objection."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    protected = forms.BooleanField(
        label=_("Protect my identity"),
        required=False,
        help_text=_(
            "The applicant is not told your name and organisation. Without this, the members of "
            "the applicant are shown both."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def said(self) -> Said:
        given = {name: value for name, value in self.cleaned_data.items() if name != "attached"}
        language = get_language() or ""
        known = language if language in dict(MAIL_LANGUAGES) else settings.LANGUAGE_CODE
        return Said(**given, language=known)


class ResponseForm(forms.Form):
    """What the applicant says to an objection, once."""

    response = _text(_("Your answer"), max_length=LONGEST, rows=8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class _ShowsForm(StepForm):
    """Shows what was said beside what is decided about it."""

    def facts(self) -> list[tuple[Any, Any]]:
        row = self.obj
        return [
            (_("Number"), row.number),
            (_("Statement of facts"), row.statement),
            (pgettext_lazy("of an objection", "Evidence"), row.evidence or "–"),
            (_("Kind, as the objector says"), row.get_proposed_kind_display()),
            (_("Answer of the applicant"), row.response or "–"),
        ]


class AdmitObjectionForm(_ShowsForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=ObjectionKind.choices, widget=forms.RadioSelect
    )
    evidence_told = _text(
        _("Evidence the applicant reads"),
        max_length=LONGEST,
        required=False,
        help_text=_(
            "What of the evidence is passed on, shortened where it would tell who objects. Empty: "
            "nothing of it. Files are never passed on."
        ),
    )
    respond_until = forms.DateField(
        label=_("Applicant may answer until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = after_today(settings.OBJECTION_ANSWER_DAYS)
        self.fields["kind"].initial = self.obj.proposed_kind
        # Of a protected objector nothing is passed on that nobody has written down to be.
        self.fields["evidence_told"].initial = "" if self.obj.protected else self.obj.evidence
        self.fields["respond_until"].initial = counted.day
        self.fields["respond_until"].help_text = warning(counted)


class RefuseObjectionForm(_ShowsForm):
    refusal = forms.ChoiceField(label=_("Why it is not admitted"), choices=Refusal.choices)
    field_order = ("refusal", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The objector reads it. Name nobody.")


class RulingForm(_ShowsForm):
    """The ruling goes by the kind it was admitted as."""

    def facts(self) -> list[tuple[Any, Any]]:
        told = [*super().facts(), (_("Kind, as admitted"), self.obj.get_kind_display())]
        if said := open_to.heard(self.obj, database_now()):
            told.append((_("Was the applicant heard?"), said))
        return told

    ruling = _text(
        _("Ruling"),
        max_length=LONGEST,
        rows=8,
        help_text=_("The objector and the applicant read it."),
    )
    summary = _text(
        _("Published summary"),
        max_length=LONGEST_SUMMARY,
        rows=4,
        help_text=_("Everybody reads it with the outcome. It does not say who objects."),
    )
