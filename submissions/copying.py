"""A new draft that begins with what an earlier declaration of the organisation said.

What fits the scheme of the new activity is carried over, files with their bytes; the draft keeps
what was left out, so that its page can say exactly which. Nothing is confirmed or promised anew.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Level
from submissions import services
from submissions.choices import Choices
from submissions.files import scanning
from submissions.files.states import ScanStatus
from submissions.models import Activity, Attachment, Declaration
from submissions.models.declarations import DeclarationQuerySet
from submissions.reading import Reader, place
from submissions.scheme import Scheme
from submissions.scheme.carrying import LeftOut, Why, carried
from submissions.scheme.fields import FieldSpec
from submissions.working_copy import record
from submissions.writing import bring_in

# Why a value stayed behind, to its writer.
REASONS = {
    Why.GONE: _("This activity does not ask for it."),
    Why.KIND: _("This activity asks for something else here."),
    Why.CHOICE: _("It is not offered in this activity."),
    Why.FILE: _("The file was not copied: it is not asked for here, or could not be read."),
    Why.PROMISE: _("It is to be confirmed anew with each declaration."),
    Why.ROWS: _("The table takes fewer rows in this activity; these were too many."),
}

logger = structlog.get_logger(__name__)


def sources(actor: Any) -> DeclarationQuerySet:
    """Return what the person may begin from: what was ever written by organisations they edit."""
    mine = Organisation.objects.of_member(actor, Level.EDIT, Level.OWN)
    rows = Declaration.objects.own(actor).filter(organisation__in=mine.values("pk"))
    return rows.exclude(content={})


@transaction.atomic
def start_from(
    source: Declaration,
    activity: Activity,
    *,
    actor: Any,
    key: UUID,
) -> Declaration:
    """Begin a declaration with what ``source`` says; the same ``key`` again makes no other.

    It is written in the language of the source, for its organisation.
    """
    if not sources(actor).filter(pk=source.pk).exists():
        raise PermissionDenied(f"copy declaration {source.pk}")
    draft = services.start(
        activity, source.organisation, actor=actor, language=source.language, key=key
    )
    if draft.copied_from_id or draft.content:
        return draft  # the button was pressed twice
    with put_back() as stored:
        _fill(draft, source, actor, stored)
    return draft


def _fill(draft: Declaration, source: Declaration, actor: Any, stored: list[str]) -> None:
    scheme = draft.activity.scheme.load()
    left = []
    files: dict[str, str] = {}
    for one in source.attachments.standing():
        copy = _copied(one, draft, scheme, actor, stored)
        if copy:
            files[str(one.pk)] = str(copy.pk)
        else:
            left.append(LeftOut("", "", Why.FILE, one.title))
    choices = Choices(draft.activity, draft)
    made = carried(source.activity.scheme.load(), scheme, source.content, choices.known, files)
    for section, values in made.sections.items():
        bring_in(draft, scheme.section(section), values, actor=actor)
    left += made.left_out
    left += _translations(source, draft, scheme, actor)
    draft.copied_from = source
    draft.left_out = [_written(one) for one in left]
    draft.save(update_fields=["copied_from", "left_out"])
    record(draft, "copied", actor, source=str(source.pk), files=len(files), left_out=len(left))


def _written(one: LeftOut) -> dict[str, Any]:
    return {name: getattr(one, name) for name in LeftOut.__slots__}


def _translations(
    source: Declaration, draft: Declaration, scheme: Scheme, actor: Any
) -> Iterator[LeftOut]:
    """Bring texts in other languages along; the applicant confirms them anew."""
    fields = {f"{section.key}.{one.key}": one for section, one in scheme.translatable()}
    for translation in source.translations.exclude(texts={}).order_by("language"):
        texts = {}
        for key, text in translation.texts.items():
            if key in fields and not fields[key].fault(text, lambda _source: ()):
                texts[key] = text
            else:
                section, _dot, member = key.partition(".")
                yield LeftOut(section, member, Why.KIND if key in fields else Why.GONE, text)
        if texts:
            services.save_translation(
                draft.pk, translation.language, texts, actor=actor, confirm=False
            )


@contextmanager
def put_back() -> Iterator[list[str]]:
    """Take what was stored out of the storage again when no draft came of it."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        raise


def _copied(
    one: Attachment, draft: Declaration, scheme: Scheme, actor: Any, stored: list[str]
) -> Attachment | None:
    """Copy a file, bytes and all: what becomes of one of the two is nothing to the other."""
    asked = {kind for section in scheme.sections for kind in section.attachments}
    # What waits for the scanner is handed to nobody, not even to a copy of its declaration.
    if one.kind not in asked or not one.is_served:
        return None
    name = bytes_of(one)
    if name is None:
        return None
    stored.append(name)
    copy = Attachment.objects.create(
        declaration=draft,
        kind=one.kind,
        title=one.title,
        file=name,
        file_name=one.file_name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        uploaded_by=actor,
    )
    scanning.note_copy(copy, ScanStatus(one.status), one.scanned_at)
    return copy


def bytes_of(one: Attachment) -> str | None:
    """Store the bytes of a file once more; return under which name, None when it cannot be."""
    extension = str(one.file.name).rpartition(".")[2]
    try:
        with one.file.open("rb") as stream:
            return default_storage.save(f"attachments/{uuid.uuid4().hex}.{extension}", stream)
    except OSError:  # it was taken away meanwhile, or the storage has no room
        logger.exception("a file could not be copied", attachment=str(one.pk))
        return None


def left_out(draft: Declaration) -> list[dict[str, str]]:
    """Say what did not come along when a draft was copied: place, value and reason, in words."""
    if not draft.left_out or draft.copied_from is None:
        return []
    source = draft.copied_from
    scheme = source.activity.scheme.load()
    reader = Reader(scheme, Choices(source.activity, source), source.language)
    return [_explained(LeftOut(**one), scheme, reader) for one in draft.left_out]


def _explained(one: LeftOut, scheme: Scheme, reader: Reader) -> dict[str, str]:
    if not one.section:
        where, value = gettext("File"), str(one.value)
    else:
        where, value = _place(one, scheme), _value(one, scheme, reader)
    return {"place": where, "value": value, "reason": str(REASONS[Why(one.why)])}


def _spec(one: LeftOut, scheme: Scheme) -> FieldSpec | None:
    section = scheme.section(one.section)
    tables = {table.key: table.fields for table in section.rows}
    fields = tables.get(one.member, ()) if one.row else section.fields
    return next((spec for spec in fields if spec.key == (one.column or one.member)), None)


def _place(one: LeftOut, scheme: Scheme) -> str:
    where = place(scheme, one.section, one.member)
    spec = _spec(one, scheme) if one.row else None
    if spec is None:
        return where
    words = {"table": where, "row": one.row, "field": spec.label}
    return gettext("%(table)s, row %(row)d, %(field)s") % words


def _value(one: LeftOut, scheme: Scheme, reader: Reader) -> str:
    if spec := _spec(one, scheme):
        return reader.value(spec, one.value)
    if isinstance(one.value, int):
        return ngettext("%(count)d row", "%(count)d rows", one.value) % {"count": one.value}
    return str(one.value)
