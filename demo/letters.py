"""The feedback letter to the one invented firm that is not included, and how it was looked at."""

import datetime as dt
import io
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import User
from core.clock import database_now
from demo import people
from demo.plan import Destiny, Item
from evaluation.letters import writing
from evaluation.letters.states import LetterStatus
from evaluation.letters.writing import LETTERS
from evaluation.letters.writing import save as save_letter
from evaluation.models import Case, FeedbackLetter, Verification
from evaluation.states import CaseStatus
from evaluation.verifications import files as report_files
from evaluation.verifications.states import Kind, VerificationStatus
from evaluation.verifications.verifying import VERIFICATIONS, Wanted, arrange

NOTE = "Invented for the demonstration."
PASSAGES = {
    "advanced": "The cells are new in their field, and the declaration says clearly what is new.",
    "practicability": "A bench test does not show how the cells behave under changing water.",
    "economy": "The costs are estimates. Figures of a plant in operation would be needed.",
    "maturity": "There is no plant yet that has run for a year. Please declare again after that.",
    "service": "The firm answered clearly to what was asked about training and spare parts.",
}
OVERALL = f"A promising idea that is not proven at full size yet. {NOTE}"

# An invented declaration that waits for its decision: an officer went to see it.
VISITED = "inv-leak-listener"
PLACE = "The trial network of the applicant (invented)"
PREPARE = f"Access to two measuring points, and the records of the last month. {NOTE}"
POINTS = ("The sensors are in operation.", "The leaks found are those of the records.")
FINDINGS = f"Both measuring points were seen in operation. {NOTE}"
RESULTS = (("confirmed", ""), ("not_seen", f"The records of one week were missing. {NOTE}"))
PHOTOGRAPH = "measuring-point-generated.png"
SOON = dt.timedelta(seconds=1)


def write(item: Item, case: Case) -> None:
    """Write and finish the letter before the release; what a visitor wrote stays theirs."""
    if item.destiny != Destiny.NOT_INCLUDED or case.status != CaseStatus.DECIDED:
        return
    officer = _officer()
    letter = FeedbackLetter.objects.filter(case=case).first()
    if letter is None:
        letter = writing.begin(case.pk, actor=officer)
    if letter.status != LetterStatus.WRITING:
        return
    if letter.revision == 0:
        letter = save_letter(letter.pk, PASSAGES, overall=OVERALL, actor=officer, revision=0)
    confirmed = [one.key for one in writing.remarks_of(letter)]
    LETTERS.perform("finish", letter.pk, actor=officer, confirmed=confirmed)


def visit(item: Item, case: Case) -> None:
    """Arrange the on-site verification of one case, and report on it."""
    if item.technology != VISITED or case.status != CaseStatus.SCORED:
        return
    officer = _officer()
    row = Verification.objects.filter(case=case).first() or arrange(
        case.pk,
        Wanted(
            kind=Kind.SITE_VISIT,
            held_at=database_now() + SOON,
            place=PLACE,
            prepare=PREPARE,
            points=POINTS,
            officers=[officer],
        ),
        actor=officer,
    )
    if row.status != VerificationStatus.ARRANGED:
        return
    time.sleep(max(0.0, (row.held_at - database_now()).total_seconds()))
    report_files.add(row.pk, [_photograph()], actor=officer)
    VERIFICATIONS.perform("report", row.pk, actor=officer, findings=FINDINGS, results=RESULTS)


def _photograph() -> SimpleUploadedFile:
    """Return a drawing of a place that does not exist, with a line on it that says so."""
    picture, stream = Image.new("RGB", (480, 300), "#e6eef2"), io.BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 200, 480, 300), fill="#9aa79b")
    pen.ellipse((150, 130, 330, 220), fill="#5b7f95")
    pen.text((16, 16), "GENERATED. Not a photograph.\n" + NOTE, fill="#000000")
    picture.save(stream, "PNG")
    return SimpleUploadedFile(PHOTOGRAPH, stream.getvalue(), "image/png")


def _officer() -> User:
    return User.objects.get(email=people.OFFICER.email)
