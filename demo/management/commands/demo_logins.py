from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from demo import accounts, codes

HEAD = ("role", "e-mail", "password", "one-time code")


class Command(BaseCommand):
    help = "Print who one can sign in as in the demonstration, with the one-time codes of now."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "There are no demo logins: the demonstration has the embedded database only."
            )
        accounts.logins()
        with override("en"):
            self._print(codes.credentials())

    def _print(self, logins: list[codes.Credentials]) -> None:
        rows = [HEAD, *((str(o.login.label), o.email, o.password, o.code or "-") for o in logins)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
        self.stdout.write(f"The portal: {settings.PORTAL_ORIGIN}/")
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        self.stdout.write(
            f"The codes are valid for {codes.seconds_left()} more seconds; "
            f"{settings.PORTAL_ORIGIN}/en/demo/ shows the next ones."
        )
