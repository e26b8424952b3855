"""Checks a signed record with this portal's keys, or with keys somebody brought."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.models import SigningKey
from catalog.trust import credentials, reading, verifying
from catalog.trust.verifying import Answer, Standing, Verdict
from core.clock import database_now

NOT_GENUINE, UNUSABLE, NOT_LISTED = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Says whether a signed record is genuine. Exit status 0: it is. 1: it is not. 2: a file "
        "cannot be used. 3: it is, but the technology is not listed any more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record", type=Path, help="the signed record, a JSON file")
        parser.add_argument("--revocations", type=Path, help="the list of what is delisted")
        parser.add_argument("--keys", type=Path, help="a key history; without it, this portal's")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = _keys(options["keys"])
        verdict = verifying.judge(_content(options["record"]), keys)
        if verdict.problem:
            self.stderr.write(f"NOT GENUINE. {verdict.problem.label}")
            raise SystemExit(NOT_GENUINE)
        self.stdout.write(_described(verdict))
        if options["revocations"] is None:
            self.stdout.write("Whether it is still listed was not looked up: --revocations.")
            return
        told = _content(options["revocations"])
        self._conclude(verifying.ask(verdict, told, keys, database_now()))

    def _conclude(self, answer: Answer) -> None:
        if answer.standing == Standing.DELISTED:
            entry = answer.entry
            self.stdout.write(f"NOT LISTED ANY MORE: {entry['state']} since {entry['since']}.")
            raise SystemExit(NOT_LISTED)
        if answer.standing != Standing.LISTED:
            raise CommandError(f"{answer.standing.label} {answer.made}", returncode=UNUSABLE)
        self.stdout.write(f"Not among those no longer listed, by the list of {answer.made}.")


def _described(verdict: Verdict) -> str:
    number, version = verdict.record["number"], verdict.subject["version"]
    signed = verdict.document["proof"]["created"]
    return f"GENUINE. {number}, version {version}, {verdict.record['state']}, signed {signed}"


def _keys(path: Path | None) -> verifying.Keys:
    if path is None:
        return verifying.keys_of(credentials.key_document(SigningKey.objects.all()))
    try:
        return verifying.keys_of(reading.read(_content(path)))
    except ValueError as error:
        said = f"{path}: this is not a key history of a portal."
        raise CommandError(said, returncode=UNUSABLE) from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=UNUSABLE) from error
