"""What officers fill in about a notice: annexes, supporters, demand themes, in each language."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from reference.forms import begin, per_language, typed
from submissions.models import Activity, Annex, DemandTheme, Supporter
from submissions.states import ActivityStatus

IN_HAND = (ActivityStatus.PREPARED, ActivityStatus.OPEN)


class _PartForm(forms.ModelForm[Any]):
    """A part of a notice; ``texts`` are its columns by language and what they are called."""

    texts: dict[str, tuple[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix, (column, label) in self.texts.items():
            begin(self, prefix, str(label), getattr(self.instance, column) or {})
        if "activity" in self.fields:
            chosen: Any = self.fields["activity"]
            chosen.queryset = Activity.objects.filter(status__in=IN_HAND)
            chosen.widget.can_add_related = False

    def values(self) -> dict[str, Any]:
        """Return what the service takes; a file only when a new one was chosen."""
        columns = {one.name for one in self.instance._meta.get_fields()}
        known = columns & set(self.cleaned_data)
        values = {key: self.cleaned_data[key] for key in known}
        for key in ("file", "logo"):
            if key in values and not isinstance(values[key], UploadedFile | bool):
                del values[key]
        words = {
            column: typed(prefix, self.cleaned_data)
            for prefix, (column, _label) in self.texts.items()
        }
        return {**values, **words}


class AnnexForm(_PartForm):
    texts = {"title": ("titles", gettext_lazy("Title"))}

    class Meta:
        model = Annex
        fields = ("activity", "file", "order", "shown")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].widget = forms.FileInput()
            self.fields["file"].help_text = gettext("PDF, PNG, JPEG, DOCX, XLSX or ZIP.")


class SupporterForm(_PartForm):
    texts = {"name": ("names", gettext_lazy("Name of the body"))}
    url = forms.URLField(
        label=gettext_lazy("Web page"), required=False, max_length=200, assume_scheme="https"
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Take the logo away"), required=False)

    class Meta:
        model = Supporter
        fields = ("activity", "url", "logo", "order", "shown")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "logo" in self.fields:
            self.fields["logo"].widget = forms.FileInput()
            self.fields["logo"].help_text = gettext("PNG or JPEG, no larger than 1 MB.")

    def values(self) -> dict[str, Any]:
        values = super().values()
        if self.cleaned_data.get("no_logo"):
            values.setdefault("logo", False)
        return values


class ThemeForm(_PartForm):
    texts = {"title": ("titles", gettext_lazy("Title")), "text": ("texts", gettext_lazy("Text"))}

    class Meta:
        model = DemandTheme
        fields = ("activity", "countries", "order", "shown")
        widgets = {"countries": forms.CheckboxSelectMultiple}


# One input per language of the settings; a class body cannot loop over them.
for _form, _prefix, _long in (
    (AnnexForm, "title", False),
    (SupporterForm, "name", False),
    (ThemeForm, "title", False),
    (ThemeForm, "text", True),
):
    _inputs = per_language(_prefix, long=_long)
    for _input in _inputs.values() if _long else ():
        _input.required = False  # a theme may be a title alone
    _form.declared_fields |= _inputs
    _form.base_fields |= _form.declared_fields
