"""From the sheet on an officer's desk to the public page and the lake, through the addresses."""

import json

import duckdb
import pytest
from deltalake import DeltaTable, QueryBuilder
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from catalog.models import EarlierList, Technology
from catalog.sync.drain import drain_all, lake_of
from catalog.sync.lake import CURRENT
from tests.builders import accounts, catalog, earlier
from tests.catalog.addresses import address
from tests.catalog.earlier import sheets
from tests.reading import text

pytestmark = pytest.mark.django_db


def step(row, name):
    return reverse("admin:catalog_earlierlist_step", args=[row.pk, name])


def test_a_sheet_becomes_marked_listings_and_rows_of_the_lake():
    first = accounts.signed_in(accounts.officer())
    second = accounts.signed_in(accounts.second_officer())
    stated = {**earlier.OF_2019, "code": "of-2019", "published_on": "", "note": ""}

    first.post(
        reverse("admin:catalog_earlierlist_add"),
        {**stated, "file": sheets.xlsx(sheets.FULL, sheets.LEAST)},
    )
    row = EarlierList.objects.get()
    first.post(step(row, "propose"))
    first.post(step(row, "release"))  # refused: the same officer
    assert not Technology.objects.exists()
    second.post(step(row, "release"))

    one, other = Technology.objects.order_by("number")
    catalogue = text(Client().get(address()))
    assert catalogue.count("Evaluated before the portal") == 2
    page = text(Client().get(address("technology-detail", one.pk)))
    assert ("Stack filter" in page, "Evaluated before the portal" in page) == (True, True)
    chinese = text(Client().get(address("technology-detail", other.pk, language="zh-hans")))
    assert "土壤清洗" in chinese

    assert drain_all() == 2
    table = DeltaTable(str(lake_of(catalog.platform()).folder / CURRENT))
    read = QueryBuilder().register("t", table).execute("SELECT number, record FROM t").read_all()
    with duckdb.connect() as stranger:
        stranger.register("lake", read)
        rows = dict(stranger.sql("SELECT number, record FROM lake").fetchall())
    assert set(rows) == {one.number, other.number}
    assert json.loads(rows[one.number]) == one.content
    with pytest.raises(SystemExit) as ended:
        call_command("lake_verify")
    assert ended.value.code == 0
