"""Annexes, supporters and demand themes of an activity: laid down, changed, taken off its page.

Officers prepare them with the activity. Once it is open people rely on them: an annex can be
added and its title mended, but no file is exchanged or taken off; themes stay as they are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, rights
from core.errors import DomainError
from reference.names import validate_names
from submissions.files import placing, scanning, uploads
from submissions.files.states import ScanStatus
from submissions.models import Activity, Annex, DemandTheme, Supporter
from submissions.states import ActivityStatus

Row = TypeVar("Row", Annex, Supporter, DemandTheme)

MOST_ANNEXES = MOST_SUPPORTERS = MOST_THEMES = 60
MOST_LOGO_BYTES = 1024 * 1024
LOGOS = frozenset({"png", "jpeg"})
FOLDERS: dict[type[Any], str] = {Annex: "annexes", Supporter: "logos"}
FILES = frozenset({"file", "logo"})
NAMES: dict[type[Any], str] = {Annex: "titles", Supporter: "names", DemandTheme: "titles"}
MOST: dict[type[Any], int] = {
    Annex: MOST_ANNEXES, Supporter: MOST_SUPPORTERS, DemandTheme: MOST_THEMES,
}  # fmt: skip
FIXED_WHILE_OPEN: dict[type[Any], frozenset[str]] = {
    Annex: frozenset({"file", "shown"}),
    Supporter: frozenset(),
    DemandTheme: frozenset({"titles", "texts", "countries", "shown"}),
}


def save_annex(pk: Any, *, actor: Any, activity: Any = None, **changes: Any) -> Annex:
    """Add an annex (``pk`` None) or change it; a new file is looked into like every upload."""
    upload = changes.pop("file", None)
    if not upload:
        if pk is None:
            raise DomainError(_("Choose a file."), field="file")
        return _save(Annex, pk, activity, changes, actor)
    _may_edit(Annex, pk, activity, actor)
    with _placed(Annex, "file", upload) as (seen, name):
        changes.update(
            file=name,
            file_name=seen.name,
            media_type=seen.media_type,
            size=seen.size,
            sha256=seen.sha256,
        )
        return _save(Annex, pk, activity, changes, actor)


def save_supporter(pk: Any, *, actor: Any, activity: Any = None, **changes: Any) -> Supporter:
    """Add a supporter or change it; its logo is a PNG or JPEG, opened before it is believed."""
    logo = changes.pop("logo", None)
    if logo is False:  # the box "clear"
        changes.update(logo="", logo_type="")
    if not logo:
        return _save(Supporter, pk, activity, changes, actor)
    _may_edit(Supporter, pk, activity, actor)
    with _placed(Supporter, "logo", logo, check=_check_logo) as (seen, name):
        changes.update(logo=name, logo_type=seen.media_type)
        return _save(Supporter, pk, activity, changes, actor)


def save_theme(pk: Any, *, actor: Any, activity: Any = None, **changes: Any) -> DemandTheme:
    """Add a demand theme or change it; ``countries`` replaces those it names."""
    return _save(DemandTheme, pk, activity, changes, actor)


@contextmanager
def _placed(
    model: type[Any],
    column: str,
    upload: UploadedFile[Any],
    *,
    check: Callable[[uploads.Inspected], None] = lambda _seen: None,
) -> Iterator[tuple[uploads.Inspected, str]]:
    """Look into a file, have it scanned and store it, before anything is locked.

    Everybody fetches it, at once: it is not kept back like an applicant's, but refused, when the
    scanner does not answer.
    """
    try:
        seen = uploads.inspect(upload)
        check(seen)
        stream: IO[bytes] = upload.file  # type: ignore[assignment]  # an upload has one
        if scanning.look_on_arrival(stream) is ScanStatus.WAITING:
            raise uploads.UploadError(
                _("The malware scanner does not answer. Please try again in a few minutes.")
            )
        name = placing.put(FOLDERS[model], f".{seen.extension}", upload)
    except uploads.UploadError as error:
        raise DomainError(error.message, field=column) from None
    with placing.deleted_unless(lambda: model.objects.filter(**{column: name}), name):
        yield seen, name


def _check_logo(seen: uploads.Inspected) -> None:
    if seen.extension not in LOGOS:
        raise uploads.UploadError(_("A logo is a PNG or JPEG image."))
    if seen.size > MOST_LOGO_BYTES:
        raise uploads.UploadError(_("A logo is no larger than 1 MB."))


def _may_edit(model: type[Row], pk: Any, activity: Any, actor: Any) -> None:
    """Ask first: nothing costly is done for somebody who may not."""
    held = model._default_manager.get(pk=pk).activity if pk else activity
    if not rights.can(actor, "edit", held):
        raise PermissionDenied(f"edit on activity {held.pk}")


@transaction.atomic
def _save(model: type[Row], pk: Any, activity: Any, changes: dict[str, Any], actor: Any) -> Row:
    row = _held(model, pk, activity, actor)
    former = [str(getattr(row, name)) for name in FILES & set(changes)] if pk else []
    saved = _store(row, changes, actor, names=NAMES[model])
    for name in filter(None, former):
        transaction.on_commit(partial(placing.delete, name))
    return saved


def _held(model: type[Row], pk: Any, activity: Any, actor: Any) -> Row:
    """Return the row, or a new one, its activity locked and the officer's right asked."""
    row = model._default_manager.get(pk=pk) if pk else model(activity=activity)
    # The activity's lock orders the saves: what opens it waits, and so does who changes a part.
    held = Activity.objects.select_for_update(no_key=True).get(pk=row.activity_id)
    if not rights.can(actor, "edit", held):
        raise PermissionDenied(f"edit on activity {held.pk}")
    if pk:
        row.refresh_from_db()
    row.activity = held
    return row


def _store(row: Row, changes: dict[str, Any], actor: Any, *, names: str) -> Row:
    model = type(row)
    added = row._state.adding
    _only_what_may_change(row, changes)
    before = {} if added else audit.values(row, changes)
    countries = changes.pop("countries", None)
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row, names)
    if added and model._default_manager.filter(activity=row.activity).count() >= MOST[model]:
        raise DomainError(_("An activity carries no more than %(count)d.") % {"count": MOST[model]})
    row.save()
    if countries is not None:
        DemandTheme.objects.get(pk=row.pk).countries.set(countries)
    _record(row, added, before, actor)
    return row


def _only_what_may_change(row: Row, changes: dict[str, Any]) -> None:
    if row.activity.status != ActivityStatus.OPEN:
        return
    fixed = FIXED_WHILE_OPEN[type(row)]
    if row._state.adding:
        if isinstance(row, DemandTheme):
            raise DomainError(_("This cannot change while the activity is open."))
        return
    for name in sorted(fixed & set(changes)):
        if _differs(row, name, changes[name]):
            raise DomainError(_("This cannot change while the activity is open."), field=name)


def _differs(row: Row, name: str, new: Any) -> bool:
    if name == "countries":
        stored: list[str] = audit.values(row, [name])[name]
        return stored != sorted(str(one.pk) for one in new)
    return bool(getattr(row, name) != new)


def _check(row: Row, names: str) -> None:
    try:
        validate_names(getattr(row, names))
    except ValidationError as error:
        raise DomainError(error.messages[0], field=names) from None
    try:
        row.clean_fields(exclude={"titles", "names", "texts", "file", "logo", "activity"})
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from None


def _record(row: Row, added: bool, before: dict[str, Any], actor: Any) -> None:
    subject = audit.subject(row)
    if added:
        details: dict[str, Any] = {"activity": row.activity.code}
        if isinstance(row, Annex):
            details["sha256"] = row.sha256
        audit.record(f"{subject.type}.added", subject, actor=actor, details=details)
        return
    changed = audit.differences(before, audit.values(row, before))
    if changed:
        audit.record(f"{subject.type}.changed", subject, actor=actor, details=changed)
