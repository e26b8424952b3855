"""How a declaration is judged: criteria, experts, assignments, score sheets, decisions."""

from evaluation.models.cases import Assignment, Case
from evaluation.models.criteria import ActivityCriteria, CriteriaSet, Dimension, Indicator
from evaluation.models.decisions import Decision
from evaluation.models.drafts import CriteriaChange, CriteriaDraft
from evaluation.models.experts import Absence, Employment, Expert
from evaluation.models.nominations import Nomination
from evaluation.models.plans import (
    AssignmentPlan,
    PlanInputs,
    PlannedAssignment,
    PlanSeat,
    Replacement,
)
from evaluation.models.sheets import Score, ScoreSheet
from evaluation.models.ties import House, Tie, TiedName

__all__ = [
    "Absence",
    "ActivityCriteria",
    "Assignment",
    "AssignmentPlan",
    "Case",
    "CriteriaChange",
    "CriteriaDraft",
    "CriteriaSet",
    "Decision",
    "Dimension",
    "Employment",
    "Expert",
    "House",
    "Indicator",
    "Nomination",
    "PlanInputs",
    "PlanSeat",
    "PlannedAssignment",
    "Replacement",
    "Score",
    "ScoreSheet",
    "Tie",
    "TiedName",
]
