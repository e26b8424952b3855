"""How a person comes to hold a role on what is judged, and where rights are taken away."""

from typing import Any

from django.db.models import Q, Value

from accounts.keys import NameKey
from accounts.relations import granted, member
from accounts.roles import Role
from core.rights import Bar, Relation
from evaluation.conflicts.avoided import meaning
from evaluation.conflicts.finding import declared_jointly
from evaluation.conflicts.of_officers import taking_part
from evaluation.models import (
    ActivityCriteria,
    Assignment,
    AvoidanceRequest,
    BarringReview,
    Case,
    CriteriaChange,
    House,
    LateBar,
    Tie,
)
from evaluation.states import STANDING, AssignmentStatus, CaseStatus, ChangeStatus, SheetStatus
from submissions.states import ActivityStatus

PREPARING = {ActivityStatus.PREPARED}
OPENED = {ActivityStatus.OPEN, ActivityStatus.CLOSED}
ASSIGNABLE = {CaseStatus.AWAITING, CaseStatus.IN_REVIEW}
JUDGES = frozenset({Role.OFFICER, Role.EXPERT})
OFFICERS = frozenset({Role.OFFICER})
EXPERTS = frozenset({Role.EXPERT})
# Where rights are taken away, in the words of the manual.
THEIRS = "declarations of an organisation one may not judge"
JOINTLY = "declarations with a joint applicant one may not judge"
AVOIDED = "declarations whose applicant asked, and was allowed, that one does not judge"
JUDGED = "declarations of an organisation of which one judged an earlier one, where that bars"
LATE = (
    "declarations of an organisation with which a conflict was found late, in another declaration"
)
CONNECTED = "connections of an organisation one may not judge"
EDIT = frozenset({"edit"})
COMPETING = "activities in which one’s own organisation or employer declares"


def asked(path: str = "") -> Relation:
    """Be the expert of the assignment at ``path``, and still be an expert at all."""

    def relation(user: Any) -> Q | None:
        if not user.is_authenticated or Role.EXPERT not in user.roles:
            return None
        return Q(**{f"{path}expert": user.pk})

    return relation


def accepted(path: str = "") -> Relation:
    """Be the expert who accepted the assignment at ``path``."""
    asked_of = asked(path)

    def relation(user: Any) -> Q | None:
        condition = asked_of(user)
        if condition is None:
            return None
        return condition & Q(**{f"{path}status": AssignmentStatus.ACCEPTED})

    return relation


def judging(user: Any) -> Q | None:
    """Hold the role on the declarations one has accepted to score."""
    condition = accepted()(user)
    if condition is None:
        return None
    # Whose sheet counts no more, for a conflict found late, reads no more either.
    mine = Assignment.objects.filter(condition).exclude(sheet__status=SheetStatus.EXCLUDED)
    return Q(pk__in=mine.values("case__declaration"))


def released_to_member(user: Any) -> Q | None:
    """Belong to the organisation a released decision is about."""
    condition = member(Role.VIEWER, "case__declaration__organisation")(user)
    return None if condition is None else condition & Q(released_at__isnull=False)


def conflicting(organisation: str) -> Relation:
    """Name the rows whose ``organisation`` one may not judge."""

    def relation(user: Any) -> Q | None:
        ties = Tie.objects.filter(user_id=user.pk)
        return Q(**{f"{organisation}__in": ties.values("organisation_id")})

    return relation


def scoring(case: str) -> Relation:
    """Name the rows whose ``case`` one scores oneself: nobody decides on their own scores."""

    def relation(user: Any) -> Q | None:
        mine = Assignment.objects.filter(expert=user.pk, status__in=STANDING)
        return Q(**{f"{case}__in": mine.values("case")})

    return relation


def oneself(path: str) -> Relation:
    """Name one's own profile: who could edit it as an officer could take the conflicts away."""

    def relation(user: Any) -> Q | None:
        return Q(**{path: user.pk})

    return relation


def either(*relations: Relation) -> Relation:
    """Name the rows that any of the relations names."""

    def relation(user: Any) -> Q | None:
        found = [condition for one in relations if (condition := one(user)) is not None]
        return Q(*found, _connector=Q.OR) if found else None

    return relation


def competing(activity: str) -> Relation:
    """Name the rows of an ``activity`` in which one's own organisation declares.

    Prolonging it, or being hard on the others, would favour that organisation. Ties that are
    certain only: by a name like one's employer's, anybody could shut an officer out of a whole
    activity; such a likeness bars from that one declaration (``conflicting``).
    """

    def relation(user: Any) -> Q | None:
        houses = House.objects.filter(user_id=user.pk).values("organisation_id")
        theirs = taking_part().filter(organisation__in=houses)
        return Q(**{f"{activity}__in": theirs.values("activity")})

    return relation


def joint_to(declaration: str) -> Relation:
    """Name the rows whose ``declaration`` has a joint applicant one may not judge."""

    def relation(user: Any) -> Q | None:
        return Q(**{f"{declaration}__in": declared_jointly(user)})

    return relation


def avoided(declaration: str) -> Relation:
    """Name the rows whose ``declaration`` one was asked, with an officer's consent, not to judge.

    By the person the officer found, or by the name where none was.
    """

    def relation(user: Any) -> Q | None:
        rows = meaning(user.pk, Value(user.name))
        return Q(**{f"{declaration}__in": rows.values("declaration")})

    return relation


def judged_before(declaration: str) -> Relation:
    """Name the rows whose ``declaration`` follows one that one judged, where the rule bars that.

    Of the same applicant or joint applicant. It bars from judging alone: who scored once as an
    expert may be an officer of the next round.
    """

    def relation(user: Any) -> Q | None:
        rows = BarringReview.objects.filter(user_id=user.pk)
        return Q(**{f"{declaration}__in": rows.values("declaration_id")})

    return relation


def found_late(declaration: str) -> Relation:
    """Name the rows whose ``declaration`` is another one of who one was found in conflict with."""

    def relation(user: Any) -> Q | None:
        rows = LateBar.objects.filter(user_id=user.pk)
        return Q(**{f"{declaration}__in": rows.values("declaration_id")})

    return relation


def named_oneself(user: Any) -> Q | None:
    """Name the requests that somebody of one's own name shall not judge."""
    rows: Any = AvoidanceRequest.objects.annotate(key=NameKey("named"))
    mine = rows.filter(Q(person=user.pk) | Q(key=NameKey(Value(user.name))))
    return Q(pk__in=mine.values("pk"))


def in_force_somewhere(_user: Any) -> Q | None:
    """Name the sets an activity was opened with, or went on with."""
    chosen = ActivityCriteria.objects.exclude(activity__status__in=PREPARING)
    replaced = CriteriaChange.objects.filter(status=ChangeStatus.CONFIRMED)
    return Q(pk__in=chosen.values("criteria_set")) | Q(pk__in=replaced.values("previous"))


def not_included(_user: Any) -> Q | None:
    """Name the declarations that were evaluated and not taken into the pool."""
    refused = Case.objects.filter(status=CaseStatus.NOT_INCLUDED)
    return Q(pk__in=refused.values("declaration"))


def was_public(_user: Any) -> Q | None:
    """Name the cases that are, or were, made public for objection."""
    return Q(publicity_began_at__isnull=False)


def bars(case: str) -> list[Bar]:
    """Take every right away where there is a conflict; ``case`` is the path to the case."""
    inside = f"{case}__" if case != "pk" else ""
    return [
        Bar(JUDGES, conflicting(f"{inside}declaration__organisation"), THEIRS),
        Bar(JUDGES, avoided(f"{inside}declaration"), AVOIDED),
        Bar(EXPERTS, judged_before(f"{inside}declaration"), JUDGED),
        Bar(JUDGES, found_late(f"{inside}declaration"), LATE),
        Bar(OFFICERS, scoring(case), "cases one scores oneself"),
        Bar(OFFICERS, competing(f"{inside}declaration__activity"), COMPETING),
        # Reading stays: it is the decision that is not theirs.
        Bar(
            OFFICERS,
            joint_to(f"{inside}declaration"),
            JOINTLY,
            frozenset({"assign", "decide", "release", "co_release", "manage"}),
        ),
    ]


OFFICER: dict[str, Relation] = {Role.OFFICER: granted(Role.OFFICER)}
