"""The steps of a collection."""

from catalog.collecting.states import COLLECTION
from catalog.models import Collection
from core.workflow import Act, Step, Workflow


def note_day(one: Collection, act: Act) -> tuple[str, ...]:
    one.published_at = act.at
    return ("published_at",)


COLLECTIONS: Workflow[Collection] = Workflow(
    COLLECTION, Collection, {"publish": Step(change=note_day), "withdraw": Step()}
)
