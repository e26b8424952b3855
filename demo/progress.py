"""How far the demonstration is loaded, for the pages that say so."""

from dataclasses import dataclass

from core import progress

NAME = "demo"


@dataclass(frozen=True, slots=True)
class Loading:
    """What ``demo/_progress.html`` shows."""

    done: int = 0
    total: int = 0
    note: str = ""  # the technology or person at hand, by its English name
    finished: bool = False
    failed: bool = False

    @property
    def running(self) -> bool:
        """Whether a page that shows it should ask again."""
        return not (self.finished or self.failed)


def current() -> Loading:
    """Return how far it is; one query by primary key."""
    row = progress.of(NAME)
    if row is None:
        return Loading()
    return Loading(
        done=row.done,
        total=row.total,
        note=row.note,
        finished=row.finished_at is not None and not row.failed,
        failed=bool(row.failed),
    )
