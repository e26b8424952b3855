"""Brings technologies of a file into drafts of an open activity."""

import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Organisation, User
from submissions import import_drafts
from submissions.import_drafts import Imported, Outcome, Target
from submissions.import_lines import lines
from submissions.models import Activity
from submissions.states import ActivityStatus


class Command(BaseCommand):
    help = (
        "Makes drafts of the technologies of a JSON Lines file, one a line. A line that is none "
        "is refused with its number; the others load. Again with the same file: nothing new."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say all, write nothing")
        parser.add_argument("--activity", help="code; without it, the one that is open")
        parser.add_argument(
            "--organisation", help="id of the one they all belong to; else each enterprise's own"
        )
        parser.add_argument(
            "--owner", help="e-mail address of the account that keeps them; else none can sign in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        activity = _activity(options["activity"])
        with transaction.atomic() if options["dry_run"] else nullcontext():
            target = _target(activity, options["organisation"], options["owner"])
            counts = self._load(content, target)
            if options["dry_run"]:
                transaction.set_rollback(True)
        self._sum_up(counts, dry_run=options["dry_run"])
        if counts[Outcome.REFUSED]:
            sys.exit(1)

    def _load(self, content: bytes, target: Target) -> Counter[str]:
        counts: Counter[str] = Counter()
        for one in import_drafts.load(lines(content.split(b"\n")), target):
            counts[one.outcome] += 1
            self._tell(one)
        return counts

    def _tell(self, one: Imported) -> None:
        if one.outcome is Outcome.REFUSED:
            self.stdout.write(f"line {one.number}: refused: {one.reason}")

    def _sum_up(self, counts: Counter[str], *, dry_run: bool) -> None:
        made, there, refused = (counts[one] for one in Outcome)
        nothing = " (dry run: nothing was written)" if dry_run else ""
        self.stdout.write(
            f"{made + there} loaded ({made} new, {there} there already), {refused} refused{nothing}"
        )


def _activity(code: str | None) -> Activity:
    rows = Activity.objects.filter(status=ActivityStatus.OPEN).order_by("code")
    found = list(rows.filter(code=code) if code else rows)
    if len(found) == 1:
        return found[0]
    codes = ", ".join(one.code for one in rows) or "none"
    raise CommandError(f"name an open activity with --activity; open now: {codes}")


def _target(activity: Activity, organisation: str | None, email: str | None) -> Target:
    owner = _owner(email)
    if organisation is None:
        return Target(activity, owner)
    try:
        found = Organisation.objects.get(pk=organisation)
    except (Organisation.DoesNotExist, ValidationError):
        raise CommandError(f"there is no organisation {organisation}") from None
    return Target(activity, owner, found)


def _owner(email: str | None) -> User:
    if email is None:
        return import_drafts.keeper()
    found = User.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise CommandError(f"there is no account {email}")
    return found
