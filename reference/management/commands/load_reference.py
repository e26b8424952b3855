from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reference.loading import load_reference


class Command(BaseCommand):
    help = (
        "Load the vocabulary: fields, units, indicators, countries, corridors, calendars, terms. "
        "Inserts what is missing; --update also overwrites what was edited."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--update", action="store_true", help="Overwrite edited rows with the files."
        )

    def handle(self, *args: Any, update: bool, **options: Any) -> None:
        for table, count in load_reference(update=update).items():
            self.stdout.write(f"{table}: {count}")
