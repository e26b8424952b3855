"""Compare the lake of every destination with the catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.models import Destination
from catalog.sync.verification import Report, verify

SHOWN = 20  # lines of each kind

ALL_THERE, DIFFERENT, ONLY_PENDING = 0, 1, 3


class Command(BaseCommand):
    help = (
        "Reads the lake with the table format's own reader and compares ids, states, order "
        "numbers and hashes with the catalogue. Exit status 0: all of it is there. 1: something "
        "is different. 3: nothing is wrong, but something has not arrived yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("destination", nargs="*", help="code of a destination; none: all")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Destination.objects.filter(kind=Destination.Kind.LAKE).order_by("code")
        if options["destination"]:
            wanted = wanted.filter(pk__in=options["destination"])
        reports = [verify(destination) for destination in wanted]
        for report in reports:
            self._print(report)
        raise SystemExit(_status(reports))

    def _print(self, report: Report) -> None:
        self.stdout.write(
            f"{report.destination}: {report.current} of {report.technologies} technologies, "
            f"{report.events} events, {len(report.pending)} pending, "
            f"{len(report.different)} different"
        )
        for kind, lines in (("different", report.different), ("pending", report.pending)):
            for line in sorted(lines)[:SHOWN]:
                self.stdout.write(f"  {kind}: {line}")
            if len(lines) > SHOWN:
                self.stdout.write(f"  {kind}: and {len(lines) - SHOWN} more")


def _status(reports: list[Report]) -> int:
    if any(report.different for report in reports):
        return DIFFERENT
    return ONLY_PENDING if any(report.pending for report in reports) else ALL_THERE
