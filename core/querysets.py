"""The one question every query begins with: what of it may this person see?"""

from typing import Any, Self, TypeVar

from django.db.models import Model, QuerySet

from core import rights

M = TypeVar("M", bound=Model)


class VisibleQuerySet(QuerySet[M]):
    """Rows whose readers stand in the table of rights."""

    def visible_to(self, user: Any) -> Self:
        return rights.visible(self, user)
