"""Quorum and majority, in whole numbers: numbers in, a word out.

A meeting, and each vote, asks that two thirds attend. A proposal is what more than half of those
say who voted and did not abstain; where nothing reaches that, there is no proposal.
"""

from collections.abc import Mapping

from evaluation.panel.states import Choice, Proposal

LEAST_MEMBERS = 3
LEAST_VOTERS = 2  # a panel is more than one


def quorate(present: int, members: int) -> bool:
    """Say whether at least two thirds of ``members`` are present; of nobody there is no quorum."""
    return members > 0 and 3 * present >= 2 * members


def wanted(members: int) -> int:
    """Return how many of ``members`` make a quorum."""
    return -(-2 * members // 3)


def proposal(counts: Mapping[str, int]) -> Proposal:
    """Return what a vote comes to."""
    spoken = {one: counts.get(one, 0) for one in Choice.values if one != Choice.ABSTAIN}
    total = sum(spoken.values())
    for choice, number in spoken.items():
        if 2 * number > total:
            return Proposal(choice)
    return Proposal.NONE
