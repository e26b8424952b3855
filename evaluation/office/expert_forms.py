"""What officers fill in about experts: decisions on applications, corrections, nominations."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.forms import StepForm
from evaluation.models import Employment, Expert, Nomination
from evaluation.pool import attendance
from evaluation.pool.forms import MonthField
from evaluation.pool.workflow import day_of

YEARS_WANTED = 5
# What a senior title is called where one is stated; only what the page points out goes by it.
SENIOR = (
    "academician",
    "chief",
    "professor",
    "senior",
    "院士",
    "研究员",
    "教授",
    "高级",
    "正高",
    "副高",
)


def conditions(expert: Expert) -> Iterator[tuple[Any, str]]:
    """Yield the conditions of entry with what is known; they are facts, and bar nobody."""
    title = expert.title or gettext("not stated")
    senior = any(word in expert.title.casefold() for word in SENIOR)
    met, not_met = gettext("condition met"), gettext("to be looked at")
    yield _("Senior professional title"), f"{title} – {met if senior else not_met}"
    if expert.works_since is None:
        yield _("At least five years in the field"), f"{gettext('not stated')} – {not_met}"
        return
    years = day_of(database_now()).year - expert.works_since
    counted = ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    enough = met if years >= YEARS_WANTED else not_met
    yield _("At least five years in the field"), f"{counted} – {enough}"


def nominated_by(expert: Expert) -> Iterator[str]:
    """Yield who put the person forward for this application, which nobody has decided on yet."""
    rows = Nomination.objects.filter(expert=expert, outcome="")
    for one in rows.select_related("nominated_by").order_by("nominated_at", "pk"):
        how = gettext("put forward by %(person)s") % {"person": one.nominated_by}
        yield f"{one.unit}, {how}" if one.unit else str(one.nominated_by)


def record(expert: Expert) -> Iterator[tuple[Any, str]]:
    """Yield what became of what the expert was asked."""
    found = attendance.of(expert.pk)
    yield _("Asked to score"), str(found.asked)
    yield _("Score sheets submitted"), str(found.submitted)
    yield _("Declined"), str(found.declined)
    missed = gettext("%(missed)d, in a row: %(row)d") % {
        "missed": found.missed,
        "row": found.in_a_row,
    }
    yield _("Missed"), missed
    rule = gettext("After %(missed)d missed in a row without an excuse a removal is proposed.") % {
        "missed": attendance.RULE_MISSED
    }
    proposed = gettext("It is proposed now.") if found.proposes_removal else ""
    yield _("Rule"), f"{rule} {proposed}".strip()


class EnrolForm(StepForm):
    """Shows what speaks for the person; the officer decides."""

    def facts(self) -> list[tuple[Any, Any]]:
        expert: Expert = self.obj
        applied = [*conditions(expert), (_("Employer"), expert.employer_name)]
        applied += [(_("Nominated by"), one) for one in nominated_by(expert)]
        if expert.statement:
            applied.append((_("Statement"), expert.statement))
        return applied


class RemoveForm(StepForm):
    """Shows what became of what the person was asked."""

    def facts(self) -> list[tuple[Any, Any]]:
        return list(record(self.obj))


class CorrectionForm(forms.ModelForm[Employment]):
    """A row of a history, entered or put right by an officer."""

    since = MonthField(label=_("Since"), required=False)
    until = MonthField(label=_("Until"), required=False, help_text=_("Empty: it goes on."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why what is written is put right. It stays in the history of the page."),
    )

    class Meta:
        model = Employment
        fields = ("expert", "kind", "name", "organisation", "since", "until", "mistaken")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False  # the name of the one in the portal stands in
        if self.instance._state.adding:
            for name in ("reason", "mistaken"):
                self.fields.pop(name, None)


class NominationForm(forms.ModelForm[Nomination]):
    """Whom to ask. Nothing else is kept of a person before they consent."""

    class Meta:
        model = Nomination
        fields = ("name", "address", "language", "organisation", "unit")
        help_texts = {
            "address": _("A mail is sent there, with a link by which the person consents."),
            "organisation": _("Where the unit that nominates is in the portal."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "address"):
            if name in self.fields:
                self.fields[name].required = True

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).lower()
