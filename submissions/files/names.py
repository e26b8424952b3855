"""What a file may be called."""

import unicodedata

from django.utils.translation import gettext as _

from core.errors import DomainError

LONGEST = 250  # bytes; Django cuts a name off at 255 letters, so that a longer one shows
LONGEST_TITLE = 200  # letters
# Marks that turn the direction of what follows: "report[RLO]fdp.exe" reads as a PDF.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class UploadError(DomainError):
    """The file is not taken."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


class NotNow(UploadError):  # noqa: N818 -- it says what is
    """The storage has no room, or does not answer; the same file may be taken later."""

    def __init__(self) -> None:
        super().__init__(
            _("The file could not be stored just now. Please try again in a few minutes.")
        )


def checked(name: str) -> str:
    """Return a name for people to read; raise UploadError for one that misleads or leads away."""
    if not name.strip():
        raise UploadError(_("The file has no name."))
    if _misleads(name):
        raise UploadError(
            _("The name of the file holds invisible control characters; give it another name.")
        )
    if "/" in name or "\\" in name:
        raise UploadError(_("The name of the file is a path; send it with its name only."))
    if len(name.encode(errors="replace")) > LONGEST:
        raise UploadError(
            _("The name of the file is longer than %(count)d bytes; give it a shorter name.")
            % {"count": LONGEST}
        )
    # What else does not show (joiners, strange spaces) is left out; Django does so with a form's.
    return "".join(letter for letter in name if letter.isprintable()).strip()


def titled(title: str) -> str:
    """Return what a file is called on pages, cut to its column; UploadError as for a name."""
    stripped = title.strip()
    if _misleads(stripped):
        raise UploadError(_("The title holds invisible control characters; please type it anew."))
    return stripped[:LONGEST_TITLE]


def _misleads(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cc" or letter in TURNING for letter in text)
