"""The places of a declaration by the names that pages print, in every language of the portal.

A spreadsheet is filled in by people: "Performance" is as good as its code ``performance``.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.errors import DomainError
from evaluation.desk import anchors, evidence
from evaluation.desk.evidence import PlaceGroup
from evaluation.desk.page import read
from submissions.models import DeclarationVersion

DASHES = re.compile(r"\s*[\u2010-\u2015-]\s*")
DIGIT = "7"  # so many as no title has stand where the number of a page does, in a pattern
PAGE = r" ?([1-9][0-9]{0,4}) ?"
PART = r"(?: ?\((.+)\))?"


class PlaceNames:
    """Finds a place by its code or its name; reads the version once it is asked for a name."""

    def __init__(self, version: DeclarationVersion) -> None:
        self._version = version

    def text_of(self, typed: str) -> str:
        """Return the text of a place; what is the name of none stays as it was typed."""
        if anchors.FILE.fullmatch(typed) or typed in self._codes:
            return typed
        name = _plain(typed)
        found = self._whole.get(name) or self._short.get(name) or set(self._on_page(name))
        if len(found) > 1:
            said = _("“%(name)s” is the name of several places: %(codes)s.")
            raise DomainError(said % {"name": typed, "codes": ", ".join(sorted(found))})
        return next(iter(found), typed)

    @cached_property
    def _groups(self) -> dict[str, list[PlaceGroup]]:
        """Return what can be named, by language."""
        groups = {}
        for language in settings.LANGUAGES_COMPLETE:
            with override(language):
                groups[language] = evidence.groups_of(read(self._version))
        return groups

    @cached_property
    def _codes(self) -> set[str]:
        """Return the codes, which a spreadsheet carries; a file may be called like one."""
        return {text for groups in self._groups.values() for text, _label in _labels(groups)}

    @cached_property
    def _whole(self) -> dict[str, set[str]]:
        """Return the places by their whole name, and by their code."""
        named = [pair for groups in self._groups.values() for pair in _labels(groups)]
        return _by_name([*named, *((text, text) for text, _label in named)])

    @cached_property
    def _short(self) -> dict[str, set[str]]:
        """Return the places by what they are called within their section."""
        groups = [group for several in self._groups.values() for group in several]
        return _by_name((one.text, one.label) for group in groups for one in group.places)

    def _on_page(self, name: str) -> Iterator[str]:
        """Find pages of files, as “Test report, page 3 (upper third)”."""
        for language, groups in self._groups.items():
            with override(language):
                parts = {_plain(str(label)): key for key, label in _parts()}
                for text, label in _labels(groups):
                    if not text.startswith("file:"):
                        continue
                    found = re.fullmatch(_page_of(label), name)
                    if found and (found[2] is None or found[2] in parts):
                        region = parts.get(found[2] or "", "")
                        yield anchors.file_text(text[5:], int(found[1]), region)


def _page_of(label: str) -> str:
    """Return the pattern of a page of a file, and of a part of it, in the language of now."""
    plain, mark = _plain(label), DIGIT
    while mark in plain:
        mark += DIGIT
    named = _("%(file)s, page %(page)s") % {"file": label, "page": mark}
    return re.escape(_plain(named)).replace(mark, PAGE) + PART


def _parts() -> Iterable[tuple[str, object]]:
    return evidence.PARTS_OF_A_PAGE.items()


def _labels(groups: list[PlaceGroup]) -> list[tuple[str, str]]:
    return list(evidence.labels_of(groups).items())


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text, label in pairs:
        found[_plain(label)].add(text)
    return dict(found)


def _plain(text: str) -> str:
    """Take away what makes no difference: capitals, blanks, the kind of dash, wide letters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(DASHES.sub(" - ", folded).split())
