"""What of a returned declaration may be changed: what officers named, and what filing asks for.

A draft is open everywhere. A return opens the fields, tables, sections and files it names and
nothing else - but for what would keep the declaration from being filed again (a correction may
make something else wrong): that opens, and stays open once it was changed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions.checks.remarks import Remark
from submissions.choices import Choices
from submissions.findings import to_put_right
from submissions.models import Attachment, Correction, Declaration
from submissions.scheme import Scheme
from submissions.scheme.fields import FieldSpec, Kind
from submissions.scheme.sections import Finding, RowsSpec
from submissions.states import Status


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What may be changed; ``everything``: nothing is closed."""

    everything: bool
    places: frozenset[tuple[str, str]]  # (section, field or table); ("technology", ""): all of it
    kinds: frozenset[str] = frozenset()  # kinds of files that may come and go
    files: frozenset[str] = frozenset()  # keys of files that may go
    proofs: frozenset[str] = frozenset()  # kinds of files that may come: an open field asks for one

    def member(self, section: str, key: str) -> bool:
        return self.everything or bool(self.places & {(section, ""), (section, key)})

    def takes(self, kind: str) -> bool:
        """Say whether a file of this kind may be added."""
        return self.everything or kind in self.kinds | self.proofs

    def lets_go(self, attachment: Attachment) -> bool:
        """Say whether a file may be taken away: one that was named, or that no version has."""
        return (
            self.everything
            or attachment.filed_with_id is None
            or attachment.kind in self.kinds
            or str(attachment.pk) in self.files
        )

    def require(self, section: str, key: str, label: str) -> None:
        if not self.member(section, key):
            message = _("%(field)s: not part of what was returned for correction.")
            raise DomainError(message % {"field": label}, field=key)

    def require_kind(self, kind: str) -> None:
        if not self.takes(kind):
            message = _("Files of this kind are not part of what was returned for correction.")
            raise DomainError(message, field="kind")

    def require_letting_go(self, attachment: Attachment) -> None:
        if not self.lets_go(attachment):
            message = _("%(file)s: not part of what was returned for correction.")
            raise DomainError(message % {"file": attachment.title})


EVERYTHING = Unlocked(everything=True, places=frozenset())


def unlocked_of(
    declaration: Declaration,
    choices: Choices | None = None,
    said: Callable[[], list[Remark]] | None = None,
) -> Unlocked:
    """Say what may be changed in a declaration that may be edited.

    ``said`` returns what the rules say of it, if somebody keeps that; so with ``choices``.
    """
    if declaration.status != Status.RETURNED:
        return EVERYTHING
    choices = choices or Choices(declaration.activity, declaration)
    findings = to_put_right(declaration, timezone.now(), choices, said() if said else None)
    touched = frozenset(_touched(declaration.activity.scheme.load(), declaration))
    return unlocked(declaration, _asked_of(declaration), findings, touched)


def unlocked(
    declaration: Declaration,
    asked: list[dict[str, Any]],
    findings: list[Finding],
    touched: Collection[tuple[str, str]] = (),
) -> Unlocked:
    """Say what may be changed now.

    ``asked`` are the corrections asked for (section and field, or kind and file); a return that
    named none, as an older one may, closes nothing. ``findings`` are what keeps the declaration
    from being filed. ``touched`` are the places that differ from what was filed: what was opened
    because it was wrong stays open once it is not, or a half-written sentence would be shut in.
    """
    if declaration.status != Status.RETURNED or not asked:
        return EVERYTHING
    scheme = declaration.activity.scheme.load()
    named = {(one["section"], one["field"]) for one in asked if not one["kind"]}
    wrong = {(one.section, one.field.partition(".")[0]) for one in findings}
    files = {str(one["file"]): one["kind"] for one in asked if one["file"]}
    kinds = {one["kind"] for one in asked if one["kind"] and not one["file"]}
    return Unlocked(
        everything=False,
        places=frozenset({*named, *wrong, *touched}),
        kinds=frozenset({*kinds, *_kinds_of_whole_sections(scheme, named)}),
        files=frozenset(files),
        proofs=frozenset({*files.values(), *_kinds_that_prove(scheme, named | wrong)}),
    )


def _kinds_of_whole_sections(scheme: Scheme, places: set[tuple[str, str]]) -> Iterator[str]:
    for section in scheme.sections:
        if (section.key, "") in places:
            yield from section.attachments


def _kinds_that_prove(scheme: Scheme, places: set[tuple[str, str]]) -> Iterator[str]:
    """Yield what an open field may point at: who is to prove a figure needs to add the proof."""
    for section in scheme.sections:
        opened = [one for one in section.members if places & {(section.key, one.key)}]
        for spec in _specs(opened):
            if spec.kind is Kind.EVIDENCE:
                yield from spec.attachments


def _touched(scheme: Scheme, declaration: Declaration) -> Iterator[tuple[str, str]]:
    filed = _filed(declaration)
    for section in scheme.sections:
        now, then = declaration.content.get(section.key, {}), filed.get(section.key, {})
        for one in section.members:
            if now.get(one.key) != then.get(one.key):
                yield section.key, one.key


def _filed(declaration: Declaration) -> dict[str, Any]:
    """Return the sections of the version in force; a locked declaration has read them."""
    filed: dict[str, Any] | None = getattr(declaration, "filed_sections", None)
    if filed is None and declaration.version:
        filed = declaration.version.content["sections"]
    return filed or {}


def _specs(members: Iterable[FieldSpec | RowsSpec]) -> Iterator[FieldSpec]:
    for one in members:
        yield from one.fields if isinstance(one, RowsSpec) else (one,)


def _asked_of(declaration: Declaration) -> list[dict[str, Any]]:
    """Return the places of the corrections asked for; a locked declaration has read them."""
    asked: list[dict[str, Any]] | None = getattr(declaration, "asked", None)
    if asked is None:
        rows = Correction.objects.filter(version=declaration.version_id).order_by("pk")
        places = rows.values_list("section", "field", "kind", "attachment")
        asked = [
            dict(zip(("section", "field", "kind", "file"), place, strict=True)) for place in places
        ]
    return asked
