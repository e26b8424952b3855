from catalog.models.catalogue import (
    Batch,
    Delivery,
    Destination,
    Technology,
    TechnologyQuerySet,
    TechnologyVersion,
)
from catalog.models.collections import Collection
from catalog.models.earlier import EarlierEntry, EarlierList
from catalog.models.index import Change, Word
from catalog.models.measures import Attestation, ListingMeasure, RenewalRequest
from catalog.models.saved import SavedSearch

__all__ = [
    "Attestation",
    "Batch",
    "Change",
    "Collection",
    "Delivery",
    "Destination",
    "EarlierEntry",
    "EarlierList",
    "ListingMeasure",
    "RenewalRequest",
    "SavedSearch",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
    "Word",
]
