"""The officers' desk of collections."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.collecting import keeping
from catalog.collecting.forms import CollectionForm
from catalog.collecting.states import CollectionStatus
from catalog.collecting.workflow import COLLECTIONS
from catalog.models import Collection
from core import acts
from core.admin import ServiceAdmin, StepsAdmin

acts.name(
    {
        "collection.added": _("Collection entered"),
        "collection.changed": _("Collection changed"),
    }
)


class CollectionAdmin(StepsAdmin[Collection], ServiceAdmin[Collection]):
    workflow = COLLECTIONS
    form = CollectionForm
    leads_to_added = True
    list_display = ("code", "title", "status", "published_at")
    list_filter = ("status",)
    search_fields = ("code", "title_en", "title_zh")
    fields = (*keeping.FIELDS, "status", "public_page")
    readonly_fields = ("status", "public_page")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor = cast(User, request.user)  # the gate let no one else in
        if change:
            keeping.edit(obj.pk, actor=actor, **form.stated())
            return
        obj.pk = keeping.begin(actor=actor, **form.stated()).pk
        obj.refresh_from_db()

    @admin.display(description=_("title"))
    def title(self, one: Collection) -> str:
        return one.title

    @admin.display(description=_("public page"))
    def public_page(self, one: Collection) -> SafeString | str:
        if one.status != CollectionStatus.PUBLISHED:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("catalog:collection", args=[one.code]), one.code
        )


PAGES: dict[Any, Any] = {Collection: CollectionAdmin}
