"""Evidence anchors as pages show them: named for their reader, each leading to its place."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from evaluation.desk import anchors
from submissions.files.page_parts import PagePart
from submissions.reading import ReadSection

# Parts of a page to choose from; left, top, width, height in per cent.
PARTS_OF_A_PAGE = {
    "0,0,100,34": _lazy("upper third"),
    "0,33,100,34": _lazy("middle third"),
    "0,66,100,34": _lazy("lower third"),
}
PART = _lazy("part {left}–{right} across, {top}–{bottom} down, in per cent")


@dataclass(frozen=True, slots=True)
class Shown:
    """One anchor: its text, what people call it, where it leads."""

    text: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be named as evidence."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    label: str
    places: list[Place]


def groups_of(sections: Iterable[ReadSection]) -> list[PlaceGroup]:
    """Return what can be named, by section: the section, its fields, tables and files."""
    return [
        PlaceGroup(
            section.label,
            [
                Place(section.key, section.label),
                *(Place(f"{section.key}.{one['key']}", one["label"]) for one in section.facts),
                *(Place(f"{section.key}.{one.key}", one.label) for one in section.tables),
                *(Place(f"file:{one['id']}", one["title"]) for one in section.attachments),
            ],
        )
        for section in sections
    ]


def labels_of(groups: Iterable[PlaceGroup]) -> dict[str, str]:
    """Return the whole name of each place by its text."""
    return {
        place.text: place.label
        if place.text.startswith("file:") or place.label == group.label
        else f"{group.label} – {place.label}"
        for group in groups
        for place in group.places
    }


def shown(texts: Iterable[str], labels: dict[str, str]) -> list[Shown]:
    """Name anchors; one whose place is not shown to this reader is named by its text."""
    return [_shown(text, labels) for text in texts]


def _shown(text: str, labels: dict[str, str]) -> Shown:
    found = anchors.FILE.fullmatch(text)
    base = f"file:{found['file']}" if found else text
    label = labels.get(base)
    if label is None or not found or not found["page"]:
        return Shown(text, label or text, f"#at-{base}" if label else "")
    named = _("%(file)s, page %(page)s") % {"file": label, "page": found["page"]}
    url = reverse("submissions:attachment-preview", args=[found["file"], int(found["page"])])
    if part := anchors.part_of(found):
        named = f"{named} ({PARTS_OF_A_PAGE.get(found['region']) or _in_words(part)})"
        url = f"{url}?part={part}"
    return Shown(text, named, url)


def _in_words(part: PagePart) -> str:
    """Say where a rectangle lies; the page says it alike while it is drawn."""
    across, down = (part.left, part.left + part.width), (part.top, part.top + part.height)
    left, right, top, bottom = (one // anchors.PER_CENT for one in (*across, *down))
    words = str(PART)
    return words.format(left=left, right=right, top=top, bottom=bottom)


def of_stored(evidence: Iterable[anchors.Anchor], labels: dict[str, str]) -> list[Shown]:
    return shown(anchors.texts_of(evidence), labels)
