from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pool_portal import manual


class Command(BaseCommand):
    help = "Print the pages of the manual that come from tables: docs/workflow.md, docs/rights.md."

    def handle(self, *args: Any, **options: Any) -> None:
        docs = settings.BASE_DIR / "docs"
        (docs / "workflow.md").write_text(manual.workflow_page())
        (docs / "rights.md").write_text(manual.rights_page())
