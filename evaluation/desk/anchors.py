"""Evidence anchors: the places of the judged version that a score rests on.

In forms, files and addresses an anchor is a text: ``economics.capex`` (a field or table of a
section), ``economics`` (the section), or ``file:<id>``, then perhaps ``#page=3`` and
``&xywh=percent:0,0,100,33`` (left, top, width, height; W3C Media Fragments 1.0, 4.2.2), or what
was drawn on the page: ``&box=0.125,0.300,0.400,0.250`` (the same, in fractions of the page). Stored
it is a document that names the version by its hash, and a file also by the hash of its bytes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions import profiles
from submissions.files import page_parts
from submissions.files.counting import no_such_page, pages_of
from submissions.files.page_parts import PagePart
from submissions.models import DeclarationVersion

MOST = 10  # anchors of one score
PER_CENT = page_parts.WHOLE // 100
_PLACE = re.compile(r"(?P<section>[\w-]{1,60})(\.(?P<field>\w{1,60}))?", re.ASCII)
FILE = re.compile(
    r"file:(?P<file>[0-9a-f-]{36})"
    r"(#page=(?P<page>[1-9][0-9]{0,4})"
    r"(&xywh=percent:(?P<region>[0-9]{1,3}(,[0-9]{1,3}){3})"
    rf"|&box=(?P<box>{page_parts.WRITTEN}))?)?"
)

Anchor = Mapping[str, Any]


def documents(texts: Iterable[str], version: DeclarationVersion) -> list[dict[str, Any]]:
    """Return anchors as they are stored; DomainError where there is no such place.

    ``version`` comes with declaration, activity and scheme.
    """
    asked = list(dict.fromkeys(texts))
    if len(asked) > MOST:
        raise DomainError(_("Name at most %d places for one score.") % MOST)
    if not asked:
        return []
    places = places_of(version)
    files = {str(one["id"]): one for one in version.content["attachments"]}
    return [_document(text, version, places, files) for text in asked]


def places_of(version: DeclarationVersion) -> dict[str, set[str]]:
    """Return the fields and tables of each section of a version, by key."""
    content = version.content
    filed = content["organisation"].get("profile")
    schemes = {"": version.declaration.activity.scheme.load()}
    if filed:
        schemes[f"{profiles.CODE}-"] = profiles.scheme(filed["scheme"]["version"])
    return {
        f"{prefix}{section.key}": {one.key for one in section.members}
        for prefix, scheme in schemes.items()
        for section in scheme.sections
    }


def text_of(anchor: Anchor) -> str:
    """Write a stored anchor as its text."""
    if "section" in anchor:
        return f"{anchor['section']}.{anchor['field']}" if "field" in anchor else anchor["section"]
    text = f"file:{anchor['file']}"
    if "page" in anchor:
        text += f"#page={anchor['page']}"
    if "region" in anchor:
        text += "&xywh=percent:" + ",".join(map(str, anchor["region"]))
    if "box" in anchor:
        text += "&box=" + ",".join(anchor["box"])
    return text


def texts_of(anchors: Iterable[Anchor]) -> tuple[str, ...]:
    return tuple(map(text_of, anchors))


def file_text(file: str, page: int | None = None, region: str = "") -> str:
    """Write the anchor of a file, a page of it, or a part of the page."""
    text = f"file:{file}"
    if page:
        text += f"#page={page}"
        text += f"&xywh=percent:{region}" if region else ""
    return text


def _document(
    text: str,
    version: DeclarationVersion,
    places: Mapping[str, set[str]],
    files: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    if found := FILE.fullmatch(text):
        if found["file"] in files:
            return {"version": version.content_hash, **_file(found, files[found["file"]])}
    elif found := _PLACE.fullmatch(text):
        known = places.get(found["section"])
        if known is not None and (found["field"] is None or found["field"] in known):
            named = {key: found[key] for key in ("section", "field") if found[key]}
            return {"version": version.content_hash, **named}
    raise DomainError(_("The declaration has no such place: “%s”.") % text)


def _file(found: re.Match[str], file: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {"file": found["file"], "sha256": file["sha256"]}
    if found["page"]:
        named["page"] = int(found["page"])
        _require_page(named["page"], file)
    part = part_of(found)
    if (found["region"] or found["box"]) and part is None:
        raise DomainError(_("A part of a page lies within the page."))
    if found["region"]:
        named["region"] = [int(one) for one in found["region"].split(",")]
    if found["box"] and part:
        named["box"] = part.texts
    return named


def _require_page(page: int, file: dict[str, Any]) -> None:
    """Refuse a page beyond the last one, where it can be told how many there are."""
    last = pages_of(file) if page > 1 else None
    if last is not None and page > last:
        title = file["title"] or file["file_name"]
        raise DomainError(no_such_page(title, last, page), field="page")


def part_of(found: re.Match[str]) -> PagePart | None:
    """Return the part of the page that the text of a file names; None without one within it."""
    if found["region"]:
        part = PagePart(*(int(one) * PER_CENT for one in found["region"].split(",")))
        return part if part.is_within() else None
    return PagePart.read(found["box"]) if found["box"] else None
