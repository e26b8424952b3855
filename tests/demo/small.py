"""A small plan with every destiny in it, and what a load of it ended in."""

from collections import Counter
from dataclasses import replace
from typing import Any

from accounts.models import Membership, Organisation, RoleGrant, User
from catalog.models import Delivery, EarlierList, Technology
from core.models import AuditEntry, StoredMail
from demo.plan import Item, Plan, full_plan
from evaluation.models import (
    Assignment,
    Case,
    Decision,
    Expert,
    Objection,
    Score,
    ScoreSheet,
    StatisticRun,
)
from submissions.models import Activity, Correction, Declaration, DeclarationVersion, Translation

TECHNOLOGIES = (
    # the closed round
    *("nl-nereda", "cn-yunzhou-usv", "inv-polishing-membrane"),
    *("inv-ozone-cells", "inv-sludge-pellets", "inv-ceramic-candles"),
    # the round under evaluation
    *("ca-ostara-pearl", "us-reterro-edt", "inv-reed-terraces", "jp-takakura", "gb-aqmesh"),
    *("ug-airqo-monitor", "us-iptd-danang", "mx-sistema-bio"),
    # the open round
    *("in-phytorid", "us-terratherm-tch", "inv-tannery-loop"),
    # the round in publicity
    "inv-quiet-aerator",
)


def small_plan() -> Plan:
    """Return the plan: three experts a case are enough for every destiny."""
    return replace(full_plan().only(*TECHNOLOGIES), experts_wanted=3)


def declaration(technology: str) -> Declaration:
    return Declaration.objects.get(start_key=item(technology).key)


def item(technology: str) -> Item:
    return next(one for one in small_plan().items if one.technology == technology)


def end_state() -> dict[str, Any]:
    """Return everything a load made, without what differs from one load to the next."""
    rows = (
        (User, ("email", "name")),
        (RoleGrant, ("user__email", "role")),
        (Organisation, ("name_en", "name_zh", "country", "kind", "website", "invented")),
        (Membership, ("user__email", "organisation__name_en", "level")),
        (Expert, ("user__email", "employer_name")),
        (Activity, ("code", "status")),
        (Declaration, ("start_key", "number", "status", "revision", "title")),
        (DeclarationVersion, ("declaration__start_key", "number")),
        (Translation, ("declaration__start_key", "language")),
        (Correction, ("version__declaration__start_key", "section", "field")),
        (Case, ("declaration__start_key", "status")),
        (StatisticRun, ("activity__code", "status", "generated", "sheets")),
        (Assignment, ("case__declaration__start_key", "expert__user__email", "status")),
        (ScoreSheet, ("assignment__case__declaration__start_key", "status", "generated")),
        (
            Score,
            (
                "sheet__assignment__case__declaration__start_key",
                "sheet__assignment__expert__user__email",
                *("indicator__code", "value", "comment"),
            ),
        ),
        (Decision, ("case__declaration__start_key", "outcome", "total", "released_by__email")),
        (Objection, ("name", "status", "kind", "summary", "handled_by__email", "ruled_by__email")),
        (Technology, ("case__declaration__start_key", "number", "status", "seq")),
        (EarlierList, ("code", "status", "proposed_by__email", "released_by__email")),
        (Delivery, ("type", "seq", "state")),
        (StoredMail, ("recipient", "subject")),
        (AuditEntry, ("act", "subject_type", "before", "after", "actor__email")),
    )
    return {
        model.__name__: Counter(model._default_manager.values_list(*columns))
        for model, columns in rows
    }
