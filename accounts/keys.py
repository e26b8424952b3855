"""What names and registration numbers are compared by, wherever two entries may be one body.

Both are functions of the database, so that views and indexes have the same ones
(migration 0005).
"""

from django.db.models import CharField, Func


class NameKey(Func):
    """A name without case, spacing and punctuation, of either script; an empty one is null."""

    function = "name_key"
    arity = 1
    output_field = CharField()


class NumberKey(Func):
    """A registration number compared as a name is; "n/a" and "000" are no number, but null."""

    function = "number_key"
    arity = 1
    output_field = CharField()
