"""Lists of technologies evaluated before the portal: in the making, proposed, released."""

from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from catalog.earlier import keeping
from catalog.earlier.workflow import EARLIER_LISTS
from catalog.models import EarlierEntry, EarlierList, Technology
from tests.builders import accounts

_numbers = count(1)
OF_2019: dict[str, Any] = {
    "title_en": "Technologies of 2019",
    "title_zh": "2019年技术名单",
    "language": "zh-hans",
    "authority": "Bureau of the Environment",
    "year": 2019,
    "source_url": "https://example.org/list",
}


def line(number: str = "1", **said: Any) -> dict[str, Any]:
    """Return an entry as the sheet gives it."""
    return {
        "number": number,
        "place": int(number) + 1,
        "title_en": f"Stack filter {number}",
        "title_zh": "",
        "holder_en": f"Filter Works {number}",
        "holder_zh": "",
        "country": "NO",
        "subcategory": "AIR-01",
        **said,
    }


def prepared(
    holder: Organisation | None = None,
    *,
    actor: User | None = None,
    entries: list[dict[str, Any]] | None = None,
    **stated: Any,
) -> EarlierList:
    """Return a list that is being prepared, of one technology where none are given."""
    held = {"holder_en": holder.name_en, "country": holder.country_id} if holder else {}
    values = {**OF_2019, "code": f"list-{next(_numbers)}", **stated}
    lines = [line(**held)] if entries is None else entries
    return keeping.begin(actor=actor or accounts.officer(), entries=lines, **values)


def proposed(*, by: User | None = None, **more: Any) -> EarlierList:
    officer = by or accounts.officer()
    return EARLIER_LISTS.perform("propose", prepared(actor=officer, **more).pk, actor=officer)


def released(**more: Any) -> EarlierList:
    row = proposed(**more)
    return EARLIER_LISTS.perform("release", row.pk, actor=accounts.second_officer())


def technology(holder: Organisation | None = None, **said: Any) -> Technology:
    """Return the one technology of a released list."""
    held = {"holder_en": holder.name_en, "country": holder.country_id} if holder else {}
    row = released(entries=[line(**{**held, **said})])
    return Technology.objects.get(earlier__earlier_list=row)


def many_lists() -> None:
    """Insert fifty lists of one technology each."""
    officer, now = accounts.officer(), timezone.now()
    rows = EarlierList.objects.bulk_create(
        EarlierList(**OF_2019, code=f"many-{place}", entered_by=officer, entered_at=now)
        for place in range(50)
    )
    EarlierEntry.objects.bulk_create(
        EarlierEntry(
            earlier_list=row, place=2, number="1", title_en="One", holder_en="One",
            country_id="NO", subcategory_id="AIR-01",
        )
        for row in rows
    )  # fmt: skip
