"""What may be chosen in a declaration: the vocabulary as lists of codes and names.

One object serves one page: each list is read from the database once, when first asked for.
"""

from collections.abc import Iterable
from functools import cached_property

from reference.models import Country, Subcategory, Term
from reference.names import in_language
from submissions.models import Activity
from submissions.scheme.fields import FieldSpec

Choice = tuple[str, str]
Group = tuple[str, list[Choice]]


class Choices:
    """The lists behind the fields; ``activity`` narrows the sub-categories to its fields."""

    def __init__(self, activity: Activity | None = None) -> None:
        self._activity = activity

    def known(self, source: str) -> frozenset[str]:
        """Name the codes a source offers now, for the rules of ``submissions.scheme.fields``."""
        if source == "country":
            return frozenset(self.countries)
        if source == "subcategory":
            return frozenset(code for _g, choices in self.subcategories for code, _n in choices)
        return frozenset(code for code, _name in self.offered_terms(source))

    def of(self, field: FieldSpec) -> list[Choice] | list[Group]:
        """List what the field offers, by name; sub-categories grouped by field of technology."""
        if field.options:
            return [(code, in_language(names)) for code, names in field.options]
        if field.source == "country":
            return sorted(self.countries.items(), key=lambda choice: choice[1])
        if field.source == "subcategory":
            return self.subcategories
        return self.offered_terms(field.source)

    def label(self, field: FieldSpec, code: str) -> str:
        """Name what was chosen, also when it is no longer offered."""
        if field.options:
            return next((in_language(names) for c, names in field.options if c == code), code)
        if field.source == "country":
            return self.countries.get(code, code)
        if field.source == "subcategory":
            return self._all_subcategories.get(code, code)
        return self._terms.get(field.source, {}).get(code, (code, True))[0]

    def offered_terms(self, vocabulary: str) -> list[Choice]:
        terms = self._terms.get(vocabulary, {})
        return [(code, name) for code, (name, active) in terms.items() if active]

    @cached_property
    def countries(self) -> dict[str, str]:
        rows = Country.objects.values_list("code", "names")
        return {code: in_language(names) for code, names in rows}

    @cached_property
    def subcategories(self) -> list[Group]:
        groups: dict[str, list[Choice]] = {}
        for one in self._offered_subcategories():
            groups.setdefault(one.field.name, []).append((one.code, one.name))
        return list(groups.items())

    @cached_property
    def _all_subcategories(self) -> dict[str, str]:
        rows = Subcategory.objects.values_list("code", "names")
        return {code: in_language(names) for code, names in rows}

    def _offered_subcategories(self) -> Iterable[Subcategory]:
        rows = Subcategory.objects.active().select_related("field")
        if self._activity is not None:
            rows = rows.filter(field__in=self._activity.fields.values("pk"))
        return rows

    @cached_property
    def _terms(self) -> dict[str, dict[str, tuple[str, bool]]]:
        terms: dict[str, dict[str, tuple[str, bool]]] = {}
        for vocabulary, code, names, active in Term.objects.values_list(
            "vocabulary", "code", "names", "active"
        ):
            terms.setdefault(vocabulary, {})[code] = (in_language(names), active)
        return terms
