from catalog.models.catalogue import (
    Batch,
    Delivery,
    Destination,
    Technology,
    TechnologyQuerySet,
    TechnologyVersion,
)
from catalog.models.enquiries import Enquiry, EnquiryMessage
from catalog.models.measures import ListingMeasure, RenewalRequest

__all__ = [
    "Batch",
    "Delivery",
    "Destination",
    "Enquiry",
    "EnquiryMessage",
    "ListingMeasure",
    "RenewalRequest",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
]
