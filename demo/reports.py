"""A report of a trial, made by the demonstration: the expert one signs in as can cite its pages.

It lies beside a declaration of an invented technology, through the door of every upload: it is
looked into and scanned like what an applicant sends. Every page says that it was generated.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from demo import records
from demo.plan import Item
from submissions import services
from submissions.models import Attachment, Declaration
from submissions.printing.paper import Grid, Line, Paper, Part
from submissions.printing.pdf import pdf_of

REPORTED = "inv-algae-glow"
KIND = "test_report"
TITLE = "Trial report (generated)"
FILE = "trial-report-generated.pdf"
MARK = "Generated for the demonstration: nobody measured this."
BUOYS = ("North basin", "South basin", "Intake")
DAYS = 42  # of each buoy: about a page
COLUMNS = ["Day", "Given back (counts)", "Algae seen from the boat"]


def lay_beside(item: Item, declaration: Declaration, member: User) -> None:
    """Lay the report beside the one declaration it belongs to; once."""
    if item.technology != REPORTED:
        return
    laid = Attachment.objects.standing().filter(declaration=declaration, title=TITLE)
    if not laid.exists():
        upload = SimpleUploadedFile(FILE, report(), "application/pdf")
        services.attach(declaration.pk, upload, kind=KIND, title=TITLE, actor=member)


def report() -> bytes:
    """Return the report as PDF: a page of figures for each buoy, each page marked."""
    record = records.technology(REPORTED)
    return pdf_of(
        Paper(
            language="en",
            rtl=False,
            banner=MARK,
            kicker="Report of a trial that never was",
            title=record["name_en"],
            title_lang="en",
            facts=[Line("Place", record["demonstrations"][0]["name"]), Line("Figures", MARK)],
            parts=[_buoy(number, name) for number, name in enumerate(BUOYS)],
            seal_heading="",
            seal_lines=[],
            footer=MARK,
            page_word="Page",
        )
    )


def _buoy(number: int, name: str) -> Part:
    rows = [_day(number, day) for day in range(1, DAYS + 1)]
    return Part(f"Buoy {number + 1}: {name}", [], [Grid("Each day", COLUMNS, rows)], [], [])


def _day(buoy: int, day: int) -> list[str]:
    counts = 120 + 9 * buoy + day * day // (4 + buoy)
    return [str(day), str(counts), "yes" if day > 30 + 2 * buoy else "no"]
