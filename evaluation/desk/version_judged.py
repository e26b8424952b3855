"""Which version of a declaration is judged, and whether a newer one was filed since.

``templates/evaluation/_version_notice.html`` shows what ``notice_of`` returns.
"""

from typing import Any

from evaluation.models import Assignment
from submissions.changed import Changes, changes_between
from submissions.models import DeclarationVersion


def notice_of(assignment: Assignment) -> dict[str, Any]:
    """Return the version that is judged and the newest one after it, if there is one; one query.

    Wants ``case__version``. What is judged stays what it is: a newer version is only told of.
    """
    return {
        "judged": assignment.case.version,
        "newer": newer_than(assignment.case.version),
        "assignment": assignment,
    }


def newer_than(judged: DeclarationVersion) -> DeclarationVersion | None:
    """Return the newest version filed after this one, without what it says."""
    later = DeclarationVersion.objects.filter(
        declaration=judged.declaration_id, number__gt=judged.number
    )
    return later.defer("content").order_by("-number").first()


def differences(assignment: Assignment) -> Changes | None:
    """Say what differs between the version that is judged and the newest; None when it is that."""
    newer = newer_than(assignment.case.version)
    if newer is None:
        return None
    return changes_between(assignment.case.version, newer)
