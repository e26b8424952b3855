"""Activities with many score sheets, inserted at once: what the statistics are shown on."""

import datetime as dt
from decimal import Decimal
from itertools import count

import numpy as np
from django.utils import timezone

from accounts.models import User
from evaluation.figures.asking import ask_figures
from evaluation.figures.bench import inputs_of, save_scenario
from evaluation.figures.computing import compute_run as compute_run
from evaluation.models import (
    Assignment,
    Case,
    Commitment,
    ConflictCheck,
    Expert,
    FigureScenario,
    Indicator,
    Score,
    ScoreSheet,
    StatisticRun,
)
from evaluation.states import AssignmentStatus, CaseStatus, SheetStatus
from evaluation.statistics.chance import Chance
from submissions.models import Activity, Declaration, DeclarationVersion
from submissions.states import Status
from tests.builders import accounts, criteria, evaluation, many

BY_PLACES = {"places": 5}
_rounds = count(1)


def activity(*, declarations: int = 12, experts: int = 6, each: int = 4, seed: int = 1) -> Activity:
    """Return an activity whose reviews are complete; scores differ by merit, severity, chance."""
    made = evaluation.activity(experts_wanted=each)
    cases = _cases(made, declarations)
    pool, officer = _experts(experts), accounts.officer()
    chance = Chance(seed)
    merit, severity = 70 + 8 * chance.normal(declarations), 5 * chance.normal(experts)
    sheets, scores = [], []
    indicators = list(Indicator.objects.filter(dimension__criteria_set=criteria.criteria()))
    for row, case in enumerate(cases):
        for column in np.argsort(chance.uniform(experts))[:each].tolist():
            assignment = Assignment(case=case, expert=pool[column], invited_by=officer)
            sheets.append(ScoreSheet(assignment=assignment))
            exact = merit[row] + severity[column] + 9 * chance.normal(len(indicators))
            values = np.clip(np.rint(exact), 0, 100).astype(int).tolist()
            scores += [
                Score(sheet=sheets[-1], indicator=one, value=value)
                for one, value in zip(indicators, values, strict=True)
            ]
    _store(sheets, scores)
    for status in (CaseStatus.IN_REVIEW, CaseStatus.SCORED):
        Case.objects.filter(declaration__activity=made).update(status=status)
    return made


def _cases(made: Activity, number: int) -> list[Case]:
    organisation, author, now = accounts.organisation(), accounts.user(), timezone.now()
    turn = next(_rounds)
    rows = Declaration.objects.bulk_create(
        Declaration(
            activity=made,
            organisation=organisation,
            language="en",
            title=f"Technology {place}",
            created_by=author,
        )
        for place in range(number)
    )
    versions = DeclarationVersion.objects.bulk_create(
        DeclarationVersion(
            declaration=row, number=1, content={}, submitted_at=now, submitted_by=author
        )
        for row in rows
    )
    for place, (row, version) in enumerate(zip(rows, versions, strict=True)):
        row.status, row.version, row.submitted_at = Status.SUBMITTED, version, now
        row.number = f"F{turn}-{place:04}"
    Declaration.objects.bulk_update(rows, ["status", "version", "submitted_at", "number"])
    return Case.objects.bulk_create(
        Case(
            declaration=row,
            version=row.version,
            criteria_set=criteria.criteria(),
            experts_wanted=1,
        )
        for row in rows
    )


def _experts(number: int) -> list[Expert]:
    turn = next(_rounds)
    users = User.objects.bulk_create(
        User(email=f"judge{turn}-{n}@example.org", name=f"Judge {n}") for n in range(number)
    )
    return Expert.objects.bulk_create(Expert(user=one, employer_name="Row") for one in users)


def _store(sheets: list[ScoreSheet], scores: list[Score]) -> None:
    now = timezone.now() - dt.timedelta(hours=1)
    assignments = [one.assignment for one in sheets]
    Assignment.objects.bulk_create(assignments)
    _promise(assignments, now)
    Assignment.objects.filter(pk__in=[one.pk for one in assignments]).update(
        status=AssignmentStatus.ACCEPTED, committed_at=now
    )
    ScoreSheet.objects.bulk_create(sheets)
    Score.objects.bulk_create(scores, batch_size=5000)
    for place, sheet in enumerate(sheets):
        sheet.status = SheetStatus.SUBMITTED
        sheet.submitted_at = now + dt.timedelta(milliseconds=place)
    ScoreSheet.objects.bulk_update(sheets, ["status", "submitted_at"], batch_size=1000)


def _promise(assignments: list[Assignment], now: dt.datetime) -> None:
    """Let everybody answer and promise, without which nobody may accept."""
    ConflictCheck.objects.bulk_create(
        ConflictCheck(assignment=one, answer=ConflictCheck.Answer.NONE, answered_at=now)
        for one in assignments
    )
    promised = {(one.case.declaration.activity_id, one.expert_id) for one in assignments}
    Commitment.objects.bulk_create(
        Commitment(activity_id=activity, person_id=person, version="1", signed_at=now)
        for activity, person in sorted(promised)
    )


def asked(
    made: Activity | None = None, *, by: User | None = None, **cut: int | str
) -> StatisticRun:
    """Return a run nobody has begun."""
    return ask_figures(made or activity(), cut=cut or BY_PLACES, actor=by or accounts.officer())


def computed(
    made: Activity | None = None, *, by: User | None = None, **cut: int | str
) -> StatisticRun:
    run = asked(made, by=by, **cut)
    assert compute_run(run.pk)
    run.refresh_from_db()
    return run


def scenario(run: StatisticRun | None = None, *, by: User | None = None) -> FigureScenario:
    """Return a scenario by the adjusted score."""
    on = run or computed(activity(declarations=1, experts=1, each=1))
    tried = inputs_of(on) | {"adjusted": True}
    return save_scenario(on.pk, "By the adjusted score", tried, actor=by or accounts.officer())


def many_runs() -> list[StatisticRun]:
    now, officer = timezone.now(), accounts.officer()
    return StatisticRun.objects.bulk_create(
        StatisticRun(
            activity=one,
            asked_by=officer,
            asked_at=now,
            cut={"places": 1},
            seed=1,
            draws=1000,
            level=Decimal("0.9"),
            input={},
            sheets=0,
            generated=False,
        )
        for one in many.activities()
    )


def many_scenarios() -> None:
    officer = accounts.officer()
    FigureScenario.objects.bulk_create(
        FigureScenario(run=one, title="Row", inputs={}, flips=[], saved_by=officer)
        for one in many_runs()
    )
