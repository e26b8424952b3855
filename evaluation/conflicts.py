"""Conflicts of interest: which organisations a person may not judge, and why.

There is one definition, in SQL. As a condition it takes rights away (``evaluation.rights``); as
a list of reasons it is shown to the officer who assigns.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextChoices, Value
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.fields import BooleanField, CharField
from django.db.models.functions import Lower, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from evaluation.models import Expert
from submissions.models import Declaration

SPACES = " \t\n\u00a0\u2009\u3000"


class Kind(TextChoices):
    EMPLOYER = "employer", _("The organisation is the expert’s employer.")
    MEMBER = "member", _("The expert acts for the organisation in the portal.")
    NAME = "name", _("The expert’s employer has the same name as the organisation.")


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why a person may not judge what an organisation declared."""

    kind: Kind
    reason: str | Promise


def conflicts(expert: Expert, declaration: Declaration) -> list[Conflict]:
    """Return why the expert may not judge this declaration; empty when she may."""
    return conflicts_of([expert], declaration)[expert.pk]


def conflicts_of(experts: Iterable[Expert], declaration: Declaration) -> dict[UUID, list[Conflict]]:
    """Return the conflicts of each expert, by her id, in one query."""
    asked = Expert.objects.filter(pk__in=[expert.pk for expert in experts])
    return {one.pk: reasons(one) for one in against(asked, declaration.organisation_id)}


def against(experts: QuerySet[Expert], organisation_id: UUID) -> QuerySet[Any]:
    """Add to each expert whether she has each kind of conflict with the organisation."""
    of_it = Organisation.objects.filter(pk=organisation_id)
    member = Membership.objects.filter(user=OuterRef("pk"), organisation=organisation_id)
    employed = ExpressionWrapper(
        Q(employer=organisation_id, employer__isnull=False), output_field=BooleanField()
    )
    return experts.annotate(
        conflict_employer=employed,
        conflict_member=Exists(member),
        conflict_name=Exists(_keyed(of_it).filter(_named(_key(OuterRef("employer_name"))))),
    )


def reasons(expert: Any) -> list[Conflict]:
    """Read the conflicts off an expert that ``against`` returned."""
    return [
        Conflict(kind, kind.label) for kind in Kind if getattr(expert, f"conflict_{kind.value}")
    ]


def organisations_of(user: Any) -> QuerySet[Organisation]:
    """Return the organisations a person may not judge: hers, her employer, its namesakes.

    Officers are asked the same, whether or not they are experts as well.
    """
    expert = Expert.objects.filter(user=user)
    own = Membership.objects.filter(user=user).values("organisation")
    employer = expert.exclude(employer=None).values("employer")
    namesakes = _keyed(Organisation.objects.all()).filter(
        Q(key_en__in=expert.values_list(_key("employer_name")))
        | Q(key_zh__in=expert.values_list(_key("employer_name")))
    )
    return Organisation.objects.filter(
        Q(pk__in=own) | Q(pk__in=employer) | Q(pk__in=namesakes.values("pk"))
    )


def _keyed(organisations: QuerySet[Organisation]) -> QuerySet[Any]:
    return organisations.annotate(key_en=_key("name_en"), key_zh=_key("name_zh"))


def _named(key: Combinable) -> Q:
    return Q(key_en=key) | Q(key_zh=key)


def _key(name: str | OuterRef) -> Combinable:
    """What two names are compared by: neither case nor spacing; an empty name equals none."""
    bare = Func(
        Lower(name), Value(SPACES), Value(""), function="translate", output_field=CharField()
    )
    return NullIf(bare, Value(""))
