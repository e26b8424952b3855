"""What a life is made of: states and the steps between them, as a literal table.

The table is data. ``core.workflow`` performs its steps, ``status_guard`` turns it into a
PostgreSQL trigger, and ``docs/workflow.md`` is printed from it, so the three cannot differ.
"""

from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db.models import TextChoices
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: from any of ``sources`` to ``target``, for who holds ``right``."""

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    right: str
    needs_reason: bool = False
    # The portal takes the step by the clock; it is no button.
    automatic: bool = False
    # A step that ends or refuses something is drawn as such.
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of one kind of object and the steps between them."""

    object: str
    states: type[TextChoices]
    initial: str
    transitions: tuple[Transition, ...]

    def step(self, name: str) -> Transition:
        """Return the step called ``name``; KeyError when the table has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def from_state(self, status: str) -> tuple[Transition, ...]:
        return tuple(step for step in self.transitions if status in step.sources)


def edges(lifecycle: Lifecycle) -> list[tuple[str, str]]:
    """Return each (from, to) pair that some step allows, sorted."""
    return sorted({(s, t.target) for t in lifecycle.transitions for s in t.sources})


def status_guard(lifecycle: Lifecycle) -> Any:
    """Return the trigger by which PostgreSQL refuses a status the table does not know.

    It holds for raw SQL too: a row begins in the initial state and moves along the edges.
    """
    pairs = ", ".join(f"('{a}', '{b}')" for a, b in edges(lifecycle))
    return pgtrigger.Trigger(
        name="status_guard",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
        func=f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.status <> '{lifecycle.initial}' THEN
                    RAISE EXCEPTION '{lifecycle.object}: no life begins as %', NEW.status
                        USING ERRCODE = 'check_violation';
                END IF;
            ELSIF NEW.status <> OLD.status
                AND (OLD.status, NEW.status) NOT IN ({pairs}) THEN
                RAISE EXCEPTION '{lifecycle.object}: no step leads from % to %',
                    OLD.status, NEW.status USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
