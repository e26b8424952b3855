"""What was typed beside a button that does not take it: shown again on the page that comes next.

It waits in the session of who typed it, and is taken out when it is shown. A choice of a vote
never waits there: a ballot may be secret.
"""

from collections.abc import Iterable

from django.http import HttpRequest

from evaluation.models import PanelItem

KEY = "panel_typed"


def leave(request: HttpRequest, item: PanelItem, names: Iterable[str]) -> None:
    """Keep what stands in these fields for the page of the item that is shown next."""
    typed = {name: text for name in names if (text := request.POST.get(name, "").strip())}
    if typed:
        request.session[KEY] = {"item": str(item.pk), "typed": typed}


def take(request: HttpRequest, item: PanelItem) -> dict[str, str]:
    """Return what was left for this item, once."""
    left = request.session.get(KEY)
    if request.method != "GET" or not left or left["item"] != str(item.pk):
        return {}
    del request.session[KEY]
    typed: dict[str, str] = left["typed"]
    return typed
