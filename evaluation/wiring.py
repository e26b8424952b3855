"""What evaluation lays beside the other apps: rights, steps, words, reminders, records."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Model
from django.db.models.signals import post_migrate

from accounts import merging, personal
from accounts.roles import Role
from core import mail, outbox, pruning, reminders, rights
from evaluation import noticeboard, procedure_rights, procedures, standing, steps, timetable
from evaluation import rights as rows
from evaluation.conflicts import connections
from evaluation.desk import rights as desk_rights
from evaluation.dossier import asking as dossiers
from evaluation.figures import rights as rights_of_figures
from evaluation.letters import rights as letter_rights
from evaluation.objections import files as objection_files
from evaluation.objections import keeping, mails
from evaluation.objections import rights as objection_rights
from evaluation.objections.reminding import OVERDUE, RULINGS
from evaluation.panel import rights as panel_rights
from evaluation.panel.reminding import MEETING
from evaluation.personal import RECORDS
from evaluation.planning import owing, reminding, replacing
from evaluation.planning import rights as plan_rights
from evaluation.pool import outcomes
from evaluation.pool import rights as pool_rights
from evaluation.pool.reminding import RENEWAL
from evaluation.pool.workflow import EXPERTS
from evaluation.relations import either
from evaluation.verifications import files as report_files
from evaluation.verifications import rights as verification_rights
from evaluation.verifications.reminding import APPOINTMENT
from submissions import cloning, leading, prolonging
from submissions import noticeboard as activities
from submissions import standing as declarations
from submissions.files import verifying
from submissions.workflow import ACTIVITIES, DECLARATIONS

RIGHTS = (
    rows,
    pool_rights,
    desk_rights,
    plan_rights,
    procedure_rights,
    letter_rights,
    verification_rights,
    panel_rights,
    objection_rights,
    rights_of_figures,
)
REMINDED = (
    RENEWAL,
    reminding.ANSWERS,
    reminding.SHEETS,
    RULINGS,
    OVERDUE,
    MEETING,
    APPOINTMENT,
)
MOVED = (
    ("Expert", "employer"),
    ("Employment", "organisation"),
    ("Nomination", "organisation"),
    ("Connection", "organisation"),
    ("Connection", "other_organisation"),
)


def connect(app: AppConfig) -> None:
    """Tell the lower apps of us; once, when all models are loaded."""
    _declare_rights()
    ACTIVITIES.then("open", steps.criteria_are_set)
    ACTIVITIES.then("open", procedures.write_short_road)
    ACTIVITIES.then("conclude", steps.nothing_is_under_evaluation)
    prolonging.then(procedures.announced_still_holds)
    DECLARATIONS.then("accept", steps.open_case)
    for step in outcomes.DECIDED:
        EXPERTS.then(step, outcomes.note)
    declarations.register(standing.of)
    leading.register(standing.who_shall_not_judge)
    activities.register(noticeboard.criteria_of)
    activities.register(noticeboard.procedure_of)
    activities.register(timetable.of_activity)
    activities.register_phase(activities.Phase.RUNNING, noticeboard.under_evaluation)
    activities.register_phase(activities.Phase.PUBLICITY, noticeboard.in_publicity)
    cloning.then(noticeboard.same_criteria, noticeboard.criteria_come_along)
    cloning.then(noticeboard.same_procedure, noticeboard.procedure_comes_along)
    merging.register(*(merging.Mover(f"evaluation.{kind}", field) for kind, field in MOVED))
    mail.protect(*mails.TO_OBJECTOR)
    pruning.register("dossiers", dossiers.prune)
    pruning.register("objections", keeping.prune)
    for shelf in (objection_files.SHELF, report_files.SHELF):
        verifying.register(shelf.folder, shelf.named, shelf.known)
    outbox.register(owing.TOPIC, replacing.draw)
    for event in REMINDED:
        reminders.register(event)
    personal.register(*RECORDS, *keeping.RECORDS)
    post_migrate.connect(restore_rules, sender=app)


def restore_rules(*, using: str, **migration: Any) -> None:
    """Lay down the rules of conflicts: after a migration, and a test's flush."""
    # Migrating back to nothing ends without our tables.
    known = migration.get("apps", apps).all_models["evaluation"]
    if "conflictrule" in known:
        connections.restore_rules(using, known["conflictrule"])


def _declare_rights() -> None:
    parts: dict[type[Model], str] = {}
    for module in RIGHTS:
        for entry in module.OBJECTS:
            rights.declare(entry)
        parts |= getattr(module, "PARTS", {})
        rights.declare_addresses(getattr(module, "ADDRESSES", {}))
    rights.declare_parts(parts)
    rights.extend("organisation", *pool_rights.ON_ORGANISATION)
    rights.extend("case", {}, objection_rights.ON_CASE)
    for beside in (rights_of_figures, letter_rights, verification_rights):
        rights.extend("case", *beside.ON_CASE)
        rights.bar("case", beside.CASE_BAR)
    rights.bar("case", panel_rights.CASE_BAR)
    _extend_the_declaration()


def _extend_the_declaration() -> None:
    relations, rules = rows.ON_DECLARATION
    # Who scores a declaration reads it, and who sits on the panel it is before.
    reading = either(relations[Role.EXPERT], panel_rights.with_papers)
    rights.extend("declaration", relations | {Role.EXPERT: reading}, rules)
    for name, bars in rows.BARS.items():
        for bar in bars:
            rights.bar(name, bar)
