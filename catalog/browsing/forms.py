"""What a reader may ask of the list, out of the address: nothing in it can break the page."""

import re
from collections.abc import Iterable
from typing import Any

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.http import QueryDict  # noqa: TID251 -- the form reads an address
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.browsing import addresses, ordering
from catalog.browsing.finding import Range, Wanted
from catalog.browsing.measures import Measures
from catalog.browsing.ordering import NEWEST, RELEVANCE, Key
from catalog.browsing.traits import FACETS
from catalog.vocabulary import Vocabulary
from submissions.scheme.decimals import NumberError, parse

LONGEST = 200
MOST_RANGES = 10  # bounds an address may set
MOST_CODES = 20  # of a facet; each is a filter to take away, on every page of the list
ORDERS = {NEWEST: gettext_lazy("Newest"), RELEVANCE: gettext_lazy("Best match")}
YEAR = re.compile(r"(19|20)[0-9]{2}")


class Codes(forms.MultipleChoiceField):
    """Codes of a facet; those that are unknown or too many are left out and counted."""

    widget = forms.MultipleHiddenInput

    def __init__(self, facet: str, known: dict[str, str]) -> None:
        super().__init__(required=False)
        self.facet, self.known = facet, known
        self.left_out = 0

    def clean(self, value: Any) -> list[str]:
        asked = list(dict.fromkeys(value or []))
        kept = [code for code in asked if self._is_known(code)][:MOST_CODES]
        self.left_out = len(asked) - len(kept)
        return kept

    def _is_known(self, code: str) -> bool:
        return bool(YEAR.fullmatch(code)) if self.facet == "year" else code in self.known


class BrowseForm(forms.Form):
    """Search, filters, ranges, order and page of the catalogue."""

    q = forms.CharField(
        label=gettext_lazy("Search the pool"),
        max_length=LONGEST,
        required=False,
        widget=forms.SearchInput,
    )
    sort = forms.CharField(required=False)
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)

    def __init__(self, data: QueryDict, *, vocabulary: Vocabulary) -> None:
        super().__init__(data)
        self.measures = Measures(vocabulary)
        # As typed, and what is wrong with it: by measure. Shown at the place.
        self.bounds: dict[str, dict[str, str]] = {}
        self.errors_of: dict[str, str] = {}
        self._not_understood: list[str | Promise] = []
        for name in FACETS:
            self.fields[name] = Codes(name, vocabulary.of(name))
        self.fields["q"].widget.attrs |= {
            "placeholder": gettext_lazy("Name, pollutant, industry"),
            "aria-label": gettext_lazy("Search the pool"),
        }
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_show_labels = False
        self.helper.attrs = {"role": "search"}
        button = StrictButton(gettext_lazy("Search"), type="submit", css_class="btn-primary")
        # Chosen facets, and bounds, travel with a new search; order and page begin anew.
        self.helper.layout = Layout(FieldWithButtons("q", button), *(Field(n) for n in FACETS))

    def wanted(self) -> Wanted:
        """Return what can be understood of the address; the rest is in ``notices``."""
        self.full_clean()
        values = self.cleaned_data
        order = self._order()
        after, before = self._key("after", order), self._key("before", order)
        return Wanted(
            text=values.get("q", ""),
            chosen={name: values[name] for name in FACETS if values.get(name)},
            ranges=tuple(self._ranges()),
            order=order,
            after=after,
            before=None if after else before,
        )

    def _order(self) -> str:
        """The best match comes first when something is looked for, else the newest."""
        chosen = self.cleaned_data.get("sort") or ""
        usual = RELEVANCE if self.cleaned_data.get("q") else NEWEST
        if chosen in ("", NEWEST) or (chosen == RELEVANCE and usual == RELEVANCE):
            return chosen or usual
        by_figure = chosen.startswith((ordering.LOW, ordering.HIGH))
        if by_figure and self.measures.named(chosen.partition(".")[2]):
            return chosen
        if chosen != RELEVANCE:
            self._not_understood.append(gettext_lazy("The list cannot be sorted like that."))
        return usual

    def _key(self, name: str, order: str) -> Key | None:
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            key = ordering.read_key(text, order)
        except ValueError:
            self._not_understood.append(
                gettext_lazy(
                    "This is not the address of a page. The list begins at its first page."
                )
            )
            return None
        return key

    def _ranges(self) -> list[Range]:
        """Return the bounds that were understood; what was typed stays in ``bounds``."""
        typed: dict[str, dict[str, str]] = {}
        for name in self.data:
            side, _dot, measure = name.partition(".")
            if side in addresses.SIDES and (text := self.data[name].strip()):
                typed.setdefault(measure, {})[side] = text[:LONGEST]
        found = []
        for measure, sides in list(typed.items())[:MOST_RANGES]:
            if not self.measures.named(measure):
                self._not_understood.append(UNKNOWN)
                continue
            self.bounds[measure] = sides
            self._carry(measure, sides)
            if (one := self._range(measure, sides)) is not None:
                found.append(one)
        return found

    def _carry(self, measure: str, sides: Iterable[str]) -> None:
        """Let a new search carry these bounds; as fields, whose values are never read as code."""
        for name in (f"{side}.{measure}" for side in sides):
            hidden = forms.HiddenInput({"id": False})  # a measure is no good one
            self.fields[name] = forms.CharField(widget=hidden, required=False)
            self.helper.layout.append(Field(name))

    def _range(self, measure: str, sides: dict[str, str]) -> Range | None:
        try:
            least, most = (
                float(parse(sides[side])) if side in sides else None for side in addresses.SIDES
            )
        except NumberError as error:
            self.errors_of[measure] = str(error)
            return None
        if least is not None and most is not None and least > most:
            self.errors_of[measure] = _("The lowest figure is higher than the highest.")
            return None
        return Range(measure, least, most)

    def notices(self) -> list[str]:
        """Say what of the address was not understood, and what was done about it."""
        notices = list(dict.fromkeys(str(text) for text in self._not_understood))
        unknown = any(isinstance(one, Codes) and one.left_out for one in self.fields.values())
        if unknown and str(UNKNOWN) not in notices:
            notices.append(str(UNKNOWN))
        # Also where the filters stand, which may be folded up.
        notices += [
            _("%(what)s: %(why)s") % {"what": self.measures.named(measure), "why": why}
            for measure, why in self.errors_of.items()
        ]
        return notices


UNKNOWN = gettext_lazy("A filter of this address is unknown here and was left out.")
