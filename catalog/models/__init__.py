from catalog.models.catalogue import (
    Batch,
    Delivery,
    Destination,
    Technology,
    TechnologyQuerySet,
    TechnologyVersion,
)
from catalog.models.earlier import EarlierEntry, EarlierList
from catalog.models.index import Change, Word
from catalog.models.measures import ListingMeasure, RenewalRequest
from catalog.models.trust import SignedRecord, SigningKey

__all__ = [
    "Batch",
    "Change",
    "Delivery",
    "Destination",
    "EarlierEntry",
    "EarlierList",
    "ListingMeasure",
    "RenewalRequest",
    "SignedRecord",
    "SigningKey",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
    "Word",
]
