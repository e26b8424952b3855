"""The life of a feedback letter: written, finished, handed out with the decision."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class LetterStatus(TextChoices):
    WRITING = "writing", _("being written")
    FINISHED = "finished", _("finished")
    HANDED_OUT = "handed_out", _("handed out")
    DISCARDED = "discarded", _("discarded")


# What goes out with the release, or holds it up.
COUNTING = frozenset({LetterStatus.WRITING, LetterStatus.FINISHED})

LETTER = Lifecycle(
    "feedback letter",
    LetterStatus,
    LetterStatus.WRITING,
    (
        Transition(
            "finish",
            _("Finish the letter"),
            frozenset({LetterStatus.WRITING}),
            LetterStatus.FINISHED,
            "write",
        ),
        Transition(
            "reopen",
            _("Write on"),
            frozenset({LetterStatus.FINISHED, LetterStatus.DISCARDED}),
            LetterStatus.WRITING,
            "reopen",
        ),
        Transition(
            "discard",
            _("Discard the letter"),
            frozenset({LetterStatus.WRITING}),
            LetterStatus.DISCARDED,
            "write",
            grave=True,
        ),
        Transition(
            "hand_out",
            _("Hand the letter out"),
            frozenset({LetterStatus.FINISHED}),
            LetterStatus.HANDED_OUT,
            "hand_out",
            automatic=True,
        ),
    ),
)
