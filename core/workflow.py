"""The one door: a state changes here and nowhere else.

``perform`` notes when it was asked, locks the row and reads it again, asks the table of rights,
asks the table of transitions, asks the guards, makes the change, saves, writes the audit, and
owes the mails and events, all in one transaction: it happens entirely or not at all.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import acts, audit, rights
from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.lifecycle import Lifecycle, Transition

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Act:
    """One step being taken: by whom, when, why, and what was filled in for it."""

    step: Transition
    actor: Any  # a User; None: the portal itself, by the clock
    arrived_at: dt.datetime  # when it was asked, before it waited for any lock: what deadlines bind
    at: dt.datetime  # when the row was its own
    reason: str
    inputs: Mapping[str, Any]
    details: dict[str, Any] = field(default_factory=dict)  # what the audit shall also say


Effect = Callable[[M, Act], None]


@dataclass(frozen=True, slots=True)
class Step(Generic[M]):
    """What a transition asks and does beyond the status.

    ``guards`` raise DomainError. ``change`` writes what belongs to the step and returns the
    names of the fields it set on the object. ``after`` owes mails and events.
    """

    guards: tuple[Effect[M], ...] = ()
    change: Callable[[M, Act], tuple[str, ...]] | None = None
    after: tuple[Effect[M], ...] = ()


class Workflow(Generic[M]):
    """The life of one kind of object, with what each step asks and does."""

    def __init__(
        self,
        lifecycle: Lifecycle,
        model: type[M],
        steps: Mapping[str, Step[M]] | None = None,
        *,
        since: str = "",
        shown: str = rights.READ,
    ) -> None:
        """``since``: the field that keeps when the object came into its state, if it has one.

        ``shown``: a further right by which one sees an object and reads in which state it is.
        """
        self.lifecycle = lifecycle
        self.model = model
        self.since = since
        self.shown = shown
        self.steps = dict(steps or {})
        unknown = set(self.steps) - {t.name for t in lifecycle.transitions}
        if unknown:
            raise LookupError(f"{lifecycle.object} has no steps {sorted(unknown)}")
        acts.name_steps(lifecycle)

    def then(self, name: str, effect: Effect[M]) -> None:
        """Let a higher app add an effect to a step, in the same transaction.

        Called once, from the higher app's ready(): that is how a lower app is told nothing
        of who stands above it.
        """
        self.lifecycle.step(name)
        step = self.steps.get(name, Step())
        self.steps[name] = replace(step, after=(*step.after, effect))

    @transaction.atomic
    def perform(
        self,
        name: str,
        pk: UUID | int | str,
        *,
        actor: Any,
        reason: str = "",
        **inputs: Any,
    ) -> M:
        """Take one step, or raise and change nothing.

        Raises the model's DoesNotExist, PermissionDenied (no right), TransitionError (not in
        this state) or DomainError (a guard refused).
        """
        arrived_at = database_now()  # the first statement: waiting for a lock makes nobody late
        transition = self.lifecycle.step(name)
        found = self._lock(pk)
        obj: Any = found  # each model declares its own status; no common base is asked for
        self._check(transition, obj, actor, reason)
        act = Act(transition, actor, arrived_at, database_now(), reason.strip(), inputs)
        step = self.steps.get(name, Step())
        for guard in step.guards:
            guard(obj, act)
        before = obj.status
        obj.status = transition.target
        changed = step.change(obj, act) if step.change else ()
        if self.since and obj.status != before:
            setattr(obj, self.since, act.at)
            changed = (*changed, self.since)
        obj.save(update_fields=["status", *changed])
        self._record(obj, act, before)
        for effect in step.after:
            effect(obj, act)
        return found

    @transaction.atomic
    def perform_all(
        self,
        name: str,
        keys: Iterable[Any],
        *,
        actor: Any,
        reason: str = "",
        fields: Mapping[str, Any] | None = None,
        details: Callable[[M], dict[str, Any]] = lambda _obj: {},
    ) -> list[M]:
        """Take one step of many objects, all of them or none, in a few statements.

        The rows are locked in the order of their keys; right and state are asked of each, and
        each has its act in the audit. ``fields`` are set on all of them. Guards and effects are
        not called: whoever calls this asks of all at once what they ask, and owes what they owe.
        """
        step = self.lifecycle.step(name)
        wanted = set(keys)
        rows = self.model._default_manager.filter(pk__in=wanted)
        locked = rows.order_by("pk").select_for_update(of=("self",), no_key=True)
        objects: list[Any] = list(locked)
        allowed = set(rights.with_right(rows, actor, step.right).values_list("pk", flat=True))
        if allowed != wanted:
            raise PermissionDenied(f"{step.right} on {len(wanted - allowed)} rows")
        if step.needs_reason and not reason.strip():
            raise DomainError(_("Please give a reason."), field="reason")
        now = database_now()
        act = Act(step, actor, now, now, reason.strip(), {})
        notes = []
        for obj in objects:
            if obj.status not in step.sources:
                raise TransitionError(self.not_now(obj))
            before, obj.status = obj.status, step.target
            notes.append(self._note(obj, act, before, details(obj)))
        rows.update(status=step.target, **(fields or {}))
        audit.record_all(notes)
        return objects

    def _note(self, obj: Any, act: Act, before: str, details: dict[str, Any]) -> audit.Note:
        return audit.Note(
            f"{self.lifecycle.object}.{act.step.name}",
            audit.Subject(self.lifecycle.object, obj.pk),
            actor=act.actor,
            change=(before, act.step.target),
            reason=act.reason,
            details=details,
        )

    def open_to(self, actor: Any, obj: Any) -> list[Transition]:
        """The buttons to show. ``perform`` checks again; this is never the guard."""
        possible = [step for step in self.lifecycle.from_state(obj.status) if not step.automatic]
        held = rights.held(actor, obj, *sorted({step.right for step in possible}))
        return [step for step in possible if step.right in held]

    def _lock(self, pk: UUID | int | str) -> M:
        # "no key": who only refers to the row (a foreign key) need not wait, so that no deadlock
        # arises between row locks and the lock of the audit chain.
        rows = self.model._default_manager.select_for_update(of=("self",), no_key=True)
        return rows.get(pk=pk)

    def _check(self, step: Transition, obj: Any, actor: Any, reason: str) -> None:
        # The state first when the person may see the object, who then reads what happened;
        # the right is asked in the state the row is in now.
        if not rights.can(actor, step.right, obj):
            seen = rights.held(actor, obj, rights.READ, self.shown)
            if seen and obj.status not in step.sources:
                raise TransitionError(self.not_now(obj))
            raise PermissionDenied(f"{step.right} on {self.lifecycle.object} {obj.pk}")
        if obj.status not in step.sources:
            raise TransitionError(self.not_now(obj))
        if step.needs_reason and not reason.strip():
            raise DomainError(_("Please give a reason."), field="reason")

    def not_now(self, obj: Any) -> str:
        return _("This is not possible in the present state: %(state)s.") % {
            "state": obj.get_status_display()
        }

    def _record(self, obj: Any, act: Act, before: str) -> None:
        audit.record(
            f"{self.lifecycle.object}.{act.step.name}",
            audit.Subject(self.lifecycle.object, obj.pk),
            actor=act.actor,
            change=(before, act.step.target),
            reason=act.reason,
            details=act.details,
        )
