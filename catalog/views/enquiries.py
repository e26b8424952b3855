"""Enquiries: the form for everybody, the page of the link, and the pages of the holder."""

from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import FORM_METHODS
from catalog.acting import nobody_acts_for
from catalog.enquiries import asking, links, telling
from catalog.enquiries.forms import EnquiryForm, MessageForm, PressForm
from catalog.enquiries.states import ENQUIRY, EnquiryStatus
from catalog.enquiries.workflow import ENQUIRIES, NOBODY
from catalog.models import Enquiry
from catalog.naming import holder_name, safe_link, title_of
from catalog.states import TechnologyStatus
from catalog.views.one import state_only, visible
from core.http import attempt

# From one address of the network: each sends a mail.
RATES = {"send": "5/m,20/h"}
BY_LINK: dict[str, type[Form]] = {
    "confirm": PressForm,
    "write": MessageForm,
    "end": PressForm,
}


@require_http_methods(FORM_METHODS)
@never_cache
def enquiry_form(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take an enquiry from anybody; nothing typed is lost when it is refused."""
    technology = visible(request, id)
    if technology.status != TechnologyStatus.LISTED:
        return state_only(request, technology)
    language, title = title_of(technology)
    holder = technology.content["holder"]
    page: dict[str, Any] = {
        "technology": technology,
        "title": title,
        "title_lang": language,
        "list_url": reverse("catalog:technology-list"),
        "holder": holder_name(holder),
        "keep_days": settings.ENQUIRIES_KEEP_DAYS,
    }
    if request.method != "POST" and nobody_acts_for(technology):
        website = safe_link(holder["website"])
        page |= {"nobody": NOBODY, "website": website, "office_mail": settings.OFFICE_MAIL}
        return render(request, "catalog/enquiry_form.html", page)
    form, status = EnquiryForm(request.POST or None), 200
    if form.is_bound and form.is_valid():
        if ratelimit.consume(request, app="portal", action="send", config=RATES) is None:
            form.add_error(None, _("Too many were sent in a short time. Please try again later."))
            status = 429
        elif attempt(request, form, lambda: asking.send(technology.pk, form.said())):
            page["address"] = form.cleaned_data["address"]
            return render(request, "catalog/enquiry_sent.html", page)
    page["form"] = form
    return render(request, "catalog/enquiry_form.html", page, status=status)


@require_safe
@never_cache
def enquiry(request: HttpRequest, token: str) -> HttpResponse:
    """Show who asked how it stands; confirming takes a button, for programs open links."""
    return _page(request, _found(token), token)


@require_POST
@never_cache
def enquiry_step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    found = _found(token)
    if step not in BY_LINK:
        raise Http404
    form = BY_LINK[step](request.POST)
    if form.is_valid() and attempt(
        request,
        form,
        lambda: ENQUIRIES.perform(step, found.pk, actor=None, **form.cleaned_data),
    ):
        return redirect("catalog:enquiry", token)
    return _page(request, _found(token), token, refused=form)


def _found(token: str) -> Enquiry:
    found = links.by_token(token)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Enquiry, token: str, *, refused: Form | None = None
) -> HttpResponse:
    """Draw the page; what was typed comes back, with what was said against it."""
    technology = found.technology
    language, title = title_of(technology)
    holder = technology.holder.name
    typed = refused if isinstance(refused, MessageForm) else None
    page = {
        "enquiry": found,
        "technology": technology,
        "title": title,
        "title_lang": language,
        "token": token,
        "told": telling.told(found),
        "status": telling.status_of(found),
        "kind": telling.kind_of(found),
        "holder": holder,
        "events": telling.messages_of(found, asker=_("You"), holder=holder),
        "confirmable": found.status == EnquiryStatus.SENT and telling.reaches_holder(found),
        "endable": found.status in ENQUIRY.step("end").sources,
        "form": typed or (MessageForm() if telling.asker_may_write(found) else None),
        "refused": refused.non_field_errors() if refused and not typed else (),
    }
    status = 200 if refused is None else 400
    return render(request, "catalog/enquiry.html", page, status=status)
