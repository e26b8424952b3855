"""What a form was drawn with, so that a save cannot wipe out what somebody stored meanwhile.

The page carries a fingerprint of each value it showed. When it is saved, a field whose stored
value is another by now, and not the typed one either, is shown again beside what is stored.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model
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
    if isinstance(value, list | tuple | set | frozenset):
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
