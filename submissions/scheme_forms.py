"""What an officer changes of one section of a scheme, to make the next version of it."""

import json
from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import HTML, Fieldset
from django import forms
from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import helper
from reference.forms import input_name
from reference.names import in_language
from submissions.scheme.documents import MOST_WORDS
from submissions.scheme.fields import NUMBERS, TEXTS
from submissions.scheme.revising import ALWAYS, LIMITS, ROWS, Requirement, requirement

Document = dict[str, Any]
NAMES = {
    Requirement.REQUIRED: _("required"),
    Requirement.CONDITION: _("required on a condition"),
    Requirement.RECOMMENDED: _("recommended"),
    Requirement.OPTIONAL: _("optional"),
    Requirement.NOT_ASKED: _("not asked"),
}
LIMIT_NAMES = {
    "max_length": _("Most characters"),
    "max_words": _("Most words"),
    "minimum": _("Lowest value"),
    "maximum": _("Highest value"),
    "min_rows": _("Least rows"),
    "recommended_rows": _("Rows recommended"),
    "max_rows": _("Most rows"),
}


class CarriedForm(forms.Form):
    """Which button was pressed, and what was changed in the other sections so far."""

    action = forms.CharField(max_length=80, required=False)
    changes = forms.CharField(max_length=500_000, required=False, widget=forms.HiddenInput)

    def clean_changes(self) -> dict[str, dict[str, Any]]:
        try:
            read = json.loads(self.cleaned_data["changes"] or "{}")
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict) or not all(isinstance(one, dict) for one in read.values()):
            raise forms.ValidationError(_("This page cannot be read any more. Please begin again."))
        return read


class SchemeSectionForm(forms.Form):
    """One section: per field what is asked, hints by language and limits; per table its rows."""

    def __init__(self, *args: Any, section: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored: dict[str, dict[str, Any]] = {}
        parts = [self._field(at, field, table) for at, field, table in _fields(section)]
        parts += [self._table(at, table) for at, table in _tables(section)]
        self.helper = helper(*parts)

    def changes(self) -> dict[str, dict[str, Any]]:
        """Return what differs from the section as it was given, by place."""
        found: dict[str, dict[str, Any]] = {}
        for at, stored in self._stored.items():
            now = {name: self._now(at, name) for name in stored}
            changed = {name: value for name, value in now.items() if value != stored[name]}
            if changed:
                found[at] = changed
        return found

    @staticmethod
    def helps_as_typed(at: str, helps: dict[str, str]) -> dict[str, str]:
        """Return the hints of a field by the names of their inputs."""
        codes = [code for code, _name in settings.LANGUAGES]
        return {input_name(f"{at}:help", code): helps.get(code, "") for code in codes}

    def _now(self, at: str, name: str) -> Any:
        if name == "helps":
            texts = {
                code: self.cleaned_data.get(input_name(f"{at}:help", code))
                for code, _n in settings.LANGUAGES
            }
            return {code: text for code, text in texts.items() if text}
        value = self.cleaned_data.get(f"{at}:{name}")
        if name in ("minimum", "maximum"):
            return "" if value is None else f"{value:f}"
        return value if name == "requirement" else value or 0

    def _field(self, at: str, field: Document, table: str) -> Fieldset:
        stored: dict[str, Any] = {"requirement": str(requirement(field))}
        stored["helps"] = dict(field.get("helps", {}))
        names = [*self._requirement(at, field), *self._helps(at, stored["helps"])]
        for name in LIMITS:
            if _has(field, name):
                stored[name] = field.get(name, "" if name in ("minimum", "maximum") else 0)
                names.append(self._limit(at, name, stored[name]))
        self._stored[at] = stored
        label = in_language(field["labels"])
        return Fieldset(f"{table}: {label}" if table else label, *names)

    def _requirement(self, at: str, field: Document) -> list[Any]:
        if at in ALWAYS:
            always = gettext("Always asked and required.")
            return [HTML(f"<p>{escape(always)}</p>")]
        offered = [
            (str(one), name)
            for one, name in NAMES.items()
            if one is not Requirement.CONDITION or "required_when" in field
        ]
        name = f"{at}:requirement"
        self.fields[name] = forms.ChoiceField(
            label=_("Requirement"), choices=offered, initial=str(requirement(field))
        )
        return [name]

    def _helps(self, at: str, helps: dict[str, str]) -> Iterator[str]:
        for code, language in settings.LANGUAGES:
            name = input_name(f"{at}:help", code)
            self.fields[name] = forms.CharField(
                label=gettext("Hint (%(language)s)") % {"language": language},
                required=False,
                max_length=1000,
                initial=helps.get(code, ""),
            )
            yield name

    def _limit(self, at: str, limit: str, stored: Any) -> str:
        name = f"{at}:{limit}"
        label = LIMIT_NAMES[limit]
        if limit in ("minimum", "maximum"):
            self.fields[name] = forms.DecimalField(label=label, required=False, initial=stored)
        else:
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                initial=stored or None,
                min_value=0,
                max_value=MOST_WORDS,
            )
        return name

    def _table(self, at: str, table: Document) -> Fieldset:
        defaults = {"min_rows": 0, "recommended_rows": 0, "max_rows": 50}
        self._stored[at] = {name: table.get(name, defaults[name]) for name in ROWS}
        names = [self._limit(at, name, self._stored[at][name]) for name in ROWS]
        return Fieldset(
            gettext("Rows: %(table)s") % {"table": in_language(table["labels"])}, *names
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for at, stored in self._stored.items():
            if at in ALWAYS:
                self.cleaned_data[f"{at}:requirement"] = stored["requirement"]
        return cleaned


def _fields(section: Document) -> Iterator[tuple[str, Document, str]]:
    for field in section.get("fields", []):
        yield f"{section['key']}.{field['key']}", field, ""
    for table in section.get("rows", []):
        for field in table["fields"]:
            at = f"{section['key']}.{table['key']}.{field['key']}"
            yield at, field, in_language(table["labels"])


def _tables(section: Document) -> Iterator[tuple[str, Document]]:
    for table in section.get("rows", []):
        yield f"{section['key']}.{table['key']}", table


def _has(field: Document, limit: str) -> bool:
    kinds = TEXTS if limit in ("max_length", "max_words") else NUMBERS
    return field["kind"] in kinds
