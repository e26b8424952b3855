"""Names of the codes a record holds; each list is read once per page, when it is asked for."""

from functools import cached_property

from catalog import labels
from reference.models import Country, Field, Indicator, Subcategory, Term, Unit
from reference.models import Vocabulary as Terms
from reference.names import in_language
from reference.units import printed


class Vocabulary:
    """The reference as code and name, in the reader's language."""

    @cached_property
    def field(self) -> dict[str, str]:
        return {c: in_language(names) for c, names in Field.objects.values_list("code", "names")}

    @cached_property
    def subcategory(self) -> dict[str, str]:
        rows = Subcategory.objects.values_list("code", "names")
        return {code: in_language(names) for code, names in rows}

    @cached_property
    def country(self) -> dict[str, str]:
        rows = Country.objects.values_list("code", "names")
        return {code: in_language(names) for code, names in rows}

    @property
    def case_country(self) -> dict[str, str]:
        return self.country

    @property
    def maturity(self) -> dict[str, str]:
        return self.terms(Terms.MATURITY)

    @property
    def evidence(self) -> dict[str, str]:
        return {code: str(label) for code, label in labels.EVIDENCE.items()}

    def terms(self, vocabulary: str) -> dict[str, str]:
        return self._terms.get(vocabulary, {})

    @cached_property
    def unit(self) -> dict[str, str]:
        rows = Unit.objects.values_list("code", "symbol", "names")
        return {code: printed(code, symbol, names) for code, symbol, names in rows}

    @cached_property
    def indicator(self) -> dict[str, str]:
        rows = Indicator.objects.values_list("code", "names")
        return {code: in_language(names) for code, names in rows}

    @cached_property
    def _terms(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for vocabulary, code, names in Term.objects.values_list("vocabulary", "code", "names"):
            found.setdefault(vocabulary, {})[code] = in_language(names)
        return found

    def of(self, facet: str) -> dict[str, str]:
        """Return the codes a facet knows."""
        known: dict[str, str] = getattr(self, facet)
        return known
