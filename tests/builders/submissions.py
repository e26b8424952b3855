"""Activities and declarations, made through the services a person uses."""

import datetime as dt
import io
import json
import uuid
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter

from accounts.models import Organisation, User
from core import rights
from core.clock import database_now
from reference.models import Field
from submissions import checklist, services
from submissions.activities import SCHEMES
from submissions.files import resuming
from submissions.models import (
    Activity,
    Declaration,
    DeclarationScheme,
    DeclarationVersion,
    PartialUpload,
)
from submissions.states import Status
from submissions.workflow import ACTIVITIES, perform
from tests.builders import accounts, criteria

_numbers = count(1)


def scheme(code: str = "demo", *, version: int = 3) -> DeclarationScheme:
    """Return a shipped scheme, laid down if it is not."""
    return services.create_scheme(shipped(code, version=version), actor=None)


def shipped(code: str = "demo", *, version: int = 3) -> dict[str, Any]:
    """Return the document of a shipped scheme."""
    text = (SCHEMES / f"{code}-{version}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def prepared_activity(**changes: Any) -> Activity:
    """Return an activity nobody can declare in yet: all fields, a month from yesterday.

    It has the default criteria, without which none opens; ``experts_wanted=0``: it has none.
    """
    number = next(_numbers)
    experts_wanted = changes.pop("experts_wanted", 2)
    now = timezone.now()
    values = {
        "actor": changes.pop("actor", None) or accounts.officer(),
        "code": f"TP-{number}",
        "titles": {"en": f"Activity {number}", "zh-hans": f"征集活动 {number}"},
        "notices": {"en": "Declare your technology.", "zh-hans": "欢迎申报。"},
        "field_codes": list(Field.objects.values_list("code", flat=True)),
        "opens_at": now - dt.timedelta(days=1),
        "closes_at": now + dt.timedelta(days=30),
        "publicity_days": 0,
        **changes,
    }
    activity = services.create_activity(
        **{"scheme": values.pop("scheme", None) or scheme(), **values}
    )
    if experts_wanted:
        criteria.of_activity(activity, actor=values["actor"], experts_wanted=experts_wanted)
    return activity


def open_activity(**changes: Any) -> Activity:
    """Return an activity that takes declarations."""
    officer = changes.pop("actor", None) or accounts.officer()
    activity = prepared_activity(actor=officer, **changes)
    return ACTIVITIES.perform("open", activity.pk, actor=officer)


def closed_activity(**changes: Any) -> Activity:
    officer = accounts.officer()
    return closed(open_activity(actor=officer, **changes), actor=officer)


def closed(activity: Activity, *, actor: User | None = None) -> Activity:
    """Close an activity whose time has just passed: none is closed before."""
    grace = activity.ends_at - activity.closes_at
    passed = database_now() - dt.timedelta(milliseconds=1) - grace
    Activity.objects.filter(pk=activity.pk).update(closes_at=passed)
    return ACTIVITIES.perform("close", activity.pk, actor=actor or accounts.officer())


def content(title: str = "Membrane bioreactor for landfill leachate") -> dict[str, Any]:
    """Return a full, valid document for the demo scheme."""
    return {
        "applicant": {"role": "owner", "contact_email": "contact@example.org"},
        "technology": {
            "title": title,
            "subcategory": "WAT-01",
            "summary": "Treats leachate with a membrane bioreactor.",
            "applicability": "Landfills in warm climates.",
            "maturity": "commercial",
            "pollutants": ["cod", "ammonia-nitrogen"],
            "target_countries": ["KZ", "PK"],
        },
        "performance": {
            "indicators": [
                {"name": "COD removal", "typical": "98.50", "unit": "%", "condition": "25 °C"}
            ]
        },
        "economics": {
            "costs": [{"kind": "capex", "amount": "1250000", "currency": "CNY", "basis": "plant"}]
        },
        "cases": {"cases": [{"name": "Pilot plant", "country": "NO", "year": 2021}]},
        "property": {"rights": [{"kind": "patent", "number": "NO 123456"}]},
        "evidence": {
            "evidence_grade": "peer_reviewed",
            "sources": [{"title": "A paper", "url": "https://example.org/paper", "year": 2022}],
        },
        "commitment": {
            "truthful": True,
            "publication": True,
            "signatory": "K. Nordmann, director",
            "signed_on": timezone.localdate().isoformat(),
        },
    }


def fill(declaration: Declaration, document: dict[str, Any], *, actor: User) -> Declaration:
    """Save each section of ``document``, one after the other."""
    for section, values in document.items():
        declaration = services.save_section(
            declaration.pk, section, values, actor=actor, revision=declaration.revision
        )
    return declaration


def draft(
    *,
    activity: Activity | None = None,
    organisation: Organisation | None = None,
    actor: User | None = None,
    document: dict[str, Any] | None = None,
    language: str = "en",
) -> Declaration:
    """Return a draft with all that the demo scheme asks for, ready to be submitted.

    The organisation's owner files it when no ``actor`` is given.
    """
    organisation = organisation or accounts.organisation(actor)
    actor = actor or accounts.owner_of(organisation)
    declaration = services.start(
        activity or open_activity(),
        organisation,
        actor=actor,
        language=language,
        key=uuid.uuid4(),
    )
    return fill(declaration, content() if document is None else document, actor=actor)


APPLICANTS = ("submit", "contest", "withdraw")  # steps that officers do not take
REASONED = ("return", "give_time", "reject", "contest", "reopen", "uphold", "withdraw")
PATHS = {
    Status.DRAFT: (),
    Status.SUBMITTED: ("submit",),
    Status.IN_CHECK: ("submit", "begin_check"),
    Status.RETURNED: ("submit", "begin_check", "return"),
    Status.ACCEPTED: ("submit", "begin_check", "accept"),
    Status.REJECTED: ("submit", "begin_check", "reject"),
    Status.CONTESTED: ("submit", "begin_check", "reject", "contest"),
    Status.WITHDRAWN: ("submit", "withdraw"),
}


def declaration(
    status: str = Status.DRAFT, *, officer: User | None = None, **more: Any
) -> Declaration:
    """Return a declaration in ``status``, brought there step by step; ``more`` as in draft()."""
    made = draft(**more)
    applicant = more.get("actor") or accounts.owner_of(made.organisation)
    officer = officer or accounts.officer()
    for step in PATHS[Status(status)]:
        take(made, step, applicant if step in APPLICANTS else officer)
    return Declaration.objects.select_related("activity__scheme", "organisation").get(pk=made.pk)


def returned(section: str, field: str = "", *, officer: User | None = None) -> Declaration:
    """Return a declaration that was returned for one place: a field, or a whole section."""
    officer = officer or accounts.officer()
    checked = declaration(Status.IN_CHECK, officer=officer)
    asked = [{"section": section, "field": field, "reason": "Say what is treated."}]
    return perform("return", checked.pk, actor=officer, reason="Because.", corrections=asked)


def tick(declaration: Declaration, officer: User | None) -> None:
    """Close every line of the checklist, so that the declaration can be accepted."""
    now = Declaration.objects.select_related("version", "activity__rule_set").get(pk=declaration.pk)
    if now.status == Status.IN_CHECK and now.version and officer:
        now.version.declaration = now
        checklist.mark(now.pk, checklist.closing(now.version, "Looked at."), actor=officer)


def take(declaration: Declaration, step: str, actor: User | None) -> Declaration:
    """Take a step with what it needs filled in."""
    inputs: dict[str, Any] = {}
    if step == "return":
        inputs["corrections"] = [
            {"section": "technology", "field": "summary", "reason": "Say what is treated."}
        ]
    if step == "give_time":
        today = timezone.localdate()
        # One returned without a day has nothing to move.
        undated = Declaration.objects.filter(pk=declaration.pk, corrections_due_on=None)
        undated.update(corrections_due_on=today)
        inputs["due_on"] = today + dt.timedelta(days=7)
    if step == "accept" and rights.can(actor, "check", declaration):
        tick(declaration, actor)
    reason = "Because." if step in REASONED else ""
    return perform(step, declaration.pk, actor=actor, reason=reason, **inputs)


def take_filed(draft: Declaration) -> DeclarationVersion:
    """Submit a draft as its owner and return what was filed."""
    version = take(draft, "submit", accounts.owner_of(draft.organisation)).version
    assert version
    return version


def pdf(name: str = "report.pdf", *, pages: int = 1) -> SimpleUploadedFile:
    """Return an upload that is a real PDF, another one each time."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": f"Report {next(_numbers)}"})
    stream = io.BytesIO()
    writer.write(stream)
    return SimpleUploadedFile(name, stream.getvalue(), content_type="application/pdf")


def attachment(declaration: Declaration, **more: Any) -> Any:
    """Lay a PDF beside a declaration that can be edited."""
    values = {
        "kind": "test_report",
        "title": "Test report",
        "actor": accounts.owner_of(declaration.organisation),
        **more,
    }
    return services.attach(declaration.pk, values.pop("upload", None) or pdf(), **values)


def partial_upload(declaration: Declaration | None = None) -> PartialUpload:
    """Begin to send a file of which nothing has come yet."""
    declaration = declaration or draft()
    announced = resuming.Announced("performance", "test_report", "", "report.pdf", 1000)
    return resuming.begin(
        declaration.pk, announced, actor=accounts.owner_of(declaration.organisation)
    )
