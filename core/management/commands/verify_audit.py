from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import audit
from core.models import AuditLink


class Command(BaseCommand):
    help = "Walk the whole chain of the audit; fail and say where, if it does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(audit.faults())
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"the audit chain does not hold: {len(found)} faults")
        last = AuditLink.objects.order_by("-position").first()
        head = f"{last.position} acts, head {last.hash}" if last else "no act yet"
        self.stdout.write(f"the audit chain holds: {head}")
