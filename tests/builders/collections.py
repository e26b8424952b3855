"""Collections of technologies, in each state."""

from itertools import count
from typing import Any

from accounts.models import User
from catalog.collecting import keeping
from catalog.collecting.workflow import COLLECTIONS
from catalog.models import Collection
from tests.builders import accounts

_numbers = count(1)


def stated(**said: Any) -> dict[str, Any]:
    return {
        "code": f"collection-{next(_numbers)}",
        "title_en": "Water for towns",
        "title_zh": "城镇供水",
        "introduction_en": "What small towns can run.",
        "introduction_zh": "小城镇可运行的技术。",
        "numbers": [],
        "rule": "",
        **said,
    }


def draft(*, actor: User | None = None, **said: Any) -> Collection:
    """Return a collection that is being prepared: of a rule, unless said otherwise."""
    given = said if said.get("numbers") else {"rule": "?country=NO", **said}
    return keeping.begin(actor=actor or accounts.officer(), **stated(**given))


def published(**said: Any) -> Collection:
    return COLLECTIONS.perform("publish", draft(**said).pk, actor=accounts.officer())


def many_collections() -> None:
    Collection.objects.bulk_create(Collection(**stated(rule="?country=NO")) for _place in range(50))
