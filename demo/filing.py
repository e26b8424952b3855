"""Brings one declaration as far as its destiny says: written, filed, checked, corrected."""

import datetime as dt
from copy import deepcopy
from typing import Any

from accounts.models import User
from core.clock import database_now
from demo import records, reports
from demo.accounts import organisation_of
from demo.plan import Destiny, Item
from demo.records import Record
from submissions import checklist, importing, services
from submissions.choices import unit_codes
from submissions.models import Activity, Declaration, Translation
from submissions.states import Status
from submissions.workflow import perform

NOBODY_SIGNED = "Nobody: filled in by the demonstration"
CORRECTION_DAYS = 60
# What the first filing of a technology that is corrected leaves out.
LEFT_OUT = "condition"
ASKED_FOR = {
    "section": "performance",
    "field": "indicators",
    "reason": "Please state the condition under which the first figure was measured.",
}
RETURN_REASON = "One figure cannot be judged without the condition under which it was measured."
LOOKED_AT = "Generated for the demonstration: nobody looked at this."
REJECT_REASON = "No application outside the laboratory is declared; the round asks for one."
# The step out of each state, and the destinies that end there or before.
GOES_ON = {
    Status.DRAFT: ("submit", {Destiny.DRAFT}),
    Status.SUBMITTED: ("begin_check", {Destiny.DRAFT, Destiny.SUBMITTED}),
    Status.IN_CHECK: ("decide", {Destiny.DRAFT, Destiny.SUBMITTED, Destiny.IN_CHECK}),
}
A_BEGINNING = ("applicant", "technology")


def file(item: Item, activity: Activity, officer: User) -> Declaration:
    """Return the declaration of an item, as far as it goes before any case is opened."""
    record = records.technology(item.technology)
    organisation, member = organisation_of(record)
    declaration = services.start(activity, organisation, actor=member, language="en", key=item.key)
    while step := next_step(item, declaration.status, filings(declaration)):
        if step == "submit":
            _write(declaration, item, record, member)
            declaration = perform(step, declaration.pk, actor=member)
        else:
            declaration = _check(step, declaration, officer)
    if declaration.status == Status.DRAFT:
        declaration = _begin(declaration, record, member)
    return declaration


def next_step(item: Item, status: str, filed: int) -> str:
    """Say what comes next for a declaration filed so often; "" when the rest is the visitor's.

    A state the plan does not lead through was reached by a visitor, and is left alone.
    """
    if filed > (2 if item.corrected else 1):
        return ""
    if status == Status.RETURNED:
        return "submit" if item.corrected and filed == 1 else ""
    step, ended = GOES_ON.get(Status(status), ("", set()))
    if item.destiny in ended:
        return ""
    return _verdict(item, filed) if step == "decide" else step


def _verdict(item: Item, filed: int) -> str:
    if filed == 1 and (item.corrected or item.destiny == Destiny.RETURNED):
        return "return"
    return "reject" if item.destiny == Destiny.REJECTED else "accept"


def filings(declaration: Declaration) -> int:
    return declaration.versions.count()


def _check(step: str, declaration: Declaration, officer: User) -> Declaration:
    inputs: dict[str, Any] = {}
    if step == "return":
        due_on = (database_now() + dt.timedelta(days=CORRECTION_DAYS)).date()
        inputs = {"reason": RETURN_REASON, "corrections": [ASKED_FOR], "due_on": due_on}
    if step == "reject":
        inputs = {"reason": REJECT_REASON, "code": "not-eligible"}
    if step == "accept" and declaration.version:
        marks = checklist.closing(declaration.version, LOOKED_AT)
        checklist.mark(declaration.pk, marks, actor=officer)
    return perform(step, declaration.pk, actor=officer, **inputs)


def _write(declaration: Declaration, item: Item, record: Record, member: User) -> None:
    """Fill in every section and the names in Chinese; what is there already stays."""
    sections = _sections(record)
    if (item.corrected or item.destiny == Destiny.RETURNED) and not filings(declaration):
        sections["performance"]["indicators"][0].pop(LEFT_OUT)
    sections["commitment"] = _commitment(declaration)
    _save(declaration, sections, member)
    reports.lay_beside(item, declaration, member)
    for language, texts in importing.translations(record).items():
        _translate(declaration, language, texts, member)


def _begin(declaration: Declaration, record: Record, member: User) -> Declaration:
    """Write the first sections of a draft that is left to be finished; what is there stays."""
    sections = {
        key: values
        for key, values in _sections(record).items()
        if key in A_BEGINNING and key not in declaration.content
    }
    return _save(declaration, sections, member)


def _save(declaration: Declaration, sections: dict[str, Record], member: User) -> Declaration:
    for key, values in sections.items():
        declaration = services.save_section(
            declaration.pk, key, values, actor=member, revision=declaration.revision
        )
    return declaration


def _translate(
    declaration: Declaration, language: str, texts: dict[str, str], member: User
) -> None:
    # A save takes the confirmation back when a text changed, so this comes after it.
    known = Translation.objects.filter(declaration=declaration, language=language)
    if not known.exclude(confirmed_at=None).filter(texts=texts).exists():
        services.save_translation(declaration.pk, language, texts, actor=member, confirm=True)


def _sections(record: Record) -> dict[str, Record]:
    subcategory = records.subcategories().get(record["id"]) or record["subcategory"]
    # The data names who makes or promotes a technology, and seldom says who owns it.
    role = "owner" if "organisation" in record else "other"
    made = importing.sections(record, subcategory, role=role, units=unit_codes())
    return deepcopy(made)


def _commitment(declaration: Declaration) -> Record:
    return {
        "truthful": True,
        "publication": True,
        "signatory": NOBODY_SIGNED,
        # The day it was begun, so that a second load writes the same.
        "signed_on": declaration.created_at.date().isoformat(),
    }
