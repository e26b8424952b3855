"""Compares the files that rows name with those that lie in the storage."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from submissions.files import verifying

SHOWN = 20  # names of each kind


class Command(BaseCommand):
    help = (
        "Looks in the storage for every file a row names, reads it and compares its SHA-256; "
        "names what no row has named for a week. Fails when a file is missing or is another one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="do not read the files")
        parser.add_argument("--delete-strays", action="store_true", help="delete what no row names")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verifying.verify(reading=not options["quick"])
        self._print("missing", report.missing)
        self._print("different", report.different)
        self._print("no row names", report.strays)
        # Rows that are not there may be those of a database restored from too far back.
        if options["delete_strays"] and report.holds:
            verifying.delete(report.strays)
            self.stdout.write(f"{len(report.strays)} files that no row names were deleted")
        counts = (
            f"{report.checked} files, {len(report.missing)} missing, "
            f"{len(report.different)} different, {len(report.strays)} named by no row"
        )
        if not report.holds:
            raise CommandError(counts)
        self.stdout.write(counts)

    def _print(self, kind: str, names: list[str]) -> None:
        for name in names[:SHOWN]:
            self.stdout.write(f"  {kind}: {name}")
        if len(names) > SHOWN:
            self.stdout.write(f"  {kind}: and {len(names) - SHOWN} more")
