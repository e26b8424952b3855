"""Where a page of a list begins or ends, as a word nobody needs to understand. Pure."""

import base64
import binascii

from catalog.browsing.ordering import Key, read_key

AFTER, BEFORE = "n", "p"  # the next page, the previous one


def written(key: Key, direction: str) -> str:
    text = f"{direction}{key}".encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def read(cursor: str, order: str) -> tuple[Key, str]:
    """Return the key and the direction of a cursor; ValueError when it is none of this order."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError) as error:
        raise ValueError(cursor) from error
    direction, key = text[:1], read_key(text[1:], order)
    # Written back it must be the same: there is one cursor for a place.
    if direction not in (AFTER, BEFORE) or written(key, direction) != cursor:
        raise ValueError(cursor)
    return key, direction
