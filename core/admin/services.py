"""Pages whose changes a service writes. It may refuse; then everything typed comes back."""

from typing import Any, TypeVar

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from core import rights
from core.admin import seen
from core.admin.pages import RightsAdmin
from core.errors import DomainError

M = TypeVar("M", bound=Model)


class Refusable(forms.BaseModelForm[Any]):
    """A form that can be told why what is in it was not stored."""

    refusal: DomainError | None = None
    seen = ""
    places: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.seen:
            seen.follow(self, self.seen)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook after clean()
        if self.refusal is not None:
            field = self.places.get(self.refusal.field or "", self.refusal.field)
            self.add_error(field if field in self.fields else None, str(self.refusal))
        elif moved := seen.moved(self, self.seen):
            self.add_error(None, _(
                "Somebody saved this while the page was open. "
                "Compare, and save again what shall stand."
            ))  # fmt: skip
            for name, stored in moved.items():
                self.add_error(name, _("Stored meanwhile: %(value)s") % {"value": stored})


class ServiceAdmin(RightsAdmin[M]):
    """Shows and edits; what is filled in is written by a service, which records it itself.

    ``save_model`` calls the service. When that refuses, nothing is stored and the same form is
    drawn once more, filled with what was typed, the reason at its field.
    """

    edit_right = "edit"
    # Where the words of a service differ from those of the form: {"field_codes": "fields"}.
    places: dict[str, str] = {}
    # Whether the page of what was added is shown next: it follows work that was asked for.
    leads_to_added = False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        # Drawn once more after a refusal, a form shows what was typed; it stores nothing.
        return _refusal(request) is not None or self._may(request, self.edit_right, obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        told = {
            "refusal": _refusal(request),
            "seen": request.POST.get(seen.NAME, "") if change else "",
            "places": self.places,
        }
        return type(form)(form.__name__, (Refusable, form), told)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            # Two who save at once come one after the other: the second sees what the first did.
            with transaction.atomic():
                self._lock(object_id)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except (DomainError, PermissionDenied, IntegrityError) as error:
            refusal = self._reason(request, object_id, error)
            if refusal is None:
                raise
            request.refusal = refusal  # type: ignore[attr-defined]  # read by _refusal()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            context = {**context, "seen": seen.fingerprints(context["adminform"].form)}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: M) -> HttpResponseRedirect:
        if not self.leads_to_added:
            return super().response_post_save_add(request, obj)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[obj.pk]))

    def construct_change_message(self, *args: Any, **kwargs: Any) -> list[Any]:
        return []  # nothing is noted here, see below

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written them."""

    def _note(self, request: HttpRequest, obj: M, verb: str, message: Any) -> None:
        """The service has recorded it, with more than the page knows."""

    def _lock(self, object_id: str | None) -> None:
        if object_id is None:
            return
        try:
            pk = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            return  # no such row; the page says so
        rows = self.model._default_manager.select_for_update(of=("self",), no_key=True)
        rows.order_by().filter(pk=pk).first()

    def _reason(
        self, request: HttpRequest, object_id: str | None, error: Exception
    ) -> DomainError | None:
        """Return what the form is to say; None when it is no answer to who filled it in."""
        if isinstance(error, DomainError):
            return error
        if isinstance(error, IntegrityError):
            same = isinstance(error.__cause__, UniqueViolation)
            return DomainError(_("Somebody entered the same at this moment.")) if same else None
        ever = object_id is not None and rights.may_ever(request.user, self.edit_right, self.model)
        return DomainError(_("This can no longer be changed. Nothing was saved.")) if ever else None


def _refusal(request: HttpRequest) -> DomainError | None:
    return getattr(request, "refusal", None)
