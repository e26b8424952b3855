"""What measures are called: “Removal of COD (%)”, “Unit investment (CNY per m³/d)”."""

from django.utils.translation import gettext as _

from catalog.browsing import ranges
from catalog.browsing.ranges import CAPACITY, INDICATOR, INVESTMENT, Measure
from catalog.vocabulary import Vocabulary
from reference import scales
from reference.vocabularies import Vocabulary as Terms

CURRENCY = Terms.CURRENCY


class Measures:
    """Names of measures in the language of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names = vocabulary

    def named(self, text: str) -> str:
        """Return what the measure an address carries is called; "" when there is no such one."""
        try:
            measure = ranges.measure(text)
        except ValueError:
            return ""
        return self.name(measure) if self._is_known(measure) else ""

    def _is_known(self, measure: Measure) -> bool:
        """Say whether figures are held on it: in the unit compared in, in a currency there is."""
        if measure.unit not in self._names.unit or scales.base_of(measure.unit) != measure.unit:
            return False
        if measure.kind == CAPACITY:
            return not measure.of
        known = self._names.indicator if measure.kind == INDICATOR else self._names.terms(CURRENCY)
        return measure.of in known

    def name(self, measure: Measure) -> str:
        unit = self._names.unit.get(measure.unit, measure.unit)
        if measure.kind == INDICATOR:
            what = self._names.indicator.get(measure.of, "")
            return _("%(what)s (%(unit)s)") % {"what": what, "unit": unit} if what else ""
        if measure.kind == CAPACITY:
            return _("Capacity of the reference plant (%(unit)s)") % {"unit": unit}
        price = {"currency": measure.of, "unit": unit}
        if measure.kind == INVESTMENT:
            return _("Unit investment (%(currency)s per %(unit)s)") % price
        return _("Operating cost (%(currency)s per %(unit)s)") % price
