"""Collections an officer publishes, and a search somebody keeps: examples of both."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from catalog.collecting import keeping
from catalog.collecting.states import CollectionStatus
from catalog.collecting.workflow import COLLECTIONS
from catalog.models import Collection, SavedSearch, Technology
from catalog.saved import saving
from core.errors import DomainError
from demo import accounts, people

NAME = "collections"
READER = f"reader@{people.DOMAIN}"
SEARCH = "?q=water"
BY_RULE = {
    "code": "independently-verified",
    "title_en": "Verified by an independent body",
    "title_zh": "经独立机构核实的技术",
    "introduction_en": "The main figures of these technologies were verified by an independent "
    "body. What is listed with such evidence later comes in by itself.",
    "introduction_zh": "这些技术的主要数据经独立机构核实。以后入库的同类技术自动收入。",
    "rule": "?evidence=independent_verification",
}
BY_HAND = {
    "code": "first-listed",
    "title_en": "The first three",
    "title_zh": "最先入库的三项技术",
    "introduction_en": "An example of a collection whose technologies an officer named one by one.",
    "introduction_zh": "示例：由工作人员逐一选定技术的专题。",
}


def bring() -> None:
    """Go on where an earlier load stopped; what a visitor did meanwhile is theirs."""
    try:
        _bring()
    except DomainError:
        return  # a visitor was quicker


def _bring() -> None:
    officer = accounts.account(people.OFFICER)
    first = Technology.objects.listed().order_by("number").values_list("number", flat=True)[:3]
    _published(officer, BY_RULE)
    if numbers := list(first):
        _published(officer, {**BY_HAND, "numbers": numbers})
    if not SavedSearch.objects.filter(address=READER).exists():
        saving.ask(READER, SEARCH, frequency="weekly", language="en")
    for row in SavedSearch.objects.filter(address=READER):
        saving.confirm(row.pk)


def _published(officer: User, stated: Mapping[str, Any]) -> None:
    one = Collection.objects.filter(code=stated["code"]).first()
    one = one or keeping.begin(actor=officer, **stated)
    if one.status == CollectionStatus.DRAFT:
        COLLECTIONS.perform("publish", one.pk, actor=officer)
