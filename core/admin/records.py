"""The records of the portal: acts, mails, and what is owed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import acts, mail
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

    A mail may name an expert, a declaration, or carry a link that lets someone in. Of some even
    the reader is not shown (``core.mail.protect``): that they got it tells what they did.
    """

    list_display = ("created_at", "reader", "template", "sent_at")
    search_fields = ("recipient",)
    readonly_fields = ("reader",)
    fields = ("reader", "language", "template", "created_at", "sent_at")

    @admin.display(description=_("to"))
    def reader(self, row: StoredMail) -> str:
        return str(_("protected")) if row.template in mail.protected() else row.recipient

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StoredMail], search_term: str
    ) -> tuple[QuerySet[StoredMail], bool]:
        """Find nothing by an address that is not shown."""
        found, more = super().get_search_results(request, queryset, search_term)
        hidden: Any = mail.protected() if search_term else ()
        return found.exclude(template__in=hidden), more


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin[OutboxMessage]):
    list_display = ("id", "topic", "created_at", "attempts", "delivered_at", "last_error")
    list_filter = ("topic",)
    exclude = ("payload",)
