"""Django admin for officers: it asks the table of rights, and changes go through the one door."""

from typing import Any, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from core import audit, rights
from core.forms import StepForm
from core.http import attempt
from core.lifecycle import Transition
from core.models import AuditEntry, OutboxMessage, StoredMail
from core.workflow import Workflow

# How the filters beside a list ask; nothing that tells part of a value.
EQUALITY = frozenset(
    {"exact", "isnull", "in", "gte", "lt", "id__exact", "code__exact", "pk__exact"}
)

M = TypeVar("M", bound=Model)


class RightsAdmin(admin.ModelAdmin[M]):
    """Shows what the officer may see, lets her change what the table grants, deletes nothing."""

    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        return rights.visible(super().get_queryset(request), request.user)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let an address filter by what the page offers, and by nothing else.

        Django lets it ask about any column, hidden ones too: the text of a secret mail, or the
        hash of a password, could be had letter by letter.
        """
        offered = (str(one if isinstance(one, str) else one[0]) for one in self.list_filter)  # type: ignore[index]  # names, or (name, how)
        return any(
            lookup == name or lookup.removeprefix(f"{name}__") in EQUALITY for name in offered
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.may_ever(request.user, rights.READ, self.model)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self._may(request, rights.READ, obj)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self._may(request, "edit", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return rights.may_ever(request.user, "add", self.model)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def _may(self, request: HttpRequest, right: str, obj: M | None) -> bool:
        if obj is None:
            return rights.may_ever(request.user, right, self.model)
        return rights.can(request.user, right, obj)

    # Django's own log of the admin is replaced by the audit: one history, chained.

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> Any:
        return self._note(request, obj, "added", message)

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> Any:
        return self._note(request, obj, "changed", message)

    def _note(self, request: HttpRequest, obj: M, verb: str, message: Any) -> AuditEntry:
        kind = str(self.opts.model_name)
        fields = [m.get("changed", {}).get("fields", []) for m in message or [] if m]
        return audit.record(
            f"{kind}.{verb}",
            audit.Subject(kind, obj.pk),
            actor=request.user,  # type: ignore[arg-type]  # the gate lets only staff in
            details={"fields": [str(f) for part in fields for f in part]},
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404
        acts = AuditEntry.objects.filter(
            subject_type=self.opts.model_name, subject_id=str(obj.pk)
        ).select_related("actor")
        context = {
            **self.admin_site.each_context(request),
            "title": str(obj),
            "opts": self.opts,
            "object": obj,
            "acts": acts[:500],
        }
        return TemplateResponse(request, "admin/core/history.html", context)


class StepsAdmin(RightsAdmin[M]):
    """A page whose object has a life: the steps open to the officer are its buttons."""

    workflow: Workflow[M]
    step_forms: dict[str, type[StepForm]] = {}
    change_form_template = "admin/core/change_with_steps.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<path:object_id>/steps/<slug:step>/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context["steps"] = [
                (step, self._step_url(obj, step.name))
                for step in self.workflow.open_to(request.user, obj)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        transition = self._transition(request, step)
        if transition not in self.workflow.open_to(request.user, obj) and request.method != "POST":
            messages.warning(request, self.workflow.not_now(obj))
            return redirect(self._change_url(obj))
        form = self._form(transition)(
            request.POST if request.method == "POST" else None,
            request.FILES or None,
            transition=transition,
            obj=obj,
            actor=request.user,
        )
        if (
            request.method == "POST"
            and form.is_valid()
            and attempt(request, form, lambda: self._perform(request, obj, transition, form))
        ):
            messages.success(request, _("Done: %(step)s.") % {"step": transition.label})
            return redirect(self._after_url(request, obj))
        return TemplateResponse(request, "admin/core/step.html", self._page(request, obj, form))

    def _perform(
        self, request: HttpRequest, obj: M, transition: Transition, form: StepForm
    ) -> None:
        with transaction.atomic():
            inputs = form.inputs()
            reason = inputs.pop("reason", "")
            self.workflow.perform(
                transition.name, obj.pk, actor=request.user, reason=reason, **inputs
            )

    def _transition(self, request: HttpRequest, name: str) -> Transition:
        """Return the step, if this officer can ever take it; what is open now ``perform`` says."""
        try:
            transition = self.workflow.lifecycle.step(name)
        except KeyError:
            raise Http404 from None
        if not rights.may_ever(request.user, transition.right, self.model):
            raise Http404
        return transition

    def _form(self, transition: Transition) -> type[StepForm]:
        return self.step_forms.get(transition.name, StepForm)

    def _page(self, request: HttpRequest, obj: M, form: StepForm) -> dict[str, Any]:
        form.helper.template = "admin/core/_form.html"
        form.helper.field_template = "admin/core/_field.html"
        return {
            **self.admin_site.each_context(request),
            "title": form.transition.label,
            "opts": self.opts,
            "original": obj,
            "form": form,
            "transition": form.transition,
            "back": self._change_url(obj),
        }

    def _change_url(self, obj: M) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[quote(obj.pk)])

    def _after_url(self, request: HttpRequest, obj: M) -> str:
        """Back to the object, or to the list when the step took it out of the officer's sight."""
        if self.get_queryset(request).filter(pk=obj.pk).exists():
            return self._change_url(obj)
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _step_url(self, obj: M, step: str) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return reverse(name, args=[quote(obj.pk), step])


class ReadOnlyAdmin(RightsAdmin[M]):
    """A record nobody edits here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


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
