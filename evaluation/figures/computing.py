"""The worker's part: what is owed is computed; twice is once."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog

from core import progress
from core.errors import DomainError, TransitionError
from evaluation.figures.asking import RUNS, give_up, owed, progress_name
from evaluation.figures.states import RunStatus
from evaluation.models import StatisticRun
from evaluation.statistics.rounds import cut_of, round_of
from evaluation.statistics.whole import METHOD, Terms, compute, steps_of

logger = structlog.get_logger(__name__)


class Stopped(Exception):  # noqa: N818 -- no error: somebody cancelled, or another worker took it
    """The run is no longer this worker's."""


def compute_owed() -> int:
    """Compute every run nobody is at; return how many were done."""
    return sum(compute_run(pk) for pk in owed().values_list("pk", flat=True))


def compute_run(pk: UUID) -> bool:
    """Compute one run; False where somebody else is at it, cancelled it, or it cannot be done."""
    try:
        run = RUNS.perform("begin", pk, actor=None)
    except (DomainError, TransitionError):
        return False
    try:
        result = _computed(run)
        RUNS.perform("finish", pk, actor=None, result=result, method=METHOD, attempt=run.attempts)
    except (Stopped, DomainError, TransitionError):
        return False
    except Exception as error:
        logger.exception("figures not computed", run=str(pk))
        give_up(pk, repr(error))
        return False
    progress.finish(progress_name(pk))
    return True


def _computed(run: StatisticRun) -> dict[str, Any]:
    found, name = round_of(run.input), progress_name(run.pk)
    progress.begin(name, total=steps_of(found))

    def tell(done: int, _of: int) -> None:
        still = StatisticRun.objects.filter(
            pk=run.pk, status=RunStatus.COMPUTING, attempts=run.attempts
        )
        if not still.exists():
            raise Stopped
        progress.advance(name, done=done)

    return compute(found, terms_of(run), tell)


def terms_of(run: StatisticRun) -> Terms:
    return Terms(run.seed, run.draws, float(Decimal(run.level)), cut_of(run.cut))
