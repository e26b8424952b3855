"""The one table of rights: role x object x state -> right, and who may open which address.

Each app lays its own rows (``<app>/rights.py``); together they are one table, printed as
``docs/rights.md``. A role is held *on a row*: a relation turns the person into a condition on
the row, so that one definition answers "may they?" and "what may they see?" alike. Deny by
default: what no rule grants is not there, and a hidden row is 404.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

Actor = AbstractBaseUser | AnonymousUser | None  # None: the portal itself, by the clock
Relation = Callable[[Any], Q | None]  # None: this person never holds the role
Rows = TypeVar("Rows", bound=QuerySet[Any])

READ = "read"
PORTAL = "portal"
NOBODY = Q(pk__in=())
EVERY_ROW = ~NOBODY  # an empty Q() vanishes when it is combined or negated


@dataclass(frozen=True, slots=True)
class Rule:
    """``role`` holds ``rights`` on the object in ``states`` (None: in every state)."""

    role: str
    rights: frozenset[str]
    states: frozenset[str] | None = None


def rule(role: str, rights: str, states: Iterable[str] | None = None) -> Rule:
    """Write a row of the table; ``rights`` are words parted by spaces."""
    return Rule(role, frozenset(rights.split()), None if states is None else frozenset(states))


class Bar(NamedTuple):
    """Takes ``rights`` (None: every one) from ``roles`` on the rows ``relation`` names."""

    roles: frozenset[str]
    relation: Relation
    where: str  # which rows these are, in the words of the manual
    rights: frozenset[str] | None = None
    leaves: frozenset[str] = frozenset()  # what it does not take, though it takes every one


@dataclass(slots=True)
class ObjectRights:
    """All that is granted on one kind of object."""

    name: str
    model: type[Model]
    relations: dict[str, Relation]
    rules: list[Rule]
    state_field: str = "status"
    # Conflict of interest: rows that vanish for these roles, whatever else is granted.
    bars: list[Bar] = field(default_factory=list)


_objects: dict[str, ObjectRights] = {}
_parts: dict[type[Model], str] = {}
_by_model: dict[type[Model], ObjectRights] = {}
# What higher apps add to objects not declared yet: Django readies the apps above first.
_waiting: dict[str, list[Callable[[ObjectRights], None]]] = {}


def declare(entry: ObjectRights) -> None:
    """Lay the rows of one kind of object; called once, from an app's ready()."""
    _objects[entry.name] = entry
    _by_model[entry.model] = entry
    for add in _waiting.pop(entry.name, []):
        add(entry)


def declare_parts(parts: dict[type[Model], str]) -> None:
    """Enter rows that are seen together with another one, at the path of its foreign key."""
    _parts.update(parts)


def parts() -> dict[type[Model], type[Model]]:
    """Return each part with what it is a part of."""
    return {model: _whole(model) for model in _parts}


def _whole(part: type[Model]) -> type[Model]:
    return cast("type[Model]", part._meta.get_field(_parts[part]).related_model)


def _add_to(name: str, add: Callable[[ObjectRights], None]) -> None:
    if name in _objects:
        add(_objects[name])
    else:
        _waiting.setdefault(name, []).append(add)


def extend(name: str, relations: dict[str, Relation], rules: Iterable[Rule]) -> None:
    """Let a higher app add a role on a lower app's object (an expert on a declaration)."""
    added = list(rules)

    def add(entry: ObjectRights) -> None:
        entry.relations.update(relations)
        entry.rules.extend(added)

    _add_to(name, add)


def bar(name: str, barred: Bar) -> None:
    """Let a higher app take rights away on a lower app's object."""
    _add_to(name, lambda entry: entry.bars.append(barred))


def table() -> list[ObjectRights]:
    if _waiting:
        raise LookupError(f"nobody declared {sorted(_waiting)}")
    return [_objects[name] for name in sorted(_objects)]


def granted(actor: Actor, right: str, model: type[Model]) -> Q:
    """Return the condition under which a row of ``model`` grants ``right`` to ``actor``."""
    entry = _by_model[model]
    condition = NOBODY
    for one in entry.rules:
        if right not in one.rights:
            continue
        held = _held(entry, one.role, right, actor)
        if held is None:
            continue
        if one.states is not None:
            held &= Q(**{f"{entry.state_field}__in": sorted(one.states)})
        condition |= held or EVERY_ROW
    return condition


def _held(entry: ObjectRights, role: str, right: str, actor: Actor) -> Q | None:
    """Return the condition under which ``actor`` holds ``role`` for ``right``, bars taken off."""
    held = _related(entry, role, actor)
    if held is None or actor is None:
        return held
    for one in entry.bars:
        touched = role in one.roles and _takes(one, right)
        rows = one.relation(actor) if touched else None
        if rows is not None:
            held &= ~(rows or EVERY_ROW)
    return held


def _related(entry: ObjectRights, role: str, actor: Actor) -> Q | None:
    """Return on which rows ``actor`` is in ``role``; None: on none there could be."""
    if actor is None:
        return Q() if role == PORTAL else None
    relation = entry.relations.get(role)
    return relation(actor) if relation else None


def _takes(bar: Bar, right: str) -> bool:
    return right not in bar.leaves and (bar.rights is None or right in bar.rights)


def name_of(model: type[Model]) -> str:
    """Return what the table calls a kind of object; the audit calls it the same."""
    return _by_model[model].name


def may_ever(actor: Actor, right: str, model: type[Model]) -> bool:
    """Say whether ``actor`` holds ``right`` on some row there could be; costs no look at rows."""
    entry = _by_model.get(model)
    return entry is not None and any(
        right in one.rights and _related(entry, one.role, actor) is not None for one in entry.rules
    )


def with_right(rows: Rows, actor: Actor, right: str) -> Rows:
    """Keep the rows on which ``actor`` holds ``right``."""
    return rows.filter(granted(actor, right, rows.model))


def visible(rows: Rows, actor: Actor) -> Rows:
    """Keep the rows ``actor`` may see; the others do not exist there."""
    path = _parts.get(rows.model)
    if path is None:
        return with_right(rows, actor, READ)
    seen = visible(_whole(rows.model)._default_manager.all(), actor)
    return rows.filter(**{f"{path}__in": seen.values("pk")})


def can(actor: Actor, right: str, obj: Model) -> bool:
    """Say whether ``actor`` holds ``right`` on this very row, as the database has it now."""
    rows = type(obj)._default_manager.filter(pk=obj.pk)
    return with_right(rows, actor, right).exists()


def held(actor: Actor, obj: Model, *wanted: str) -> frozenset[str]:
    """Return which of the rights ``actor`` holds on this very row; one question for all."""
    manager = type(obj)._default_manager
    same = manager.filter(pk=OuterRef("pk"))
    asked = {
        f"may_{number}": Exists(with_right(same, actor, right))
        for number, right in enumerate(wanted)
    }
    row = manager.filter(pk=obj.pk).order_by().values(**asked).first() or {}
    return frozenset(right for number, right in enumerate(wanted) if row.get(f"may_{number}"))


# Addresses ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """Who may knock at an address at all; the row behind it is asked for afterwards.

    ``roles`` empty and ``signed_in`` False: public. ``needs`` says in the manual which
    object and right the view asks for. ``methods`` are answered there besides the usual ones.
    """

    signed_in: bool = False
    roles: frozenset[str] = frozenset()
    needs: str = ""
    methods: frozenset[str] = frozenset()


PUBLIC = Address()
ACCOUNT = Address(signed_in=True)
_addresses: dict[str, Address] = {}


def staff(*roles: str, needs: str = "") -> Address:
    return Address(signed_in=True, roles=frozenset(roles), needs=needs)


def declare_addresses(addresses: dict[str, Address]) -> None:
    """Enter URL names (``app:name``; a trailing ``*`` stands for any ending)."""
    _addresses.update(addresses)


def addresses() -> dict[str, Address]:
    return dict(sorted(_addresses.items()))


def address_of(view_name: str) -> Address | None:
    """Return the entry of a URL name, the longest match first; None when the table has none."""
    if view_name in _addresses:
        return _addresses[view_name]
    starred = [n for n in _addresses if n.endswith("*") and view_name.startswith(n[:-1])]
    return _addresses[max(starred, key=len)] if starred else None
