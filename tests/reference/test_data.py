"""What is in the vocabulary: exact, so that a slip in the files is seen."""

from collections import Counter

import pytest

from reference.loading import TABLES
from reference.models import (
    CorridorMembership,
    Country,
    Field,
    Indicator,
    Subcategory,
    Term,
    Unit,
    Vocabulary,
)

pytestmark = pytest.mark.django_db

NAMED = [table for table in TABLES if table.name != "corridor_memberships"]


@pytest.mark.parametrize("table", NAMED, ids=lambda table: table.name)
def test_every_name_is_there_in_both_languages(table):
    for record in table.records():
        assert list(record["names"]) == ["en", "zh-hans"]
        assert all(name == name.strip() and name for name in record["names"].values())


@pytest.mark.parametrize("table", NAMED, ids=lambda table: table.name)
def test_rows_pass_the_checks_of_a_form(table):
    for row in table.model._default_manager.all():
        assert row.clean_fields() is None  # it raises at what it refuses


def test_a_name_stands_for_one_thing():
    for model in (Field, Subcategory, Unit, Indicator, Country):
        for language in ("en", "zh-hans"):
            names = Counter(row.names[language] for row in model._default_manager.all())
            assert [name for name, count in names.items() if count > 1] == []


def test_fields_in_order():
    assert [field.code for field in Field.objects.all()] == ["AIR", "WAT", "SOI", "SOL", "MON"]


def test_subcategories_are_numbered_within_their_field():
    counts = {"AIR": 12, "WAT": 12, "SOI": 10, "SOL": 10, "MON": 9}

    assert [s.code for s in Subcategory.objects.all()] == [
        f"{field}-{n:02}" for field, count in counts.items() for n in range(1, count + 1)
    ]


def test_all_countries_of_the_standard():
    countries = list(Country.objects.all())

    assert len(countries) == 249
    assert len({c.alpha3 for c in countries}) == 249
    assert len({c.numeric for c in countries}) == 249
    assert [c.name for c in countries][:3] == ["Afghanistan", "Åland Islands", "Albania"]


@pytest.mark.parametrize(
    ("code", "alpha3", "numeric", "english", "chinese"),
    [
        ("CN", "CHN", "156", "China", "中国"),
        ("HK", "HKG", "344", "Hong Kong, China", "中国香港"),
        ("MO", "MAC", "446", "Macao, China", "中国澳门"),
        ("TW", "TWN", "158", "Taiwan, China", "中国台湾"),
        ("KR", "KOR", "410", "Republic of Korea", "韩国"),
        ("LA", "LAO", "418", "Lao People's Democratic Republic", "老挝"),
        ("CD", "COD", "180", "Democratic Republic of the Congo", "刚果（金）"),
        ("PS", "PSE", "275", "State of Palestine", "巴勒斯坦"),
        ("TR", "TUR", "792", "Türkiye", "土耳其"),
    ],
)
def test_names_of_countries(code: str, alpha3: str, numeric: str, english: str, chinese: str):
    country = Country.objects.get(code=code)

    assert (country.alpha3, country.numeric) == (alpha3, numeric)
    assert country.names == {"en": english, "zh-hans": chinese}


def test_list_of_65_countries():
    regions = {
        "East Asia": "MN",
        "ASEAN": "SG MY ID MM TH LA KH VN BN PH",
        "West Asia": "IR IQ TR SY JO LB IL PS SA YE OM AE QA KW BH GR CY EG",
        "South Asia": "IN PK BD AF LK MV NP BT",
        "Central Asia": "KZ UZ TM TJ KG",
        "CIS": "RU UA BY GE AZ AM MD",
        "Central and Eastern Europe": "PL LT EE LV CZ SK HU SI HR BA ME RS AL RO BG MK",
    }

    codes = {c.code for c in Country.objects.filter(on_65_list=True)}

    assert codes == set(" ".join(regions.values()).split())
    assert len(codes) == 65


def test_signatories_as_far_as_the_sources_reach():
    assert Country.objects.filter(signatory="listed").count() == 101
    unclear = Country.objects.filter(signatory="unclear")
    assert {c.code for c in unclear} == {"AT", "NE", "RU"}
    assert Country.objects.filter(signed_year__isnull=False).count() == 29
    assert Country.objects.get(code="HU").signed_year == 2015
    assert Country.objects.get(code="CN").signatory == ""


@pytest.mark.parametrize(
    ("corridor", "according_to", "members"),
    [
        ("NELB", "narrow", "BY CN DE KZ NL PL RU TR"),
        ("CMREC", "narrow", "CN MN RU"),
        ("CCAWEC", "narrow", "AM AZ CN GE IR KG KZ TJ TM TR UZ"),
        ("CICPEC", "narrow", "CN KH LA MM MY SG TH VN"),
        ("CPEC", "narrow", "CN PK"),
        ("BCIM", "narrow", "BD CN IN MM"),
        (
            "NELB",
            "wide",
            "AL AM AZ BA BG BY CN CZ EE GE HR HU KZ LT LV MD MK PL RO RS RU SI SK UA",
        ),
        ("CMREC", "wide", "CN MN RU"),
        (
            "CCAWEC",
            "wide",
            "AE BH CN CY EG GR IL IQ IR JO KG KW KZ LB OM QA SA SY TJ TM TR UZ YE",
        ),
        ("CICPEC", "wide", "CN KH LA MM MY SG TH VN"),
        ("CPEC", "wide", "CN PK"),
        ("BCIM", "wide", "BD CN IN MM"),
        ("NELB", "sourced", "BY CN DE KZ PL RU"),
        ("CMREC", "sourced", "CN MN RU"),
        ("CCAWEC", "sourced", "CN IR KG KZ SA TJ TM TR UZ"),
        ("CICPEC", "sourced", "CN KH LA MM MY TH VN"),
        ("CPEC", "sourced", "CN PK"),
        ("BCIM", "sourced", "BD CN IN MM"),
    ],
)
def test_members_of_corridors(corridor: str, according_to: str, members: str):
    rows = CorridorMembership.objects.filter(corridor=corridor, list=according_to)

    assert sorted(rows.values_list("country", flat=True)) == members.split()


def test_no_membership_beside_the_six_corridors():
    assert CorridorMembership.objects.count() == 131


@pytest.mark.parametrize(
    ("code", "units", "direction"),
    [
        ("air-outlet-so2", {"mg/Nm³"}, "lower"),
        ("air-removal-hg", {"%"}, "higher"),
        ("wat-sludge-yield", {"kg DS/kg COD"}, "lower"),
        ("soi-contaminant-after", {"mg/kg", "μg/kg"}, "lower"),
        ("sol-dioxins", {"ng TEQ/Nm³"}, "lower"),
        ("mon-drift", {"%/24 h"}, "lower"),
        ("mon-protocol", set(), ""),
    ],
)
def test_indicators(code: str, units: set[str], direction: str):
    indicator = Indicator.objects.get(code=code)

    assert {unit.symbol for unit in indicator.units.all()} == units
    assert indicator.direction == direction


def test_indicator_codes_begin_with_their_field():
    for indicator in Indicator.objects.all():
        assert indicator.code[:3].upper() == indicator.field_id


def test_terms_of_each_vocabulary():
    counts = {v.value: Term.objects.of(v).count() for v in Vocabulary}

    assert counts == {
        "form": 6,
        "matrix": 30,
        "pollutant": 61,
        "rejection_reason": 7,
        "return_reason": 10,
        "cooperation": 10,
        "maturity": 5,
        "currency": 153,
        "industry": 33,
        "language": 38,
    }


def test_stages_of_maturity_cover_the_readiness_levels():
    stages = Term.objects.of(Vocabulary.MATURITY)

    assert list(stages.values_list("code", "trl_from", "trl_to")) == [
        ("laboratory", 1, 4),
        ("pilot", 5, 6),
        ("demonstration", 7, 8),
        ("commercial", 9, 9),
        ("widely-used", 9, 9),
    ]
