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
from catalog.models.enquiries import Enquiry, EnquiryMessage
from catalog.models.index import Change, Word
from catalog.models.measures import Attestation, ListingMeasure, RenewalRequest
from catalog.models.saved import SavedSearch
from catalog.models.tokens import ApiToken
from catalog.models.trust import SignedRecord, SigningKey

__all__ = [
    "ApiToken",
    "Attestation",
    "Batch",
    "Change",
    "Collection",
    "Delivery",
    "Destination",
    "EarlierEntry",
    "EarlierList",
    "Enquiry",
    "EnquiryMessage",
    "ListingMeasure",
    "RenewalRequest",
    "SavedSearch",
    "SignedRecord",
    "SigningKey",
    "Technology",
    "TechnologyQuerySet",
    "TechnologyVersion",
    "Word",
]
