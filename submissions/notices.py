"""Annexes, supporters and demand themes of an activity: laid down, changed, taken off its page.

Officers prepare them with the activity. Once it is open people rely on them: an annex can be
added and its title mended, but no file is exchanged or taken off; themes stay as they are.
"""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, rights
from core.errors import DomainError
from reference.names import validate_names
from submissions.files import uploads
from submissions.models import Activity, Annex, DemandTheme, Supporter
from submissions.states import ActivityStatus

Row = TypeVar("Row", Annex, Supporter, DemandTheme)

MOST_ANNEXES = MOST_SUPPORTERS = MOST_THEMES = 60
MOST_LOGO_BYTES = 1024 * 1024
LOGOS = frozenset({"png", "jpeg"})
MOST: dict[type[Any], int] = {
    Annex: MOST_ANNEXES, Supporter: MOST_SUPPORTERS, DemandTheme: MOST_THEMES,
}  # fmt: skip
FIXED_WHILE_OPEN: dict[type[Any], frozenset[str]] = {
    Annex: frozenset({"file", "shown"}),
    Supporter: frozenset(),
    DemandTheme: frozenset({"titles", "texts", "countries", "shown"}),
}


@transaction.atomic
def save_annex(pk: Any, *, actor: Any, activity: Any = None, **changes: Any) -> Annex:
    """Add an annex (``pk`` None) or change it; a new file is looked into like every upload."""
    annex = _held(Annex, pk, activity, actor)
    upload = changes.pop("file", None)
    if upload:
        seen = uploads.inspect(upload)
        upload.name = f"{annex.activity.code}.{seen.extension}"
        changes.update(
            file=upload,
            file_name=seen.name,
            media_type=seen.media_type,
            size=seen.size,
            sha256=seen.sha256,
        )
    elif pk is None:
        raise DomainError(_("Choose a file."), field="file")
    return _store(annex, changes, actor, names="titles")


@transaction.atomic
def save_supporter(pk: Any, *, actor: Any, activity: Any = None, **changes: Any) -> Supporter:
    """Add a supporter or change it; its logo is a PNG or JPEG, opened before it is believed."""
    supporter = _held(Supporter, pk, activity, actor)
    logo = changes.pop("logo", None)
    if logo is False:  # the box "clear"
        changes.update(logo="", logo_type="")
    elif logo:
        kind = _inspect_logo(logo)
        logo.name = f"{supporter.activity.code}.{kind.extension}"
        changes.update(logo=logo, logo_type=kind.media_type)
    return _store(supporter, changes, actor, names="names")


@transaction.atomic
def save_theme(pk: Any, *, actor: Any, activity: Any = None, **changes: Any) -> DemandTheme:
    """Add a demand theme or change it; ``countries`` replaces those it names."""
    theme = _held(DemandTheme, pk, activity, actor)
    return _store(theme, changes, actor, names="titles")


def _inspect_logo(logo: UploadedFile[Any]) -> uploads.Inspected:
    try:
        kind = uploads.inspect(logo)
    except uploads.UploadError as error:
        raise DomainError(error.message, field="logo") from None
    if kind.extension not in LOGOS:
        raise DomainError(_("A logo is a PNG or JPEG image."), field="logo")
    if kind.size > MOST_LOGO_BYTES:
        raise DomainError(_("A logo is no larger than 1 MB."), field="logo")
    return kind


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
