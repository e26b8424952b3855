"""The records of the portal: acts, mails, and what is owed."""

from django.contrib import admin

from core.admin.pages import ReadOnlyAdmin
from core.models import AuditEntry, OutboxMessage, StoredMail


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    list_display = ("at", "actor", "act", "subject_type", "subject_id", "before", "after", "reason")
    list_select_related = ("actor",)
    list_filter = ("subject_type",)
    search_fields = ("subject_id", "act")
    exclude = ("record",)


@admin.register(StoredMail)
class StoredMailAdmin(ReadOnlyAdmin[StoredMail]):
    """That a mail was written and sent; what it says is for its reader.

    A mail may name an expert, a declaration, or carry a link that lets someone in.
    """

    list_display = ("created_at", "recipient", "template", "sent_at")
    search_fields = ("recipient",)
    fields = ("recipient", "language", "template", "created_at", "sent_at")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin[OutboxMessage]):
    list_display = ("id", "topic", "created_at", "attempts", "delivered_at", "last_error")
    list_filter = ("topic",)
    exclude = ("payload",)
