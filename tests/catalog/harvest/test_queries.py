"""How often machines ask the database: as often for fifty as for one, exactly."""

import pytest

from catalog.browsing.held import forget
from tests.builders import catalog
from tests.catalog.addresses import queries

pytestmark = pytest.mark.django_db

MANY = 50
OAI = {
    "/oai?verb=Identify": 1,
    "/oai?verb=ListMetadataFormats": 0,
    "/oai?verb=ListSets": 1,
    # The changes, the technologies; the edition of the names.
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc": 2,
    "/oai?verb=ListRecords&metadataPrefix=oai_dc": 3,
    "/oai?verb=ListRecords&metadataPrefix=tp&set=field:WAT&from=2020-01-01": 3,
    "/oai?verb=ListRecords&resumptionToken=0~tp~~~": 3,
}


def counted(addresses: dict[str, int]) -> dict[str, int]:
    catalog.numbered()
    return {address: queries(address) for address in addresses}


def same_for_one_and_for_fifty(addresses: dict[str, int]) -> None:
    catalog.technology()
    counted(addresses)  # names and index are at hand
    one = counted(addresses)
    catalog.technologies(MANY, title_zh="膜", case_countries=("NO", "CN"))
    catalog.numbered()
    forget()
    counted(addresses)

    assert one == counted(addresses) == addresses


def test_the_repository():
    same_for_one_and_for_fifty(OAI)
