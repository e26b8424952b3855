"""Who speaks to machines, under which names and addresses, and on which terms."""

import ipaddress
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from catalog.record import NOTE

NAMES = {
    "en": "Technology Pool of the Green Belt and Road",
    "zh-hans": "绿色“一带一路”技术储备库",
}
ABOUT = {
    "en": "Environmental technologies reviewed by experts, with their figures, costs, reference "
    f"cases and sources. {NOTE}",
    "zh-hans": "经专家评审入库的生态环境技术，附性能指标、费用、应用案例和信息来源。"
    "入库不构成认证。",
}
PUBLISHERS = {
    "en": "Foreign Environmental Cooperation Center, Ministry of Ecology and Environment",
    "zh-hans": "生态环境部对外合作与交流中心",
}
OFFICE = {"en": "Office of the Technology Pool", "zh-hans": "技术储备库工作组"}
# What is said of the terms where the setting says nothing.
TERMS = (
    "Records may be read, kept and cited with their number and address. "
    "For any other use, ask the office of the pool."
)
# A name of our own where the portal has no domain: identifiers that harvesters can keep need one.
NO_DOMAIN = "technology-pool.invalid"
_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")
_NIL = UUID(int=0)


def origin() -> str:
    return str(settings.PORTAL_ORIGIN).rstrip("/")


def host() -> str:
    """Return the domain of the portal, as identifiers carry it."""
    name = urlsplit(origin()).hostname or ""
    return name if _DOMAIN.fullmatch(name) and not _is_number(name) else NO_DOMAIN


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def terms() -> str:
    return str(settings.CATALOGUE_TERMS) or TERMS


def terms_are_an_address() -> bool:
    return terms().startswith(("https://", "http://"))


def contact() -> str:
    return str(settings.CATALOGUE_CONTACT)


def languages() -> list[str]:
    """Return the languages pages are written in."""
    return [code for code, _name in settings.LANGUAGES]


def tag(language: str) -> str:
    """Return the name of a language as others write it: zh-Hans."""
    head, *rest = language.split("-")
    return "-".join([head, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def address(name: str, *arguments: Any, language: str = "en") -> str:
    """Return a whole address; ``name`` as Django knows it."""
    with override(language):
        return f"{origin()}{reverse(name, args=arguments)}"


def page_of(technology: Any, language: str = "en") -> str:
    """Return the address of the page of a technology; ``technology`` is its id."""
    return origin() + _pattern("catalog:technology-detail", language).replace(
        str(_NIL), str(technology)
    )


def record_of(technology: Any) -> str:
    return origin() + _pattern("catalog:technology-record", "en").replace(
        str(_NIL), str(technology)
    )


def item_of(technology: Any) -> str:
    """Return the address that names a technology: in no language, answered in any form."""
    return origin() + _pattern("harvest:item", "en").replace(str(_NIL), str(technology))


@lru_cache(maxsize=32)
def _pattern(name: str, language: str) -> str:
    # A site map holds thousands of these.
    with override(language):
        return reverse(name, args=[_NIL])
