"""The records of the portal: acts, mails, and what is owed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core import acts
from core.admin.pages import ReadOnlyAdmin
from core.models import AuditEntry, OutboxMessage, StoredMail


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    """Acts in words; on the page of one also its name, which the chain is taken over."""

    list_display = ("at", "actor", "what", "subject_type", "subject_id", "was", "became", "reason")
    list_select_related = ("actor",)
    list_filter = ("subject_type",)
    search_fields = ("subject_id", "act")
    readonly_fields = ("what", "was", "became")
    fields = (
        "at", "actor", "what", "act", "subject_type", "subject_id", "was", "became", "reason",
        "details",
    )  # fmt: skip

    @admin.display(description=_("act"), ordering="act")
    def what(self, entry: AuditEntry) -> str:
        return acts.in_words(entry.act)

    @admin.display(description=_("before"), ordering="before")
    def was(self, entry: AuditEntry) -> str:
        return acts.state_in_words(entry.subject_type, entry.before)

    @admin.display(description=_("after"), ordering="after")
    def became(self, entry: AuditEntry) -> str:
        return acts.state_in_words(entry.subject_type, entry.after)


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
