"""Which mail, to whom, after which change of a listing."""

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from catalog.acting import acting
from catalog.models import Technology
from core import mail


def tell_holder(technology: Technology, change: str, *, reason: str | Promise) -> None:
    """Write to those who may file for the holder, each in their language."""
    members = acting().filter(organisation=technology.holder_id)
    for member in members.select_related("user").order_by("user__email"):
        language = member.user.language
        with translation.override(language):
            context = {
                "title": technology.title,
                "number": technology.number,
                "valid_until": technology.valid_until,
                "reason": reason,
                "path": reverse("catalog:technology-detail", args=[technology.pk]),
            }
        mail.write(f"technology_{change}", to=member.user.email, language=language, context=context)
