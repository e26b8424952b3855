"""Names and texts an officer writes in several languages: one input per language of the portal."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext

from reference.names import FALLBACK


def input_name(prefix: str, code: str) -> str:
    return f"{prefix}_{code.replace('-', '_')}"


def input_names(prefix: str) -> tuple[str, ...]:
    return tuple(input_name(prefix, code) for code, _name in settings.LANGUAGES)


def per_language(prefix: str, *, long: bool = False) -> dict[str, forms.CharField]:
    """Return one input for each language of the portal; English is required."""
    widget = forms.Textarea(attrs={"rows": 8, "cols": 80}) if long else forms.TextInput
    return {
        input_name(prefix, code): forms.CharField(
            required=code == FALLBACK, max_length=20_000 if long else 200, widget=widget
        )
        for code, _name in settings.LANGUAGES
    }


def begin(form: forms.BaseForm, prefix: str, label: str, stored: Mapping[str, str]) -> None:
    """Label the inputs of ``prefix`` and fill them with what is stored."""
    for code, language in settings.LANGUAGES:
        key = input_name(prefix, code)
        if key in form.fields:
            form.fields[key].label = f"{label} ({language})"
            form.initial.setdefault(key, stored.get(code, ""))


def typed(prefix: str, cleaned: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed, by language; a language left empty is not there."""
    texts = {code: cleaned.get(input_name(prefix, code)) for code, _name in settings.LANGUAGES}
    return {code: text for code, text in texts.items() if text}


class NamedForm(forms.ModelForm[Any]):
    """Something of the vocabulary, its name typed language by language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begin(self, "name", capfirst(gettext("name")), self.instance.names or {})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.instance.names = typed("name", cleaned)
        return cleaned


# One input per language of the settings; a class body cannot loop over them.
NamedForm.declared_fields |= per_language("name")
NamedForm.base_fields |= NamedForm.declared_fields
