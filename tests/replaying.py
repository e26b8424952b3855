"""Changes behind the back of the audit, and what the replay prints of them."""

import io

from django.core.management import CommandError, call_command
from django.db import connection


def as_owner(table, statement, *values):
    """Do what only the owner of the tables can, with the rules switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def replayed(*arguments, **options):
    """Return what the command printed, and with what it ended: None when all held."""
    printed = io.StringIO()
    with connection.cursor() as cursor:  # the links of the chain are made at the commit
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    try:
        call_command("replay_evaluation", *arguments, stdout=printed, stderr=printed, **options)
    except CommandError as error:
        return printed.getvalue(), str(error)
    return printed.getvalue(), None


def faults(printed):
    return [line.strip() for line in printed.splitlines() if line.startswith("  ")]
