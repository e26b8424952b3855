"""The figures beside the list: bounds to narrow it by, orders, and what each row states."""

from typing import Any

from django.utils.translation import gettext as _

from catalog.browsing import ranges
from catalog.browsing.addresses import LEAST, SIDES, address, figure, without
from catalog.browsing.finding import Found, Range, Wanted
from catalog.browsing.forms import BrowseForm
from catalog.browsing.ordering import HIGH, LOW

SHOWN = 5  # measures; the others unfold
UNFOLDED = 10  # of them at most, the most stated first

Context = dict[str, Any]


def section(found: Found, wanted: Wanted, form: BrowseForm) -> Context | None:
    """Return the measures to narrow by, those in use first; None where nobody states a figure."""
    in_use = [*form.bounds, *([_sorted_by(wanted)] if _sorted_by(wanted) else [])]
    by_count = sorted(found.measures.items(), key=lambda one: (-one[1], one[0]))
    offered = list(dict.fromkeys([*in_use, *(measure for measure, _count in by_count)]))
    rows = [_measure(one, found, wanted, form) for one in offered[: SHOWN + UNFOLDED]]
    rows = [one for one in rows if one["name"]]
    shown = max(SHOWN, len(in_use))
    if not rows:
        return None
    return {"rows": rows[:shown], "more": rows[shown:], "carried": _carried(wanted)}


def _measure(measure: str, found: Found, wanted: Wanted, form: BrowseForm) -> Context:
    typed = form.bounds.get(measure, {})
    return {
        "measure": measure,
        "name": form.measures.named(measure),
        "count": found.measures.get(measure, 0),
        "sides": [
            {
                "name": f"{side}.{measure}",
                "label": _("at least") if side == LEAST else _("at most"),
                "value": typed.get(side, ""),
            }
            for side in SIDES
        ],
        "error": form.errors_of.get(measure, ""),
        "orders": [
            {
                "label": label,
                "url": address(wanted, order=f"{prefix}{measure}"),
                "current": wanted.order == f"{prefix}{measure}",
            }
            for prefix, label in ((LOW, _("lowest first")), (HIGH, _("highest first")))
        ],
    }


def _carried(wanted: Wanted) -> list[tuple[str, str]]:
    """Return what else a form of bounds sends with it: the words, the facets, the order."""
    carried = [("q", wanted.text)] if wanted.text else []
    carried += [(name, code) for name, codes in wanted.chosen.items() for code in codes]
    if _sorted_by(wanted):
        carried.append(("sort", wanted.order))
    return carried


def _sorted_by(wanted: Wanted) -> str:
    """Return the measure the list is sorted by; "" when by none."""
    return wanted.order.partition(".")[2] if wanted.order.startswith((LOW, HIGH)) else ""


def active(wanted: Wanted, form: BrowseForm) -> list[Context]:
    return [
        {
            "label": _("%(what)s: %(bounds)s")
            % {"what": form.measures.named(one.measure), "bounds": _bounds(one)},
            "url": address(wanted, ranges=without(wanted.ranges, one.measure)),
            "icon": "x-lg",
        }
        for one in wanted.ranges
    ]


def _bounds(one: Range) -> str:
    if one.most is None:
        return _("at least %(figure)s") % {"figure": figure(one.least or 0.0)}
    if one.least is None:
        return _("at most %(figure)s") % {"figure": figure(one.most)}
    return f"{figure(one.least)}–{figure(one.most)}"


def of_row(record: Context, wanted: Wanted, form: BrowseForm) -> list[Context]:
    """Return what a technology states on the measures the list is narrowed or sorted by."""
    asked = dict.fromkeys([*(one.measure for one in wanted.ranges), _sorted_by(wanted)])
    if not any(asked):
        return []
    spans = {str(span.measure): span for span in ranges.spans_of(record)}
    return [
        {"name": form.measures.named(one), "value": _span(spans.get(one))} for one in asked if one
    ]


def _span(span: ranges.Span | None) -> str:
    if span is None:
        return _("not stated")
    if span.low == span.high:
        return figure(span.low)
    return f"{figure(span.low)}–{figure(span.high)}"


def order_name(order: str, form: BrowseForm) -> str:
    """Return what an order by a figure is called."""
    what = {"what": form.measures.named(order.partition(".")[2])}
    if order.startswith(LOW):
        return _("%(what)s, lowest first") % what
    return _("%(what)s, highest first") % what
