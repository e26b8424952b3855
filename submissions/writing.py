"""Saving what is written in a section, so that nothing that was saved is ever lost.

A save carries the fields and tables it changes and, of each, what its page was begun from. Where
nobody else wrote in between it goes into the working copy; where somebody did, it is set aside
until its writer has chosen between the two. Either way it is written down (``SavedValue``).
Where the page itself wrote in between, nobody did: the answer to its save was lost.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions.choices import Choices
from submissions.models import Declaration, SavedValue
from submissions.scheme import Scheme
from submissions.scheme.differences import begun_marks, mark
from submissions.scheme.fields import FieldSpec
from submissions.scheme.sections import RowsSpec, Section
from submissions.states import Status
from submissions.unlocking import unlocked_of
from submissions.working_copy import StaleRevision, locked

State = SavedValue.State


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: each name is that of a field or table of the section.

    ``closed``: set aside as well, because a return did not open it.
    """

    declaration: Declaration
    applied: tuple[str, ...]
    aside: tuple[str, ...]
    # What may be written on from now, as ``differences.mark`` says it: of what the page shows as
    # it is stored. Of a colleague's text that it does not show, the page's own mark stays.
    marks: dict[str, str]
    closed: tuple[str, ...]


@transaction.atomic
def save_section(
    declaration_id: UUID, section: str, values: Mapping[str, Any], *, actor: Any, revision: int
) -> Declaration:
    """Save one section whole; ``revision`` is the declaration's when its values were read.

    For programs. Raises StaleRevision when the section was saved since then, and DomainError at
    the first value the scheme does not take.
    """
    declaration = locked(declaration_id, actor)
    part = section_of(declaration.activity.scheme.load(), section)
    stored = declaration.content.get(section, {})
    choices = Choices(declaration.activity, declaration)
    tidy = _checked(part, values, choices)
    changed = [key for key in {**stored, **tidy} if stored.get(key) != tidy.get(key)]
    if changed and declaration.section_revisions.get(section, 0) > revision:
        raise StaleRevision(declaration)
    _require_unlocked(declaration, part, changed, choices)
    if changed:
        _write(declaration, part, {key: tidy.get(key) for key in changed})
        _note(declaration, section, {key: tidy.get(key) for key in changed}, actor=actor)
    return declaration


@transaction.atomic
def save_members(
    declaration_id: UUID,
    section: str,
    values: Mapping[str, Any] | Callable[[Declaration, Section, Choices], Mapping[str, Any]],
    *,
    actor: Any,
    begun: str,
    page: str | None = None,
) -> Saved:
    """Save some fields and tables of a section, whole each; what is empty is emptied.

    ``values`` holds them, or reads them once declaration, section and choices are known.
    ``begun`` is what ``differences.marks`` said of the section when the page was begun; ``page``
    a name that no other page has, empty where it has none. Raises DomainError at the first value
    the scheme does not take, and where a return opened nothing. Of a ``page`` that is set aside
    instead: it was opened before the return.
    """
    declaration = locked(declaration_id, actor)
    part = section_of(declaration.activity.scheme.load(), section)
    choices = Choices(declaration.activity, declaration)
    if callable(values):
        values = values(declaration, part, choices)
    part = _only(part, values)
    stored = declaration.content.get(section, {})
    tidy = _checked(part, values, choices)
    base = begun_marks(begun)
    differ = [one for one in part.members if stored.get(one.key) != tidy.get(one.key)]
    fits = {one.key for one in differ if _fits(one, stored, base)}
    earlier = _Earlier.of(declaration, section, {one.key for one in differ} - fits, actor)
    own = {one.key for one in differ if earlier.is_own(one.key, page, base.get(one.key))}
    # What was left as it was found is no change: a colleague's may stand.
    found = {one.key for one in differ if mark(one, tidy) == base.get(one.key)} - own
    changed = [one.key for one in differ if one.key not in found]
    shut = _closed(declaration, part, changed, choices)
    if page is None:
        _require_unlocked(declaration, part, shut, choices)
    applied = {key: tidy.get(key) for key in changed if key in (fits | own) - {*shut}}
    aside = {key: tidy.get(key) for key in changed if key not in applied}
    if applied:
        _write(declaration, part, applied)
    if shut or earlier.waiting & aside.keys():
        _waiting(declaration, section, aside, actor).update(state=State.SETTLED)
    if changed:
        origins = {key: _origin(page, base.get(key)) for key in applied}
        _note(declaration, section, applied, aside=aside, base={**base, **origins}, actor=actor)
    waits = tuple(key for key in aside if key not in shut)
    marks = _shown(declaration, part, tidy)
    return Saved(declaration, tuple(applied), waits, marks, tuple(shut))


def bring_in(
    declaration: Declaration, part: Section, values: Mapping[str, Any], *, actor: Any
) -> None:
    """Put what was carried over from elsewhere into a draft just begun, and write it down.

    Unlike a save it takes what is too long or too large: the checks say so, and nothing is lost.
    The caller holds the transaction in which the draft was made.
    """
    tidy = without_empty(dict(values))
    _write(declaration, part, tidy)
    _note(declaration, part.key, tidy, actor=actor)


@transaction.atomic
def settle(
    declaration_id: UUID, section: str, chosen: Mapping[str, Any], *, actor: Any, begun: str
) -> Saved:
    """Save what a person chose between their text set aside and the working copy.

    ``chosen`` holds each field and table that waited; ``begun``: the working copy as it was when
    they chose. What somebody changed meanwhile is set aside once more.
    """
    saved = save_members(declaration_id, section, chosen, actor=actor, begun=begun)
    settled = set(chosen) - set(saved.aside)
    _waiting(saved.declaration, section, settled, actor).update(state=State.SETTLED)
    return saved


def set_aside(declaration: Declaration, section: str, actor: Any) -> list[SavedValue]:
    """Return the person's own texts in a section that wait: they differ still."""
    stored = declaration.content.get(section, {})
    rows = SavedValue.objects.filter(declaration=declaration, section=section, saved_by=actor)
    waiting = rows.filter(state=State.ASIDE).order_by("pk")
    return [one for one in waiting if one.value != stored.get(one.member)]


def waiting_of(declaration: Declaration) -> list[SavedValue]:
    """Return the texts of all its writers that wait for a choice: they differ, and one is open."""
    rows = SavedValue.objects.filter(declaration=declaration, state=State.ASIDE)
    found = [
        one
        for one in rows.select_related("saved_by").order_by("pk")
        if one.value != declaration.content.get(one.section, {}).get(one.member)
    ]
    opened = unlocked_of(declaration) if found else None
    return [one for one in found if opened and opened.member(one.section, one.member)]


def section_of(scheme: Scheme, key: str) -> Section:
    try:
        return scheme.section(key)
    except KeyError:
        raise DomainError(_("The scheme has no section %(key)s.") % {"key": key}) from None


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What was saved last of the fields and tables that a save may not simply write over."""

    applied: dict[str, SavedValue]
    waiting: set[str]  # those of which a text of the same person waits already

    @classmethod
    def of(
        cls, declaration: Declaration, section: str, members: Collection[str], actor: Any
    ) -> "_Earlier":
        rows = SavedValue.objects.filter(
            Q(state=State.APPLIED) | Q(state=State.ASIDE, saved_by=actor),
            declaration=declaration,
            section=section,
            member__in=members,
        )
        # Of no members nothing is asked.
        newest = list(rows.order_by("member", "state", "-pk").distinct("member", "state"))
        return cls(
            {one.member: one for one in newest if one.state == State.APPLIED},
            {one.member for one in newest if one.state == State.ASIDE},
        )

    def is_own(self, member: str, page: str | None, begun: str | None) -> bool:
        """Say whether the page itself saved what is stored, from where it still believes to be.

        Then the answer was lost. Another page of the same person is told of the text instead: it
        never showed it.
        """
        last = self.applied.get(member)
        return bool(page and last and last.begun == _origin(page, begun))


def _origin(page: str | None, begun: str | None) -> str:
    """Name what an applied text was begun from, by the page that knows it."""
    return f"{page}:{begun}" if page and begun is not None else ""


def _closed(
    declaration: Declaration, part: Section, changed: list[str], choices: Choices
) -> list[str]:
    """Name what of this a return did not open."""
    if declaration.status != Status.RETURNED or not changed:
        return []
    opened = unlocked_of(declaration, choices)
    return [key for key in changed if not opened.member(part.key, key)]


def _require_unlocked(
    declaration: Declaration, part: Section, changed: list[str], choices: Choices
) -> None:
    if declaration.status != Status.RETURNED or not changed:
        return
    opened = unlocked_of(declaration, choices)
    for one in part.members:
        if one.key in changed:
            opened.require(part.key, one.key, one.label)


def _only(part: Section, values: Mapping[str, Any]) -> Section:
    known = {one.key for one in part.members}
    for key in sorted(set(values) - known):
        raise DomainError(_("The scheme has no field %(key)s.") % {"key": key}, field=key)
    return part.only(values.keys())


def _checked(part: Section, values: Mapping[str, Any], choices: Choices) -> dict[str, Any]:
    """Return the values without what was left empty; raise at the first that cannot be taken."""
    tidy = without_empty(dict(values))
    for fault in part.faults(tidy, choices.known, limits=False):
        raise DomainError(fault.message, field=fault.field)
    return tidy


def _shown(declaration: Declaration, part: Section, tidy: Mapping[str, Any]) -> dict[str, str]:
    """Mark what is stored as the page shows it; ``tidy`` is what the page shows."""
    stored = declaration.content.get(part.key, {})
    marks = {one.key: mark(one, stored) for one in part.members}
    return {one.key: marks[one.key] for one in part.members if mark(one, tidy) == marks[one.key]}


def _fits(member: FieldSpec | RowsSpec, stored: Mapping[str, Any], base: Mapping[str, str]) -> bool:
    """Say whether a field or table is still as the page of the save was begun from."""
    begun = base.get(member.key)
    now = mark(member, stored)
    return now == begun if begun is not None else now == mark(member, {})


def _write(declaration: Declaration, section: Section, values: dict[str, Any]) -> None:
    """Put values into the working copy; None empties a place."""
    before = declaration.content.get(section.key, {})
    declaration.revision += 1
    declaration.section_revisions[section.key] = declaration.revision
    now = {**before, **values}
    declaration.content[section.key] = {k: v for k, v in now.items() if v is not None}
    technology = declaration.content.get("technology", {})
    declaration.title = technology.get("title", "")[:200]
    declaration.subcategory_id = technology.get("subcategory")
    declaration.save(
        update_fields=[
            "revision", "section_revisions", "content", "title", "subcategory", "updated_at",
        ]
    )  # fmt: skip
    _take_back_confirmations(declaration, section, set(values))


def _take_back_confirmations(declaration: Declaration, section: Section, changed: set[str]) -> None:
    """A translation of a text that changed is to be looked at again."""
    texts = {f"{section.key}.{f.key}" for f in section.fields if f.translatable}
    places = texts & {f"{section.key}.{key}" for key in changed}
    if not places or not getattr(declaration, "has_confirmed", True):
        return
    for translation in declaration.translations.exclude(confirmed_at=None):
        if places & set(translation.texts):
            translation.confirmed_at = translation.confirmed_by = None
            translation.save(update_fields=["confirmed_at", "confirmed_by", "updated_at"])


def _note(
    declaration: Declaration,
    section: str,
    applied: Mapping[str, Any],
    *,
    actor: Any,
    aside: Mapping[str, Any] | None = None,
    base: Mapping[str, str] | None = None,
) -> None:
    """Write down what was saved, and of each what it was begun from."""
    aside, base = aside or {}, base or {}
    values = [(key, value, State.APPLIED) for key, value in applied.items()]
    values += [(key, value, State.ASIDE) for key, value in aside.items()]
    SavedValue.objects.bulk_create(
        SavedValue(
            declaration=declaration,
            section=section,
            member=key,
            value=value,
            revision=declaration.revision,
            state=state,
            begun=base.get(key, ""),
            saved_by=actor,
            saved_at=Now(),
        )
        for key, value, state in values
    )


def _waiting(
    declaration: Declaration, section: str, members: Collection[str], actor: Any
) -> QuerySet[SavedValue]:
    return SavedValue.objects.filter(
        declaration=declaration,
        section=section,
        member__in=members,
        saved_by=actor,
        state=State.ASIDE,
    )


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was left empty, down to the rows."""
    tidy: dict[str, Any] = {}
    for key, value in values.items():
        kept: Any = value
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            kept = [row for row in map(without_empty, value) if row]
        if kept not in (None, "", []):
            tidy[key] = kept
    return tidy
