"""Pages of what has a life: the steps open to the officer are its buttons."""

from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from core import rights
from core.admin.pages import RightsAdmin
from core.forms import StepForm
from core.http import attempt
from core.lifecycle import Transition
from core.workflow import Workflow

M = TypeVar("M", bound=Model)


class StepsAdmin(RightsAdmin[M]):
    """A page whose object has a life: the steps open to the officer are its buttons."""

    workflow: Workflow[M]
    step_forms: dict[str, type[StepForm]] = {}
    step_templates: dict[str, str] = {}

    def steps_of(self, request: HttpRequest, obj: M) -> list[Transition]:
        """Return the buttons; a page takes off what only another officer may press."""
        return self.workflow.open_to(request.user, obj)

    def why_not(self, request: HttpRequest, obj: M, transition: Transition) -> str:
        """Say why a step asked for by its address is not offered."""
        return self.workflow.not_now(obj)

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
                (step, self._step_url(obj, step.name)) for step in self.steps_of(request, obj)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        transition = self._transition(request, step)
        if request.method != "POST" and transition not in self.steps_of(request, obj):
            messages.warning(request, self.why_not(request, obj, transition))
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
            done = _("Done: %(step)s – %(object)s.")
            messages.success(request, done % {"step": transition.label, "object": obj})
            return redirect(self._after_url(request, obj))
        return self.step_page(request, obj, form)

    def step_page(self, request: HttpRequest, obj: M, form: StepForm) -> HttpResponse:
        template = self.step_templates.get(form.transition.name, "admin/core/step.html")
        return TemplateResponse(request, template, self._page(request, obj, form))

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
