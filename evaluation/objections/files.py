"""The files of an objection: where they lie, and how many are taken."""

from django.utils.translation import gettext_lazy as _

from evaluation.models import ObjectionFile
from evaluation.shelf import Shelf

SHELF = Shelf(
    ObjectionFile,
    folder="objections",
    most=3,
    most_bytes=10 * 1024 * 1024,
    too_large=_("A file of an objection is no larger than 10 MB."),
)
