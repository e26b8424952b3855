"""What an officer reads before a draft is proposed or sealed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.forms import StepForm
from evaluation.models import CriteriaDraft


class SignForm(StepForm):
    """Who wrote the draft and proposed it, and why the criteria are changed."""

    def facts(self) -> list[tuple[Any, Any]]:
        draft: CriteriaDraft = self.obj
        found = [
            (_("Written by"), _(", ").join(str(one) for one in draft.writers.all())),
            (_("Reason of the change"), draft.reason or "–"),
        ]
        if draft.proposed_by is not None:
            found.insert(1, (_("Proposed by"), str(draft.proposed_by)))
        return found
