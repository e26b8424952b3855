"""What the pages of the demonstration are asked for in their addresses."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms

from demo.mails import Place


class MailPageForm(forms.Form):
    """Where in the list of mails the last page ended."""

    before = forms.CharField(required=False, max_length=80)

    def clean_before(self) -> Place | None:
        written, _comma, mail_id = self.cleaned_data["before"].partition(",")
        try:
            return Place(dt.datetime.fromisoformat(written), UUID(mail_id)) if written else None
        except ValueError:
            raise forms.ValidationError("not a place in the list") from None

    def place(self) -> Any:
        """Return the place, or None (the newest) when there is none or it cannot be read."""
        return self.cleaned_data.get("before") if self.is_valid() else None
