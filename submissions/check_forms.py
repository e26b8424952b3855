"""What officers fill in to end a formal check: a return with its corrections, a rejection."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from core.forms import StepForm, helper
from reference.models import Term
from reference.vocabularies import Vocabulary
from submissions import proposed_corrections
from submissions.due import DAYS, after_today, due_day, due_fields, later_than
from submissions.form_fields import TextField
from submissions.models import Attachment, Declaration
from submissions.proposed_corrections import LONGEST, Proposed
from submissions.scheme.fields import TEXTS, FieldSpec
from submissions.scheme.sections import Section
from submissions.seen_forms import SeenForm

EMPTY_ROWS = 4  # beside what is proposed
MOST_ROWS = 60
CELLS = ("place", "code", "what", "proposal")
Choice = tuple[str, str]


class RejectForm(SeenForm):
    """Why a declaration is rejected: by its code, and in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.ChoiceField(
            label=_("Reason code"), choices=[("", "—"), *_codes(Vocabulary.REJECTION_REASON)]
        )
        self.helper = helper("seen", "code", "reason")


class GiveTimeForm(StepForm):
    """Until when corrections may come that were due on a day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= due_fields(required=True)
        if before := self.obj.corrections_due_on:  # not from today: it would be sooner
            self.fields["due_days"].initial = None
            self.fields["due_on"].initial = max(later_than(before), after_today(DAYS).day)
        self.helper = helper("reason", "due_days", "due_on")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Say on the page which day it is about."""
        due: dt.date | None = self.obj.corrections_due_on
        return [(gettext("Corrections due"), due.isoformat() if due else "–")]

    def inputs(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "due_on": due_day(self.cleaned_data)}


class ReturnForm(SeenForm):
    """What is to be corrected, row by row, and by when.

    A row names a place - a field, a table, a section, a kind of file, a file - and says what to
    correct there, by its code and in words; for a text it may propose a wording. What the
    checklist proposed can be left out with one press.
    """

    rows = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    proposals = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= due_fields()
        every = [] if self.is_bound else self._proposed()
        proposed = every[: MOST_ROWS - EMPTY_ROWS]
        self.cut = len(every) - len(proposed)
        self.count = self._told("rows", EMPTY_ROWS) or len(proposed) + EMPTY_ROWS
        self.proposed = self._told("proposals", 0) or len(proposed)
        self.initial.update(rows=self.count, proposals=self.proposed)
        codes: list[Choice] = [("", "—"), *_codes(Vocabulary.RETURN_REASON)]
        places = places_of(self.obj)
        for number in range(1, self.count + 1):
            self._add_row(number, places, codes)
            if number <= len(proposed):
                row = proposed[number - 1]
                self.initial.update(
                    {
                        f"place_{number}": row.place,
                        f"code_{number}": row.code,
                        f"what_{number}": row.what,
                    }
                )
        self.helper = helper(
            "seen", "rows", "proposals", "reason", "due_days", "due_on", *self._fieldsets()
        )

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Say on the page what a return opens, and what of the checklist found no row."""
        opens = gettext(
            "Only the places named below can be changed, and what filing asks for because of "
            "them. The organisation, its profile and confirmed translations are not part of a "
            "return: they are filed as they are on the day of filing, and you are shown what "
            "changed in them."
        )
        found = [(gettext("What a return opens"), opens)]
        if self.cut:
            more = ngettext(
                "%(count)d more open item of the checklist found no row here.",
                "%(count)d more open items of the checklist found no row here.",
                self.cut,
            )
            found.append((gettext("Not proposed"), more % {"count": self.cut}))
        return found

    def _proposed(self) -> list[Proposed]:
        """What the checklist has open, in the language the applicant writes in."""
        if self.obj.version is None:
            return []
        with override(self.obj.language):
            return proposed_corrections.corrections(self.obj.version)

    def _told(self, name: str, otherwise: int) -> int:
        """Read how many rows were drawn when the form comes back; 0: it is drawn now."""
        if not self.is_bound:
            return 0
        told = str(self.data.get(name, ""))[:9]
        return min(int(told), MOST_ROWS) if told.isascii() and told.isdigit() else otherwise

    def _add_row(self, number: int, places: list[Any], codes: list[Choice]) -> None:
        def words(rows: int, most: int) -> dict[str, Any]:
            area = forms.Textarea(attrs={"rows": rows})
            return {"required": False, "max_length": most, "widget": area}

        self.fields[f"place_{number}"] = forms.ChoiceField(
            label=_("Where"), choices=places, required=False
        )
        self.fields[f"code_{number}"] = forms.ChoiceField(
            label=_("Reason code"), choices=codes, required=False
        )
        self.fields[f"what_{number}"] = TextField(label=_("What to correct"), **words(2, LONGEST))
        self.fields[f"proposal_{number}"] = TextField(
            label=_("Proposed wording"),
            help_text=_("For a text only. The applicant takes it over or writes another."),
            **words(2, 20000),
        )
        if number <= self.proposed:
            self.fields[f"leave_{number}"] = forms.BooleanField(
                label=_("Leave this one out"), required=False
            )

    def _fieldsets(self) -> Iterator[Fieldset]:
        for number in range(1, self.count + 1):
            legend = gettext("Correction %(number)d") % {"number": number}
            yield Fieldset(
                legend,
                *(
                    name
                    for cell in (*CELLS, "leave")
                    if (name := f"{cell}_{number}") in self.fields
                ),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(1, self.count + 1):
            self._check_row(number, cleaned)
        if not self.errors and not self._corrections(cleaned):
            self.add_error("place_1", _("Name at least one thing to correct."))
        return cleaned

    def _check_row(self, number: int, cleaned: dict[str, Any]) -> None:
        if cleaned.get(f"leave_{number}"):
            for name in CELLS:  # whatever is wrong there, it is not asked for
                self.errors.pop(f"{name}_{number}", None)
            return
        place, code, what, proposal = (cleaned.get(f"{name}_{number}") for name in CELLS)
        if place and not code:
            self.add_error(f"code_{number}", _("Choose a reason code."))
        if place and not what:
            self.add_error(f"what_{number}", _("Say what to correct."))
        if (what or proposal) and not place:
            self.add_error(f"place_{number}", _("Choose where."))
        if proposal and place and (fault := self._unfit(place, proposal)):
            self.add_error(f"proposal_{number}", fault)

    def _unfit(self, place: str, wording: str) -> str:
        """Say why the applicant could not take this wording over; empty when they can."""
        spec = texts_of(self.obj).get(place)
        if spec is None:
            return gettext("A wording can be proposed for a text only.")
        return spec.fault(wording, lambda _source: ())

    def inputs(self) -> dict[str, Any]:
        return {
            "reason": self.cleaned_data["reason"],
            "seen": self.cleaned_data["seen"],
            "due_on": due_day(self.cleaned_data),
            "corrections": self._corrections(self.cleaned_data),
        }

    def _corrections(self, cleaned: dict[str, Any]) -> list[dict[str, str]]:
        return [
            {
                **read_place(cleaned[f"place_{number}"]),
                "code": cleaned.get(f"code_{number}", ""),
                "reason": cleaned.get(f"what_{number}", ""),
                "proposal": cleaned.get(f"proposal_{number}", ""),
            }
            for number in range(1, self.count + 1)
            if cleaned.get(f"place_{number}") and not cleaned.get(f"leave_{number}")
        ]


def _codes(vocabulary: Vocabulary) -> list[Choice]:
    return [(one.code, one.name) for one in Term.objects.of(vocabulary).active()]


def read_place(place: str) -> dict[str, str]:
    """Read ``technology``, ``technology.title``, ``technology#photo``, ``technology#file:KEY``."""
    section, mark, file = place.partition("#")
    if mark:
        key = file.removeprefix("file:")
        return (
            {"section": section, "kind": file}
            if key == file
            else {
                "section": section,
                "attachment": key,
            }
        )
    section, _dot, field = place.partition(".")
    return {"section": section, "field": field}


def places_of(declaration: Declaration) -> list[Any]:
    """List each section with its fields, tables and files, as a select takes it."""
    filed = declaration.version.content["attachments"] if declaration.version else []
    places: list[Any] = [("", "—")]
    for section in declaration.activity.scheme.load().sections:
        parts = [
            (section.key, gettext("the whole section")),
            *((f"{section.key}.{one.key}", one.label) for one in section.members),
            *_files_of(section, filed),
        ]
        places.append((section.label, parts))
    return places


def _files_of(section: Section, filed: list[dict[str, Any]]) -> Iterator[Choice]:
    kinds = dict(Attachment.Kind.choices)
    for kind in section.attachments:
        label = gettext("Files: %(kind)s") % {"kind": kinds[kind]}
        yield f"{section.key}#{kind}", label
        for one in filed:
            if one["kind"] == kind:
                yield f"{section.key}#file:{one['id']}", f"{label} – {one['title']}"


def texts_of(declaration: Declaration) -> dict[str, FieldSpec]:
    """Return the texts for which a wording can be proposed, by their places."""
    return {
        f"{section.key}.{one.key}": one
        for section in declaration.activity.scheme.load().sections
        for one in section.members
        if isinstance(one, FieldSpec) and one.kind in TEXTS
    }
