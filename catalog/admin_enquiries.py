"""The officers' desk of enquiries: how many there are and how they stand.

What was written, and by whom, is shown of those alone that the holder reported.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.enquiries import telling
from catalog.enquiries.forms import StopForm
from catalog.enquiries.workflow import ENQUIRIES
from catalog.models import Enquiry, Technology
from core import acts
from core.admin import StepsAdmin
from core.beside import Link, beside

acts.name(
    {
        "enquiry.sent": _("Enquiry sent"),
        "enquiry.sent_again": _("Link of the enquiry sent again"),
    }
)
REPORTED = ("reported_at", "reported_because", "asker", "written")


class EnquiryAdmin(StepsAdmin[Enquiry]):
    workflow = ENQUIRIES
    step_forms = {"stop": StopForm}
    list_display = ("number", "status", "country", "received_at", "last_at", "count", "reported_at")
    list_filter = ("status",)
    list_select_related = ("technology", "country")
    search_fields = ("technology__number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        rows = super().get_queryset(request).select_related("technology", "country")
        return rows.annotate(message_count=Count("messages"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        told = ("number", "status", "country", "kind_told", "sent_at", "received_at", "waits_since",
                "last_at", "count")  # fmt: skip
        more = REPORTED if obj is not None and obj.reported_at is not None else ()
        return (*told, *more, "closed_at", "closed_by", "forgotten_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    @admin.display(description=_("number"), ordering="technology__number")
    def number(self, one: Enquiry) -> str:
        return one.technology.number

    @admin.display(description=_("kind of interest"))
    def kind_told(self, one: Enquiry) -> str:
        return telling.kind_of(one)

    @admin.display(description=_("messages"))
    def count(self, one: Any) -> int:
        return int(one.message_count)

    @admin.display(description=_("who asks"))
    def asker(self, one: Enquiry) -> str:
        return f"{one.name}, {one.unit}" if one.name else "–"

    @admin.display(description=_("what was written"))
    def written(self, one: Enquiry) -> SafeString:
        """Show the messages; only an enquiry that was reported has this field."""
        rows = one.messages.all()
        told = ((row.get_side_display(), localdate(row.written_at), row.text) for row in rows)
        line = "<p>{} · {}<br><span dir='auto'>{}</span></p>"
        return format_html("{}", format_html_join("", line, told))


@beside(Technology)
def enquiries_about(technology: Technology, person: Any) -> Iterator[Link]:
    """Lead to the list of them, where there are some."""
    if number := Enquiry.objects.visible_to(person).filter(technology=technology).count():
        url = f"{reverse('admin:catalog_enquiry_changelist')}?q={technology.number}"
        yield Link(_("Enquiries"), gettext("%(number)d in all") % {"number": number}, url)


@beside(Enquiry)
def listing_of(enquiry: Enquiry, _person: Any) -> Iterator[Link]:
    url = reverse("admin:catalog_technology_change", args=[enquiry.technology_id])
    yield Link(_("Technology"), f"{enquiry.technology.number} {enquiry.technology.title}", url)


PAGES: dict[Any, Any] = {Enquiry: EnquiryAdmin}
