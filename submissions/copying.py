"""A new draft that begins with what an earlier declaration of the organisation said.

What fits the scheme of the new activity is carried over, files with their bytes; the draft keeps
what was left out, so that its page can say exactly which. Nothing is confirmed, promised or signed
anew. Bytes are written before the transaction that makes the draft: nobody waits for them, but who
presses the button again meanwhile.
"""

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import joining
from accounts.models import Organisation
from accounts.roles import Level
from core.clock import database_now
from core.errors import DomainError
from submissions import services
from submissions.activities import require_open
from submissions.choices import Choices
from submissions.files import placing, scanning
from submissions.files.attaching import require_room
from submissions.files.names import NotNow, UploadError
from submissions.files.states import ScanStatus
from submissions.models import Activity, Attachment, Declaration
from submissions.models.declarations import DeclarationQuerySet
from submissions.reading import Reader, place
from submissions.scheme import Scheme
from submissions.scheme.carrying import PAPERS, LeftOut, Why, carried
from submissions.scheme.fields import FieldSpec
from submissions.working_copy import record
from submissions.writing import bring_in

# Why a value stayed behind, to its writer.
REASONS = {
    Why.GONE: _("This activity does not ask for it."),
    Why.KIND: _("This activity asks for something else here."),
    Why.CHOICE: _("It is not offered in this activity."),
    Why.FILE: _("The file was not copied: it is not asked for here, or could not be read."),
    Why.PROMISE: _("It is to be confirmed or signed anew with each declaration."),
    Why.ROWS: _("The table takes fewer rows in this activity; these were too many."),
}

SPACE = 731_011  # of the advisory locks of copies
PATIENCE = 5.0  # seconds that a second press waits for the first
PAUSE = 0.1

logger = structlog.get_logger(__name__)


def sources(actor: Any) -> DeclarationQuerySet:
    """Return what the person may begin from: what was ever written by organisations they edit."""
    mine = Organisation.objects.of_member(actor, Level.EDIT, Level.OWN)
    rows = Declaration.objects.own(actor).filter(organisation__in=mine.values("pk"))
    return rows.exclude(content={})


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
    with _alone(key):
        made = Declaration.objects.filter(start_key=key).first()
        if made is None:  # nothing costly is done for what cannot be begun
            require_open(activity, database_now())
        coming = [] if _is_filled(made) else _coming(source, activity)
        with _stored(coming, source) as names:
            return _begin(source, activity, names, actor=actor, key=key)


@contextmanager
def _alone(key: UUID) -> Iterator[None]:
    """Let a second press wait for the first a little, and refuse it then: bytes are copied once.

    The lock is the connection's, for no transaction is open while bytes are written.
    """
    place = [SPACE, zlib.crc32(key.bytes) - 2**31]
    until = time.monotonic() + PATIENCE
    while not _answered("select pg_try_advisory_lock(%s, %s)", place):
        if time.monotonic() > until:
            message = _(
                "This is being copied already. Please press the button once more in a minute."
            )
            raise DomainError(str(message), field="source")
        time.sleep(PAUSE)
    try:
        yield
    finally:
        try:
            _answered("select pg_advisory_unlock(%s, %s)", place)
        except (DatabaseError, InterfaceError):  # the line is broken, and the lock with it
            logger.exception("a lock of a copy was not let go", key=str(key))


def _answered(question: str, place: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, place)
        return bool(cursor.fetchone()[0])


def _is_filled(draft: Declaration | None) -> bool:
    return draft is not None and bool(draft.copied_from_id or draft.content)


@transaction.atomic
def _begin(
    source: Declaration, activity: Activity, names: Mapping[UUID, str], *, actor: Any, key: UUID
) -> Declaration:
    joining.lock(source.organisation_id)  # two copies at once do not both take the last room
    draft = services.start(
        activity, source.organisation, actor=actor, language=source.language, key=key
    )
    if not _is_filled(draft):  # or the button was pressed twice
        _require_room(source, source.attachments.filter(pk__in=names))
        _fill(draft, source, names, actor)
    return draft


def _fill(draft: Declaration, source: Declaration, names: Mapping[UUID, str], actor: Any) -> None:
    scheme = draft.activity.scheme.load()
    left = []
    files: dict[str, str] = {}
    for one in source.attachments.standing():
        # What was found to be malware meanwhile stays behind, too.
        if one.pk in names and one.is_served:
            files[str(one.pk)] = str(_copied(one, draft, names[one.pk], actor).pk)
        else:
            why = Why.PROMISE if one.kind in PAPERS else Why.FILE
            left.append(LeftOut("", "", why, one.title))
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
            # What is only too long is for its writer to shorten, as in the text itself.
            if key in fields and not fields[key].fault(text, lambda _source: (), limits=False):
                texts[key] = text
            else:
                section, _dot, member = key.partition(".")
                yield LeftOut(section, member, Why.KIND if key in fields else Why.GONE, text)
        if texts:
            services.save_translation(
                draft.pk, translation.language, texts, actor=actor, confirm=False
            )


def _coming(source: Declaration, activity: Activity) -> list[Attachment]:
    """List the files to be copied; refuse when there is no room for all of them."""
    sections = activity.scheme.load().sections
    asked = {kind for section in sections for kind in section.attachments} - PAPERS
    # What waits for the scanner is handed to nobody, not even to a copy of its declaration.
    standing = source.attachments.standing()
    coming = [one for one in standing if one.kind in asked and one.is_served]
    _require_room(source, coming)
    return coming


def _require_room(source: Declaration, files: Iterable[Attachment]) -> None:
    try:
        require_room(source, sum(one.size for one in files))
    except UploadError as error:
        raise DomainError(str(error), field="source") from None


@contextmanager
def _stored(files: list[Attachment], source: Declaration) -> Iterator[dict[UUID, str]]:
    """Store the bytes of files once more: what becomes of one of the two is nothing to the other.

    Gives the new names. Afterwards bytes that no row came to name are deleted.
    """
    names: dict[UUID, str] = {}
    try:
        for one in files:
            if name := _bytes_of(one):
                names[one.pk] = name
        yield names
    except NotNow:
        message = _("The files could not be copied just now. Please try again in a few minutes.")
        raise DomainError(str(message), field="source") from None
    finally:
        _tidy(list(names.values()), source)


def _bytes_of(one: Attachment) -> str | None:
    """Store bytes again; return their name, None when they are gone; NotNow on trouble."""
    extension = str(one.file.name).rpartition(".")[2]
    with placing.storage_at_work():
        try:
            stream = one.file.open("rb")
        except FileNotFoundError:  # it was taken away meanwhile
            logger.exception("a file could not be copied", attachment=str(one.pk))
            return None
    with stream:
        return placing.put("attachments", f".{extension}", stream)


def _tidy(names: list[str], source: Declaration) -> None:
    """Delete what no row names; when the database does not answer it stays, and harms nobody."""
    try:
        named = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
    except DatabaseError:
        logger.exception("copied files may have no row", source=str(source.pk))
        return
    for name in names:
        if name not in named:
            placing.delete(name)


def _copied(one: Attachment, draft: Declaration, name: str, actor: Any) -> Attachment:
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
