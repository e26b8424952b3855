"""What the enterprise is asked, on one page: beside each question the form that answers it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.forms import StepForm
from core.http import attempt
from core.workflow import Workflow


class Entry(Protocol):
    """A question as the page shows it."""

    @property
    def row(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Answering:
    """By which form an answer is given, and whose step ``answer`` it is."""

    workflow: Workflow[Any]
    form: type[StepForm]

    def form_of(self, request: HttpRequest, row: Any, *, bound: bool) -> StepForm:
        return self.form(
            request.POST if bound else None,
            transition=self.workflow.lifecycle.step("answer"),
            obj=row,
            actor=request.user,
            auto_id=f"answer-{row.pk}-%s",
        )

    def is_given(self, request: HttpRequest, row: Any, form: StepForm) -> bool:
        """Give the answer; what is refused stands in the form."""
        return form.is_valid() and attempt(
            request,
            form,
            lambda: self.workflow.perform("answer", row.pk, actor=request.user, **form.inputs()),
        )

    def beside(
        self,
        request: HttpRequest,
        entries: Iterable[Entry],
        mine: Collection[Any],
        refused: StepForm | None,
    ) -> list[tuple[Entry, StepForm | None]]:
        """Lay a form beside what is mine to answer; ``refused`` came back, with what was typed."""
        shown: list[tuple[Entry, StepForm | None]] = []
        for entry in entries:
            form = refused if refused and refused.obj.pk == entry.row.pk else None
            if form is None and entry.row.pk in mine:
                form = self.form_of(request, entry.row, bound=False)
            shown.append((entry, form))
        return shown


def thank(request: HttpRequest) -> None:
    messages.success(request, _("Your answer was sent. Thank you."))
