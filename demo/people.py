"""Who there is in the demonstration. All of them are invented, and their names say so."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role

DOMAIN = "demo.example"
# Printed by run.py and shown on a page: the demonstration hides nothing.
PASSWORD = "walk-the-green-road"  # noqa: S105 -- see above


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    key: str
    name: str
    language: str = "en"
    role: Role | None = None

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Login:
    """A person one can sign in as, and what there is to do for them."""

    person: Person
    label: str | Promise
    task: str | Promise
    # The pages of their work, as URL names; those that do not exist are left out.
    places: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.person.key


@dataclass(frozen=True, slots=True)
class ExpertProfile:
    """What the pool knows of an expert."""

    person: Person
    title: str
    employer: str
    fields: tuple[str, ...]
    since: int = 2008  # works in the field
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    biography: str = ""
    cap: int | None = None
    # Where else: kind, name, first and last month.
    history: tuple[tuple[str, str, dt.date, dt.date | None], ...] = ()


OWNER = Person("owner", "Du Heping (demo)")
EDITOR = Person("editor", "Sanna Ruiz (demo)")
OFFICER = Person("officer", "Lin Qiao (demo)", role=Role.OFFICER)
SECOND_OFFICER = Person("officer2", "Rustam Ngo (demo)", role=Role.OFFICER)
THIRD_OFFICER = Person("officer3", "Bela Santoso (demo)", role=Role.OFFICER)
# Released what is objected to, so that the third can rule on it; nobody signs in as this one.
FOURTH_OFFICER = Person("officer4", "Ama Petrov (demo)", role=Role.OFFICER)
EXPERT = Person("expert", "Mara Okoye (demo)", role=Role.EXPERT)
SYSTEM = Person("system", "Tao Ferrer (demo)", role=Role.SYSTEM)
AUDITOR = Person("auditor", "Ines Baatar (demo)", role=Role.AUDITOR)
# Files what real organisations published; nobody of theirs has an account here.
CLERK = Person("clerk", "Clerk of the demonstration (demo)")

MY_DECLARATIONS = "submissions:declaration-list"


def _expert(key: str, name: str, title: str, employer: str, fields: str) -> ExpertProfile:
    person = Person(key, f"{name} (demo)", role=Role.EXPERT)
    return ExpertProfile(person, title, f"{employer} (invented)", tuple(fields.split()))


# Each field has at least six of them, so that five can be found for any declaration.
EXPERTS = (
    ExpertProfile(
        EXPERT,
        "Professor",
        "Lakeside University (invented)",
        ("AIR", "WAT", "MON"),
        since=2004,
        keywords=("membrane bioreactor", "膜生物反应器", "online monitoring"),
        languages=("en", "zh-hans"),
        biography="Works on water reuse and on measuring it. An invented person.",
        history=(
            ("further", "Delta Water Board (invented)", dt.date(2016, 1, 1), None),
            (
                "employed",
                "Northern Plains University (invented)",
                dt.date(2004, 9, 1),
                dt.date(2007, 8, 31),
            ),
            (
                "consultancy",
                "Harbour Filters (invented)",
                dt.date(2019, 3, 1),
                dt.date(2020, 6, 30),
            ),
        ),
    ),
    _expert("e02", "Bao Lihua", "Professor", "Institute of River Basins", "WAT SOI"),
    _expert("e03", "Tomas Adeyemi", "Senior engineer", "Harbour Polytechnic", "AIR WAT MON"),
    _expert("e04", "Yusuf Lindqvist", "Engineer", "Clean Kiln Laboratory", "AIR SOL"),
    _expert("e05", "Gao Xiangning", "Professor", "Northern Plains University", "SOI SOL WAT"),
    _expert("e06", "Paola Sithole", "Senior engineer", "Institute of Soils", "SOI MON"),
    _expert("e07", "Wei Jingmo", "Researcher", "Centre for Air Chemistry", "AIR MON"),
    _expert("e08", "Nadia Vestergaard", "Professor", "Harbour Polytechnic", "SOL WAT SOI"),
    _expert("e09", "Kenji Morales", "Senior engineer", "Waste Research Station", "SOL AIR"),
    _expert("e10", "Asel Thompson", "Researcher", "Observatory of the Steppe", "MON AIR SOI"),
    _expert("e11", "Shen Yufan", "Senior engineer", "Institute of River Basins", "WAT SOL MON"),
    _expert("e12", "Olga Banerjee", "Professor", "Southern Coast University", "SOI WAT SOL AIR"),
)

LOGINS: tuple[Login, ...] = (
    Login(
        OWNER,
        _("Enterprise, owner of the account"),
        _("Correct a returned declaration, follow others, declare a technology, withdraw one."),
        (MY_DECLARATIONS, "submissions:activity-list"),
    ),
    Login(
        EDITOR,
        _("Enterprise, editor"),
        _("Finish the draft that the firm began, upload files, submit."),
        (MY_DECLARATIONS, "submissions:activity-list"),
    ),
    Login(
        OFFICER,
        _("Officer"),
        _("Check declarations, assign experts, run the panel, write feedback, decide."),
        ("admin:submissions_declaration_changelist", "admin:evaluation_case_changelist"),
    ),
    Login(
        SECOND_OFFICER,
        _("Second officer"),
        _("Release what the first officer decided, or send it back."),
        ("admin:evaluation_case_changelist", "admin:catalog_technology_changelist"),
    ),
    Login(
        THIRD_OFFICER,
        _("Third officer"),
        _("Do what needs somebody other than the first two: release, rule, sign for CAEPI."),
        ("admin:evaluation_case_changelist", "admin:evaluation_objection_changelist"),
    ),
    Login(
        EXPERT,
        _("Expert"),
        _("Answer invitations, finish a half-written score sheet, submit it."),
        ("evaluation:work-list", "evaluation:expert-profile"),
    ),
    *(
        Login(
            one.person,
            label,
            _("Attend the announced meeting of the panel beside the chair, and vote."),
            ("evaluation:panel-list",),
        )
        for label, one in zip(
            (_("First member of the panel"), _("Second member of the panel")),
            EXPERTS[1:3],
            strict=True,
        )
    ),
    Login(
        SYSTEM,
        _("System administrator"),
        _("Grant and take away roles, look at the outbox."),
        ("admin:accounts_user_changelist", "admin:core_outboxmessage_changelist"),
    ),
    Login(
        AUDITOR,
        _("Auditor"),
        _("Read the chained record of every act."),
        ("admin:core_auditentry_changelist",),
    ),
)

# They wait for an officer: no role yet, and an application to decide.
APPLICANTS = (
    ExpertProfile(
        Person("a01", "Hui Santos (demo)"),
        "Associate professor",
        "Institute of Soils (invented)",
        ("SOI",),
        since=2011,
        keywords=("soil washing", "土壤淋洗"),
        languages=("en", "zh-hans"),
    ),
    ExpertProfile(
        Person("a02", "Peter Njoroge (demo)"),
        "Engineer",
        "Clean Kiln Laboratory (invented)",
        ("AIR", "SOL"),
        since=2023,
        keywords=("dust removal",),
    ),
)
NOMINATED = Person("n01", "Lu Anqing (demo)", language="zh-hans")  # has no account yet
PUT_FORWARD = Person("n02", "Mara Lindqvist (demo)")  # nor has who the invented firm nominates
