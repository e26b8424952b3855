"""What a reader may ask of the list, out of the address: nothing in it can break the page."""

from typing import Any

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.http import QueryDict  # noqa: TID251 -- the form reads an address
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.browsing import FACETS, NEWEST, RELEVANCE, Key, Wanted, read_key, write_key
from catalog.vocabulary import Vocabulary

LONGEST = 200
ORDERS = {NEWEST: _("Newest"), RELEVANCE: _("Best match")}


class Codes(forms.MultipleChoiceField):
    """Codes of a facet; those that are unknown are left out and counted."""

    widget = forms.MultipleHiddenInput

    def __init__(self, known: dict[str, str]) -> None:
        super().__init__(required=False, choices=list(known.items()))
        self.known = known
        self.unknown = 0

    def clean(self, value: Any) -> list[str]:
        asked = list(dict.fromkeys(value or []))
        kept = [code for code in asked if code in self.known]
        self.unknown = len(asked) - len(kept)
        return kept


class BrowseForm(forms.Form):
    """Search, filters, order and page of the catalogue."""

    q = forms.CharField(label=_("Search the pool"), max_length=LONGEST, required=False)
    sort = forms.CharField(required=False)
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)

    def __init__(self, data: QueryDict, *, vocabulary: Vocabulary) -> None:
        super().__init__(data)
        self._not_understood: list[str | Promise] = []
        for name in FACETS:
            self.fields[name] = Codes(vocabulary.of(name))
        self.fields["q"].widget.attrs |= {
            "type": "search",
            "placeholder": _("Name, pollutant, industry"),
            "aria-label": _("Search the pool"),
        }
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_show_labels = False
        self.helper.attrs = {"role": "search"}
        button = StrictButton(_("Search"), type="submit", css_class="btn-primary")
        # Chosen facets travel with a new search; order and page begin anew.
        self.helper.layout = Layout(FieldWithButtons("q", button), *(Field(n) for n in FACETS))

    def order(self) -> str:
        """The best match comes first when something is looked for, else the newest."""
        chosen = self.cleaned_data.get("sort")
        if not self.cleaned_data.get("q"):
            return NEWEST
        return chosen if chosen in ORDERS else RELEVANCE

    def _key(self, name: str) -> Key | None:
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            return read_key(text, self.order())
        except ValueError:
            self._not_understood.append(
                _("This is not the address of a page. The list begins at its first page.")
            )
            return None

    def wanted(self) -> Wanted:
        """Return what can be understood of the address; the rest is in ``notices``."""
        self.full_clean()
        values = self.cleaned_data
        if values.get("sort", "") not in ("", *ORDERS):
            self._not_understood.append(_("The list cannot be sorted like that."))
        after, before = self._key("after"), self._key("before")
        return Wanted(
            text=values.get("q", ""),
            chosen={name: values[name] for name in FACETS if values.get(name)},
            order=self.order(),
            after=after,
            before=None if after else before,
        )

    def notices(self) -> list[str]:
        """Say what of the address was not understood, and what was done about it."""
        notices = [str(text) for text in self._not_understood]
        if any(isinstance(one, Codes) and one.unknown for one in self.fields.values()):
            notices.append(str(_("A filter of this address is unknown here and was left out.")))
        return notices


def address(wanted: Wanted, *, chosen: dict[str, list[str]] | None = None, **other: Any) -> str:
    """Return the query string of what is wanted, with ``chosen`` or ``other`` in its place."""
    query = QueryDict(mutable=True)
    if wanted.text:
        query["q"] = wanted.text
    for name, codes in (wanted.chosen if chosen is None else chosen).items():
        if codes:
            query.setlist(name, codes)
    sort = other.get("sort", wanted.order)
    if wanted.text and sort != RELEVANCE:
        query["sort"] = sort
    for name in ("after", "before"):
        if other.get(name):
            query[name] = write_key(other[name])
    return f"?{query.urlencode()}"
