"""Which version and which marks an officer looked at, so that nothing is decided past them.

A page of the check carries what it was drawn with. When it comes back and a newer version was
filed, or a colleague marked something, it is refused: what was decided was about another thing.
"""

from collections.abc import Iterable

from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.workflow import Act
from submissions.models import CheckMark, Declaration


class MovedOn(DomainError):  # noqa: N818 -- it says what happened
    """What the page showed is no longer so."""


def drawn_with(declaration: Declaration) -> str:
    """Sum up what a page of the check shows: the version and the last mark on it."""
    marks = CheckMark.objects.filter(version=declaration.version_id)
    return _written(declaration.version_id, marks.aggregate(last=Max("pk"))["last"] or 0)


def drawn_with_marks(declaration: Declaration, marks: Iterable[CheckMark]) -> str:
    """Sum up the same where the latest marks, by item, were read already."""
    of_version = (one.pk for one in marks if one.version_id == declaration.version_id)
    return _written(declaration.version_id, max(of_version, default=0))


def after(seen: str, made: list[CheckMark]) -> str:
    """Return what was seen, with the marks one made oneself."""
    return _written(made[-1].version_id, made[-1].pk) if made else seen


def read(seen: str) -> tuple[int, int]:
    """Read the keys of the version and of the last mark; 0 where there is none."""
    version, _dot, mark = seen.partition(".")
    return _key(version), _key(mark)


def _key(written: str) -> int:
    readable = written.isascii() and written.isdigit() and len(written) < 20  # a key's digits
    return int(written) if readable else 0


def _written(version: int | None, mark: int) -> str:
    return f"{version}.{mark}"


def require(declaration: Declaration, seen: str) -> None:
    """Refuse what was decided about another version, or before a colleague's mark.

    The declaration is locked. A page that does not say what it showed is believed: a program
    sent it.
    """
    if not seen or seen == drawn_with(declaration):
        return
    if read(seen)[0] != declaration.version_id:
        raise MovedOn(
            _(
                "A newer version was filed since this page was opened. Look at what changed, then "
                "decide."
            )
        )
    raise MovedOn(
        _(
            "Somebody filled in the checklist since this page was opened. Look at what they "
            "found, then decide."
        )
    )


def is_as_seen(declaration: Declaration, act: Act) -> None:
    require(declaration, act.inputs.get("seen", ""))
