"""Rows of the table of rights: the pages that exist in the demonstration only."""

from core.rights import PUBLIC, Address

ADDRESSES: dict[str, Address] = {
    "demo:start": PUBLIC,
    "demo:progress": PUBLIC,
    "demo:mail-list": PUBLIC,
    "demo:mail-detail": PUBLIC,
}
