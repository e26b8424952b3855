"""Why a file is not taken, said to the person who sent it."""

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.files.contents.verdicts import Verdict, Word

PDF: dict[Word, Promise] = {
    Word.DAMAGED: gettext_lazy("This PDF cannot be opened: it is damaged or empty."),
    Word.LOCKED: gettext_lazy(
        "This PDF is encrypted; save it without a password and without protection."
    ),
    Word.COSTLY: gettext_lazy(
        "This PDF takes too much time or memory to read; print it into a new PDF."
    ),
    Word.SCRIPT: gettext_lazy("This PDF contains JavaScript; print it into a new PDF."),
    Word.LAUNCH: gettext_lazy(
        "This PDF contains an action that starts a program; print it into a new PDF."
    ),
    Word.FILES: gettext_lazy(
        "This PDF has other files inside it; remove them and add each by itself."
    ),
    Word.FORM: gettext_lazy(
        "This PDF is a dynamic form (XFA), which may hold programs; print it into a new PDF."
    ),
    Word.FOLLOWED: gettext_lazy(
        "Something else follows the end of this PDF; print it into a new PDF."
    ),
}
IMAGE: dict[Word, Promise] = {
    Word.DAMAGED: gettext_lazy("This image cannot be opened: it is damaged."),
    Word.COSTLY: gettext_lazy("This image takes too much time or memory to read; make it smaller."),
    Word.PIXELS: gettext_lazy("This image has more than 50 million pixels; make it smaller."),
    Word.MOVING: gettext_lazy("This image moves; save one picture of it and add that."),
    Word.FOLLOWED: gettext_lazy(
        "Something else follows the end of this image; save it anew and add it again."
    ),
}
PACKED: dict[Word, Promise] = {
    Word.DAMAGED: gettext_lazy("This file cannot be opened: it is damaged."),
    Word.COSTLY: gettext_lazy("This file takes too much time or memory to read."),
    Word.LOCKED: gettext_lazy("This file is encrypted; save it without a password."),
    Word.FOLLOWED: gettext_lazy(
        "Something else stands before, between or after the contents of this file."
    ),
    Word.EMPTY: gettext_lazy("There is no file in this archive."),
    Word.ENTRIES: gettext_lazy("There are too many parts in this file."),
    Word.SWELLS: gettext_lazy("Unpacked, this file would be far too large."),
    Word.LEAVES: gettext_lazy(
        "This file holds a name that leads out of it, as an archive that attacks does."
    ),
    Word.LINK: gettext_lazy(
        "This archive holds a link in place of a file; put in the file itself."
    ),
    Word.TWICE: gettext_lazy("This file holds two parts of the same name."),
    Word.NESTED: gettext_lazy("There is an archive inside this archive; put in its files."),
    Word.STRANGE: gettext_lazy("In an archive only PDF, PNG, JPEG, DOCX and XLSX files are taken."),
    Word.NO_OFFICE: gettext_lazy("This is a ZIP archive, not an Office document."),
    Word.MACROS: gettext_lazy("Documents with macros are not taken; save it without."),
    Word.EMBEDDED: gettext_lazy(
        "Other files or controls (OLE, ActiveX) are embedded in this document; remove them."
    ),
    Word.EXTERNAL: gettext_lazy(
        "This document fetches a template, a picture or data from elsewhere; save it without links."
    ),
    Word.MARKUP: gettext_lazy(
        "This document defines entities in its XML, as no Office program does; save it anew."
    ),
}
TABLES = {"pdf": PDF, "png": IMAGE, "jpeg": IMAGE}
LONGEST_MEMBER = 120


def sentence(kind: str, verdict: Verdict) -> str:
    """Say what is wrong with a file of ``kind``; of one in an archive, in which."""
    table = TABLES.get(verdict.kind or kind, PACKED)
    said = str(table.get(verdict.word, PACKED[Word.DAMAGED]))
    if not verdict.member:
        return said
    name = "".join(letter for letter in verdict.member if letter.isprintable())[:LONGEST_MEMBER]
    return _("In the archive, %(name)s: %(sentence)s") % {"name": name, "sentence": said}


def too_large(limit: int) -> str:
    return _("The file is larger than %(limit)s.") % {"limit": filesizeformat(limit)}


def no_room(limit: int) -> str:
    return _(
        "The files of your organisation that are not submitted yet may come to %(limit)s; "
        "submit or remove some first."
    ) % {"limit": filesizeformat(limit)}
