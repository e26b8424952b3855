"""What an act of the audit is called on a page: the label of its step, or words its app gave it."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle

# What every kind of object may have done to it; the rest is named by its app.
_words: dict[str, str | Promise] = {"added": _("Added"), "changed": _("Changed")}
_states: dict[str, type[TextChoices]] = {}


def name(words: Mapping[str, str | Promise]) -> None:
    """Give words to acts, ``{"case.opened": _("Opened")}``; called once, by the app's admin."""
    _words.update(words)


def name_steps(lifecycle: Lifecycle) -> None:
    """Call the steps and states of a life on every page as its table does; by ``Workflow``."""
    name({f"{lifecycle.object}.{step.name}": step.label for step in lifecycle.transitions})
    _states[lifecycle.object] = lifecycle.states


def in_words(act: str) -> str:
    """Return the words for an act; its name when nobody gave any."""
    _kind, _dot, verb = act.rpartition(".")
    return str(_words.get(act) or _words.get(verb) or act)


def state_in_words(kind: str, state: str) -> str:
    """Return the words for a state of a kind of object; as it was recorded when it is unknown."""
    states = _states.get(kind)
    if states is None or state not in states.values:
        return state
    return str(states(state).label)
