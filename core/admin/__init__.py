"""Django admin for officers: it asks the table of rights, and changes go through the one door."""

from core.admin import records, reminding
from core.admin.pages import ReadOnlyAdmin, RightsAdmin
from core.admin.services import ServiceAdmin
from core.admin.steps import StepsAdmin

__all__ = ["ReadOnlyAdmin", "RightsAdmin", "ServiceAdmin", "StepsAdmin", "records", "reminding"]
