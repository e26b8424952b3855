from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pool_portal.search_quality import corpus, judging
from pool_portal.search_quality.asking import catalogue_of
from pool_portal.search_quality.report import LEAST_NDCG, LEAST_RECALL, report


class Command(BaseCommand):
    help = (
        "Measure the search of the catalogue with judged questions over entries of its own; the "
        "catalogue is neither read nor changed. Fails below nDCG@10 of 0.9, or when Chinese text "
        "is not found wherever it stands."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        entries = corpus.entries()
        with catalogue_of(entries) as catalogue:
            made = report(entries, judging.queries(), catalogue.asked, catalogue.found)
        self.stdout.write("\n".join(made.lines()))
        if not made.good:
            raise CommandError(
                f"The search is not good enough: nDCG@10 {made.ndcg:.3f} (at least {LEAST_NDCG}), "
                f"recall {made.recall:.3f} (at least {LEAST_RECALL})."
            )
