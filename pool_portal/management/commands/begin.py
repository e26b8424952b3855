import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role
from evaluation.criteria import documents
from evaluation.criteria.sealing import seal_criteria
from evaluation.models import CriteriaSet
from submissions.services import create_scheme

SCHEME = settings.BASE_DIR / "submissions/schemes/default-3.json"


class Command(BaseCommand):
    help = (
        "Begin a new portal: lay down the default declaration scheme and criteria set, and give "
        "the account of this address, which must be registered, the role of system administrator."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        try:
            person = User.objects.get_by_natural_key(address)
        except User.DoesNotExist:
            raise CommandError(f"Nobody has registered as {address}; register first.") from None
        create_scheme(json.loads(SCHEME.read_text(encoding="utf-8")), actor=None)
        default = documents.default()
        if not CriteriaSet.objects.filter(code=default["code"]).exists():
            seal_criteria(default)  # later versions are the officers'
        if Role.SYSTEM not in person.roles:
            accounts.grant_role(person, Role.SYSTEM, actor=None)
        self.stdout.write(f"{address} is system administrator; scheme and criteria are in place.")
