from catalog.models.catalogue import (
    Batch,
    Delivery,
    Destination,
    Technology,
    TechnologyQuerySet,
    TechnologyVersion,
)
from catalog.models.measures import ListingMeasure, RenewalRequest
from catalog.models.trust import SignedRecord, SigningKey

__all__ = [
    "Batch",
    "Delivery",
    "Destination",
    "ListingMeasure",
    "RenewalRequest",
    "SignedRecord",
    "SigningKey",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
]
