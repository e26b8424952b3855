"""Code of others lies here unchanged but for what its list says."""

import hashlib
import re
from pathlib import Path

from django.conf import settings

VENDOR = Path(settings.BASE_DIR, "static/vendor")


def listed() -> dict[str, str]:
    rows = re.findall(
        r"^\|[^|]+\|[^|]+\| (\S+) \|[^|]+\| ([0-9a-f]{64}) \|$",
        (VENDOR / "VENDORED.md").read_text(),
        re.MULTILINE,
    )
    return dict(rows)


def test_vendored_files_are_those_of_the_list():
    files = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDORED.md"
    }

    assert files == listed()


def test_vendored_files_lie_beside_their_licence():
    folders = {Path(name).parent for name in listed()}

    assert [folder for folder in folders if not (VENDOR / folder / "LICENSE").exists()] == []


def test_vendored_files_name_no_missing_map():
    naming = [name for name in listed() if b"sourceMappingURL" in (VENDOR / name).read_bytes()]

    assert naming == []


def test_every_icon_in_use_is_in_the_sprite():
    sprite = (VENDOR / "bootstrap-icons/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    sources = [
        path.read_text()
        for folder, kind in (("templates", "*.html"), ("core/templatetags", "*.py"))
        for path in Path(settings.BASE_DIR, folder).rglob(kind)
    ]
    used = {
        name
        for source in sources
        for name in re.findall(r'(?:\{% icon |icon=)"([a-z0-9-]+)"', source)
    }

    assert used - drawn == set()
