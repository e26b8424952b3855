"""What the demonstration shall end in: which technology goes how far, in which activity."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID, uuid5

from demo import records

SEED = 20260110
_KEYS = UUID("6f0f6a9e-54a0-5d0b-9b0a-3d6c3c1f2a77")


class Destiny(StrEnum):
    """How far a technology is brought; whatever comes after is left to the visitor."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_CHECK = "in check"
    RETURNED = "returned"
    REJECTED = "rejected"
    AWAITING = "awaiting assignment"
    INVITED = "experts invited"
    SCORING = "being scored"
    SCORED = "scored"
    DECIDED = "decided"
    NOT_INCLUDED = "not included"
    LISTED = "listed"
    WITHDRAWN = "listed, then withdrawn"


# These befall invented organisations only.
UNPLEASANT = frozenset(
    {Destiny.RETURNED, Destiny.REJECTED, Destiny.NOT_INCLUDED, Destiny.WITHDRAWN}
)


def key_of(technology: str) -> UUID:
    """Return the key the declaration of a technology is started with."""
    return uuid5(_KEYS, technology)


@dataclass(frozen=True, slots=True)
class Item:
    """One technology, where it is declared and how far it goes."""

    technology: str
    activity: str
    destiny: Destiny
    corrected: bool = False  # returned once, corrected and filed again

    @property
    def key(self) -> UUID:
        """The key its declaration is started with: the second load finds the first one's."""
        return key_of(self.technology)


@dataclass(frozen=True, slots=True)
class Plan:
    """All items, in the order they are loaded, and how often each case is scored."""

    items: tuple[Item, ...]
    experts_wanted: int = 5

    def __post_init__(self) -> None:
        spare_the_real(self.items, DOUBTED)

    def only(self, *technologies: str) -> "Plan":
        """Return the plan with these technologies alone, for tests."""
        chosen = tuple(item for item in self.items if item.technology in technologies)
        return replace(self, items=chosen)


def spare_the_real(items: Iterable[Item], doubted: Container[str]) -> None:
    """Refuse what would harm an organisation that exists, and that its work is ``doubted``."""
    for item in items:
        harsh = item.technology in doubted or item.destiny in UNPLEASANT or item.corrected
        if harsh and item.technology not in records.invented():
            raise ValueError(f"{item.technology} is real: it cannot be {item.destiny}")


LISTED_ROUND, REVIEW_ROUND, OPEN_ROUND = "DEMO-1", "DEMO-2", "DEMO-3"
PUBLICITY_ROUND = "DEMO-4"

UNDER_EVALUATION = {
    Destiny.SUBMITTED: ("ca-ostara-pearl",),
    Destiny.IN_CHECK: ("us-reterro-edt",),
    Destiny.RETURNED: ("inv-reed-terraces",),
    Destiny.AWAITING: ("jp-takakura", "nl-hmvt-trs-erh"),
    Destiny.INVITED: ("gb-aqmesh", "nl-smog-free-tower", "il-mapal-aeration"),
    Destiny.SCORING: ("ug-airqo-monitor", "cn-zheneng-ultralow", "inv-algae-glow"),
    Destiny.SCORED: ("us-iptd-danang", "inv-leak-listener"),
    Destiny.DECIDED: ("mx-sistema-bio", "se-anita-mox"),
}
STILL_OPEN = {
    Destiny.SUBMITTED: ("in-phytorid", "cn-gem-battery"),
    Destiny.DRAFT: (
        *("us-terratherm-tch", "za-agriprotein", "it-tx-active", "dk-bacmon"),
        *("cn-fgd-gypsum-sodic", "inv-tannery-loop"),
    ),
}
INVENTED_IN_THE_LISTED_ROUND = (
    Item("inv-polishing-membrane", LISTED_ROUND, Destiny.LISTED, corrected=True),
    Item("inv-ozone-cells", LISTED_ROUND, Destiny.NOT_INCLUDED),
    Item("inv-sludge-pellets", LISTED_ROUND, Destiny.REJECTED),
    Item("inv-ceramic-candles", LISTED_ROUND, Destiny.WITHDRAWN),
)
# What is decided and objected to there is the business of demo.objections.
IN_DOUBT = "inv-polishing-membrane"  # a suspension of its listing is proposed
OBJECTED_TO = Item("inv-quiet-aerator", PUBLICITY_ROUND, Destiny.SCORED)
DOUBTED = frozenset({OBJECTED_TO.technology, IN_DOUBT})


def full_plan() -> Plan:
    """The whole demonstration: what is neither held back for the later rounds nor of the earlier
    list is listed.
    """
    later = (
        *_items(REVIEW_ROUND, UNDER_EVALUATION),
        *_items(OPEN_ROUND, STILL_OPEN),
    )
    held_back = {item.technology for item in later} | set(records.earlier_list()["technologies"])
    listed = tuple(
        Item(key, LISTED_ROUND, Destiny.LISTED)
        for key in records.technologies()
        if key not in held_back
    )
    # The visitor's own work first: it is there while the rest is still being loaded.
    return Plan((*later, *INVENTED_IN_THE_LISTED_ROUND, OBJECTED_TO, *listed))


def _items(activity: str, destinies: dict[Destiny, tuple[str, ...]]) -> tuple[Item, ...]:
    return tuple(
        Item(technology, activity, destiny)
        for destiny, technologies in destinies.items()
        for technology in technologies
    )
