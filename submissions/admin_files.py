"""The officers' pages of files: what is known of malware in each."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.utils.translation import gettext_lazy as _

from core.admin import StepsAdmin
from submissions.files.scanning import ATTACHMENTS
from submissions.models import Attachment


class AttachmentAdmin(StepsAdmin[Attachment]):
    """Filed files: who reads them does so in the declaration; here they are sent to the scanner."""

    workflow = ATTACHMENTS
    list_display = ("title", "declaration_number", "kind", "status", "uploaded_at")
    list_select_related = ("declaration",)
    list_filter = ("status", "kind")
    search_fields = ("declaration__number", "sha256")
    ordering = ("-uploaded_at", "pk")
    fields = (
        "title", "declaration_number", "kind", "status", "scanned_at", "finding", "file_name",
        "size", "sha256", "uploaded_at",
    )  # fmt: skip

    @admin.display(description=_("declaration"), ordering="declaration__number")
    def declaration_number(self, one: Attachment) -> str:
        return one.declaration.number or ""

    def get_readonly_fields(self, request: HttpRequest, obj: Attachment | None = None) -> Any:
        return self.fields
