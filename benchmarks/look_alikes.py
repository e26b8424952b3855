"""Finding look-alikes of one declaration among many

What is measured stands in a transaction that is rolled back: nothing of it stays.
"""

import datetime as dt
import random
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from benchmarks.report import Rows
from reference.models import Country
from submissions import look_alikes
from submissions.checks.look_alikes import all_hashes, fingerprints, marked
from submissions.models import (
    Activity,
    Declaration,
    DeclarationScheme,
    DeclarationVersion,
    Fingerprint,
)
from submissions.states import Status

WORDS = 2500  # of a long declaration; the limits of the scheme add up to 9,000
TIMES = 3


def run(full: bool) -> Rows:
    """Find among 2,000 declarations, ``full``: 20,000; one in ten copies half of another."""
    declarations = 20_000 if full else 2_000
    with transaction.atomic():
        rows = _measured(declarations)
        transaction.set_rollback(True)
    return rows


def _measured(number: int) -> Rows:
    chance = random.Random(1)
    texts = _texts(number, chance)
    one = _insert(texts)
    with connection.cursor() as cursor:
        # As the database does by itself once in a while.
        cursor.execute("analyze submissions_fingerprint, submissions_declaration")
    hashes = {"en": fingerprints(texts[0])}
    filed = Declaration.objects.filter(version__isnull=False).exclude(pk=one.pk)
    stored = look_alikes.found_in(hashes)
    return [
        _row("hashes of a text", number, lambda: fingerprints(texts[0])),
        _row("hashes looked for", number, lambda: look_alikes.found_in(hashes)),
        _row("those alike", number, lambda: look_alikes.nearest(hashes, stored, filed)),
        _row("passages marked", number, lambda: marked(texts[0], all_hashes([texts[1]]))),
    ]


def _row(what: str, number: int, call: Callable[[], Any]) -> dict[str, str | int | float]:
    took, cpu = [], []
    for _time in range(TIMES):
        began, began_cpu = time.perf_counter(), time.process_time()
        call()
        took.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
    return {
        "what": what,
        "declarations": number,
        "ms": round(min(took) * 1000, 1),
        "of it in Python": round(min(cpu) * 1000, 1),
    }


def _texts(number: int, chance: random.Random) -> list[str]:
    """Return texts of a vocabulary of 20,000 words with one phrase that all of them use."""
    vocabulary = [f"w{place}" for place in range(20_000)]
    phrase = " ".join(vocabulary[:60])
    texts = [f"{phrase} {' '.join(chance.choices(vocabulary, k=WORDS))}" for _n in range(number)]
    for place in range(1, number, 10):
        texts[place] = texts[place - 1][: len(texts[place - 1]) // 2] + texts[place]
    return texts


def _insert(texts: list[str]) -> Declaration:
    now = timezone.now()
    person = User.objects.create(email="bench@example.org", name="Bench")
    activity = _activity(now)
    kind, country = Organisation.Kind.ENTERPRISE, Country.objects.order_by("pk")[0]
    houses = Organisation.objects.bulk_create(
        Organisation(name_en=f"Bench {n}", country=country, kind=kind) for n in range(len(texts))
    )
    declarations = Declaration.objects.bulk_create(
        Declaration(activity=activity, organisation=one, language="en", created_by=person)
        for one in houses
    )
    versions = DeclarationVersion.objects.bulk_create(
        DeclarationVersion(
            declaration=one, number=1, content={}, submitted_at=now, submitted_by=person
        )
        for one in declarations
    )
    for place, (one, version) in enumerate(zip(declarations, versions, strict=True)):
        one.version, one.number, one.submitted_at = version, f"BENCH-{place}", now
        one.status = Status.SUBMITTED
    columns = ["version", "number", "submitted_at", "status"]
    Declaration.objects.bulk_update(declarations, columns, batch_size=500)
    hashes = [sorted(fingerprints(text)) for text in texts]
    Fingerprint.objects.bulk_create(
        (
            Fingerprint(version=version, language="en", hashes=some, count=len(some))
            for version, some in zip(versions, hashes, strict=True)
        ),
        batch_size=500,
    )
    return declarations[0]


def _activity(now: dt.datetime) -> Activity:
    scheme = DeclarationScheme.objects.create(
        code="bench", version=1, names={"en": "Bench"}, sections=[]
    )
    return Activity.objects.create(
        code="BENCH",
        titles={"en": "Bench"},
        notices={"en": "Bench"},
        scheme=scheme,
        opens_at=now,
        closes_at=now + dt.timedelta(days=1),
    )
