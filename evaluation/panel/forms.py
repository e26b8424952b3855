"""What members and officers fill in at a meeting of the panel."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.forms import helper
from evaluation.models import Case, Expert, PanelItem, PanelMeeting, PanelMember
from evaluation.panel import deciding, preparing, running
from evaluation.panel.running import LONGEST_CONCLUSION, LONGEST_NOTES, LONGEST_REASON
from evaluation.panel.states import Choice, Presence, Seat


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class VoteForm(forms.Form):
    """One vote; it cannot be changed."""

    choice = forms.ChoiceField(
        label=_("Your vote"),
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
        help_text=_("You vote once; the vote cannot be changed."),
        error_messages={"required": _("Choose one of the answers.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["choice"]
        choices.choices = [(one.value, capfirst(str(one.label))) for one in Choice]
        self.helper = helper()


class NoteForm(forms.Form):
    """Notes and conclusion; only what the reader may write is on it."""

    notes = forms.CharField(
        label=_("Notes of the discussion"),
        max_length=LONGEST_NOTES,
        required=False,
        widget=_area(8),
        help_text=_("They stand in the minutes. Name nobody beside a score."),
    )
    conclusion = forms.CharField(
        label=_("Conclusion of the lead reviewer"),
        max_length=LONGEST_CONCLUSION,
        required=False,
        widget=_area(5),
        help_text=_("It stands in the minutes. Without it the vote is not opened."),
    )
    seen = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: PanelItem, may: frozenset[str], **kwargs: Any) -> None:
        initial = {name: getattr(item, name) for name in may} | {"seen": running.seen_of(item)}
        super().__init__(*args, **{"initial": initial, "auto_id": "note-%s", **kwargs})
        self.item = item
        for name in set(self.fields) - may - {"seen"}:
            del self.fields[name]
        self.helper = helper()

    def typed(self) -> frozenset[str]:
        """Return the fields that do not come back as the page showed them."""
        data: Any = self.data
        seen = data.get("seen", "").split()
        return frozenset(
            name
            for name in set(self.fields) & set(running.NOTING)
            if name in data and not _as_shown(self.item, name, data[name].strip(), seen)
        )

    def again(self) -> "NoteForm":
        """Return the form that came back: every text stored meanwhile is shown, and seen then."""
        stored = PanelItem.objects.get(pk=self.item.pk)
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # what came with the request
        seen = data.get("seen", "")
        marks = seen.split()
        for name in set(self.fields) & set(running.NOTING):
            said = running.clash(stored, name, data.get(name, ""), seen)
            if not said:
                continue
            if name not in self.errors:
                self.add_error(name, said)
            marks = [one for one in marks if not one.startswith(f"{name}:")]
            marks.append(running.mark(stored, name))
        data["seen"] = " ".join(marks)
        self.data = data
        return self


def _as_shown(item: PanelItem, name: str, text: str, seen: list[str]) -> bool:
    """Say whether a text is what the page was drawn with; a browser sends its own line ends."""
    texts = {text, text.replace("\r\n", "\n")}
    if not seen:
        return getattr(item, name) in texts
    return any(running.mark_of(name, one) in seen for one in texts)


class RecuseItemForm(forms.Form):
    """Why a member takes no part in an item."""

    reason = forms.CharField(
        label=_("I have a conflict of interest, because"),
        max_length=LONGEST_REASON,
        widget=_area(3),
        help_text=_("Officers read it. You no longer see the item. It cannot be taken back."),
        error_messages={"required": _("Please give a reason.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "recuse-%s", **kwargs})
        self.helper = helper()


class MeetingForm(forms.ModelForm[PanelMeeting]):
    """A meeting as it is prepared."""

    class Meta:
        model = PanelMeeting
        fields = ("activity", "title", "starts_at", "place", "secret")


class OfMeetingForm(forms.Form):
    """What a button of an officers' page sends; the choices are those of the meeting."""

    def __init__(self, *args: Any, meeting: PanelMeeting, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting, self.reader = meeting, reader
        choices: dict[str, Any] = {
            "expert": lambda: preparing.candidates(meeting),
            "member": lambda: meeting.members.select_related("expert__user"),
            "lead": lambda: meeting.members.select_related("expert__user"),
            "item": lambda: PanelItem.objects.visible_to(reader).filter(meeting=meeting),
            "cases": lambda: preparing.waiting(meeting, reader).select_related(
                "declaration", "criteria_set", "weighed_by"
            ),
        }
        for name in set(self.fields) & set(choices):
            field: Any = self.fields[name]
            field.queryset = choices[name]()
        self.helper = helper()


class AddMemberForm(OfMeetingForm):
    """Who shall sit on the panel."""

    expert = forms.ModelChoiceField(
        label=_("Expert"),
        queryset=Expert.objects.none(),
        help_text=_("Who scores a declaration may sit on the panel, as in most programmes."),
    )
    seat = forms.ChoiceField(label=_("Seat"), choices=Seat.choices, initial=Seat.MEMBER)


class MemberForm(OfMeetingForm):
    member = forms.ModelChoiceField(queryset=PanelMember.objects.none())


class AttendForm(MemberForm):
    presence = forms.ChoiceField(choices=Presence.choices, required=False)


class CasesField(forms.ModelMultipleChoiceField[Case]):
    """Cases; on which the panel has voted before is said beside it."""

    def label_from_instance(self, obj: Any) -> str:
        vote = self.votes.get(obj.pk)
        return f"{obj} – {vote}" if vote else str(obj)

    @cached_property
    def votes(self) -> dict[Any, deciding.Vote]:
        return deciding.votes_on(self.queryset or ())


class AddItemsForm(OfMeetingForm):
    """Which declarations are discussed."""

    cases = CasesField(
        label=_("Declarations that are scored"),
        queryset=Case.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
        error_messages={"required": _("Choose at least one declaration.")},
    )


class MoveForm(OfMeetingForm):
    item = forms.ModelChoiceField(queryset=PanelItem.objects.none())
    by = forms.IntegerField(min_value=-1, max_value=1, required=False)


class LeadForm(OfMeetingForm):
    item = forms.ModelChoiceField(queryset=PanelItem.objects.none())
    lead = forms.ModelChoiceField(
        queryset=PanelMember.objects.none(),
        error_messages={"required": _("Choose a member.")},
    )


class RecuseMemberForm(OfMeetingForm):
    """Who leaves the room, and why; the prefix tells it from the other reason of the page."""

    prefix = "recuse"
    member = forms.ModelChoiceField(label=_("Member"), queryset=PanelMember.objects.none())
    reason = forms.CharField(
        label=_("Conflict of interest"),
        max_length=LONGEST_REASON,
        widget=_area(2),
        help_text=_("It cannot be taken back."),
        error_messages={"required": _("Please give a reason.")},
    )


class ItemStepForm(forms.Form):
    """Why a vote is annulled; the other steps ask nothing."""

    reason = forms.CharField(
        label=_("Reason, if the vote is annulled"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.TextInput(),
    )
