"""What a form was drawn with, so that a save cannot wipe out what somebody stored meanwhile.

The page carries a fingerprint of each value it showed. When it is saved, a field whose stored
value is another by now, and not the typed one either, is shown again beside what is stored.
A field nobody touched on the page is no such choice: it takes what is stored.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

NAME = "seen"


def fingerprints(form: forms.BaseForm) -> str:
    """Return what the page sends back: of each field, a hash of what is stored."""
    return json.dumps({name: _hash(_stored(form, name)) for name in form.fields})


def moved(form: forms.BaseForm, seen: str) -> dict[str, str]:
    """Return the fields stored otherwise since, and typed otherwise too, with what is stored.

    A page that does not say what it was drawn with is believed: a program sent it.
    """
    then = _read(seen)
    return {
        name: _in_words(form.fields[name], _stored(form, name))
        for name in form.changed_data
        if name in then and then[name] != _hash(_stored(form, name))
    }


def follow(form: forms.BaseForm, seen: str) -> None:
    """Let the fields that were left as the page showed them be what is stored by now.

    Whoever did not touch a field must not put its old value back.
    """
    then = _read(seen)
    posted: Any = form.data
    data = posted.copy()
    for name in form.fields:
        stored = _stored(form, name)
        if then.get(name) in (None, _hash(stored)) or then[name] != _hash(_typed(form, name)):
            continue
        for key, values in _as_posted(form, name, stored).items():
            data.setlist(key, values)
    form.data = data


def _typed(form: forms.BaseForm, name: str) -> Any:
    """Return what was typed in the shape of what is stored; as it is where it makes no sense."""
    raw = form[name].data
    try:
        return form.fields[name].clean(raw)
    except forms.ValidationError:
        return raw


def _as_posted(form: forms.BaseForm, name: str, value: Any) -> dict[str, list[str]]:
    """Return a value as the page would send it back untouched."""
    field, key = form.fields[name], form.add_prefix(name)
    widget: Any = field.widget
    if hasattr(widget, "decompress"):
        values: Any = widget.decompress(value)
        parts = zip(widget.widgets_names, widget.widgets, values, strict=True)
        return {key + end: [one.format_value(part) or ""] for end, one, part in parts}
    if isinstance(field, forms.BooleanField):
        return {key: ["on"] if value else []}
    value = field.prepare_value(value)
    values = value if isinstance(value, list | tuple) else [value]
    return {key: ["" if one is None else str(one) for one in values]}


def _read(seen: str) -> dict[str, Any]:
    try:
        read = json.loads(seen)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _stored(form: forms.BaseForm, name: str) -> Any:
    return form.get_initial_for_field(form.fields[name], name)


def _hash(value: Any) -> str:
    return hashlib.sha256(_plain(value).encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, QuerySet | list | tuple | set | frozenset):
        return "\n".join(sorted(_plain(one) for one in value))
    return "" if value is None else str(value)


def _in_words(field: forms.Field, value: Any) -> str:
    """Return a stored value as a person reads it."""
    if isinstance(field, forms.ModelChoiceField):
        rows = value if isinstance(value, list) else [field.to_python(value)]
        return _joined(row for row in rows if row is not None)
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField):
        chosen = {_plain(one) for one in (value if isinstance(value, list) else [value])}
        return _joined(label for key, label in _flat(field.choices) if str(key) in chosen)
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    return str(formats.localize(value)) if value not in (None, "") else "–"


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in values) or "–"
