"""What an officer fills in on the checklist of the formal check."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions import checklist, looked_at
from submissions.checklist import BY_EYE, Line, Verdict
from submissions.models import DeclarationVersion

OF_A_RULE = (Verdict.STANDS, Verdict.DOES_NOT_STAND)


class MarksForm(forms.Form):
    """One input or two for each line of the checklist; what is left empty says nothing."""

    action = forms.CharField(required=False, max_length=20)
    seen = forms.CharField(required=False, max_length=60)

    def __init__(
        self, *args: Any, version: DeclarationVersion, until: int | None = None, **kwargs: Any
    ) -> None:
        """``until``: as the page was with the marks up to the one with this key."""
        super().__init__(*args, **kwargs)
        # Asked first: a mark that comes meanwhile is not taken for one that is shown.
        self.drawn_with = looked_at.drawn_with(version.declaration)
        self.lines: list[Line] = checklist.lines(version, until)
        for line in self.lines:
            # What was found on something else is told beside the line, and chosen anew.
            marked = line.mark if line.holds or (line.is_manual and line.is_current) else None
            if line.is_manual or line.holds:
                self.fields[f"verdict_{line.item}"] = forms.ChoiceField(
                    choices=[(one, one.label) for one in (BY_EYE if line.is_manual else OF_A_RULE)],
                    required=False,
                    widget=forms.RadioSelect,
                    initial=marked.verdict if marked else "",
                )
            self.fields[f"reason_{line.item}"] = forms.CharField(
                required=False, max_length=1000, initial=marked.reason if marked else ""
            )

    def follow(self, shown: Self) -> None:
        """Let what was left as the page showed it be what is stored by now.

        ``shown``: the form as the page had it. Whoever did not touch a line must not put its old
        finding back.
        """
        posted: Any = self.data
        data = posted.copy()
        for name, field in self.fields.items():
            before = shown.fields[name].initial if name in shown.fields else None
            if data.get(name, "") == (before or ""):
                data[name] = field.initial or ""
        self.data = data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            reason, verdict = f"reason_{line.item}", f"verdict_{line.item}"
            if line.is_manual and cleaned.get(reason) and not self._by_eye(cleaned, verdict):
                self.add_error(reason, _("Choose what you found; a note alone is not kept."))
        return cleaned

    def marks(self) -> list[dict[str, str]]:
        """Return what ``checklist.mark`` takes."""
        found = []
        for line in self.lines:
            reason = self.cleaned_data.get(f"reason_{line.item}", "")
            verdict = self.cleaned_data.get(f"verdict_{line.item}", "")
            if line.is_manual:
                verdict = self._by_eye(self.cleaned_data, f"verdict_{line.item}")
            elif reason and not verdict:
                verdict = Verdict.STANDS
            if verdict == Verdict.DOES_NOT_STAND and line.mark and reason == line.mark.reason:
                reason = ""  # it said why it may stand
            if verdict:
                found.append({"item": line.item, "verdict": verdict, "reason": reason})
        return found

    def _by_eye(self, cleaned: dict[str, Any], name: str) -> str:
        all_met = cleaned.get("action") == "all_met"
        return cleaned.get(name) or (Verdict.MET.value if all_met else "")
