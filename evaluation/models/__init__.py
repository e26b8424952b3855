"""How a declaration is judged: criteria, experts, assignments, score sheets, decisions."""

from evaluation.models.avoidance import AvoidanceRequest
from evaluation.models.cases import Assignment, Case
from evaluation.models.checks import Commitment, ConflictCheck, LateConflict
from evaluation.models.clarifications import Clarification
from evaluation.models.connections import ConflictRule, Connection
from evaluation.models.criteria import ActivityCriteria, CriteriaSet, Dimension, Indicator
from evaluation.models.decisions import Decision
from evaluation.models.dossiers import Dossier
from evaluation.models.drafts import CriteriaChange, CriteriaDraft
from evaluation.models.experts import Absence, Employment, Expert
from evaluation.models.figures import FigureScenario, StatisticRun
from evaluation.models.letters import FeedbackLetter
from evaluation.models.nominations import Nomination
from evaluation.models.objections import Objection, ObjectionFile
from evaluation.models.panel import PanelItem, PanelMeeting, PanelMember
from evaluation.models.panel_votes import PanelBallot, PanelRecusal, PanelVoter
from evaluation.models.plans import (
    AssignmentPlan,
    PlanInputs,
    PlannedAssignment,
    PlanSeat,
    Replacement,
)
from evaluation.models.procedures import Procedure
from evaluation.models.sheets import Score, ScoreSheet
from evaluation.models.ties import (
    BarringReview,
    Connected,
    CountingConnection,
    CountingEmployment,
    EarlierReview,
    House,
    JointApplicant,
    LateBar,
    Tie,
    TiedName,
)
from evaluation.models.verifications import Verification, VerificationFile

__all__ = [
    "Absence",
    "ActivityCriteria",
    "Assignment",
    "AssignmentPlan",
    "AvoidanceRequest",
    "BarringReview",
    "Case",
    "Clarification",
    "Commitment",
    "ConflictCheck",
    "ConflictRule",
    "Connected",
    "Connection",
    "CountingConnection",
    "CountingEmployment",
    "CriteriaChange",
    "CriteriaDraft",
    "CriteriaSet",
    "Decision",
    "Dimension",
    "Dossier",
    "EarlierReview",
    "Employment",
    "Expert",
    "FeedbackLetter",
    "FigureScenario",
    "House",
    "Indicator",
    "JointApplicant",
    "LateBar",
    "LateConflict",
    "Nomination",
    "Objection",
    "ObjectionFile",
    "PanelBallot",
    "PanelItem",
    "PanelMeeting",
    "PanelMember",
    "PanelRecusal",
    "PanelVoter",
    "PlanInputs",
    "PlanSeat",
    "PlannedAssignment",
    "Procedure",
    "Replacement",
    "Score",
    "ScoreSheet",
    "StatisticRun",
    "Tie",
    "TiedName",
    "Verification",
    "VerificationFile",
]
