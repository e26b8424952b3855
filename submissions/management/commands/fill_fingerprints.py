"""Makes the fingerprints of what was filed before there were any, so that it is compared too."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions import fingerprints


class Command(BaseCommand):
    help = (
        "Makes the fingerprints that are not there, by which look-alikes are found, 200 versions "
        "at a time; once after an upgrade. Broken off, it goes on where it was; again: nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        versions = sum(fingerprints.fill())
        self.stdout.write(f"{versions} filed versions were given fingerprints")
