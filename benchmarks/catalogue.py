"""The public catalogue at 10,000, 100,000 and a million technologies, beside a bare view

In a database of its own. Pages come from three servers asked in turns: a bare view with Django's
default middleware, the portal that keeps no page, the portal that does; and, for what a first
reader waits, from the one that keeps none with a single reader. Inside the process, what a list
costs without HTTP stands beside the raw SQL that has the same answer.
"""

import logging
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks import catalogue_data
from benchmarks.activity import own_database
from benchmarks.catalogue_servers import READERS, Heard, ask, servers
from benchmarks.report import Rows
from catalog import bigrams
from catalog.browsing import held, search
from catalog.browsing.finding import Range, Wanted, browse
from catalog.browsing.ordering import RELEVANCE, Key
from catalog.models import Technology
from catalog.version import version_now

SMALL, FULL = (10_000,), (10_000, 100_000, 1_000_000)
ROUNDS = 3
# Of a page in a round: of one that is kept, of one that is drawn anew, and that by one reader.
REQUESTS, DRAWN, ALONE = 200, 40, 20
LIST = "/en/catalogue/"
COD = "indicator|wat-removal-cod|%"


def run(full: bool) -> Rows:
    """Measure 10,000 technologies; ``full``: 10,000, 100,000 and a million."""
    logging.getLogger("request").setLevel(logging.WARNING)
    call_command("collectstatic", interactive=False, verbosity=0)
    return [row for size in (FULL if full else SMALL) for row in _measured(size)]


def _measured(size: int) -> Rows:
    with override_settings(ALLOWED_HOSTS=["testserver"], KEPT_PAGES_MB=0), own_database():
        began = time.perf_counter()
        catalogue_data.lay_down(size)
        laid = round(time.perf_counter() - began, 1)
        began = time.perf_counter()
        held.held_at(version_now())
        read = round(time.perf_counter() - began, 2)
        rows: Rows = [
            {"technologies": size, "what": "laid down", "s": laid},
            {"technologies": size, "what": "index of a process read", "s": read},
        ]
        found = [*_in_process(), *_beside_sql(), *_over_http()]
        return [*rows, *({"technologies": size, **row} for row in found)]


def _in_process() -> Rows:
    """Lists of a warm index: all counts and one page, without HTTP and template."""
    middle = Key(Technology.objects.count() // 2)
    cases = {
        "list": Wanted(),
        "one facet": Wanted(chosen={"field": ["WAT"]}),
        "three facets": Wanted(
            chosen={"field": ["WAT", "AIR"], "country": ["AF"], "maturity": ["commercial"]}
        ),
        "facet and range": Wanted(chosen={"field": ["WAT"]}, ranges=(Range(COD, 100, 500),)),
        "sorted by a figure": Wanted(order=f"low.{COD}"),
        "a page in the middle": Wanted(after=middle),
    }
    return [
        {"what": f"in process: {name}", "p50 ms": _median(partial(_browse, one))}
        for name, one in cases.items()
    ]


def _browse(wanted: Wanted) -> None:
    browse(Technology.objects.all(), wanted, version_now())


def _median(call: Callable[[], object], times: int = 9) -> float:
    call()
    return round(statistics.median(_taken(call) for _turn in range(times)) * 1000, 3)


def _taken(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _beside_sql() -> Rows:
    """Each search beside one statement that ranks, counts and returns the same page, in turns."""
    rows: Rows = []
    for text in catalogue_data.queries():
        wanted = Wanted(text=text, order=RELEVANCE)
        pairs = [
            (_taken(partial(_browse, wanted)), _taken(partial(_raw, text))) for _turn in range(7)
        ]
        ours_ms, raw_ms = (statistics.median(one) * 1000 for one in zip(*pairs, strict=True))
        rows.append(
            {
                "what": f"search: {text}",
                "hits": search.count(bigrams.asked(text)),
                "p50 ms": round(ours_ms, 2),
                "raw SQL ms": round(raw_ms, 2),
                "of raw": round(ours_ms / raw_ms, 2),
            }
        )
    return rows


def _raw(text: str) -> None:
    """Ask for the same answer in one statement: the hits once, the page and the counts of them."""
    query, given = search.in_sql(bigrams.asked(text))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH hits AS MATERIALIZED (
                SELECT id, place, traits, ts_rank(search, ({query})) AS rank
                  FROM catalog_technology WHERE search @@ ({query}) AND status = 'listed'
            ), page AS (
                SELECT one.id, one.number, one.content FROM catalog_technology AS one
                  JOIN (SELECT id FROM hits ORDER BY rank DESC, place DESC LIMIT 20) AS first
                 USING (id)
            )
            SELECT (SELECT jsonb_agg(page) FROM page), (SELECT count(*) FROM hits),
                   (SELECT jsonb_object_agg(trait, number) FROM (
                        SELECT trait, count(*) AS number FROM hits, unnest(traits) AS trait
                         GROUP BY trait) AS counted)
            """,  # noqa: S608 -- parts of our own
            [*given, *given],
        )
        cursor.fetchone()


def _over_http() -> Rows:
    pages = _pages()
    rows: Rows = [_questions(pages)]
    bare = {"DJANGO_SETTINGS_MODULE": "benchmarks.bare"}
    none, kept = (
        {"KEPT_PAGES_MB": size, "API_ANONYMOUS_PER_MINUTE": "1000000"} for size in ("0", "64")
    )
    heard: dict[tuple[str, str], Heard] = defaultdict(Heard)
    with servers(bare=bare, cold=none, warm=kept) as running:
        for server in (running["cold"], running["warm"]):
            for paths in pages.values():
                ask(server, paths, READERS * len(paths), Heard())  # compiled, and kept
        for _round in range(ROUNDS):
            ask(running["bare"], ["/bare/"], REQUESTS, heard["bare", "bare view"])
            for name, paths in pages.items():
                ask(running["cold"], paths, ALONE, heard["one reader, cold", name], readers=1)
                ask(running["cold"], paths, DRAWN, heard["cold", name])
                ask(running["warm"], paths, REQUESTS, heard["warm", name])
    return [*rows, *_told(heard)]


def _pages() -> dict[str, list[str]]:
    count = Technology.objects.count()
    some = list(Technology.objects.order_by("place").values_list("pk", "number")[: 2 * READERS])
    return {
        "list": [LIST],
        "facet": [f"{LIST}?{urlencode({'field': 'WAT', 'maturity': 'commercial'})}"],
        "10 searches": [f"{LIST}?{urlencode({'q': one})}" for one in catalogue_data.queries()],
        "a page in the middle": [f"{LIST}?{urlencode({'after': count // 2})}"],
        "detail": [f"{LIST}{pk}/" for pk, _number in some],
        "compare": [
            f"{LIST}compare/?{urlencode([('with', one), ('with', other)])}"
            for (_pk, one), (_key, other) in pairwise(some)
        ],
        **({"API": ["/api/v1/technologies"]} if _has_an_api() else {}),
    }


def _has_an_api() -> bool:
    return Client().get("/api/v1/technologies").status_code == 200


def _questions(pages: dict[str, list[str]]) -> dict[str, str | int | float]:
    """Count what the most curious of the pages asks the database, the index at hand; none kept."""
    most = 0
    for paths in pages.values():
        for path in paths:
            Client().get(path)
            with CaptureQueriesContext(connection) as captured:
                Client().get(path)
            most = max(most, len(captured))
    return {"what": "queries of a page, at most", "found": most}


def _told(heard: dict[tuple[str, str], Heard]) -> Rows:
    bare = heard["bare", "bare view"].row()
    return [
        {
            "what": f"{server}: {page}",
            **(row := one.row()),
            "of bare req/s": round(row["req/s"] / bare["req/s"], 3),
            "of bare CPU": round(row["CPU ms each"] / max(bare["CPU ms each"], 0.001), 2),
        }
        for (server, page), one in heard.items()
    ]
