"""What officers fill in of a collection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.collecting.keeping import FIELDS
from catalog.models import Collection


class Numbers(forms.CharField):
    """Numbers of technologies, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return super().clean(value).replace(",", " ").split()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (data or "").replace(",", " ").split() != list(initial or [])


class CollectionForm(forms.ModelForm[Collection]):
    numbers = Numbers(
        label=_("Numbers of technologies"),
        required=False,
        help_text=_("One a line, in the order in which they are shown. Only those listed appear."),
    )
    rule = forms.CharField(
        label=_("Or the address of a list"),
        required=False,
        max_length=2000,
        help_text=_(
            "Set the filters of the public list and copy its address: what matches is in the "
            "collection, now and later."
        ),
    )

    class Meta:
        model = Collection
        fields = FIELDS

    def stated(self) -> dict[str, Any]:
        """Return what was filled in, as keywords of ``keeping``."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}

    def _post_clean(self) -> None:
        """The service checks the row."""
