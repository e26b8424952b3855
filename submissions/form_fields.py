"""The form field of each kind of field in a scheme: it reads, the scheme's rules judge."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reference.families import by_family
from submissions.choices import Choices
from submissions.quick_select import QuickSelect
from submissions.scheme import decimals
from submissions.scheme.fields import DATE_FORMATS, FieldSpec, Kind

MANY = 15  # more boxes than this stand in families


class ManyBoxes(forms.CheckboxSelectMultiple):
    """Boxes in families that open and close; see submissions/_many_boxes.html."""


class TextField(forms.CharField):
    """Text as typed; line ends as they are stored."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class DecimalField(forms.CharField):
    """A number, as people of many countries write it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return decimals.parse(text)
        except decimals.NumberError as error:
            raise forms.ValidationError(str(error)) from None


class WholeField(forms.IntegerField):
    """A whole number, grouped or not."""

    default_error_messages = {"invalid": _("Write a whole number.")}

    def to_python(self, value: Any) -> int | None:
        try:
            text = decimals.parse(value) if value else value
        except decimals.NumberError as error:
            raise forms.ValidationError(str(error)) from None
        whole, mark, fraction = str(text or "").partition(".")
        if len(fraction) == 3 and whole.strip("-0"):
            raise forms.ValidationError(
                gettext(
                    "This could be %(whole)s%(fraction)s or %(whole)s.%(fraction)s. "
                    "Write a whole number, without a mark."
                )
                % {"whole": whole, "fraction": fraction}
            )
        if mark:  # Django would take ".0" away, and with it what was meant by it
            raise forms.ValidationError(self.error_messages["invalid"])
        return super().to_python(text)


class EvidenceInput(forms.MultiWidget):
    """A file of the declaration, and a page of it; told as one text, as it is stored."""

    def __init__(self, choices: Any) -> None:
        page = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "placeholder": _("Page"),
                "aria-label": _("Page"),
                "data-page": "yes",  # for the scripts: typed beside the file, saved with it
            }
        )
        super().__init__({"": forms.Select(choices=choices), "page": page})

    def decompress(self, value: Any) -> list[str]:
        file, _mark, page = str(value or "").partition("#")
        return [file, page]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        file, page = super().value_from_datadict(data, files, name)
        page = (page or "").strip()
        return f"{file or ''}#{page}" if page else file or ""


class AddressField(forms.CharField):
    """A web address; the usual beginning may be left out."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return f"https://{text}" if text and "://" not in text else text


def form_field(spec: FieldSpec, choices: Choices) -> forms.Field:
    """Return the field to type ``spec`` into, with its label, help and choices."""
    field = _FIELDS[spec.kind](spec, choices)
    field.label, field.help_text, field.required = label(spec), spec.help, False
    return field


def label(spec: FieldSpec) -> str | SafeString:
    """Name the field, with a star when filing asks for it."""
    if spec.recommended:
        return format_html('{} <span class="quiet">({})</span>', spec.label, _("recommended"))
    if not spec.required:
        return spec.label
    return format_html('{} <span class="asteriskField">*</span>', spec.label)


def _text(spec: FieldSpec, _choices: Choices) -> forms.Field:
    return TextField(widget=forms.TextInput())


def _long_text(spec: FieldSpec, _choices: Choices) -> forms.Field:
    attrs: dict[str, Any] = {"rows": 5 if (spec.max_words or 0) > 300 else 4}
    if spec.max_words:
        attrs["data-word-limit"] = spec.max_words
    return TextField(widget=forms.Textarea(attrs=attrs))


def _choice(spec: FieldSpec, choices: Choices) -> forms.Field:
    offered: Any = [("", "—"), *choices.of(spec)]
    return forms.ChoiceField(choices=offered, widget=QuickSelect(choices.written(spec, offered)))


def _choices(spec: FieldSpec, choices: Choices) -> forms.Field:
    offered: Any = choices.of(spec)
    if len(offered) <= MANY:
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple)
    return forms.MultipleChoiceField(choices=by_family(spec.source, offered), widget=ManyBoxes)


def _decimal(_spec: FieldSpec, _choices: Choices) -> forms.Field:
    return DecimalField(widget=forms.TextInput(attrs={"inputmode": "decimal"}))


def _integer(_spec: FieldSpec, _choices: Choices) -> forms.Field:
    # Not type=number: browsers throw away what they cannot read, and nothing typed is lost here.
    return WholeField(widget=forms.TextInput(attrs={"inputmode": "numeric"}))


def _boolean(_spec: FieldSpec, _choices: Choices) -> forms.Field:
    return forms.BooleanField()


def _date(_spec: FieldSpec, _choices: Choices) -> forms.Field:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, input_formats=DATE_FORMATS)


def _email(_spec: FieldSpec, _choices: Choices) -> forms.Field:
    return TextField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))


def _phone(_spec: FieldSpec, _choices: Choices) -> forms.Field:
    return TextField(widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))


def _url(_spec: FieldSpec, _choices: Choices) -> forms.Field:
    return AddressField(widget=forms.URLInput())


def _evidence(spec: FieldSpec, choices: Choices) -> forms.Field:
    return forms.CharField(widget=EvidenceInput([("", "—"), *choices.of(spec)]))


_FIELDS = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.COUNTRY: _choice,
    Kind.COUNTRIES: _choices,
    Kind.SUBCATEGORY: _choice,
    Kind.DECIMAL: _decimal,
    Kind.INTEGER: _integer,
    Kind.YEAR: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.UNIT: _choice,
    Kind.INDICATOR: _choice,
    Kind.EVIDENCE: _evidence,
    Kind.SECTIONS: _choices,
}
