"""Compares what rows name with what lies in the storage: after a restore, and now and then.

A database and a storage are backed up apart. What the one says and the other lacks is found here,
and so are bytes that no row names: a process that died between the two, a deletion that failed.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.core.files.storage import default_storage
from django.db.models import Q

from core.clock import database_now
from submissions.files.states import ScanStatus
from submissions.models import Annex, Attachment, Supporter

FOLDERS = ("attachments", "annexes", "logos")
YOUNG = dt.timedelta(days=7)  # a row may still come for these: of a transaction, of a backup
BLOCK = 1 << 20  # bytes read at once
BATCH = 500  # names asked for in one question

Named = Callable[[], Iterable[tuple[str, str]]]  # name and checksum of every file there must be
Known = Callable[[list[str]], set[str]]  # those of the names that a row names
_registered: dict[str, tuple[Named, Known]] = {}


def register(folder: str, named: Named, known: Known) -> None:
    """Let a higher app keep files in a folder of its own; called once, from its ready()."""
    _registered[folder] = (named, known)


@dataclass
class Report:
    """Names in the storage, and what is wrong with them."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)  # other bytes than were taken
    strays: list[str] = field(default_factory=list)  # named by no row for a week

    @property
    def holds(self) -> bool:
        return not self.missing and not self.different


def verify(*, reading: bool) -> Report:
    """Look for every file a row names, ``reading`` it to its end too, and for those none names."""
    report = Report()
    for name, sha256 in _named():
        report.checked += 1
        if not default_storage.exists(name):
            report.missing.append(name)
        elif reading and sha256 and _hash_of(name) != sha256:
            report.different.append(name)
    report.strays = list(_strays())
    return report


def delete(strays: list[str]) -> None:
    for name in strays:
        default_storage.delete(name)


def _kept() -> Q:
    """Of attachments: those that have bytes; malware and what was taken from a draft have none."""
    return ~Q(status=ScanStatus.FOUND) & (Q(removed_at=None) | Q(filed_with__isnull=False))


def _named() -> Iterator[tuple[str, str]]:
    yield from Attachment.objects.filter(_kept()).values_list("file", "sha256").iterator()
    yield from Annex.objects.values_list("file", "sha256").iterator()
    for name in Supporter.objects.exclude(logo="").values_list("logo", flat=True).iterator():
        yield name, ""
    for named, _is_known in _registered.values():
        yield from named()


def _hash_of(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _strays() -> Iterator[str]:
    before = database_now() - YOUNG
    for folder in (*FOLDERS, *_registered):
        lying = _lying_in(folder)
        for start in range(0, len(lying), BATCH):
            names = lying[start : start + BATCH]
            known = _known(names)
            for name in names:
                if name not in known and default_storage.get_modified_time(name) < before:
                    yield name


def _lying_in(folder: str) -> list[str]:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return sorted(f"{folder}/{name}" for name in names)


def _known(names: list[str]) -> set[str]:
    return {
        *Attachment.objects.filter(_kept(), file__in=names).values_list("file", flat=True),
        *Annex.objects.filter(file__in=names).values_list("file", flat=True),
        *Supporter.objects.filter(logo__in=names).values_list("logo", flat=True),
        *(name for _all, known in _registered.values() for name in known(names)),
    }
