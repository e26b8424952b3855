"""Which check reads which kind of file."""

from collections.abc import Callable

from submissions.files.contents import image, office, pdf

CHECKS: dict[str, Callable[[bytes], None]] = {
    "pdf": pdf.check,
    "png": image.check_png,
    "jpeg": image.check_jpeg,
    "docx": office.checker("docx"),
    "xlsx": office.checker("xlsx"),
}
