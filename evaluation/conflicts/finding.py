"""Conflicts of interest: which organisations a person may not judge, and why.

As a condition, asked of views of the database (``Tie``, ``TiedName``), it takes rights away
(``evaluation.rights``); as a list of reasons, asked of an expert, it is shown to the officer who
assigns. A test holds the two against each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices, Value
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.fields import BooleanField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import JSONObject
from django.db.models.lookups import In
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.keys import NameKey, NumberKey
from accounts.models import Membership, Organisation
from evaluation.conflicts import avoided
from evaluation.conflicts.words import ASKED, sentence
from evaluation.models import (
    BarringReview,
    Connected,
    Connection,
    CountingConnection,
    CountingEmployment,
    Expert,
    LateBar,
    PanelRecusal,
    Tie,
    TiedName,
)
from submissions.joint import SECTION, TABLE
from submissions.models import Declaration, DeclarationVersion, JointConfirmation


class Kind(TextChoices):
    EMPLOYER = "employer", _("The organisation is the expert’s employer.")
    MEMBER = "member", _("The expert acts for the organisation in the portal.")
    NAME = "name", _("The expert’s employer has the same name as the organisation.")
    # Another entry of the same body, under another name.
    REGISTRATION = (
        "registration",
        _(
            "The organisation has the registration number of one that employs the expert "
            "or that the expert acts for."
        ),
    )
    # Or under another name, or for another entry of the same body.
    HISTORY = "history", _("The expert worked for the organisation or advised it.")
    AVOIDED = "avoided", _("The applicant asked that this person does not judge; it was admitted.")
    PANEL = "panel", _("The expert declared a conflict of interest at a meeting of the panel.")
    # Where the rule says that it bars; which one it was is said by ``earlier_reviews``.
    JUDGED = "judged", _("The expert judged an earlier declaration of the same organisation.")
    # In which one, when and what it was is said by ``found_late``.
    LATE = (
        "late",
        _("A conflict of interest was found late, with another declaration of the organisation."),
    )
    CONNECTION = "connection", _("The expert is connected with the organisation.")
    JOINT = (
        "joint",
        _(
            "The expert works or worked for a joint applicant of this version, advised it, "
            "acts for it, or is connected with it."
        ),
    )


# What the history says as well is said by one of these already.
OF_THE_EMPLOYER = frozenset({Kind.EMPLOYER, Kind.NAME, Kind.REGISTRATION})


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why a person may not judge what an organisation declared."""

    kind: Kind
    reason: str | Promise


def conflicts(expert: Expert, declaration: Declaration) -> list[Conflict]:
    """Return why the expert may not judge this declaration; empty when free to."""
    return conflicts_of([expert], declaration)[expert.pk]


def conflicts_of(experts: Iterable[Expert], declaration: Declaration) -> dict[UUID, list[Conflict]]:
    """Return the conflicts of each expert, by id, in one query."""
    asked = Expert.objects.filter(pk__in=[expert.pk for expert in experts])
    return {one.pk: reasons(one) for one in against(asked, declaration)}


def against(experts: QuerySet[Expert], declaration: Declaration) -> QuerySet[Any]:
    """Add to each expert whether there is each kind of conflict with who declares it."""
    organisation_id = declaration.organisation_id
    of_it = Organisation.objects.filter(pk=organisation_id)
    member = Membership.objects.filter(user=OuterRef("pk"), organisation=organisation_id)
    named = _named(NameKey(OuterRef("employer_name")))
    others = twins_of(of_it)
    twins = keyed(others).filter(
        Q(pk=OuterRef("employer")) | Q(memberships__user=OuterRef("pk")) | named
    )
    body = Organisation.objects.filter(Q(pk=organisation_id) | Q(pk__in=others.values("pk")))
    employed = ExpressionWrapper(
        Q(employer=organisation_id, employer__isnull=False), output_field=BooleanField()
    )
    return experts.annotate(
        conflict_employer=employed,
        conflict_member=Exists(member),
        conflict_name=Exists(keyed(of_it).filter(named)),
        conflict_registration=Exists(twins),
        conflict_history=_worked_at(keyed(body)),
        conflict_avoided=_avoided(declaration),
        conflict_panel=_recused(declaration),
        conflict_judged=_judged(declaration),
        conflict_late=_found_late(declaration),
        conflict_connection=_connections(body),
        conflict_joint=_joint(declaration),
    )


def _worked_at(entries: QuerySet[Any], keys: Sequence[Combinable] = ()) -> Exists:
    """Ask whether the history names one of the entries, or one of the names, now or ever."""
    named = Q(key__in=entries.values("key_en")) | Q(key__in=entries.values("key_zh"))
    if keys:
        named |= Q(key__in=keys)
    rows: QuerySet[Any] = CountingEmployment.objects.filter(expert_id=OuterRef("pk"))
    found = rows.annotate(key=NameKey("name")).filter(
        Q(organisation_id__in=entries.values("pk")) | named
    )
    return Exists(found)


def _avoided(declaration: Declaration) -> Exists:
    """Ask whether the applicant was allowed that this person, or one of the name, is avoided."""
    rows = avoided.meaning(OuterRef("pk"), OuterRef("user__name"))
    return Exists(rows.filter(declaration=declaration))


def _recused(declaration: Declaration) -> Exists:
    """Ask whether the expert took no part in an item of a panel about this declaration."""
    rows = PanelRecusal.objects.filter(item__case__declaration=declaration)
    return Exists(rows.filter(member__expert=OuterRef("pk")))


def _judged(declaration: Declaration) -> Exists:
    """Ask whether the expert judged an earlier declaration of who declares, where that bars."""
    rows = BarringReview.objects.filter(declaration_id=declaration.pk)
    return Exists(rows.filter(user_id=OuterRef("pk")))


def _found_late(declaration: Declaration) -> Exists:
    """Ask whether a conflict was found late with another declaration of who declares."""
    rows = LateBar.objects.filter(declaration_id=declaration.pk)
    return Exists(rows.filter(user_id=OuterRef("pk")))


def _connections(entries: QuerySet[Organisation]) -> ArraySubquery:
    """Ask for the connections by which an expert is tied to one of the entries."""
    found = Connected.objects.filter(
        user_id=OuterRef(OuterRef("pk")), organisation_id__in=entries.values("pk")
    )
    rows = Connection.objects.filter(pk__in=found.values("connection_id")).order_by("pk")
    return ArraySubquery(rows.values(told=JSONObject(**{name: name for name in ASKED})))


def _joint(declaration: Declaration) -> Combinable:
    """Ask whether an expert is tied to a joint applicant: typed in by hand, not an entry of ours.

    Compared as entries are: by name, and by registration number within a country. Each was asked
    to confirm the version before it was accepted, so that nobody is named there unheard.
    """
    rows = _declared_with(declaration)
    keys = [NameKey(Value(one)) for one in sorted(_names(rows))]
    same = Q(key_en__in=keys) | Q(key_zh__in=keys)
    for row in rows:
        number = Value(str(row.get("registration_number") or ""))
        same |= Q(registered=NumberKey(number), country=row.get("country"))
    entries = keyed(numbered(Organisation.objects.all())).filter(same)
    tied = entries.filter(
        Q(pk=OuterRef("employer"))
        | Q(memberships__user=OuterRef("pk"))
        | _named(NameKey(OuterRef("employer_name")))
    )
    employed = Q(In(NameKey("employer_name"), keys)) if keys else Q(pk__in=())
    worked = Q(_worked_at(entries, keys)) | Q(_connected_with(entries, keys))
    return ExpressionWrapper(Q(Exists(tied)) | employed | worked, output_field=BooleanField())


def _connected_with(entries: QuerySet[Any], keys: Sequence[Combinable]) -> Combinable:
    """Ask whether an expert is connected with one of the entries, or one of the names."""
    found = Connected.objects.filter(
        user_id=OuterRef("pk"), organisation_id__in=entries.values("pk")
    )
    rows: QuerySet[Any] = CountingConnection.objects.filter(person_id=OuterRef("pk"))
    named = rows.annotate(key=NameKey("organisation_name")).filter(key__in=keys)
    either = Q(Exists(found)) | Q(Exists(named)) if keys else Q(Exists(found))
    return ExpressionWrapper(either, output_field=BooleanField())


def _declared_with(declaration: Declaration) -> list[dict[str, Any]]:
    """Return the joint applicants of the version in force, without the rest of its document."""
    if declaration.version_id is None:
        return []
    found = DeclarationVersion.objects.filter(pk=declaration.version_id).values_list(
        KeyTransform(TABLE, KeyTransform(SECTION, KeyTransform("sections", "content")))
    )
    rows = next(iter(found), (None,))[0]
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _names(rows: list[dict[str, Any]]) -> set[str]:
    return {str(row[key]) for row in rows for key in ("name_en", "name_zh") if row.get(key)}


def joint_names(declaration: Declaration) -> list[str]:
    """Return how the joint applicants of the version in force are called."""
    rows = _declared_with(declaration)
    return [str(one[key]) for one in rows for key in ("name_en", "name_zh") if one.get(key)]


def reasons(expert: Any) -> list[Conflict]:
    """Read the conflicts off an expert that ``against`` returned."""
    kinds = {kind for kind in Kind if getattr(expert, f"conflict_{kind.value}")}
    if kinds & OF_THE_EMPLOYER:
        kinds.discard(Kind.HISTORY)
    told = [
        Conflict(kind, kind.label) for kind in Kind if kind in kinds and kind != Kind.CONNECTION
    ]
    return told + [Conflict(Kind.CONNECTION, sentence(one)) for one in expert.conflict_connection]


def declared_jointly(user: Any) -> QuerySet[Any]:
    """Return the keys of declarations with a joint applicant the person may not judge.

    As ``against`` has it: by both names of each, and by the number within a country. Each was
    asked to confirm the version; that row is compared, by index, and no document is read.
    """
    asked: QuerySet[Any] = JointConfirmation.objects.filter(declaration__version=F("version"))
    rows = keyed(asked).annotate(registered=NumberKey("registration_number")).order_by()
    names = TiedName.objects.filter(user_id=user.pk).values("key")
    entries = numbered(
        Organisation.objects.filter(
            pk__in=Tie.objects.filter(user_id=user.pk).values("organisation_id")
        )
    )
    same = entries.filter(registered=OuterRef("registered"), country=OuterRef("country"))
    numbers = rows.filter(registered__in=entries.values("registered"))
    found: QuerySet[Any] = rows.filter(key_en__in=names).values("declaration")
    return found.union(
        rows.filter(key_zh__in=names).values("declaration"),
        numbers.filter(Exists(same)).values("declaration"),
    )


def twins_of(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Return the other entries of the same country with the registration number of one of these."""
    same = numbered(organisations).filter(
        registered=OuterRef("registered"), country=OuterRef("country")
    )
    return numbered(Organisation.objects.all()).filter(Exists(same.exclude(pk=OuterRef("pk"))))


def numbered(organisations: QuerySet[Organisation]) -> QuerySet[Any]:
    return organisations.annotate(registered=NumberKey("registration_number"))


def keyed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add both names as keys, to be compared."""
    found: QuerySet[Any] = rows.annotate(key_en=NameKey("name_en"), key_zh=NameKey("name_zh"))
    return found


def _named(key: Combinable) -> Q:
    return Q(key_en=key) | Q(key_zh=key)
