from catalog.models.catalogue import (
    Batch,
    Delivery,
    Destination,
    Technology,
    TechnologyQuerySet,
    TechnologyVersion,
)
from catalog.models.index import Change, Word
from catalog.models.measures import ListingMeasure, RenewalRequest
from catalog.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Batch",
    "Change",
    "Delivery",
    "Destination",
    "ListingMeasure",
    "RenewalRequest",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
    "Word",
]
