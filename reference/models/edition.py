"""Which edition of the vocabulary stands: what was made of its names knows when to be made anew."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """One row: raised by every statement that changes a name, a code or a membership.

    The numbers come from a sequence, so that none comes again after a rollback; the row is what
    says when the change itself can be seen.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    number = models.BigIntegerField(_("edition"))

    class Meta:
        verbose_name = _("edition of the vocabulary")
        verbose_name_plural = _("editions of the vocabulary")
        constraints = (
            models.CheckConstraint(name="reference_edition_one", condition=models.Q(id=1)),
        )

    def __str__(self) -> str:
        return str(self.number)


def counted() -> Any:
    """Return the trigger by which a change of a table of the vocabulary makes a new edition."""
    return pgtrigger.Trigger(
        name="counted",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            INSERT INTO reference_edition (id, number)
            VALUES (1, nextval('reference_edition_number'))
            ON CONFLICT (id) DO UPDATE SET number = nextval('reference_edition_number');
            RETURN NULL;
        """,
    )
