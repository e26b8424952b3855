"""The steps of a collection."""

from catalog.collecting import keeping
from catalog.collecting.states import COLLECTION
from catalog.models import Collection
from core.workflow import Act, Step, Workflow


def note_day(one: Collection, act: Act) -> tuple[str, ...]:
    one.published_at = act.at
    return ("published_at",)


def _finds_nothing_of_ones_own(one: Collection, act: Act) -> None:
    if act.actor is not None:
        keeping.finds_nothing_of_ones_own(one, act.actor)


def _draw_anew(_one: Collection, _act: Act) -> None:
    keeping.draw_anew()


COLLECTIONS: Workflow[Collection] = Workflow(
    COLLECTION,
    Collection,
    {
        "publish": Step(guards=(_finds_nothing_of_ones_own,), change=note_day, after=(_draw_anew,)),
        "withdraw": Step(after=(_draw_anew,)),
    },
)
