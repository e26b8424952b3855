"""A catalogue of any size, laid down at once: technologies in English and Chinese.

Words of 20,000 by Zipf's law, thirty themes in both languages, each in about an eighth of the
technologies; traits, spans and vectors are made by the portal's own functions. What lies behind
a technology (its case, its signature) is left out: no page measured here reads it.
"""

import io
import json
import random
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate
from typing import Any

from django.db import connection

from accounts.models import Organisation
from catalog.browsing import search
from catalog.browsing.ranges import spans_of
from catalog.browsing.traits import traits_of
from core.canonical import content_hash
from reference.models import Country, Indicator, Subcategory, Term

VOCABULARY = 20_000
THEMES = (
    ("desalination", "海水淡化"),
    ("membrane filtration", "膜过滤"),
    ("wastewater treatment", "污水处理"),
    ("carbon capture", "碳捕集"),
    ("flue gas desulphurisation", "烟气脱硫"),
    ("denitrification", "脱硝"),
    ("biomass", "生物质"),
    ("leachate", "渗滤液"),
    ("soil remediation", "土壤修复"),
    ("online monitoring", "在线监测"),
    ("sludge drying", "污泥干化"),
    ("anaerobic digestion", "厌氧消化"),
    ("activated carbon", "活性炭"),
    ("ion exchange", "离子交换"),
    ("photocatalysis", "光催化"),
    ("ozone oxidation", "臭氧氧化"),
    ("heat recovery", "余热回收"),
    ("dust removal", "除尘"),
    ("odour control", "除臭"),
    ("phosphorus recovery", "磷回收"),
    ("heavy metals", "重金属"),
    ("landfill cover", "填埋覆盖"),
    ("composting", "堆肥"),
    ("plastics recycling", "塑料回收"),
    ("groundwater", "地下水"),
    ("stormwater", "雨水"),
    ("noise barrier", "声屏障"),
    ("wetland", "人工湿地"),
    ("electrodialysis", "电渗析"),
    ("evaporation", "蒸发"),
)
SHARE = 1 / 8  # of the technologies in which a theme stands
CHUNK = 10_000
COLUMNS = (
    *("id", "number", "earlier_id", "holder_id", "place", "content", "content_hash", "titles"),
    *("subcategory_id", "country_id", "maturity", "evidence_grade", "case_countries"),
    *("traits", "figures"),
)
PARTS = tuple(f"part{number}" for number in range(8))


def lay_down(number: int) -> None:
    """Fill the empty catalogue of this database with so many technologies."""
    known = _known()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # of its inner order, no trigger
        cursor.execute("DROP INDEX catalog_technology_search")
        _stage(cursor)
        with ProcessPoolExecutor(2) as pool:
            chunks = range(0, number, CHUNK)
            sizes = [(start, min(CHUNK, number - start), known) for start in chunks]
            for made in pool.map(_chunk, sizes):
                cursor.copy_expert(
                    f"COPY bench_staged ({', '.join((*COLUMNS, *PARTS))}) FROM STDIN",
                    io.StringIO(made),
                )
                _take_over(cursor)
        cursor.execute(
            "CREATE INDEX catalog_technology_search ON catalog_technology USING gin (search)"
        )
        cursor.execute(
            "INSERT INTO catalog_change (technology_id, kind, seq, number, at) SELECT id, 'listed',"
            " 1, nextval('catalog_change_number'), now() FROM catalog_technology ORDER BY place"
        )
        cursor.execute(
            "INSERT INTO catalog_technologyversion (technology_id, number, content, content_hash,"
            " published_at) SELECT id, 1, content, content_hash, listed_at FROM catalog_technology"
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "VACUUM (ANALYZE) catalog_technology, catalog_technologyversion, catalog_change"
        )


def _stage(cursor: Any) -> None:
    kinds = {"id": "uuid", "holder_id": "uuid", "earlier_id": "bigint", "place": "bigint"}
    kinds |= {"traits": "text[]"}
    kinds |= dict.fromkeys(("content", "titles", "case_countries", "figures"), "jsonb")
    columns = [f"{name} {kinds.get(name, 'text')}" for name in (*COLUMNS, *PARTS)]
    cursor.execute(f"CREATE UNLOGGED TABLE bench_staged ({', '.join(columns)})")


def _take_over(cursor: Any) -> None:
    vector = search.VECTOR
    for part in PARTS:
        vector = vector.replace("%s", part, 1)
    columns = ", ".join(COLUMNS)
    fixed = "'listed', 1, 1, 'en', now(), now(), '2031-01-01', true"
    edition = "(SELECT number FROM reference_edition)"
    cursor.execute(
        f"INSERT INTO catalog_technology ({columns}, status, seq, epoch, language, listed_at,"  # noqa: S608 -- columns and functions of our own
        " changed_at, valid_until, demonstration, edition, search)"
        f" SELECT {columns}, {fixed}, {edition}, {vector} FROM bench_staged"
    )
    cursor.execute("TRUNCATE bench_staged")


Known = dict[str, list[Any]]


def _known() -> Known:
    """Return what records are made of, with holders laid down for them."""
    countries = sorted(Country.objects.values_list("code", flat=True))
    houses = Organisation.objects.bulk_create(
        Organisation(
            name_en=f"House {place}",
            country_id=countries[place % 40],
            kind=Organisation.Kind.ENTERPRISE,
            invented=True,
        )
        for place in range(200)
    )
    terms = {
        name: sorted(Term.objects.filter(vocabulary=name).values_list("code", flat=True))
        for name in ("form", "matrix", "pollutant", "cooperation", "maturity")
    }
    return {
        "houses": [(str(one.pk), one.name_en, one.country_id) for one in houses],
        "countries": countries,
        "subcategories": [list(pair) for pair in Subcategory.objects.values_list("code", "field")],
        "indicators": [
            [one.code, one.units.all()[0].code]
            for one in Indicator.objects.filter(units__isnull=False).distinct()
        ],
        **terms,
    }


def _chunk(asked: tuple[int, int, Known]) -> str:
    """Return the lines of a chunk, as COPY reads them."""
    start, number, known = asked
    chance = random.Random(start)
    words = _Words(chance)
    return "".join(_line(start + place + 1, chance, words, known) for place in range(number))


class _Words:
    """Words by Zipf's law: the first as often as the next two together."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        letters = random.Random(1)
        self.all = [
            "".join(letters.choices("abcdefghilmnoprstu", k=letters.randrange(4, 11)))
            for _word in range(VOCABULARY)
        ]
        self.weights = list(accumulate(1 / place for place in range(1, VOCABULARY + 1)))

    def some(self, number: int) -> str:
        return " ".join(self.chance.choices(self.all, cum_weights=self.weights, k=number))


def _line(place: int, chance: random.Random, words: _Words, known: Known) -> str:
    record, holder = _record(place, chance, words, known)
    traits = traits_of(record, year=2020 + place % 7, corridors={"PK": ["CPEC"], "KZ": ["NELB"]})
    figures = [[str(one.measure), one.low, one.high] for one in spans_of(record)]
    values = (
        record["id"],
        record["number"],
        place,
        holder,
        place,
        _json(record),
        content_hash(record),
        _json(record["titles"]),
        record["subcategory"],
        record["holder"]["country"],
        record["maturity"],
        record["evidence_grade"],
        _json(sorted({one["country"] for one in record["cases"]})),
        "{" + ",".join(f'"{trait}"' for trait in traits) + "}",
        _json(figures),
        *search.values(record, [record["subcategory"]]),
    )
    return "\t".join(map(_escaped, values)) + "\n"


def _record(
    place: int, chance: random.Random, words: _Words, known: Known
) -> tuple[dict[str, Any], str]:
    themes = [theme for theme in THEMES if chance.random() < SHARE] or [chance.choice(THEMES)]
    holder, name, country = chance.choice(known["houses"])
    subcategory, field = chance.choice(known["subcategories"])
    english = " ".join(theme[0] for theme in themes)
    chinese = "，".join(f"{theme[1]}技术" for theme in themes)
    rows = chance.sample(known["indicators"], 3)
    return {
        "schema": "1",
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "number": f"GBR-2026-{place:07}",
        "state": "listed",
        "demonstration": True,
        "note": "",
        "titles": {"en": f"{themes[0][0]} {words.some(5)}", "zh-hans": f"{themes[0][1]}装置"},
        "language": "en",
        "texts": {
            "en": {"title": themes[0][0], "summary": f"{english} {words.some(40)}"},
            "zh-hans": {"title": themes[0][1], "summary": f"用于{chinese}的成套装备。"},
        },
        "translations": {},
        "field": field,
        "subcategory": subcategory,
        **{key: chance.choice(known[key]) for key in ("form", "matrix", "maturity")},
        "pollutants": chance.sample(known["pollutant"], 2),
        "cooperation": chance.sample(known["cooperation"], 2),
        "target_countries": [],
        "first_use_year": 2015,
        "applications_count": 3,
        "holder": {
            "name_en": name,
            "name_zh": "",
            "country": country,
            "kind": "enterprise",
            "website": "",
        },
        "indicators": [
            {"indicator": code, "typical": str(chance.randrange(1, 1000)), "unit": unit}
            for code, unit in rows
        ],
        "costs": [],
        "cases": [
            {"name": "Plant", "country": chance.choice(known["countries"][:60])} for _case in "12"
        ],
        "property": [],
        "sources": [],
        "evidence_grade": chance.choice(("vendor", "peer_reviewed", "government")),
        "activity": {"code": "bench", "titles": {"en": "Bench"}},
        "listed_on": "2026-01-01",
        "valid_until": "2031-01-01",
    }, holder


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _escaped(value: Any) -> str:
    text = str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def queries() -> Iterator[str]:
    """Return ten searches, from nearly every technology to hardly one."""
    yield from ("desalination", "海水淡化", "膜过滤技术", "wastewater treatment", "污水 处理")
    yield from (
        "carbon capture -biomass",
        "海水淡化 membrane",
        '"heat recovery"',
        "脱",
        "电渗析装置",
    )
