"""Works every result out again from the audit and the sealed criteria, and compares."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit
from evaluation.replaying.activity import replay
from evaluation.replaying.findings import Fault, Findings
from submissions.models import Activity


class Command(BaseCommand):
    help = (
        "Rebuilds every result and ranking of an activity from the audit and the sealed criteria "
        "set, and compares them with what is stored. Fails, and names each row that differs. "
        "With -v 2 the rankings are printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("activity", nargs="*", help="code of an activity")
        parser.add_argument("--all", action="store_true", help="every activity")

    def handle(self, *args: Any, **options: Any) -> None:
        activities = self._activities(options["activity"], every=options["all"])
        faults = [Fault("audit", sentence) for sentence in audit.faults()]
        self._print_faults(faults)
        for activity in activities:
            found = replay(activity)
            self._print(found, rankings=options["verbosity"] > 1)
            faults += found.faults
        if faults:
            raise CommandError(f"the evaluation does not hold: {len(faults)} faults")
        self.stdout.write("the evaluation holds")

    def _activities(self, codes: list[str], *, every: bool) -> list[Activity]:
        if every == bool(codes):
            raise CommandError("name an activity, or say --all")
        rows = Activity.objects.order_by("code")
        found = list(rows if every else rows.filter(code__in=codes))
        unknown = set(codes) - {one.code for one in found}
        if unknown:
            raise CommandError(f"no activity {', '.join(sorted(unknown))}")
        return found

    def _print(self, found: Findings, *, rankings: bool) -> None:
        counts = ", ".join(f"{number} {what}" for what, number in sorted(found.counts.items()))
        self.stdout.write(f"{found.about}: rebuilt {counts}")
        for what, number in sorted(found.unchecked.items()):
            self.stdout.write(f"  not checked in full: {number} {what}")
        if rankings:
            for one in found.ranking:
                self.stdout.write(f"  {one.place:5} {one.total:>6} {one.number}")
        self._print_faults(found.faults)

    def _print_faults(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.stderr.write(f"  {fault}")
