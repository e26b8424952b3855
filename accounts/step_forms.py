"""What officers fill in for a step of an organisation, beside what they compare."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.comparing import Fact, members_in_lines, particulars, print_of
from accounts.likeness import MOST, like
from accounts.merging import CHANGED, left_behind
from accounts.models import Organisation
from core.forms import StepForm


class _SeenForm(StepForm):
    """A step about what its page shows: refused when that is another by the time it is pressed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def _refuse_unseen(self, shown: str, why: str) -> None:
        if self.cleaned_data.get("seen") == shown:
            return
        # The page that comes back shows what is there now, and its form says so.
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, or a dict in tests
        data[self.add_prefix("seen")] = shown
        self.data = data
        self.add_error(None, why)


class VerificationForm(_SeenForm):
    """Whether the organisation is who it says: its particulars, as an officer compares them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = print_of(self.obj)

    @property
    def facts(self) -> list[Fact]:
        return list(particulars(self.obj))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        why = _("The particulars changed while the page was open. Compare them again.")
        self._refuse_unseen(print_of(self.obj), str(why))
        return values


class MergeForm(_SeenForm):
    """Into which organisation this one goes: one that looks like it, or any by its identifier.

    Both are shown with their members before it is done: the first press shows, the second merges.
    """

    alike = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation that stays"), required=False
    )
    identifier = forms.UUIDField(
        label=_("Or the identifier of another organisation"),
        required=False,
        help_text=_("The last part of the address of its page."),
    )
    field_order = ("alike", "identifier", "reason", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["alike"])
        # As many as are offered; others by their identifier. (A slice could not be chosen from.)
        few = list(like(self.obj).values_list("pk", flat=True)[:MOST])
        field.queryset = Organisation.objects.filter(pk__in=few).order_by(
            "name_en", "name_zh", "pk"
        )
        self.into: Organisation | None = None

    @property
    def facts(self) -> list[Fact]:
        """Show both side by side, once it is known which two."""
        if self.into is None:
            return []
        goes, stays = [*particulars(self.obj)], [*particulars(self.into)]
        return [
            (_("Goes"), _in_lines(goes)),
            (
                _("Its members; those who are new there may only view afterwards"),
                members_in_lines(self.obj),
            ),
            (_("Stays"), _in_lines(stays)),
            (_("Its members, who keep their level"), members_in_lines(self.into)),
            *((_("Left behind"), str(why)) for why in left_behind(self.obj, self.into)),
        ]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        other, identifier = values.get("alike"), values.get("identifier")
        if identifier:
            other = Organisation.objects.visible_to(self.actor).filter(pk=identifier).first()
            if other is None:
                self.add_error("identifier", _("There is no such organisation."))
        elif other is None and not self.errors:
            self.add_error("alike", _("Choose the organisation that stays."))
        values["into"] = self.into = other
        if other is not None and other.pk != self.obj.pk and not self.errors:
            again = values.get("seen")
            why = CHANGED if again else _("Compare the two and their members, then press again.")
            self._refuse_unseen(print_of(self.obj, other, members=True), str(why))
        return values

    def inputs(self) -> dict[str, Any]:
        names = ("reason", "seen")
        return {"target": self.cleaned_data["into"], **{n: self.cleaned_data[n] for n in names}}


def _in_lines(facts: list[Fact]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in facts)
