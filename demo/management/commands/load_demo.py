import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from demo.counts import counts
from demo.loader import load
from demo.settling import settle

EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Load the demonstration through the services a person uses. A load that was stopped "
        "goes on; a complete one is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wait", action="store_true", help="Return when mails and events are delivered too."
        )

    def handle(self, *args: Any, wait: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demonstration exists with the embedded database only; start it with run.py "
                "and without DATABASE_URL."
            )
        self._told = 0.0
        load(tell=self._tell)
        if wait:
            self._settle()
        for what, state, number in counts():
            self.stdout.write(f"{what}, {state}: {number}")

    def _settle(self) -> None:
        self.stdout.write("delivering mails and events")
        self.stdout.flush()
        try:
            settle()
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _tell(self, done: int, total: int, note: str) -> None:
        if time.monotonic() - self._told < EVERY:
            return
        self._told = time.monotonic()
        self.stdout.write(f"loading the demonstration, {done} of {total}: {note}")
        self.stdout.flush()
