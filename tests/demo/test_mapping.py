"""What records of the data become: exactly what they say, in the places of the demo scheme."""

import json
from functools import cache

import pytest
from django.conf import settings

from demo import records
from reference.loading import DATA
from reference.models import Country, Subcategory, Term, Unit
from submissions import importing, scheme

SCHEME = settings.BASE_DIR / "submissions" / "schemes" / "demo-3.json"

UNITS = {
    name: unit["code"]
    for unit in json.loads((DATA / "units.json").read_text(encoding="utf-8"))["records"]
    for name in (unit["symbol"], unit["code"])
}


@pytest.fixture(scope="module")
def demo_scheme():
    return scheme.load(json.loads(SCHEME.read_text())["sections"])


def sections(key):
    record = records.technology(key)
    subcategory = records.subcategories().get(key) or record["subcategory"]
    role = "owner" if "organisation" in record else "other"
    return importing.sections(record, subcategory, role=role, units=UNITS)


def test_vapour_recovery_in_full():
    assert sections("cn-chuguan-vapour-recovery") == {
        "applicant": {"role": "other"},
        "technology": {
            "title": "Adsorption petrol-vapour recovery unit",
            "subcategory": "AIR-05",
            "summary": "Skid units that capture hydrocarbon vapour displaced when fuel is stored "
            "and loaded. The maker offers a pure adsorption unit and a version that adds "
            "condensation.",
            "principle": "Vapour is taken up on an adsorbent; the second version adds a "
            "condensation step.",
            "innovation": "Presented by the maker as the first domestically designed adsorption "
            "unit with its own intellectual property in China.",
            "applicability": "Petrochemical storage and loading terminals.",
            "maturity": "commercial",
            "maturity_evidence": "Maker offers design, supply, installation and service; the "
            "individual sites are not named in the source.",
        },
        "performance": {
            "indicators": [
                {
                    "name": "tail-gas hydrocarbon concentration",
                    "typical": "10",
                    "as_stated": "about 10",
                    "unit": "g/m3",
                    "condition": "on-site test by experts, as reported by the maker",
                },
                {
                    "name": "vapour recovery rate",
                    "typical": "99",
                    "unit": "%",
                    "condition": "as reported by the maker",
                },
            ]
        },
        "economics": {"costs": []},
        "cases": {"cases": []},
        "property": {
            "rights": [
                {"kind": "patent", "note": "four patents claimed, numbers not given in the source"},
                {"kind": "know_how", "note": "two items claimed"},
            ]
        },
        "evidence": {
            "evidence_grade": "vendor",
            "sources": [
                {
                    "title": "湖北楚冠实业股份有限公司 油气回收技术简介",
                    "url": "https://m.163wenku.com/p-4478016.html",
                }
            ],
        },
    }


def test_cleaning_tower_costs_and_cases():
    tower = sections("cn-salscs-tower")

    assert tower["economics"]["costs"] == [
        {
            "kind": "capex",
            "amount": "12000000",
            "currency": "CNY",
            "basis": "construction cost of the tower, reported as more than this figure",
        },
        {
            "kind": "opex",
            "amount": "200000",
            "currency": "CNY",
            "unit": "yr",
            "basis": "filter media and other running costs, approximate",
        },
    ]
    assert tower["cases"]["cases"] == [
        {
            "name": "Chang’an District, Xi’an",
            "country": "CN",
            "scale": "one tower, 60 m high; collector 60 m x 43 m",
            "year": 2016,
        }
    ]
    assert tower["performance"]["indicators"][0] == {
        "name": "PM2.5 reduction in surrounding area",
        "minimum": "11",
        "maximum": "19",
        "as_stated": "11-19",
        "unit": "%",
        "condition": "about 10 km2 around the tower, ten monitoring points, "
        "seasonal tests to April 2018",
    }


def test_natural_clay_price_range_has_no_amount():
    assert sections("no-liquid-natural-clay")["economics"]["costs"] == [
        {
            "kind": "capex",
            "as_stated": "2-5",
            "currency": "USD",
            "unit": "m2",
            "basis": "treatment cost quoted by the press, 2022",
        }
    ]


def test_sharon_cost_per_what_was_removed():
    assert sections("nl-sharon-anammox")["economics"]["costs"] == [
        {
            "kind": "opex",
            "amount": "1.1",
            "currency": "USD",
            "unit": "kg NH4-N removed",
            "basis": "total cost estimated by the authors in 1998 for the SHARON step "
            "(figure read from scanned text)",
        }
    ]


def test_sharon_ph_has_no_unit():
    assert sections("nl-sharon-anammox")["performance"]["indicators"][3] == {
        "name": "pH",
        "minimum": "7",
        "maximum": "8",
        "as_stated": "7-8",
        "condition": "SHARON step",
    }


def test_spectrometer_uncertainty_stays_words():
    assert sections("at-pandora-2s")["performance"]["indicators"] == [
        {
            "name": "aerosol optical depth, uncertainty",
            "as_stated": "within 0.05",
            "condition": "target over the whole range",
        },
        {
            "name": "spectral range",
            "minimum": "300",
            "maximum": "900",
            "as_stated": "300-900",
            "unit": "nm",
            "condition": "two spectrometers",
        },
    ]


def test_lidar_pair_of_energies_stays_words():
    assert sections("cn-aiofm-mie-lidar")["performance"]["indicators"][4] == {
        "name": "pulse energy",
        "as_stated": "350 / 200",
        "unit_other": "mJ",
        "condition": "1,064 / 532 nm",
    }


def test_burner_dash_is_no_unit():
    assert sections("be-haemers-smart-burner")["performance"]["indicators"][0] == {
        "name": "PFAS after treatment",
        "as_stated": "not detected",
        "condition": "two trials on 35 t of soil in Denmark, checked by third party",
    }


def test_dust_suppressant_has_no_principle_where_the_source_has_none():
    dustgard = sections("us-dustgard")

    assert dustgard["technology"] == {
        "title": "DustGard road dust suppressant",
        "subcategory": "AIR-08",
        "summary": "A dust suppressant for unpaved roads tested under the federal verification "
        "programme at a Missouri army base. Control was strong for coarse dust and weaker for "
        "the finest fraction.",
        "applicability": "Unpaved roads at works, mines and bases.",
        "maturity": "commercial",
        "maturity_evidence": "Verified by the EPA ETV programme.",
    }
    assert dustgard["evidence"] == {
        "evidence_grade": "independent_verification",
        "sources": [
            {
                "title": "Environmental Technology Verification Report: Dust Suppressant Products: "
                "North American Salt Company’s DustGard (EPA/600/R-05/127)",
                "url": "http://cfpub.epa.gov/si/si_public_record_report.cfm?dirEntryId=138083",
                "programme": "US EPA ETV",
                "year": 2005,
            }
        ],
    }


def test_danang_trademark_and_fine_figure():
    danang = sections("us-iptd-danang")

    assert danang["property"]["rights"] == [
        {
            "kind": "trademark",
            "note": "IPTD is given as a registered mark; no number in the sources",
        }
    ]
    assert [row["typical"] for row in danang["performance"]["indicators"] if "typical" in row] == [
        "8.9",
        "99.992",
        "1254",
    ]


def test_gypsum_area_is_a_lower_bound():
    assert sections("cn-fgd-gypsum-sodic")["performance"]["indicators"][0] == {
        "name": "land reclaimed by the group",
        "minimum": "300000",
        "as_stated": ">300,000",
        "unit": "mu",
        "condition": "by December 2020",
    }


def test_wells_of_alhambra_keep_small_and_negative_figures():
    indicators = sections("us-terratherm-tch")["performance"]["indicators"]

    assert [row["typical"] for row in indicators] == [
        *("30.6", "0.059", "0.018", "0.00011", "16200", "785", "-40"),
    ]


def test_kiln_patent_applications():
    assert sections("cn-bbmg-kiln-hazwaste")["property"]["rights"] == [
        {
            "kind": "patent_application",
            "note": "28 filed and 21 granted by 2014, numbers not given",
        }
    ]


def test_city_tree_sources_keep_the_main_one_first():
    sources = sections("de-citytree")["evidence"]["sources"]

    assert [source.get("year") for source in sources] == [2020, None, None, 2020]
    assert sources[0]["programme"] == "EU Horizon 2020 (project 847744)"


def test_snox_says_that_its_country_is_inferred():
    assert sections("dk-snox")["evidence"]["sources"][1:] == [
        {
            "title": "The holder's country is inferred from general knowledge; "
            "the sources read do not state it."
        }
    ]


def test_seven_countries_are_inferred_and_say_so():
    keys = [*records.technologies(), *records.invented()]
    saying = {
        key for key in keys if importing.COUNTRY_INFERRED in sections(key)["evidence"]["sources"]
    }

    assert saying == {
        *("ca-cansolv-capture", "dk-snox", "fi-lifac", "gb-aqmesh"),
        *("us-purpleair-pa2", "us-quantaq-modulair", "de-borda-dewats"),
    }


def test_chinese_name_is_a_translation():
    assert importing.translations(records.technology("cn-gem-battery")) == {
        "zh-hans": {"technology.title": "动力电池回收拆解及锂回收技术"}
    }
    assert importing.translations(records.technology("nl-nereda")) == {}


def test_data_holds_what_its_readme_says():
    grades = [record["evidence_grade"] for record in records.technologies().values()]

    assert {grade: grades.count(grade) for grade in grades} == {
        "independent_verification": 2,
        "peer_reviewed": 13,
        "government": 6,
        "vendor": 14,
        "press": 21,
    }
    assert len(records.organisations()) == 17


@pytest.mark.parametrize("key", [*records.technologies(), *records.invented()])
def test_every_record_is_complete_but_for_the_commitment(key, demo_scheme):
    missing = demo_scheme.missing(sections(key))

    assert [one.section for one in missing] == ["commitment"] * 4


@pytest.mark.django_db
def test_every_record_is_sound(demo_scheme):
    @cache
    def known(source):
        if source == "country":
            return frozenset(Country.objects.values_list("code", flat=True))
        if source == "unit":
            return frozenset(Unit.objects.values_list("code", flat=True))
        if source == "subcategory":
            return frozenset(Subcategory.objects.values_list("code", flat=True))
        return frozenset(Term.objects.filter(vocabulary=source).values_list("code", flat=True))

    keys = [*records.technologies(), *records.invented()]

    assert {key: demo_scheme.faults(sections(key), known) for key in keys} == {
        key: [] for key in keys
    }


def test_every_invented_thing_says_so():
    organisations = records.invented_organisations().values()
    technologies = records.invented().values()

    assert all(one["name_en"].endswith("(invented)") for one in [*organisations, *technologies])
    assert all(one["name_zh"].endswith("（虚构）") for one in [*organisations, *technologies])


def test_no_real_record_is_marked_invented():
    assert not any("invented" in str(record) for record in records.technologies().values())
