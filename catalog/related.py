"""Technologies that share something with one, and what: those that share most come first.

One question, of a bounded number of candidates: the newest of the sub-category and of the
holder, and the newest of all, among which a common pollutant or country of a case is looked for.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTransform
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Technology
from catalog.naming import title_of
from catalog.vocabulary import Vocabulary
from reference.vocabularies import Vocabulary as Terms

MOST = 6
# Candidates: what a trait is looked for in costs as much in a large catalogue as in a small one.
OF_SUBCATEGORY, OF_HOLDER, NEWEST = 200, 50, 500
NAMED = 3  # of a kind of reason


@dataclass(frozen=True, slots=True)
class Related:
    url: str
    number: str
    title: str
    title_lang: str
    reasons: tuple[str, ...]


def to(one: Technology, names: Vocabulary) -> list[Related]:
    """Return at most six listed technologies that share the most with this one."""
    traits = _traits(one)
    rows = _candidates(one).annotate(
        shared=sum((_counted(trait) for trait in traits), Value(0, IntegerField())),
        pollutants=KeyTransform("pollutants", "content"),
    )
    found = (
        rows.filter(shared__gt=0).order_by("-shared", "-listed_at", "pk").defer("content", "search")
    )
    return [_related(one, other, names) for other in found[:MOST]]


def _traits(one: Technology) -> list[Q]:
    traits = [Q(subcategory=one.subcategory_id), Q(holder=one.holder_id)]
    if pollutants := one.content["pollutants"]:
        traits.append(Q(content__pollutants__has_any_keys=pollutants))
    if one.case_countries:
        traits.append(Q(case_countries__has_any_keys=one.case_countries))
    return traits


def _counted(trait: Q) -> Case:
    return Case(When(trait, then=1), default=0, output_field=IntegerField())


def _candidates(one: Technology) -> QuerySet[Technology]:
    listed = Technology.objects.listed().order_by("-listed_at", "pk")
    some = (
        listed.filter(subcategory=one.subcategory_id)[:OF_SUBCATEGORY],
        listed.filter(holder=one.holder_id)[:OF_HOLDER],
        listed[:NEWEST],
    )
    among = Q()
    for rows in some:
        among |= Q(pk__in=rows.values("pk"))
    return Technology.objects.listed().filter(among).exclude(pk=one.pk)


def _related(one: Technology, other: Any, names: Vocabulary) -> Related:
    language, title = title_of(other)
    return Related(
        url=reverse("catalog:technology-detail", args=[other.pk]),
        number=other.number,
        title=title,
        title_lang=language,
        reasons=tuple(_reasons(one, other, names)),
    )


def _reasons(one: Technology, other: Any, names: Vocabulary) -> list[str]:
    reasons = []
    if other.subcategory_id == one.subcategory_id:
        reasons.append(_("same sub-category"))
    both = [code for code in one.content["pollutants"] if code in (other.pollutants or [])]
    if both:
        known = names.terms(Terms.POLLUTANT)
        reasons.append(_("also treats %(names)s") % {"names": _some(both, known)})
    if other.holder_id == one.holder_id:
        reasons.append(_("same holder"))
    both = [code for code in one.case_countries if code in other.case_countries]
    if both:
        named = _some(both, names.country)
        reasons.append(_("also a reference case in %(names)s") % {"names": named})
    return reasons


def _some(codes: list[str], names: dict[str, str]) -> str:
    # Translators: what stands between the words of a list.
    return _(", ").join(names.get(code, code) for code in codes[:NAMED])
