"""What is new in a list, as Atom 1.0 (RFC 4287) and RSS 2.0: of any list there is an address of."""

import datetime as dt
from dataclasses import dataclass, replace
from email.utils import format_datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.browsing import figures, ordering, search
from catalog.browsing.addresses import address
from catalog.browsing.finding import Sifted, Wanted, in_order
from catalog.browsing.forms import BrowseForm
from catalog.browsing.held import held_at
from catalog.browsing.ordering import NEWEST, RELEVANCE
from catalog.harvest import about, changes
from catalog.harvest.markup import Element, add, named, written
from catalog.models import Technology, TechnologyQuerySet
from catalog.naming import holder_name, preferred, title_of
from catalog.version import Version
from catalog.vocabulary import Vocabulary
from reference.names import in_language

MOST = 50
ATOM = "http://www.w3.org/2005/Atom"
# Tags are minted in the name of who held the domain on this day (RFC 4151).
_MINTED = "2026"
_BEFORE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest of a list, in the language of the reader."""

    title: str
    wanted: Wanted
    rows: list[Technology]  # each with ``told_at``
    names: Vocabulary

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def tag(self) -> str:
        return about.tag(self.language)

    @property
    def page(self) -> str:
        query = address(self.wanted).removesuffix("?")
        return about.address("catalog:technology-list", language=self.language) + query

    def itself(self, name: str) -> str:
        return about.address(name, language=self.language) + query_of(self.wanted)

    @property
    def updated(self) -> dt.datetime:
        return max(map(changes.changed, self.rows), default=_BEFORE)


def query_of(wanted: Wanted) -> str:
    """Return the query of the feed of a list: a feed has one order, and no pages."""
    return address(wanted, order=RELEVANCE).removesuffix("?")


def feed(
    rows: TechnologyQuerySet, form: BrowseForm, names: Vocabulary, version: Version
) -> Feed | None:
    """Return the newest of the list that ``form`` asks for, whatever it is sorted by.

    None where not all of it is understood: nobody reads the notice that a filter was left out.
    """
    asked = form.wanted()
    if form.errors or form.notices():
        return None
    wanted = replace(asked, order=NEWEST, after=None, before=None)
    held = held_at(version)
    hits = search.hits(wanted.asked) if wanted.text else None
    found = Sifted(held, wanted, hits).all
    where = ordering.Place(NEWEST, None, None)
    places = ordering.page(held, found, where, None, MOST).places
    return Feed(
        title=_title(wanted, form, names),
        wanted=wanted,
        rows=in_order(changes.with_changed(rows), places),
        names=names,
    )


def _title(wanted: Wanted, form: BrowseForm, names: Vocabulary) -> str:
    parts = [in_language(about.NAMES)]
    if wanted.text:
        parts.append(wanted.text)
    for name, codes in wanted.chosen.items():
        parts += [names.of(name).get(code, code) for code in codes]
    parts += [str(one["label"]) for one in figures.active(wanted, form)]
    return " · ".join(parts)


def atom(feed: Feed) -> bytes:
    root = named("feed", None, {"xmlns": ATOM, "xml:lang": feed.tag})
    add(root, "title", feed.title)
    add(root, "subtitle", _subtitle())
    add(root, "id", _tag_uri(f"list:{feed.language}:{query_of(feed.wanted)}"))
    add(root, "updated", changes.stamp(feed.updated))
    itself = feed.itself("catalog:feed-atom")
    add(root, "link", rel="self", type="application/atom+xml", href=itself)
    add(root, "link", rel="alternate", type="text/html", hreflang=feed.tag, href=feed.page)
    add(add(root, "author"), "name", in_language(about.PUBLISHERS))
    add(root, "rights", about.terms())
    for one in feed.rows:
        root.append(_entry(one, feed))
    return written(root)


def _entry(one: Technology, feed: Feed) -> Element:
    made = named("entry", None, {})
    title_language, title = title_of(one)
    language, texts = preferred(one.content["texts"], one.language)
    add(made, "title", title, lang=about.tag(title_language))
    add(made, "id", _tag_uri(f"technology:{one.pk}"))
    add(made, "published", changes.stamp(one.listed_at))
    add(made, "updated", changes.stamp(changes.changed(one)))
    page = about.page_of(one.pk, feed.language)
    add(made, "link", rel="alternate", type="text/html", hreflang=feed.tag, href=page)
    add(add(made, "author"), "name", holder_name(one.content["holder"]))
    label = feed.names.subcategory.get(one.subcategory_id, one.subcategory_id)
    add(made, "category", term=one.subcategory_id, label=label)
    if texts.get("summary"):
        add(made, "summary", texts["summary"], type="text", lang=about.tag(language))
    return made


def rss(feed: Feed) -> bytes:
    root = named("rss", None, {"version": "2.0", "xmlns:atom": ATOM})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.page)
    add(channel, "description", _subtitle())
    add(channel, "language", feed.tag)
    add(channel, "copyright", about.terms())
    add(channel, "lastBuildDate", format_datetime(feed.updated.astimezone(dt.UTC)))
    itself = feed.itself("catalog:feed-rss")
    add(channel, "atom:link", rel="self", type="application/rss+xml", href=itself)
    for one in feed.rows:
        channel.append(_item(one, feed))
    return written(root)


def _item(one: Technology, feed: Feed) -> Element:
    made = named("item", None, {})
    _language, texts = preferred(one.content["texts"], one.language)
    add(made, "title", title_of(one)[1])
    add(made, "link", about.page_of(one.pk, feed.language))
    add(made, "guid", _tag_uri(f"technology:{one.pk}"), isPermaLink="false")
    add(made, "pubDate", format_datetime(one.listed_at.astimezone(dt.UTC)))
    add(made, "category", feed.names.subcategory.get(one.subcategory_id, one.subcategory_id))
    add(made, "description", texts.get("summary") or holder_name(one.content["holder"]))
    return made


def _subtitle() -> str:
    return _(
        "Environmental technologies reviewed by experts. "
        "Listing in the pool is not a certification."
    )


def _tag_uri(what: str) -> str:
    return f"tag:{about.host()},{_MINTED}:{what}"
