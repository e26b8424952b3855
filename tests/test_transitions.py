"""Every step x every state x every role, held against a table written by hand.

The table below is the independent oracle: it was written from the rules of the house, not from
the code. ``passes`` means that the door opens: the right is there and the state is right. What a
guard then says about what was filled in has tests of its own.
"""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Level
from accounts.services import add_member
from accounts.workflow import ORGANISATIONS
from catalog.collecting.workflow import COLLECTIONS
from catalog.earlier.workflow import EARLIER_LISTS
from catalog.enquiries.workflow import ENQUIRIES
from catalog.measures import MEASURES
from catalog.workflow import DESTINATIONS, TECHNOLOGIES, TOKENS
from core.errors import DomainError, TransitionError
from core.workflow import Workflow
from evaluation.clarifications.clarifying import CLARIFICATIONS
from evaluation.conflicts.avoiding import AVOIDANCES
from evaluation.criteria.workflow import CHANGES, DRAFTS
from evaluation.figures.asking import RUNS
from evaluation.letters.writing import LETTERS
from evaluation.objections.workflow import OBJECTIONS
from evaluation.panel.workflow import ITEMS, MEETINGS
from evaluation.planning.workflow import PLANS
from evaluation.pool.nominating import NOMINATIONS
from evaluation.pool.workflow import EXPERTS
from evaluation.verifications.verifying import VERIFICATIONS
from evaluation.workflow import ASSIGNMENTS, CASES, SHEETS
from submissions.files.scanning import ATTACHMENTS
from submissions.joint import CONFIRMATIONS
from submissions.recommending import RECOMMENDATIONS
from submissions.workflow import ACTIVITIES, DECLARATIONS
from tests import worlds
from tests.builders import accounts
from tests.forcing import sql_accepts

WORKFLOWS: dict[str, Workflow[Any]] = {
    "organisation": ORGANISATIONS,
    "activity": ACTIVITIES,
    "declaration": DECLARATIONS,
    "recommendation": RECOMMENDATIONS,
    "joint confirmation": CONFIRMATIONS,
    "attachment": ATTACHMENTS,
    "criteria draft": DRAFTS,
    "criteria change": CHANGES,
    "avoidance request": AVOIDANCES,
    "case": CASES,
    "assignment": ASSIGNMENTS,
    "score sheet": SHEETS,
    "clarification": CLARIFICATIONS,
    "objection": OBJECTIONS,
    "feedback letter": LETTERS,
    "verification": VERIFICATIONS,
    "statistic run": RUNS,
    "assignment plan": PLANS,
    "panel meeting": MEETINGS,
    "panel item": ITEMS,
    "expert": EXPERTS,
    "nomination": NOMINATIONS,
    "technology": TECHNOLOGIES,
    "listing measure": MEASURES,
    "earlier list": EARLIER_LISTS,
    "enquiry": ENQUIRIES,
    "collection": COLLECTIONS,
    "destination": DESTINATIONS,
    "program token": TOKENS,
}

# kind -> step -> (states it starts from, roles that hold the right there). Nobody else, nowhere
# else. "involved officer" is one who belongs to the organisation that declared.
EXPECTED: dict[str, dict[str, tuple[set[str], set[str]]]] = {
    "organisation": {
        "verify": ({"unverified"}, {"officer"}),
        "refuse": ({"unverified"}, {"officer"}),
        "take_back": ({"verified"}, {"officer"}),
        "reopen": ({"verified", "refused"}, {"portal"}),
        "merge": ({"unverified", "verified", "refused"}, {"officer"}),
    },
    "activity": {
        "open": ({"prepared"}, {"officer", "portal"}),
        "close": ({"open"}, {"officer", "portal"}),
        "run_out": ({"open"}, {"portal"}),
        "conclude": ({"closed"}, {"officer", "portal"}),
    },
    "declaration": {
        "submit": ({"draft", "returned"}, {"editor", "owner"}),
        "begin_check": ({"submitted"}, {"officer"}),
        "accept": ({"in_check"}, {"officer"}),
        "return": ({"in_check"}, {"officer"}),
        "give_time": ({"returned"}, {"officer"}),
        "reject": ({"in_check"}, {"officer"}),
        "contest": ({"rejected"}, {"editor", "owner"}),
        "reopen": ({"contested"}, {"officer"}),
        "uphold": ({"contested"}, {"officer"}),
        "withdraw": ({"draft", "submitted", "in_check", "returned", "contested"}, {"owner"}),
    },
    "criteria draft": {
        "propose": ({"writing"}, {"officer", "involved officer"}),
        "send_back": ({"proposed"}, {"officer", "involved officer"}),
        "seal": ({"proposed"}, {"officer", "involved officer"}),
        "discard": ({"writing"}, {"officer", "involved officer"}),
    },
    "criteria change": {
        "confirm": ({"proposed"}, {"officer"}),
        "withdraw": ({"proposed"}, {"officer"}),
    },
    "attachment": {
        "queue": ({"not_scanned", "waiting"}, {"officer", "portal"}),
        "clear": ({"not_scanned", "waiting"}, {"portal"}),
        "find": ({"not_scanned", "waiting"}, {"portal"}),
    },
    "recommendation": {
        "ask": ({"named"}, {"portal"}),
        "recommend": ({"asked"}, {"portal"}),
        "decline": ({"asked"}, {"portal"}),
        "waive": ({"asked"}, {"officer"}),
    },
    "joint confirmation": {
        "resend": ({"asked"}, {"editor", "owner"}),
        "confirm": ({"asked"}, {"portal"}),
        "decline": ({"asked"}, {"portal"}),
        "waive": ({"asked", "declined"}, {"officer"}),
        "supersede": ({"asked"}, {"portal"}),
    },
    "avoidance request": {
        "admit": ({"asked"}, {"officer"}),
        "refuse": ({"asked"}, {"officer"}),
        "withdraw": ({"asked"}, {"editor", "owner"}),
    },
    "case": {
        "assign": ({"awaiting_assignment", "in_review"}, {"officer"}),
        "complete_review": ({"in_review"}, {"portal"}),
        "ask_further": ({"scored"}, {"officer"}),
        "decide": ({"scored"}, {"officer"}),
        "unsettle": ({"decided", "signed"}, {"portal"}),
        "send_back": ({"decided", "signed"}, {"officer"}),
        "release": ({"decided"}, {"officer"}),
        "co_release": ({"signed"}, {"officer"}),
        "make_known": ({"signed"}, {"portal"}),
        "begin_publicity": ({"released"}, {"portal"}),
        "clear": ({"publicity"}, {"portal"}),
        "uphold_objection": ({"publicity"}, {"portal"}),
        "conclude": ({"released"}, {"portal"}),
    },
    "assignment": {
        "accept": ({"invited"}, {"asked expert"}),
        "decline": ({"invited", "accepted"}, {"asked expert"}),
        "recuse": ({"invited", "accepted"}, {"asked expert"}),
        "cancel": ({"invited", "accepted"}, {"officer", "portal"}),
    },
    "score sheet": {
        "submit": ({"draft"}, {"asked expert"}),
        "reopen": ({"submitted"}, {"officer"}),
        "exclude": ({"submitted"}, {"asked expert", "officer"}),
    },
    "clarification": {
        "pass_on": ({"asked"}, {"officer"}),
        "decline": ({"asked"}, {"officer"}),
        "answer": ({"passed_on"}, {"editor", "owner"}),
        "lapse": ({"passed_on"}, {"portal"}),
    },
    "objection": {
        "confirm": ({"sent"}, {"portal"}),
        "withdraw": ({"sent", "received", "admitted"}, {"portal"}),
        "admit": ({"received"}, {"officer"}),
        "refuse": ({"received"}, {"officer"}),
        "respond": ({"admitted"}, {"editor", "owner"}),
        "dismiss": ({"admitted"}, {"officer"}),
        "correct": ({"admitted"}, {"officer"}),
        "uphold": ({"admitted"}, {"officer"}),
    },
    "feedback letter": {
        "finish": ({"writing"}, {"officer"}),
        "reopen": ({"finished", "discarded"}, {"officer", "portal"}),
        "discard": ({"writing"}, {"officer"}),
        "hand_out": ({"finished"}, {"portal"}),
    },
    "verification": {
        "answer": ({"arranged"}, {"editor", "owner"}),
        "report": ({"arranged"}, {"officer"}),
        "cancel": ({"arranged"}, {"officer"}),
    },
    "statistic run": {
        "begin": ({"asked", "computing"}, {"portal"}),
        "finish": ({"computing"}, {"portal"}),
        "fail": ({"computing"}, {"portal"}),
        "cancel": ({"asked", "computing"}, {"officer"}),
    },
    "assignment plan": {
        "begin": ({"asked"}, {"portal"}),
        "finish": ({"computing"}, {"portal"}),
        "clash": ({"computing"}, {"portal"}),
        "fail": ({"asked", "computing"}, {"portal"}),
        "cancel": ({"asked", "computing"}, {"officer"}),
        "publish": ({"computed"}, {"officer"}),
        "undo": ({"published"}, {"officer"}),
    },
    # Who sits on a panel takes no step of it; they note and vote by services of their own.
    "panel meeting": {
        "announce": ({"prepared"}, {"officer"}),
        "take_back": ({"announced"}, {"officer"}),
        "open": ({"announced"}, {"officer"}),
        "close": ({"in_session"}, {"officer"}),
        "cancel": ({"prepared", "announced"}, {"officer"}),
    },
    "panel item": {
        "open_vote": ({"waiting"}, {"officer"}),
        "close_vote": ({"voting"}, {"officer"}),
        "repeat_vote": ({"voting", "voted"}, {"officer"}),
    },
    # "asked expert" is the person of the row.
    "expert": {
        "enrol": ({"applied"}, {"officer", "involved officer"}),
        "refuse": ({"applied"}, {"officer", "involved officer"}),
        "apply": ({"refused", "removed", "left"}, {"asked expert"}),
        "renew": ({"enrolled", "lapsed"}, {"asked expert"}),
        "lapse": ({"enrolled"}, {"portal"}),
        "remove": ({"enrolled", "lapsed"}, {"officer", "involved officer"}),
        "leave": ({"applied", "enrolled", "lapsed"}, {"asked expert", "portal"}),
    },
    "nomination": {
        "resend": ({"invited"}, {"officer", "involved officer", "portal"}),
        "consent": ({"invited"}, {"portal"}),
        "decline": ({"invited"}, {"portal"}),
        "withdraw": ({"invited"}, {"officer", "involved officer", "portal", "editor", "owner"}),
        "expire": ({"invited"}, {"portal"}),
    },
    # Officers take these by measures, two of them.
    "technology": {
        "suspend": ({"listed"}, {"portal"}),
        "resume": ({"suspended"}, {"portal"}),
        "expire": ({"listed", "suspended"}, {"portal"}),
        "renew": ({"listed", "expired"}, {"portal"}),
        "withdraw": ({"listed", "suspended", "expired"}, {"portal"}),
        "revoke": ({"listed", "suspended", "expired"}, {"portal"}),
    },
    "enquiry": {
        "confirm": ({"sent"}, {"portal"}),
        "write": ({"received", "read", "answered"}, {"portal"}),
        "end": ({"sent", "received", "read", "answered", "reported"}, {"portal"}),
        "open": ({"received"}, {"editor", "owner"}),
        "answer": ({"received", "read", "answered"}, {"editor", "owner"}),
        "close": ({"received", "read", "answered"}, {"editor", "owner"}),
        "report": ({"received", "read", "answered"}, {"editor", "owner"}),
        "put_back": ({"reported"}, {"officer"}),
        "stop": ({"received", "read", "answered", "reported"}, {"officer"}),
        "lapse": ({"received", "read", "answered", "reported"}, {"portal"}),
    },
    "listing measure": {
        "confirm": ({"proposed"}, {"officer"}),
        "send_back": ({"proposed"}, {"officer"}),
        "withdraw": ({"proposed"}, {"officer"}),
        "answer": ({"proposed"}, {"editor", "owner"}),
        "lapse": ({"proposed"}, {"portal"}),
    },
    "earlier list": {
        "propose": ({"draft"}, {"officer"}),
        "send_back": ({"proposed"}, {"officer"}),
        "release": ({"proposed"}, {"officer"}),
    },
    "collection": {
        "publish": ({"draft", "withdrawn"}, {"officer"}),
        "withdraw": ({"published"}, {"officer"}),
    },
    "destination": {
        "pause": ({"active"}, {"system"}),
        "resume": ({"paused"}, {"system"}),
    },
    "program token": {"revoke": ({"active"}, {"system"})},
}
SETTINGS = [
    (kind, state) for kind, flow in WORKFLOWS.items() for state in flow.lifecycle.states.values
]


class UndoneError(Exception):
    """Takes a step back, so that the next person finds the world as it was."""


def people(world: worlds.World) -> dict[str, Any]:
    """Return one person per role, in relation to what is in ``world``."""
    involved = accounts.officer()
    add_member(world.organisation.pk, involved, Level.VIEW, actor=None)
    return {
        "anonymous": AnonymousUser(),
        "stranger": accounts.user(),
        "member elsewhere": accounts.member(Level.OWN),
        "viewer": accounts.member(Level.VIEW, world.organisation),
        "editor": accounts.member(Level.EDIT, world.organisation),
        "owner": accounts.owner_of(world.organisation),
        "asked expert": world.expert,
        "other expert": accounts.expert_user(),
        "officer": accounts.officer(),
        "involved officer": involved,
        "system": accounts.system_administrator(),
        "auditor": accounts.auditor(),
        "portal": None,
    }


def passes(flow: Workflow[Any], step: str, pk: Any, actor: Any) -> bool:
    try:
        with transaction.atomic():
            flow.perform(step, pk, actor=actor, reason="Because.", **worlds.INPUTS.get(step, {}))
            raise UndoneError
    except (PermissionDenied, TransitionError):
        return False
    except (UndoneError, DomainError):
        return True


@pytest.mark.parametrize(("kind", "state"), SETTINGS)
@pytest.mark.django_db
def test_a_step_is_open_to_its_roles_in_its_states_and_to_nobody_else(kind: str, state: str):
    flow, expected = WORKFLOWS[kind], EXPECTED[kind]
    world = worlds.with_object(flow, state)
    actors = people(world)

    found = {
        step.name: {
            role for role, actor in actors.items() if passes(flow, step.name, world.pk, actor)
        }
        for step in flow.lifecycle.transitions
    }

    assert found == {
        name: roles if state in states else set() for name, (states, roles) in expected.items()
    }
    # The buttons shown are the steps that pass, but for those the portal takes by the clock.
    obj = flow.model._default_manager.get(pk=world.pk)
    shown = {role: {s.name for s in flow.open_to(a, obj)} for role, a in actors.items()}
    manual = {s.name for s in flow.lifecycle.transitions if not s.automatic}
    assert shown == {role: {n for n in manual if role in found[n]} for role in actors}


def test_the_table_knows_every_step():
    assert {kind: set(steps) for kind, steps in EXPECTED.items()} == {
        kind: {step.name for step in flow.lifecycle.transitions} for kind, flow in WORKFLOWS.items()
    }


@pytest.mark.parametrize("kind", WORKFLOWS)
@pytest.mark.django_db
def test_postgresql_refuses_every_change_the_table_does_not_know(kind: str):
    """It may refuse more: a filed state without a version, a release without a signature."""
    flow = WORKFLOWS[kind]
    life = flow.lifecycle
    states = list(life.states.values)
    legal = {(source, step.target) for step in life.transitions for source in step.sources}
    legal |= {(state, state) for state in states}

    for before in states:
        world = worlds.with_object(flow, before)
        accepted = {(before, s) for s in states if sql_accepts(flow, world.pk, s)}
        assert accepted - legal == set()
