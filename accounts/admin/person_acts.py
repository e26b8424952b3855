"""What the system administrator does to a person as a whole, each with a reason of its own page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import erasure, services
from accounts.models import User
from core import rights
from core.admin import ServiceAdmin
from core.forms import helper
from core.http import attempt


@dataclass(frozen=True, slots=True)
class PersonAct:
    """One such act: who may, what it means, and the service that does it."""

    name: str
    label: str | Promise
    text: str | Promise
    right: str
    write: Callable[[User, User, str], Any]  # person, actor, reason
    grave: bool = True


ACTS = (
    PersonAct(
        "reset-second-factor",
        _("Reset the second factor"),
        _(
            "For somebody who lost the authenticator and the recovery codes. Make sure who asks: "
            "whoever knows the password gets in afterwards. The person is told by mail, and "
            "every session ends."
        ),
        "grant",
        lambda user, actor, reason: services.reset_second_factor(user, actor=actor, reason=reason),
    ),
    PersonAct(
        "erase",
        _("Erase the person"),
        _(
            "On a written request only. Name, addresses, ways of signing in and the mails to the "
            "person are erased for good; what was filed, reviewed and done stays, under the id. "
            "Do not write the name into the reason."
        ),
        "erase",
        lambda user, actor, reason: erasure.erase(user.pk, actor=actor, reason=reason),
    ),
)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()
        self.helper.template = "admin/core/_form.html"
        self.helper.field_template = "admin/core/_field.html"


class PersonActsAdmin(ServiceAdmin[User]):
    """Adds the acts to the page of a person, as buttons."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.act_view)
        return [
            path("<path:object_id>/acts/<slug:act>/", view, name="accounts_user_act"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        person: User | None = kwargs.get("obj")
        if person is not None:
            context["steps"] = [
                (one, reverse("admin:accounts_user_act", args=[quote(person.pk), one.name]))
                for one in ACTS
                if self._open(request, person, one)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        person = self.get_object(request, object_id)
        one = next((known for known in ACTS if known.name == act), None)
        if person is None or one is None or not self._open(request, person, one):
            raise Http404
        form = ReasonForm(request.POST if request.method == "POST" else None)
        back = reverse("admin:accounts_user_change", args=[quote(person.pk)])
        if (
            form.is_bound
            and form.is_valid()
            and attempt(request, form, lambda: self._write(request, person, one, form))
        ):
            messages.success(request, _("Done: %(step)s.") % {"step": one.label})
            return redirect(back)
        page = {
            **self.admin_site.each_context(request),
            "title": one.label,
            "opts": self.opts,
            "original": person,
            "form": form,
            "act": one,
            "back": back,
        }
        return TemplateResponse(request, "admin/accounts/person_act.html", page)

    def _open(self, request: HttpRequest, person: User, one: PersonAct) -> bool:
        """Nobody does these to oneself here, and nobody to who is gone already."""
        if person.pk == request.user.pk or person.erased_at is not None:
            return False
        return rights.can(request.user, one.right, person)

    def _write(self, request: HttpRequest, person: User, one: PersonAct, form: ReasonForm) -> None:
        with transaction.atomic():
            one.write(
                User.objects.get(pk=person.pk),
                cast(User, request.user),
                form.cleaned_data["reason"],
            )
