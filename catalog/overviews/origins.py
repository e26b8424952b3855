"""Pages of where technologies come from: a holder, an activity, an earlier list.

What is said of a holder or a list is taken from the public record of its newest technology.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import figures
from catalog.browsing.finding import in_order
from catalog.browsing.held import Held
from catalog.browsing.ordering import Place
from catalog.detail_page import origin_facts
from catalog.models import Technology, TechnologyQuerySet
from catalog.naming import holder_name, safe_link
from catalog.overviews import links, parts
from catalog.overviews.among import Among, chosen
from catalog.states import TechnologyStatus
from catalog.vocabulary import Vocabulary
from reference.names import in_language
from submissions.models import Activity

Context = dict[str, Any]

OF_HOLDER = ("field", "subcategory", "case_country")
OF_ACTIVITY = OF_LIST = ("field", "country", "case_country")


class Asked(NamedTuple):
    """What a page is drawn from: rows one may see, the index, where the list begins, names."""

    rows: TechnologyQuerySet
    held: Held
    where: Place
    names: Vocabulary


def of_holder(pk: Any, asked: Asked) -> Context | None:
    """Return the page of a holder; None where it has no listed technology."""
    among = chosen(asked.held, asked.rows.filter(holder=pk))
    newest, listing = _listing(among, OF_HOLDER, asked)
    if newest is None:
        return None
    holder = newest.content["holder"]
    country = holder["country"]
    facts: list[Context] = [
        {"label": _("Name in English"), "value": holder["name_en"], "lang": "en"},
        {"label": _("Name in Chinese"), "value": holder["name_zh"], "lang": "zh-hans"},
        {
            "label": _("Country or region"),
            "value": asked.names.country.get(country, country),
            "url": links.page_of("country", country),
        },
        {"label": _("Website"), "value": holder["website"], "url": safe_link(holder["website"])},
        *figures.profile(holder.get("profile", {}), asked.names),
    ]
    return {
        "title": holder_name(holder),
        "kicker": _("Holder"),
        "facts": [fact for fact in facts if fact["value"]],
        **listing,
    }


def of_activity(activity: Activity, asked: Asked) -> Context:
    """Return what came of an activity: what is listed of it, and how much no longer is.

    Its times stand in its notice: they may change while the catalogue does not. So may its
    title; what is listed of it keeps the one it was listed under.
    """
    rows = asked.rows.filter(case__declaration__activity=activity)
    among = chosen(asked.held, rows)
    ended = rows.exclude(status=TechnologyStatus.LISTED).aggregate(number=Count("pk"))["number"]
    newest, listing = _listing(among, OF_ACTIVITY, asked)
    titles = newest.content["activity"]["titles"] if newest else activity.titles
    return {
        "title": in_language(titles),
        "kicker": _("Collection activity"),
        "facts": [
            {
                "label": _("Notice"),
                "value": activity.code,
                "url": reverse("submissions:activity-detail", args=[activity.code]),
            },
            {"label": _("Listed technologies"), "value": str(among.total())},
            {"label": _("Listed once, and not now"), "value": str(ended)},
        ],
        **listing,
    }


def of_list(code: str, asked: Asked) -> Context | None:
    """Return the page of an earlier list; None where nothing of it is listed."""
    among = chosen(asked.held, asked.rows.filter(earlier__earlier_list__code=code))
    newest, listing = _listing(among, OF_LIST, asked)
    if newest is None:
        return None
    earlier = newest.content["earlier"]
    of_one = _("Number in the list")
    return {
        "title": in_language(earlier["titles"]),
        "kicker": _("Earlier list"),
        "lead": _(
            "Evaluated before the portal and listed as the list states it, without scores of "
            "the pool."
        ),
        "facts": [fact for fact in origin_facts(newest.content) if fact["label"] != of_one],
        **listing,
    }


def _listing(
    among: Among, groups: Iterable[str], asked: Asked
) -> tuple[Technology | None, Context]:
    """Return the newest technology, and one page of all of them; one query."""
    page = among.page(asked.where)
    made = [parts.group(facet, among, None, asked.names) for facet in groups]
    found = in_order(asked.rows, dict.fromkeys([*among.newest(1), *page.places]))
    shown = set(page.places)
    return (found[0] if found else None), {
        "total": among.total(),
        "groups": [one for one in made if one["options"]],
        "rows": [parts.row(one, asked.names) for one in found if one.place in shown],
        "next_url": f"?after={page.next}" if page.next else "",
        "previous_url": f"?before={page.previous}" if page.previous else "",
    }
