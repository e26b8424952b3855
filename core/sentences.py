"""Sentences that stand one after the other."""

from functools import reduce

from django.utils.translation import gettext as _


def follow(*sentences: object) -> str:
    """Write one after the other, what is empty left out; Chinese puts no blank between them."""
    return reduce(_next, [str(one) for one in sentences if one], "")


def _next(said: str, sentence: str) -> str:
    # Translators: two sentences, one after the other; leave the blank out where none is written.
    joined = _("%(sentence)s %(next)s") % {"sentence": said, "next": sentence}
    return joined if said else sentence
