"""Which listed technologies an applicant's text resembles: by what is public of them, only.

The hashes of what was filed say where to look; what is compared is the public record, so that
a section the holder withheld gives no sign of itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Technology
from submissions.checks.look_alikes import Likeness, fingerprints, likeness
from submissions.checks.papers import Alike
from submissions.look_alikes import SHOWN, Draft

NOT_COMPARED = frozenset({"keywords"})


def of(draft: Draft) -> list[Alike]:
    """Return the listed technologies of others that the text resembles, best first; one query."""
    found = sorted(_found(draft), key=lambda pair: (-pair[1].share, pair[0].number))
    return [_alike(draft, technology, alike) for technology, alike in found[:SHOWN]]


def _found(draft: Draft) -> Iterator[tuple[Technology, Likeness]]:
    others = Technology.objects.listed().exclude(holder=draft.organisation)
    # Of earlier lists nothing was filed here, so no stored hash says where to look: they are few.
    near = others.filter(Q(case__version__in=draft.stored) | Q(earlier__isnull=False))
    for one in near.select_related("case"):
        public = _public(one.content)
        if one.case is not None:
            found = draft.compare(one.case.version_id, public)
        else:
            found = likeness(draft.hashes, public)
        if found:
            yield one, found


def _public(record: Mapping[str, Any]) -> dict[str, frozenset[int]]:
    return {
        language: fingerprints(*(text for key, text in texts.items() if key not in NOT_COMPARED))
        for language, texts in record["texts"].items()
    }


def _alike(draft: Draft, technology: Technology, found: Likeness) -> Alike:
    sentence = _(
        "This resembles the listed technology %(number)s “%(title)s”: %(share)d %% of the "
        "shorter text."
    ) % {"number": technology.number, "title": technology.title, "share": found.share}
    url = reverse("catalog:technology-detail", args=[technology.pk])
    return draft.alike(found, sentence=sentence, url=url)
