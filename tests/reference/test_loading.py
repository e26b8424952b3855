from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.state import ProjectState
from pytest_django import DjangoAssertNumQueries

from reference.loading import TABLES, load_reference
from reference.models import Corridor, CorridorMembership, Country, Indicator, Term, Unit
from reference.wiring import restore_vocabulary

pytestmark = pytest.mark.django_db

NOTHING = {table.name: 0 for table in TABLES}
ALL = {
    "fields": 5,
    "subcategories": 53,
    "quantities": 34,
    "units": 84,
    "indicators": 85,
    "countries": 249,
    "corridors": 6,
    "corridor_memberships": 131,
    "working_day_exceptions": 72,
    "terms": 353,
}


def everything() -> list[object]:
    rows = [list(table.model._default_manager.order_by("pk").values()) for table in TABLES]
    return [*rows, sorted(Indicator.units.through.objects.values_list("indicator", "unit"))]


def test_keys_are_unique_in_each_file():
    for table in TABLES:
        keys = [table.key_of(record) for record in table.records()]
        assert len(keys) == len(set(keys)) == ALL[table.name]


def test_loading_again_changes_nothing_and_asks_once(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    before = everything()

    with django_assert_num_queries(1):
        loaded = load_reference()

    assert loaded == NOTHING
    assert everything() == before


def edit() -> None:
    Country.objects.filter(code="TR").update(names={"en": "Turkey"}, signed_note="edited")
    Indicator.objects.get(code="mon-drift").units.set([Unit.objects.get(code="ppm")])
    CorridorMembership.objects.filter(corridor="CPEC").update(source="edited")
    Term.objects.filter(vocabulary="form", code="product").update(active=False)


def test_loading_keeps_what_staff_edited():
    edit()
    Unit.objects.create(code="x", symbol="x", quantity_id="length", names={"en": "x"})
    before = everything()

    load_reference()

    assert everything() == before


def test_loading_inserts_what_is_missing_with_its_links():
    before = everything()
    Indicator.objects.filter(code__in=["mon-drift", "air-gas-flow"]).delete()
    Country.objects.get(code="AQ").delete()

    loaded = load_reference()

    assert loaded == NOTHING | {"indicators": 2, "countries": 1}
    assert everything() == before


def test_update_overwrites_edits_and_deletes_nothing():
    before = everything()
    edit()

    loaded = load_reference(update=True)

    assert loaded == ALL
    assert everything() == before


def test_update_keeps_what_staff_added():
    Corridor.objects.create(code="OWNS", names={"en": "Own"})

    load_reference(update=True)

    assert Corridor.objects.filter(code="OWNS").exists()


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [((), NOTHING), (("--update",), ALL)],
)
def test_command_prints_how_many_were_written(arguments: tuple[str, ...], printed: dict[str, int]):
    out = StringIO()

    call_command("load_reference", *arguments, stdout=out)

    assert out.getvalue().splitlines() == [f"{name}: {n}" for name, n in printed.items()]


def test_places_loaded_under_another_name_are_named_officially_and_edits_are_kept():
    migration = import_module("reference.migrations.0002_official_names_of_places")
    for code, name in (("HK", "Hong Kong"), ("MO", "Macau"), ("TW", "Taiwan, Province of China")):
        country = Country.objects.get(code=code)
        Country.objects.filter(code=code).update(names={**country.names, "en": name})

    migration.rename(apps, SimpleNamespace(connection=connection))

    places = Country.objects.filter(code__in=("HK", "MO", "TW"))
    assert dict(places.values_list("code", "names")) == {
        "HK": {"en": "Hong Kong, China", "zh-hans": "中国香港"},
        "MO": {"en": "Macau", "zh-hans": "中国澳门"},
        "TW": {"en": "Taiwan, China", "zh-hans": "中国台湾"},
    }


def test_a_month_is_named_as_it_is_printed_after_a_figure_and_edits_are_kept():
    migration = import_module("reference.migrations.0006_months_in_chinese")
    months = Unit.objects.filter(code="month")
    found = []
    for name in ("月", "月份"):
        months.update(names={"en": "month", "zh-hans": name})
        migration.rename(apps, SimpleNamespace(connection=connection))
        found.append(months.get().names)

    assert found == [{"en": "month", "zh-hans": "个月"}, {"en": "month", "zh-hans": "月份"}]


def test_migrating_to_nothing_restores_nothing():
    migrated = ProjectState().apps
    assert not migrated.all_models["reference"]
    CorridorMembership.objects.all().delete()

    restore_vocabulary(using="default", apps=migrated)

    assert CorridorMembership.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_vocabulary_survives_a_flush():
    call_command("flush", interactive=False, verbosity=0)

    assert {table.name: table.model._default_manager.count() for table in TABLES} == ALL
