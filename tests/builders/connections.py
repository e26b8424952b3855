"""Connections and rules of conflicts, made through the services an officer uses."""

from typing import Any

from accounts.models import Organisation, User
from evaluation.conflicts import avoiding, connections
from evaluation.conflicts.avoiding import AVOIDANCES
from evaluation.models import AvoidanceRequest, ConflictRule, Connection
from submissions.models import Declaration
from tests.builders import accounts


def connection(
    person: User | None = None,
    organisation: Organisation | None = None,
    *,
    actor: User | None = None,
    **given: Any,
) -> Connection:
    """Return a connection an officer recorded; a consultancy that goes on, unless said."""
    return connections.record(
        actor=actor or accounts.officer(),
        **{
            "kind": "consultancy",
            "person": person,
            "organisation": organisation,
            "source": "Annual report, page 7",
            **given,
        },
    )


def group(one: Organisation, other: Organisation, **given: Any) -> Connection:
    """Return an edge between two organisations of one group."""
    return connection(None, one, **{"kind": "group", "other_organisation": other, **given})


def rule(kind: str, *, bars: bool = True, years: int | None = None) -> ConflictRule:
    """Let a rule be this from now on."""
    return connections.change_rule(
        kind, actor=accounts.officer(), reason="Asked for.", bars=bars, years=years
    )


def avoidance(
    declaration: Declaration, named: str = "Ren Hai", *, actor: User | None = None, **given: Any
) -> AvoidanceRequest:
    """Return a request of the applicant that nobody has decided."""
    return avoiding.ask(
        declaration.pk,
        actor=actor or accounts.owner_of(declaration.organisation),
        named=named,
        **{"reason": "We are at law with them.", **given},
    )


def decide(
    row: AvoidanceRequest, step: str = "admit", *, actor: User | None = None, **given: Any
) -> AvoidanceRequest:
    """Let an officer decide on a request."""
    return AVOIDANCES.perform(
        step, row.pk, actor=actor or accounts.officer(), reason="Heard.", **given
    )
