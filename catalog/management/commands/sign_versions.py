"""Signs the versions no trusted key vouches for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.trust import signing
from catalog.trust.keys import KeyMissingError


class Command(BaseCommand):
    help = (
        "Signs every version of the catalogue that has no signature of a trusted key, 200 at a "
        "time: once after an upgrade, and after a key was lost or compromised. Broken off, it "
        "goes on where it was; again: nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            signed = sum(signing.sign_missing())
        except KeyMissingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{signed} versions were signed")
