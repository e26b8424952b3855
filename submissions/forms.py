"""Forms of the enterprise's pages, laid out by crispy. Those of sections are in section_forms."""

import uuid
from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Level
from core.forms import helper
from submissions import copying
from submissions.form_fields import TextField
from submissions.models import (
    LANGUAGE_CHOICES,
    Attachment,
    Declaration,
    DeclarationVersion,
    Translation,
)
from submissions.scheme.differences import Difference, Side
from submissions.scheme.fields import FieldSpec, Kind
from submissions.scheme.sections import Section
from submissions.section_rows import Pasted


class OrganisationChoice(forms.ModelChoiceField[Organisation]):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class SourceChoice(forms.ModelChoiceField[Declaration]):
    def label_from_instance(self, obj: Any) -> str:
        words = {"number": obj.number or _("not submitted"), "title": obj, "where": obj.activity}
        return gettext("%(title)s (%(number)s, %(where)s)") % words


class StartForm(forms.Form):
    """Who declares, in which language the text will be written, and what it begins with."""

    organisation = OrganisationChoice(label=_("Organisation"), queryset=None, empty_label=None)
    language = forms.ChoiceField(
        label=_("Language of the text"),
        choices=LANGUAGE_CHOICES,
        help_text=_("The declaration is written in this language; translations can be added."),
    )
    source = SourceChoice(
        label=_("Copy from an earlier declaration"),
        queryset=None,
        required=False,
        empty_label=_("Begin with an empty declaration"),
        help_text=_(
            "What fits this activity is carried over with its files, in the language it was "
            "written in; you are told what was left out."
        ),
    )
    # Pressing the button twice, or loading the answer again, begins one declaration.
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.of_member(user, Level.EDIT, Level.OWN)
        self.fields["organisation"].queryset = organisations.order_by("name_en", "name_zh", "pk")  # type: ignore[attr-defined]  # a model choice
        earlier = copying.sources(user).select_related("activity").defer("content")
        self.fields["source"].queryset = earlier.order_by("-updated_at", "pk")  # type: ignore[attr-defined]  # as above
        if not earlier.exists():
            del self.fields["source"]
        self.initial.setdefault("key", uuid.uuid4())
        self.helper = helper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source, organisation = cleaned.get("source"), cleaned.get("organisation")
        if source and organisation and source.organisation_id != organisation.pk:
            self.add_error("source", _("This is a declaration of another organisation."))
        return cleaned


class VersionsForm(forms.Form):
    """Which two versions are to be compared."""

    before = forms.TypedChoiceField(coerce=int)
    after = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, versions: list[DeclarationVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = [(one.number, str(one.number)) for one in versions]  # type: ignore[attr-defined]  # a choice

    def chosen(self) -> tuple[int, int]:
        return self.cleaned_data["before"], self.cleaned_data["after"]


class SaveForm(forms.Form):
    """Which button of a section's page was pressed, and what the page was begun from."""

    action = forms.CharField(max_length=120, required=False)
    begun = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    copy = forms.CharField(max_length=40, required=False)  # of it in the browser: its name there


class TranslationSaveForm(forms.Form):
    """Which button of a translation's page was pressed, and which text it was begun from."""

    action = forms.CharField(max_length=120, required=False)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PasteForm(forms.Form):
    """Cells copied out of a spreadsheet, and where in the table they go."""

    text = forms.CharField(
        label=_("Rows copied from a spreadsheet"),
        required=False,
        strip=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Copy cells in your spreadsheet and put them in here. A first line with the names of "
            "the columns says what goes where; without one the columns are taken in order."
        ),
    )
    row = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    column = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    @classmethod
    def of(cls, table: str, data: Any = None) -> "PasteForm":
        return cls(data, prefix=f"paste-{table}")

    @classmethod
    def read(cls, data: Any, table: str) -> Pasted:
        form = cls.of(table, data)
        form.is_valid()
        values = form.cleaned_data
        row = values.get("row")
        return Pasted(
            text=values.get("text", ""),
            row=10**6 if row is None else row,
            column=values.get("column", ""),
        )


class ComparisonForm(forms.Form):
    """Which of two texts stays, asked for each difference."""

    use_required_attribute = False
    prefix = "choose"

    def __init__(self, *args: Any, differences: list[Difference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences = differences
        for one in differences:
            self.fields[one.key] = forms.ChoiceField(
                choices=[(side.value, side.value) for side in Side],
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                initial=one.suggestion,
                error_messages={"required": _("Choose one of the two.")},
            )


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class ProposalForm(forms.Form):
    """Whether a proposed wording is taken over; if not, why."""

    answer = forms.ChoiceField(choices=[("take", ""), ("decline", "")])
    note = forms.CharField(required=False, max_length=1000)


class UploadForm(forms.Form):
    """A file to lay beside a section; nothing is asked when none is chosen."""

    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True, max_length=None)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("Left empty, the name of the file is taken."),
    )

    prefix = "file"

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind, label) for kind, label in Attachment.Kind.choices if kind in kinds]
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]  # a choice field
        self.fields["file"].widget.attrs["accept"] = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.zip"
        limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
        self.fields["file"].help_text = gettext(
            "PDF, PNG, JPEG, DOCX, XLSX or a ZIP of these, at most %(limit)s."
        ) % {"limit": limit}
        if len(offered) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.initial["kind"] = offered[0][0]
        self.kinds = kinds
        self.helper = helper()


class TranslationForm(forms.Form):
    """The texts of a declaration in another language, each beside its original."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        declaration: Declaration,
        translation: Translation | None,
        pairs: list[tuple[Section, FieldSpec]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.specs: dict[str, FieldSpec] = {}
        self.originals: dict[str, str] = {}
        for section, spec in pairs:
            original = declaration.content.get(section.key, {}).get(spec.key)
            if original:
                name = f"{section.key}.{spec.key}"
                self.specs[name], self.originals[name] = spec, original
                self.fields[name] = self._field(spec)
                self.initial.setdefault(
                    name, translation.texts.get(name, "") if translation else ""
                )
        self.helper = helper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, spec in self.specs.items():
            if fault := spec.fault(cleaned.get(name, ""), lambda _source: ()):
                self.add_error(name, fault)
        return cleaned

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.specs if self.cleaned_data[name]}

    def pairs(self) -> list[dict[str, Any]]:
        """Each field beside its original, for the page."""
        return [{"field": self[name], "original": self.originals[name]} for name in self.specs]

    @staticmethod
    def _field(spec: FieldSpec) -> forms.Field:
        long = spec.kind is Kind.LONG_TEXT
        widget = forms.Textarea(attrs={"rows": 5}) if long else forms.TextInput()
        return TextField(label=spec.label, required=False, widget=widget)
