"""The questions every query begins with: what may this person see of it, and do with it?"""

from typing import Any, Self, TypeVar

from django.db.models import Model, QuerySet

from core import rights

M = TypeVar("M", bound=Model)


class VisibleQuerySet(QuerySet[M]):
    """Rows whose readers stand in the table of rights."""

    def visible_to(self, user: Any) -> Self:
        return rights.visible(self, user)

    def with_right(self, user: Any, right: str) -> Self:
        return rights.with_right(self, user, right)
