"""What is typed or brought to the check page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = 1024 * 1024  # bytes of a record; one has some ten thousand
# Values in it, counted by what stands between them: a megabyte of empty lists takes seconds to
# write canonically. A record has some hundreds.
MOST = 20_000


class NumberForm(forms.Form):
    """A number or a code; sent by GET, so that the answer has an address."""

    q = forms.CharField(
        label=_("Number of the listing, or code on the certificate"),
        max_length=80,
        required=False,
        error_messages={"max_length": _("A number or code is shorter than that.")},
    )


class RecordForm(forms.Form):
    """A signed record: the file, or its text."""

    record = forms.FileField(
        label=_("Signed record, a JSON file"), required=False, allow_empty_file=True
    )
    pasted = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "dir": "ltr"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        file = given.get("record")
        content = file.read(LARGEST + 1) if file else given.get("pasted", "").encode()
        if len(content) > LARGEST:
            raise ValidationError(_("A signed record is smaller than 1 MB."), code="large")
        if not content.strip():
            raise ValidationError(_("Choose a file, or paste its text."), code="empty")
        if content.count(b",") > MOST:
            raise ValidationError(_("A signed record has fewer entries than that."), code="large")
        return {"content": content}
