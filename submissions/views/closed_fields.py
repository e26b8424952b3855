"""A page that was opened before a return: what it sends of fields closed meanwhile.

It is no part of the declaration, and it is not thrown away: it waits among the writer's texts.
"""

import re
from collections.abc import Collection, Iterator

from django.contrib import messages
from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions import services
from submissions.scheme.fields import FieldSpec
from submissions.scheme.sections import RowsSpec
from submissions.section_forms import typed
from submissions.views.access import person
from submissions.views.section_desk import Desk


def keep(desk: Desk) -> None:
    """Set aside what was sent of closed fields and tables, and say so."""
    sent = [one for one in desk.section.members if not desk.is_open(one.key) and _sent(desk, one)]
    if not sent:
        return
    part = desk.section.only([one.key for one in sent])
    entry = typed(part, desk.choices, desk.request.POST)
    entry.is_valid()
    values, refused = entry.readable(), entry.refused()
    try:
        saved = services.save_members(
            desk.declaration.pk,
            part.key,
            {one.key: values.get(one.key) for one in sent if one.key not in refused},
            actor=person(desk.request),
            begun=desk.begun,
            page=desk.copy,
        )
    except DomainError:
        return  # nothing can be saved now: the page says so and shows what was sent
    tell(desk, saved.closed)
    for one in sent:
        if one.key in refused:
            _tell_unread(desk, one)


def sentence(labels: list[str]) -> str:
    """Say what became of what was typed in these."""
    text = _(
        "%(fields)s: closed while you wrote. What you typed there is not in the declaration; "
        "it is kept among the earlier texts of this section."
    )
    return text % {"fields": _(", ").join(labels)}


def tell(desk: Desk, closed: Collection[str]) -> None:
    """Say what became of fields and tables that a save found closed."""
    labels = [one.label for one in desk.section.members if one.key in closed]
    if labels:
        messages.warning(desk.request, sentence(labels))


def _tell_unread(desk: Desk, one: FieldSpec | RowsSpec) -> None:
    """Show what has no place among saved texts, since it cannot be read: there is no other copy."""
    text = _(
        "%(field)s: closed while you wrote. What you typed there could not be read and is not "
        "kept: “%(text)s”"
    )
    typed_there = " · ".join(filter(None, _texts(desk, one)))
    messages.warning(desk.request, text % {"field": one.label, "text": typed_there})


def _sent(desk: Desk, one: FieldSpec | RowsSpec) -> bool:
    """Say whether the page held it open: browsers send nothing of what is closed."""
    return any(True for _text in _texts(desk, one))


def _texts(desk: Desk, one: FieldSpec | RowsSpec) -> Iterator[str]:
    row = r"-\d+-.*" if isinstance(one, RowsSpec) else ""
    names = re.compile(re.escape(f"{desk.section.key}-{one.key}") + row)
    for name, values in desk.request.POST.lists():
        if names.fullmatch(name):
            yield from map(str, values)
