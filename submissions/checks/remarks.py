"""What a check says about a declaration: which rule, how grave, where. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    """How grave a remark is. An error keeps a declaration from being filed."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


LEVELS = {
    Level.INFORMATION: _("information"),
    Level.WARNING: _("please look at this"),
    Level.ERROR: _("to put right"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing a rule found."""

    rule: str
    level: Level
    section: str
    field: str  # "title", "indicators" or "indicators.0.typical"; empty: the whole section
    message: str  # a whole sentence in the reader's language
    failed: bool = False  # the rule found nothing: it could not be run

    @property
    def member(self) -> str:
        """The field or table of the section."""
        return self.field.partition(".")[0]
