"""What happens to listings and around them: a row of each kind."""

from catalog import renewing
from tests.builders import accounts, catalog, collections, earlier, enquiries, saved


def one_of_everything() -> None:
    measure = catalog.proposed()
    technology = catalog.ending(measure.technology)
    owner = accounts.owner_of(technology.holder)
    catalog.attested(technology)
    renewing.ask(technology.pk, actor=owner, still_holds=True)
    enquiries.received(technology)
    earlier.prepared()
    collections.draft()
    saved.asked()
