"""What officers fill in of an earlier list: what it is, and its sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.earlier import sheet
from catalog.earlier.keeping import FIELDS
from catalog.models import EarlierList
from core.errors import DomainError
from core.forms import StepForm
from evaluation import spreadsheets


class EarlierListForm(forms.ModelForm[EarlierList]):
    """A list of before the portal; its sheet is read before anything is stored."""

    file = forms.FileField(
        label=_("Sheet of its technologies"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_(
            "XLSX, or CSV in UTF-8; at most 1 MB and 300 lines, no formulas. "
            "It takes the place of what was read before."
        ),
    )

    class Meta:
        model = EarlierList
        fields = FIELDS

    def clean_file(self) -> list[dict[str, Any]] | None:
        """Return the entries of the sheet; refuse it with every fault, by line and column."""
        upload = self.cleaned_data.get("file")
        if not upload:
            return None
        try:
            return sheet.entries(spreadsheets.read(upload, longest=sheet.LONGEST, in_lines=True))
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def stated(self) -> dict[str, Any]:
        """Return what was filled in, as keywords of ``keeping``."""
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        return {**given, "entries": self.cleaned_data.get("file")}

    def _post_clean(self) -> None:
        """The service checks the row."""


class ReleaseForm(StepForm):
    """Says what the release does."""

    def facts(self) -> list[tuple[Any, Any]]:
        one: EarlierList = self.obj
        return [
            (_("Earlier list"), one),
            (_("Published by"), one.authority),
            (_("Technologies"), str(one.entries.count())),
            (_("Proposed by"), one.proposed_by),
            (_("What follows"), gettext("Every technology of the list is listed, without scores, "
                                        "and marked as evaluated before the portal.")),
        ]  # fmt: skip
