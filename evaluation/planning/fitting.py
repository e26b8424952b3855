"""How well each expert fits each declaration, read from what both say and from past work."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.db.models.fields.json import KeyTransform

from evaluation.assignment.affinity import Affinity, Profile, Topic, affinity, specialists
from evaluation.assignment.problem import Bools
from evaluation.models import Expert, ScoreSheet
from evaluation.planning.facts import Facts
from submissions.models import DeclarationVersion, TranslationVersion


def fit(facts: Facts) -> tuple[Affinity, Bools]:
    """Return affinities with their terms, and who is of which sub-category; six queries."""
    topics, profiles = _topics(facts), _profiles(facts)
    return affinity(topics, profiles), specialists(topics, profiles)


def _topics(facts: Facts) -> list[Topic]:
    versions = [one.version for one in facts.rows]
    technology = KeyTransform("technology", KeyTransform("sections", "content"))
    rows = DeclarationVersion.objects.filter(pk__in=versions)
    words = rows.values_list("pk", KeyTransform("keywords", technology))
    keywords = {pk: _words(given) for pk, given in words}
    translated: dict[int, set[str]] = {}
    texts = TranslationVersion.objects.filter(version__in=versions).order_by()
    for version, language in texts.values_list("version", "language").distinct():
        translated.setdefault(version, set()).add(language)
    return [
        Topic(
            one.field,
            one.sub_category,
            keywords[one.version],
            frozenset({one.language} | translated.get(one.version, set())),
        )
        for one in facts.rows
    ]


def _words(given: Any) -> tuple[str, ...]:
    """Return keywords, typed as a list or in one text."""
    if isinstance(given, str):
        return (given,)
    return tuple(str(one) for one in given) if isinstance(given, list) else ()


def _profiles(facts: Facts) -> list[Profile]:
    keys = [one.expert for one in facts.columns]
    fields = _by_expert(Expert.fields.through.objects.filter(expert__in=keys), "field")
    subs = _by_expert(Expert.subcategories.through.objects.filter(expert__in=keys), "subcategory")
    past = _past(keys)
    return [
        Profile(
            frozenset(fields.get(one.expert, ())),
            frozenset(subs.get(one.expert, ())),
            one.keywords,
            frozenset(one.languages),
            past.get(one.expert, {}),
        )
        for one in facts.columns
    ]


def _by_expert(rows: Any, column: str) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for expert, code in rows.values_list("expert", column):
        found.setdefault(expert, set()).add(code)
    return found


def _past(experts: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Return how many sheets each has submitted, by sub-category and by field."""
    found: dict[UUID, dict[str, int]] = {}
    sheets = ScoreSheet.objects.submitted().filter(assignment__expert__in=experts).order_by()
    place = "assignment__case__declaration__subcategory"
    for expert, sub, field, number in sheets.values_list(
        "assignment__expert", place, f"{place}__field"
    ).annotate(number=Count("pk")):
        counts = found.setdefault(expert, {})
        for code in (sub, field):
            if code:
                counts[code] = counts.get(code, 0) + number
    return found
