"""Defences and on-site verifications in each state, made through the services a person uses."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from evaluation.models import Case, Verification
from evaluation.states import CaseStatus
from evaluation.verifications import files as report_files
from evaluation.verifications.states import Kind, VerificationStatus
from evaluation.verifications.verifying import VERIFICATIONS, Wanted, arrange
from submissions.models import Activity
from tests.builders import accounts, clock, evaluation, hostile_files, procedures

POINTS = ["The plant runs.", "The outlet is measured."]
REPORT: dict[str, Any] = {
    "findings": "Two lines were seen.",
    "results": [("confirmed", ""), ("not_seen", "The probe was taken out.")],
}


def activity(**how: Any) -> Activity:
    """Return an open activity in which officers may arrange both kinds."""
    return procedures.activity(
        **{"experts_wanted": 1, "defence": "arranged", "site_visit": "arranged", **how}
    )


def scored(**how: Any) -> Case:
    """Return a scored case of an activity with this procedure."""
    return evaluation.case(CaseStatus.SCORED, activity=activity(**how))


def wanted(**given: Any) -> Wanted:
    values = {
        "kind": Kind.SITE_VISIT,
        "held_at": timezone.now() + dt.timedelta(days=10),
        "place": "The plant at Jinan",
        "prepare": "Protective clothing for visitors.",
        "points": POINTS,
        **given,
    }
    if "officers" not in values and "experts" not in values:
        values["officers"] = [accounts.officer(name="Visiting Officer")]
    return Wanted(**values)


def arranged(case: Case | None = None, *, actor: User | None = None, **given: Any) -> Verification:
    return arrange((case or scored()).pk, wanted(**given), actor=actor or accounts.officer())


def held(case: Case | None = None, **given: Any) -> Verification:
    """Return one whose moment has passed."""
    one, now = case or scored(), timezone.now()
    people = wanted(**given)
    with clock.stopped(now - dt.timedelta(days=2)):
        return arranged(
            one,
            **given
            | {
                "held_at": now - dt.timedelta(days=1),
                "experts": people.experts,
                "officers": people.officers,
            },
        )


def picture(name: str = "outlet.png", *, width: int = 8) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, hostile_files.png((width, 8)), "image/png")


def with_files(row: Verification | None = None, *names: str) -> Verification:
    """Return one that was held, with a picture of each name beside its report to come."""
    made = row or held()
    pictures = [picture(name, width=8 + n) for n, name in enumerate(names or ("outlet.png",))]
    report_files.add(made.pk, pictures, actor=accounts.officer())
    return made


def reported(row: Verification | None = None) -> Verification:
    made = row or held()
    return VERIFICATIONS.perform("report", made.pk, actor=accounts.officer(), **REPORT)


def cancelled(row: Verification | None = None) -> Verification:
    made = row or arranged()
    return VERIFICATIONS.perform(
        "cancel", made.pk, actor=accounts.officer(), reason="The road is closed."
    )


def verification(status: str) -> Verification:
    """Return one in a state, brought there by the steps."""
    makers = {VerificationStatus.REPORTED: reported, VerificationStatus.CANCELLED: cancelled}
    return makers.get(VerificationStatus(status), arranged)()
