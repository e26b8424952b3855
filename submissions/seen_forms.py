"""Steps about what an officer looked at: refused once that is another."""

from typing import Any

from django import forms

from core.forms import StepForm
from submissions import looked_at


class SeenForm(StepForm):
    """A step of the check; it carries which version and which marks its page was drawn with."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = looked_at.drawn_with(self.obj)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            looked_at.require(self.obj, cleaned.get("seen", ""))
        except looked_at.MovedOn as error:
            self.add_error(None, str(error))
            # Said once; whoever presses again has read it.
            data: Any = self.data
            self.data = data.copy()
            self.data["seen"] = self.initial["seen"]  # type: ignore[index]  # a copy can be written
        return cleaned
