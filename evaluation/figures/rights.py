"""Rows of the table of rights: the figures of activities and of single declarations.

Experts and enterprises have no row here. Whose declaration is hidden from an officer is hidden
among the figures too; an auditor reads all but those of an organisation of their own.
"""

from accounts.relations import granted
from accounts.roles import Role
from core.rights import Address, Bar, ObjectRights, Relation, Rule, rule, staff
from evaluation.figures.states import UNFINISHED
from evaluation.models import FigureScenario, StatisticRun
from evaluation.relations import COMPETING, OFFICERS, THEIRS, competing, conflicting
from evaluation.states import WITH_FIGURES

AUDITORS = frozenset({Role.AUDITOR})
READERS: dict[str, Relation] = {
    Role.OFFICER: granted(Role.OFFICER),
    Role.AUDITOR: granted(Role.AUDITOR),
}

OBJECTS = (
    ObjectRights(
        "statistic run",
        StatisticRun,
        relations={**READERS},
        rules=[
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "cancel", UNFINISHED),
            rule(Role.AUDITOR, "read"),
            rule(Role.PORTAL, "read compute"),
        ],
        bars=[Bar(OFFICERS | AUDITORS, competing("activity"), COMPETING)],
    ),
    ObjectRights(
        "scenario",
        FigureScenario,
        relations={**READERS},
        rules=[rule(Role.OFFICER, "read add"), rule(Role.AUDITOR, "read")],
        state_field="",
        bars=[Bar(OFFICERS | AUDITORS, competing("run__activity"), COMPETING)],
    ),
)

# On the cases of ``evaluation.rights``: "figures" is to read those of one declaration.
ON_CASE: tuple[dict[str, Relation], list[Rule]] = (
    {Role.AUDITOR: granted(Role.AUDITOR)},
    [
        rule(Role.OFFICER, "figures", WITH_FIGURES),
        rule(Role.AUDITOR, "figures", WITH_FIGURES),
    ],
)
CASE_BAR = Bar(AUDITORS, conflicting("declaration__organisation"), THEIRS, frozenset({"figures"}))

ADDRESSES: dict[str, Address] = {
    "admin:evaluation_statisticrun_*": staff(Role.OFFICER, Role.AUDITOR),
    "admin:evaluation_statisticrun_add": staff(Role.OFFICER, needs="add statistic run"),
    "admin:evaluation_figurescenario_*": staff(Role.OFFICER, Role.AUDITOR),
}
