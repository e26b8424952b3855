"""Takes a new signing key into use."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.trust import keys, signing
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Takes a new signing key into use. What the old one signed stays genuine, unless it was "
        "compromised: then all of it is signed again. Versions without a signature are signed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--compromised",
            metavar="REASON",
            help="somebody else may have the key: nothing it signed is trusted from now on",
        )
        parser.add_argument(
            "--key", default="", help="public key that was compromised; without it, the one in use"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = keys.rotate(compromised=options["compromised"], public_key=options["key"])
            signed = sum(signing.sign_missing())
        except (DomainError, keys.KeyMissingError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{key.public_key} is in use; {signed} versions were signed")
