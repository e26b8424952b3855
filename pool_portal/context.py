"""What every page is given: who runs it, where one can go, in which languages."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest  # noqa: TID251 -- a context processor is handed the request
from django.urls import reverse, translate_url
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

VERSION: str = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"][
    "version"
]

NAME_EN = {"lang": "en", "text": "Technology Pool of the Green Belt and Road"}
NAME_ZH = {"lang": "zh-hans", "text": "绿色“一带一路”技术储备库"}

EVERYONE, SIGNED_IN, OFFICERS = "everyone", "signed in", "officers"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a menu; ``audience`` only tidies the menu, rights are asked at the place."""

    label: str | Promise
    url_name: str
    audience: str = EVERYONE


NAVIGATION = (
    Entry(_("Technologies"), "catalog:technology-list"),
    Entry(_("Collection activities"), "submissions:activity-list"),
    Entry(_("In publicity"), "evaluation:publicity-list"),
    Entry(_("My work"), "workplace", SIGNED_IN),
    Entry(_("Officers’ desk"), "admin:index", OFFICERS),
)
ACCOUNT_MENU = (
    Entry(_("Profile and organisations"), "accounts:profile", SIGNED_IN),
    Entry(_("E-mail addresses"), "account_email", SIGNED_IN),
    Entry(_("Password"), "account_change_password", SIGNED_IN),
    Entry(_("Two-factor authentication"), "mfa_index", SIGNED_IN),
    Entry(_("Your data"), "accounts:data", SIGNED_IN),
)


def portal(request: HttpRequest) -> dict[str, Any]:
    """Fill the frame of a page; asks the database nothing for a visitor without a session."""
    audiences = _audiences(request)
    return {
        "DEMO": settings.DEMO,
        "VERSION": VERSION,
        "OTHER_NAME": NAME_EN if (get_language() or "").startswith("zh") else NAME_ZH,
        "LANGUAGES": list(_languages(request)),
        "NAVIGATION": list(_menu(NAVIGATION, audiences, request.path)),
        "ACCOUNT_MENU": list(_menu(ACCOUNT_MENU, audiences, request.path)),
    }


def _audiences(request: HttpRequest) -> set[str]:
    user = getattr(request, "user", None)  # missing when a middleware before it failed
    if user is None or not user.is_authenticated:
        return {EVERYONE}
    return {EVERYONE, SIGNED_IN, OFFICERS} if user.is_staff else {EVERYONE, SIGNED_IN}


def _menu(entries: tuple[Entry, ...], audiences: set[str], path: str) -> Iterator[dict[str, Any]]:
    shown = [(one, reverse(one.url_name)) for one in entries if one.audience in audiences]
    # Of two places one above the other, the page belongs to the nearer.
    here = max((url for _one, url in shown if path.startswith(url)), key=len, default="")
    for entry, url in shown:
        yield {"label": entry.label, "url": url, "current": url == here}


def _languages(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """This page in each language; the home page where this one has no other address."""
    here = request.get_full_path()
    for code, name in settings.LANGUAGES:
        current = code == get_language()
        url = translate_url(here, code)
        if url == here and not current:
            with override(code):
                url = reverse("home")
        yield {"code": code, "name": name, "url": url, "current": current}
