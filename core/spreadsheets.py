"""Text on its way into a spreadsheet, which takes some of it for a formula."""

import re

# What a spreadsheet computes, or a cell separator that may begin something it computes.
_COMPUTED = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d.,]+%?")


def safe_cell(text: str) -> str:
    """Return ``text`` so that it is shown and not computed; a number stays one (OWASP)."""
    return f"'{text}" if _COMPUTED.match(text) and not _NUMBER.fullmatch(text) else text
