"""Who is what to a declaration: the conditions the table of rights is made of."""

from typing import Any

from django.db.models import F, Q

from accounts.relations import granted, member
from accounts.roles import Role
from core.rights import Relation
from submissions.models import Declaration, Rejection
from submissions.states import EDITABLE


def officer_of_filed(user: Any) -> Q | None:
    """Hold the officer's role on what was filed at least once; a withdrawn draft stays unseen."""
    held = granted(Role.OFFICER)(user)
    return None if held is None else held & Q(version__isnull=False)


def officer_where_seen(path: str) -> Relation:
    """Hold the officer's role on what belongs to a declaration one may see, reached by ``path``."""

    def relation(user: Any) -> Q | None:
        held = granted(Role.OFFICER)(user)
        seen = Declaration.objects.visible_to(user).values("pk")
        return None if held is None else held & Q(**{f"{path}__in": seen})

    return relation


def rejected_oneself(user: Any) -> Q | None:
    """Name what one rejected and somebody else has to hear; what was answered is over."""
    contested = Rejection.objects.filter(
        rejected_by=user.pk, contested_at__isnull=False, answered_at=None
    )
    return Q(pk__in=contested.values("declaration"))


def lifted_from_oneself(user: Any) -> Q | None:
    """Name what one rejected and another officer checks on: that version is not one's own."""
    lifted = Rejection.objects.filter(
        rejected_by=user.pk, upheld=False, version=F("declaration__version")
    )
    return Q(pk__in=lifted.values("declaration"))


def own_upload(user: Any) -> Q | None:
    """Be who sends the file, and still an editor of a declaration that can be edited."""
    held = member(Role.EDITOR, "declaration__organisation")(user)
    if held is None:
        return None
    return held & Q(begun_by=user.pk, declaration__status__in=EDITABLE)


def officer_of_filed_file(user: Any) -> Q | None:
    """Hold the officer's role on a file that was filed, with a declaration one may see."""
    held = granted(Role.OFFICER)(user)
    if held is None:
        return None
    seen = Declaration.objects.visible_to(user).values("pk")
    return Q(filed_with__isnull=False, declaration__in=seen)
