"""The feed of collection activities, in the language of its address."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.moments import written
from submissions.models import Activity

MOST = 50


class ActivityFeed(Feed[Activity, Any]):
    """What the list shows to everybody; an entry is new again when its closing time moved."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Collection activities of the Technology Pool")

    def subtitle(self) -> str:
        return _("What is announced, and each change of a closing time.")

    def link(self) -> str:
        return reverse("submissions:activity-list")

    def items(self) -> Any:
        told = Greatest("opens_at", Coalesce(Max("closing_changes__changed_at"), "opens_at"))
        rows = Activity.objects.visible_to(AnonymousUser()).annotate(told_at=told)
        return rows.order_by("-told_at", "pk")[:MOST]

    def item_title(self, item: Activity) -> str:
        return item.title

    def item_description(self, item: Activity) -> str:
        period = _("From %(opens)s to %(closes)s") % {
            "opens": written(item.opens_at),
            "closes": written(item.closes_at),
        }
        return f"{period}\n\n{item.notice}"

    def item_link(self, item: Activity) -> str:
        return reverse("submissions:activity-detail", args=[item.code])

    def item_guid(self, item: Activity) -> str:
        return f"urn:uuid:{item.pk}"

    def item_pubdate(self, item: Activity) -> dt.datetime:
        return item.opens_at

    def item_updateddate(self, item: Activity) -> dt.datetime:
        told: dt.datetime = item.told_at  # type: ignore[attr-defined]  # annotated by ``items``
        return told


_feed = ActivityFeed()


@require_safe
def activity_feed(request: HttpRequest) -> HttpResponse:
    return _feed(request)
