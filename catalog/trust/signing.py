"""Signing what is published: in the transaction that keeps the version, or afterwards.

A lost file stops no listing and no revocation: the version is kept without a signature, the log
says what to do, and ``sign_missing`` signs it later.
"""

from collections.abc import Iterator

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from catalog.models import SignedRecord, TechnologyVersion
from catalog.trust import credentials, keys, proofs
from core.clock import database_now

logger = structlog.get_logger(__name__)

PIECE = 200


def sign(version: TechnologyVersion) -> None:
    """Sign a version just kept, within its transaction."""
    try:
        SignedRecord.objects.bulk_create(_signed([version]))
    except keys.KeyMissingError as error:
        logger.error("version not signed", version=version.pk, why=str(error))


def signed_document(document: credentials.Document) -> tuple[credentials.Document, str]:
    """Return a document with a proof of this moment, and the public key it fits."""
    key, private = keys.current()
    method = credentials.method_of(key.public_key)
    created = credentials.moment(database_now())
    return proofs.signed(document, private, method=method, created=created), key.public_key


def sign_missing() -> Iterator[int]:
    """Sign every version no trusted key vouches for; yield how many each piece signed.

    May run twice and beside people at work. KeyMissingError when the key in use has no file.
    """
    last = 0
    while piece := _missing(last):
        last = piece[-1].pk
        with transaction.atomic():
            SignedRecord.objects.bulk_create(_signed(piece), ignore_conflicts=True)
        yield len(piece)


def _missing(after: int) -> list[TechnologyVersion]:
    trusted = SignedRecord.objects.filter(version=OuterRef("pk"), key__compromised_at=None)
    rows = TechnologyVersion.objects.filter(~Exists(trusted), pk__gt=after)
    return list(rows.order_by("pk")[:PIECE])


def _signed(versions: list[TechnologyVersion]) -> list[SignedRecord]:
    key, private = keys.current()
    at = database_now()
    method, created = credentials.method_of(key.public_key), credentials.moment(at)
    return [
        SignedRecord(
            version=one,
            key=key,
            document=proofs.signed(
                credentials.record(one), private, method=method, created=created
            ),
            signed_at=at,
        )
        for one in versions
    ]
