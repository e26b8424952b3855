from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg2 import sql


def written_once() -> list[str]:
    """Return the tables whose rows are written once, by the trigger their models carry."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if any(t.name == "append_only" for t in getattr(model._meta, "triggers", ()))
    )


class Command(BaseCommand):
    help = (
        "Give the application's database role what it needs and no more: it owns no table, "
        "cannot truncate, and cannot change what is written once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        name = sql.Identifier(role)
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (
                "grant usage on schema public to {}",
                "grant select, insert, update, delete on all tables in schema public to {}",
                "grant usage, select on all sequences in schema public to {}",
                "grant execute on all functions in schema public to {}",
                "revoke insert, update, delete on django_migrations from {}",
            ):
                cursor.execute(sql.SQL(statement).format(name))
            for table in written_once():
                cursor.execute(
                    sql.SQL("revoke update, delete on {} from {}").format(
                        sql.Identifier(table), name
                    )
                )
