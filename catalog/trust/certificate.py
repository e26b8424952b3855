"""The certificate of listing: one sheet in English and Chinese, with a QR code that is checked."""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from catalog.models import Technology
from catalog.record import NOTICE, was_earlier
from catalog.trust import codes, credentials
from catalog.trust.badge import in_both
from submissions.printing.pdf import FONTS

HERE = Path(__file__).parent

TITLE = _("Certificate of listing")
POOL = _("Technology Pool of the Green Belt and Road")
NUMBER, TITLE_OF = _("Number"), _("Technology")
HOLDER, LISTED, VALID = _("Holder"), _("Listed on"), _("Valid until")
NOTE = _(
    "The technology named here is listed in the pool. Listing is not a certification of its "
    "performance, and no approval of a product or project."
)
CHECK = _("Whether this certificate is genuine, and the technology still listed, says this page:")
CODE = _("Code")
EARLIER = _("Evaluated before the portal")


def certificate(technology: Technology) -> bytes:
    """Return the certificate of a listed technology as PDF."""
    made: bytes = typst.compile(
        HERE / "certificate.typ",
        root=HERE,
        font_paths=[FONTS],
        format="pdf",
        sys_inputs={"sheet": json.dumps(sheet(technology), ensure_ascii=False)},
    )
    return made


def sheet(technology: Technology) -> dict[str, Any]:
    """Return all that is printed, as text."""
    content, code = technology.content, code_of(technology)
    address = credentials.address("code", code)
    holder = content["holder"]
    facts: tuple[tuple[str, list[str]], ...] = (
        (NUMBER, [technology.number]),
        (TITLE_OF, list(dict.fromkeys(content["titles"].values()))),
        (HOLDER, [name for name in (holder["name_en"], holder["name_zh"]) if name]),
        *_earlier(content),
        (LISTED, [timezone.localdate(technology.listed_at).isoformat()]),
        (VALID, [technology.valid_until.isoformat()]),
    )
    return {
        "title": in_both(TITLE),
        "pool": in_both(POOL),
        "facts": [{"labels": in_both(label), "values": values} for label, values in facts],
        "note": in_both(NOTE),
        "check": in_both(CHECK),
        "code_label": in_both(CODE),
        "code": str(code),
        "address": address,
        "qr": qr(address),
        "banner": NOTICE if technology.demonstration else "",
    }


def _earlier(content: dict[str, Any]) -> tuple[tuple[str, list[str]], ...]:
    """Return, of what was evaluated before the portal, that it was, and where it stands."""
    if not was_earlier(content):
        return ()
    told = content["earlier"]
    titles = list(dict.fromkeys(told["titles"].values()))
    return ((EARLIER, [*titles, f"{told['authority']}, {told['year']}, № {told['number']}"]),)


def code_of(technology: Technology) -> codes.Code:
    """Return the code of what is public now."""
    last = technology.versions.order_by("-number")[0]
    return codes.code_of(technology.number, last.number, last.content_hash)


def qr(address: str) -> str:
    """Return an address as QR code, an SVG drawing; a quarter of it may be damaged."""
    drawing = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawing, kind="svg", border=2, xmldecl=False)
    return drawing.getvalue().decode()
