"""Keeping what stands for a filed text, in the transaction that files it: no broker, no delay.

A row per version and language. ``fill`` makes those of what was filed before there were any;
it may run twice, and beside people at work: what a person confirms meanwhile stays.
"""

from collections.abc import Iterator, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from submissions.checks.look_alikes import compared, fingerprints, texts_of
from submissions.models import DeclarationVersion, Fingerprint, TranslationVersion

PIECE = 200
Texts = Mapping[str, Mapping[str, str]]  # by language and field


def keep(version: DeclarationVersion) -> None:
    """Keep the hashes of a version just filed: of its own text and of its translations."""
    Fingerprint.objects.bulk_create(_rows(version, _filed(version)))


def keep_translation(confirmed: TranslationVersion) -> None:
    """Keep those of a translation confirmed after the filing, instead of the one before it."""
    Fingerprint.objects.bulk_create(
        _rows(confirmed.version, {confirmed.language: confirmed.texts}),
        update_conflicts=True,
        unique_fields=("version", "language"),
        update_fields=("hashes", "count"),
    )


def fill() -> Iterator[int]:
    """Make the rows that are not there, piece by piece; yield how many versions each made whole."""
    last = 0
    while piece := _lacking(last):
        last = piece[-1].pk
        with transaction.atomic():
            rows = [row for one in piece for row in _rows(one, _in_force(one))]
            Fingerprint.objects.bulk_create(rows, ignore_conflicts=True)
        yield len(piece)


def _lacking(after: int) -> list[DeclarationVersion]:
    """Return the next versions without a row of their own, or of a confirmed translation."""
    there = Fingerprint.objects.filter(version=OuterRef("version"), language=OuterRef("language"))
    later = TranslationVersion.objects.filter(~Exists(there))
    own = Fingerprint.objects.filter(version=OuterRef("pk"))
    rows = DeclarationVersion.objects.filter(pk__gt=after).filter(
        ~Exists(own) | Q(pk__in=later.values("version"))
    )
    shown = rows.select_related("declaration__activity__scheme")
    return list(shown.prefetch_related("translations").order_by("pk")[:PIECE])


def _filed(version: DeclarationVersion) -> Texts:
    """Return what is compared of the document that was filed; its own text also when empty."""
    content = version.content
    scheme = version.declaration.activity.scheme.load()
    return {
        **content.get("translations", {}),
        content["language"]: texts_of(scheme, content["sections"]),
    }


def _in_force(version: DeclarationVersion) -> Texts:
    # Ascending, so that the last confirmation of a language stays.
    confirmed = sorted(version.translations.all(), key=lambda one: one.number)
    return {**_filed(version), **{one.language: one.texts for one in confirmed}}


def _rows(version: DeclarationVersion, texts: Texts) -> list[Fingerprint]:
    places = compared(version.declaration.activity.scheme.load())
    made = []
    for language, by_place in texts.items():
        hashes = fingerprints(*(text for place, text in by_place.items() if place in places))
        made.append(
            Fingerprint(
                version=version, language=language, hashes=sorted(hashes), count=len(hashes)
            )
        )
    return made
