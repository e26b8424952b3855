"""What every form of the portal has in common: laid out by crispy, no inline style."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Transition


def helper(*layout: Any) -> FormHelper:
    """Return a helper for a form whose page writes the <form> tag and the buttons itself."""
    result = FormHelper()
    result.form_tag = False
    result.disable_csrf = True
    if layout:
        result.layout = Layout(*layout)
    return result


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is looked into when all else is filled in."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        sent = data if isinstance(data, list | tuple) else [data]
        return [one for one in sent if one]


class StepForm(forms.Form):
    """What a step asks for: a reason where the table demands one. Apps add their fields."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def __init__(self, *args: Any, transition: Transition, obj: Any, actor: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.transition, self.obj, self.actor = transition, obj, actor
        if not transition.needs_reason:
            del self.fields["reason"]
        self.helper = helper()

    def inputs(self) -> dict[str, Any]:
        """Return what was filled in, as keywords of ``perform``."""
        return dict(self.cleaned_data)
