from catalog.models.catalogue import (
    Batch,
    Delivery,
    Destination,
    Technology,
    TechnologyQuerySet,
    TechnologyVersion,
)
from catalog.models.earlier import EarlierEntry, EarlierList
from catalog.models.enquiries import Enquiry, EnquiryMessage
from catalog.models.index import Change, Word
from catalog.models.measures import ListingMeasure, RenewalRequest
from catalog.models.tokens import ApiToken
from catalog.models.trust import SignedRecord, SigningKey

__all__ = [
    "ApiToken",
    "Batch",
    "Change",
    "Delivery",
    "Destination",
    "EarlierEntry",
    "EarlierList",
    "Enquiry",
    "EnquiryMessage",
    "ListingMeasure",
    "RenewalRequest",
    "SignedRecord",
    "SigningKey",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
    "Word",
]
