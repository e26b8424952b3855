"""How far long work is: written by the worker, read by the page."""

from django.db.models.functions import Now

from core.models import Progress


def begin(name: str, *, total: int) -> None:
    """Start, or start over, the count of a piece of work."""
    Progress.objects.update_or_create(
        name=name,
        defaults={
            "done": 0,
            "total": total,
            "note": "",
            "started_at": Now(),
            "finished_at": None,
            "failed": "",
        },
    )


def advance(name: str, *, done: int, note: str = "") -> None:
    Progress.objects.filter(name=name).update(done=done, note=note[:200])


def finish(name: str) -> None:
    Progress.objects.filter(name=name).update(finished_at=Now(), note="")


def fail(name: str, why: str) -> None:
    Progress.objects.filter(name=name).update(failed=why[:2000], finished_at=Now())


def of(name: str) -> Progress | None:
    return Progress.objects.filter(name=name).first()
