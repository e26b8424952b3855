"""What a kept address asks for, read as the list reads it."""

from dataclasses import dataclass, replace

from django.http import QueryDict  # noqa: TID251 -- reads an address

from catalog.browsing import page
from catalog.browsing.addresses import address
from catalog.browsing.finding import Wanted
from catalog.browsing.forms import BrowseForm
from catalog.browsing.ordering import NEWEST, RELEVANCE
from catalog.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Search:
    query: str  # the address, canonical: neither order nor page
    wanted: Wanted
    words: list[str]  # for people, in their language
    notices: list[str]  # what of the address was not understood, and left out


def read(query: str, names: Vocabulary) -> Search:
    form = BrowseForm(QueryDict(query.removeprefix("?")), vocabulary=names)
    wanted = form.wanted()
    order = RELEVANCE if wanted.text else NEWEST
    wanted = replace(wanted, order=order, after=None, before=None)
    filters = [str(one["label"]) for one in page.active(wanted, form, names)]
    text = [f"“{wanted.text}”"] if wanted.text else []
    wrong = [str(one) for errors in form.errors.values() for one in errors]
    return Search(address(wanted), wanted, [*text, *filters], [*wrong, *form.notices()])
