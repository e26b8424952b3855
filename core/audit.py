"""The audit: one row per act, chained, so that a changed or missing row shows."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model

from core import rights
from core.canonical import canonical_json
from core.clock import database_now
from core.models import GENESIS, AuditEntry, AuditLink


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act was done to."""

    type: str
    id: UUID | int | str


def subject(obj: Model) -> Subject:
    """Return a row as the subject of an act: its kind is its name in the table of rights."""
    # The user of a request is a lazy object: its type is not the model, its class is.
    return Subject(rights.name_of(obj.__class__), obj.pk)


@dataclass(frozen=True, slots=True)
class Note:
    """An act that is to be recorded together with others; as the arguments of ``record``."""

    act: str
    subject: Subject
    actor: AbstractBaseUser | None
    change: tuple[str, str] = ("", "")
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def record_all(notes: Iterable[Note]) -> None:
    """Write down many acts of one moment in a few statements; else as ``record``."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction that does it")
    at = database_now()
    AuditEntry.objects.bulk_create([_entry(note, at) for note in notes], batch_size=500)


def _entry(note: Note, at: dt.datetime) -> AuditEntry:
    entry = AuditEntry(
        at=at,
        actor=note.actor,  # type: ignore[misc]  # AUTH_USER_MODEL is known only when apps are loaded
        act=note.act,
        subject_type=note.subject.type,
        subject_id=str(note.subject.id),
        before=note.change[0],
        after=note.change[1],
        reason=note.reason,
        details=note.details,
    )
    entry.record = canonical_record(entry)
    return entry


def record(
    act: str,
    subject: Subject,
    *,
    actor: AbstractBaseUser | None,
    change: tuple[str, str] = ("", ""),
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write down an act, inside the transaction that does it.

    ``change`` is the state before and after. ``details`` must be JSON without floats.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction that does it")
    note = Note(act, subject, actor, change, reason, details or {})
    entry = _entry(note, database_now())
    entry.save(force_insert=True)
    return entry


def values(obj: Model, names: Iterable[str]) -> dict[str, Any]:
    """Return what these fields of a row hold now, as JSON: other rows by their keys, sorted."""
    return {name: _value(obj, obj._meta.get_field(name)) for name in names}


def _value(obj: Model, field: Any) -> Any:
    value = field.value_from_object(obj)
    if field.many_to_many:
        return sorted(_plain(row.pk) for row in value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], withheld: Collection[str] = ()
) -> dict[str, list[Any]]:
    """Return what an edit changed, ``{"kind": [before, after]}``.

    Of a field that is withheld the list is empty: it may tell of a person, and the chain is
    never rewritten.
    """
    return {
        name: [] if name in withheld else [before.get(name), after[name]]
        for name in sorted(after)
        if before.get(name) != after[name]
    }


def canonical_record(entry: AuditEntry) -> str:
    """Return what the chain is taken over: every column of the act, as canonical JSON."""
    return canonical_json(
        {
            "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "actor": str(entry.actor_id) if entry.actor_id else None,
            "act": entry.act,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "before": entry.before,
            "after": entry.after,
            "reason": entry.reason,
            "details": entry.details,
        }
    ).decode()


def faults() -> Iterator[str]:
    """Walk the whole chain and yield a sentence for each place where it does not hold."""
    previous, position = GENESIS, 0
    links = AuditLink.objects.select_related("entry").order_by("position")
    for link in links.iterator(chunk_size=2000):
        position += 1
        if link.position != position:
            yield f"link {position} is missing"
            position = link.position
        if link.previous_hash != previous:
            yield f"link {link.position} does not follow the link before it"
        expected = hashlib.sha256((link.previous_hash + link.entry.record).encode()).hexdigest()
        if link.hash != expected:
            yield f"link {link.position} does not match its act"
        if link.entry.record != canonical_record(link.entry):
            yield f"act {link.entry_id} was changed after it was recorded"
        previous = link.hash
    for entry_id in AuditEntry.objects.filter(link=None).values_list("pk", flat=True):
        yield f"act {entry_id} is not in the chain"
