"""What an expert fills in: the answer to an invitation, and where a list begins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import StepForm
from evaluation import confidentiality
from evaluation.desk import anchors
from submissions.models import DeclarationVersion


class AcceptForm(StepForm):
    """What an expert says before the content opens; the promise once in an activity."""

    no_conflict = forms.BooleanField(
        label=_("I have no conflict of interest with any of these organisations."),
        help_text=_(
            "You or a near relative work or worked there, advised it, hold shares, invented or "
            "judged with it, or anything else ties you to it: then declare a conflict below."
        ),
        error_messages={"required": _("Without this the declaration cannot be opened to you.")},
    )
    confidential = forms.BooleanField(
        label=_("I promise confidentiality for this activity."),
        error_messages={"required": _("Without this the declaration cannot be opened to you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confidential"].help_text = confidentiality.text()
        if confidentiality.is_signed(self.obj):
            del self.fields["confidential"]


class RecuseForm(StepForm):
    """Which conflict an expert has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("I have a conflict of interest, because")
        self.fields["reason"].help_text = _("Officers read it. It is kept as evidence.")


class LateConflictForm(RecuseForm):
    """The same, once the score sheet is in: it will no longer count."""


class DeclineForm(StepForm):
    """Why an expert does not score."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "For example: no time, outside my field. Officers read it."
        )


class KeyForm(forms.Form):
    """Where a page of a list begins."""

    after = forms.CharField(max_length=100, required=False)

    def key(self) -> str:
        return self.cleaned_data["after"] if self.is_valid() else ""


class EvidenceForm(forms.Form):
    """A place of the declaration that is named as evidence; a page and a part only of a file."""

    place = forms.CharField(
        max_length=130,
        error_messages={"required": _("Choose a place.")},
    )
    page = forms.IntegerField(min_value=1, max_value=99999, required=False)
    part = forms.RegexField(r"^[0-9]{1,3}(,[0-9]{1,3}){3}$", required=False)

    def __init__(
        self, *args: Any, version: DeclarationVersion | None = None, **kwargs: Any
    ) -> None:
        """``version``: the places are looked for in it."""
        self._version = version
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("part") and not cleaned.get("page") and "page" not in self.errors:
            self.add_error("page", _("Say which page."))
        if self._version is not None and not self.errors:
            try:
                anchors.documents([self.text()], self._version)
            except DomainError as error:
                self.add_error(error.field if error.field in self.fields else "place", str(error))
        return cleaned

    def text(self) -> str:
        """Write what was chosen as the text of an anchor."""
        place: str = self.cleaned_data["place"]
        file = place.removeprefix("file:")
        if file == place:
            return place
        return anchors.file_text(file, self.cleaned_data["page"], self.cleaned_data["part"])


class ScoreFileForm(forms.Form):
    """A filled spreadsheet of a score sheet."""

    file = forms.FileField(label=_("Filled spreadsheet"), help_text=_("XLSX or CSV, at most 1 MB"))
