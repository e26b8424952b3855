"""Rules about texts: the language they are in, and how much they say. Pure."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from submissions.checks.look_alikes import SHARE
from submissions.checks.papers import Found, Papers
from submissions.scheme.fields import HAN, TEXTS, words

FEW_LETTERS = 4


def language_of_text(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """Chinese in a declaration that is not Chinese, or none in one that is.

    ``share``: from which part of the letters on, in per cent. Names in brackets stay below it.
    """
    share = int(params.get("share", 30))
    for section, spec, place, value in papers.fields():
        if spec.kind not in TEXTS or not spec.translatable or not isinstance(value, str):
            continue
        letters = sum(one.isalpha() for one in value)
        han = len(HAN.findall(value))
        if letters < FEW_LETTERS:
            continue
        chinese = han * 100 > letters * share
        if not han if papers.language == "zh-hans" else chinese:
            message = _("%(field)s: written in another language than the declaration.")
            yield section.key, place, message % {"field": spec.label}


def says_enough(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A long text of only a few words; ``words``: how many are few."""
    least = int(params.get("words", 20))
    for key in ("summary", "principle", "route", "innovation"):
        section = next((one for one in papers.scheme.sections if one.key == "technology"), None)
        spec = next((one for one in section.fields if one.key == key), None) if section else None
        value = papers.values("technology").get(key)
        if spec and isinstance(value, str) and value and words(value) < least:
            message = _("%(field)s: fewer than %(least)d words.")
            yield "technology", key, message % {"field": spec.label, "least": least}


def look_alike(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """The text resembles another one on record.

    ``likeness``: from which part of the shorter text on, in per cent. What is less alike than
    ``SHARE`` is not looked up at all.
    """
    share = int(params.get("likeness", SHARE))
    for one in papers.alike:
        if one.share >= share:
            yield "technology", "", one.sentence
