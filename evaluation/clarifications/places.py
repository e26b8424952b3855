"""What part of a declaration a question is about, as a select offers it and as people read it."""

from typing import Any

from django.utils.translation import gettext as _

from evaluation.models import Clarification
from submissions.models import Declaration
from submissions.reading import place
from submissions.scheme import Scheme

Choices = list[tuple[str, Any]]


def choices_of(scheme: Scheme) -> Choices:
    """List the whole, then each section with its fields and tables."""
    found: Choices = [("", _("The declaration as a whole"))]
    for section in scheme.sections:
        parts = [(section.key, _("the whole section"))]
        parts += [(f"{section.key}.{one.key}", one.label) for one in section.members]
        found.append((section.label, parts))
    return found


def scheme_of(declaration: Declaration) -> Scheme:
    return declaration.activity.scheme.load()


def words_of(clarification: Clarification, scheme: Scheme | None = None) -> str:
    """Name the part; ``scheme``: of its activity, where it was read already."""
    if not clarification.section:
        return _("The declaration as a whole")
    known = scheme or scheme_of(clarification.assignment.case.declaration)
    return place(known, clarification.section, clarification.field)
