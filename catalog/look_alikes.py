"""Which listed technologies an applicant's text resembles: by what is public of them, only.

The hashes of what was filed say where to look; what is compared is the public record, so that
a section the holder withheld gives no sign of itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Technology
from submissions.checks.look_alikes import Likeness, fingerprints
from submissions.checks.papers import Alike
from submissions.look_alikes import SHOWN, Draft

NOT_COMPARED = frozenset({"keywords"})


def of(draft: Draft) -> list[Alike]:
    """Return the listed technologies of others that the text resembles, best first; one query."""
    found = sorted(_found(draft), key=lambda pair: (-pair[1].share, pair[0].number))
    return [_alike(draft, technology, likeness) for technology, likeness in found[:SHOWN]]


def _found(draft: Draft) -> Iterator[tuple[Technology, Likeness]]:
    others = Technology.objects.listed().exclude(holder=draft.organisation)
    for one in others.filter(case__version__in=draft.stored).select_related("case"):
        if likeness := draft.compare(one.case.version_id, _public(one.content)):
            yield one, likeness


def _public(record: Mapping[str, Any]) -> dict[str, frozenset[int]]:
    return {
        language: fingerprints(*(text for key, text in texts.items() if key not in NOT_COMPARED))
        for language, texts in record["texts"].items()
    }


def _alike(draft: Draft, technology: Technology, likeness: Likeness) -> Alike:
    sentence = _(
        "This resembles the listed technology %(number)s “%(title)s”: %(share)d %% of the "
        "shorter text."
    ) % {"number": technology.number, "title": technology.title, "share": likeness.share}
    url = reverse("catalog:technology-detail", args=[technology.pk])
    return draft.alike(likeness, sentence=sentence, url=url)
