"""What evaluation lays beside the other apps: rights, steps, words, reminders, records."""

from accounts import merging, personal
from core import outbox, pruning, reminders, rights
from evaluation import (
    desk_rights,
    dossiers,
    letter_rights,
    noticeboard,
    plan_rights,
    procedure_rights,
    rights_of_figures,
    standing,
    steps,
    timetable,
    verification_rights,
)
from evaluation import rights as rows
from evaluation.personal import RECORDS
from evaluation.planning import owing, reminding, replacing
from evaluation.pool_reminding import RENEWAL
from submissions import cloning, leading
from submissions import noticeboard as activities
from submissions import standing as declarations
from submissions.workflow import ACTIVITIES, DECLARATIONS

MOVED = (
    ("Expert", "employer"),
    ("Employment", "organisation"),
    ("Nomination", "organisation"),
    ("Connection", "organisation"),
    ("Connection", "other_organisation"),
)


def connect() -> None:
    """Tell the lower apps of us; once, when all models are loaded."""
    _declare_rights()
    ACTIVITIES.then("open", steps.criteria_are_set)
    DECLARATIONS.then("accept", steps.open_case)
    declarations.register(standing.of)
    leading.register(standing.who_shall_not_judge)
    activities.register(noticeboard.criteria_of)
    activities.register(noticeboard.procedure_of)
    activities.register(timetable.of_activity)
    cloning.then(noticeboard.same_criteria)
    cloning.then(noticeboard.same_procedure)
    merging.register(*(merging.Mover(f"evaluation.{kind}", field) for kind, field in MOVED))
    pruning.register("dossiers", dossiers.prune)
    outbox.register(owing.TOPIC, replacing.draw)
    for event in (RENEWAL, reminding.ANSWERS, reminding.SHEETS):
        reminders.register(event)
    personal.register(*RECORDS)


def _declare_rights() -> None:
    modules = (
        rows,
        desk_rights,
        letter_rights,
        plan_rights,
        procedure_rights,
        rights_of_figures,
        verification_rights,
    )
    for module in modules:
        for entry in module.OBJECTS:
            rights.declare(entry)
    rights.declare_parts(rows.PARTS | plan_rights.PARTS)
    for entered in (rows, desk_rights, rights_of_figures, letter_rights, verification_rights):
        rights.declare_addresses(entered.ADDRESSES)
    for beside in (rights_of_figures, letter_rights, verification_rights):
        rights.extend("case", *beside.ON_CASE)
        rights.bar("case", beside.CASE_BAR)
    relations, rules = rows.ON_DECLARATION
    rights.extend("declaration", relations, rules)
    for name, bars in rows.BARS.items():
        for bar in bars:
            rights.bar(name, bar)
