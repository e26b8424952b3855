"""What everybody may read of an entry in publicity: what an objection can be about.

Which fields of a declaration are public only the catalogue knows, which stands above: it
registers here what draws the content of an entry by its own list.
"""

from collections.abc import Callable

from django.utils.safestring import SafeString

from evaluation.models import Case

Source = Callable[[Case], SafeString]  # in the language of the reader
_sources: list[Source] = []


def register(source: Source) -> None:
    """Let a higher app draw what is public of an entry; called once, from its ready()."""
    _sources.append(source)


def drawn(case: Case) -> list[SafeString]:
    """Draw the public content of a case in publicity; whoever asks has seen that it is in it."""
    return [source(case) for source in _sources]
