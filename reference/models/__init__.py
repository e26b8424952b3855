"""The one vocabulary: what a technology may be called, measured in, and made for."""

from reference.models.calendar import WorkingDayException
from reference.models.edition import Edition
from reference.models.places import Corridor, CorridorMembership, Country
from reference.models.technology import Field, Indicator, Quantity, Subcategory, Unit
from reference.models.terms import Term
from reference.vocabularies import Vocabulary

__all__ = [
    "Corridor",
    "CorridorMembership",
    "Country",
    "Edition",
    "Field",
    "Indicator",
    "Quantity",
    "Subcategory",
    "Term",
    "Unit",
    "Vocabulary",
    "WorkingDayException",
]
