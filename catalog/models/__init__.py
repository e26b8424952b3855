from catalog.models.catalogue import (
    Batch,
    Delivery,
    Destination,
    Technology,
    TechnologyQuerySet,
    TechnologyVersion,
)
from catalog.models.measures import ListingMeasure, RenewalRequest

__all__ = [
    "Batch",
    "Delivery",
    "Destination",
    "ListingMeasure",
    "RenewalRequest",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
]
