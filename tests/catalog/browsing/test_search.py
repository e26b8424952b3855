import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import bigrams
from catalog.browsing import search
from catalog.models import Technology
from reference.models import Term
from tests.builders import catalog

pytestmark = pytest.mark.django_db

# Words that share characters, so that a dictionary would cut them in several ways.
WORDS = (
    "污水处理厂",
    "水处理",
    "处理",
    "海水淡化",
    "淡化",
    "膜",
    "膜过滤",
    "过滤",
    "技术",
    "大数据平台",
    "数据",
    "疫苗",
    "理厂",
    "厂区",
    "烟气脱硫",
    "脱硫",
    "硫化氢",
    "气",
    "水",
    "垃圾渗滤液",
    "渗滤",
    "土壤修复",
    "修复",
    "可持续发展",
    "发展目标",
    "监测",
    "在线监测",
)
# What stands across them, or nowhere.
ACROSS = (
    "水处理厂",
    "理厂区",
    "厂",
    "化",
    "据平",
    "壤",
    "目标",
    "不存在",
    "处理技术",
    "滤液处理",
)


def hits(typed: str) -> list[Technology]:
    """Return what a search finds, best first."""
    places = search.hits(bigrams.asked(typed)).places.tolist()
    return [Technology.objects.get(place=place) for place in places]


def found(typed: str) -> set[str]:
    return {one.titles["zh-hans"] for one in hits(typed)}


def test_chinese_is_found_exactly_where_it_stands():
    """Recall and precision 1.0 against the truth, which is the substring."""
    chance = random.Random(7)
    texts = {}
    for number in range(60):
        body = "，".join("".join(chance.choices(WORDS, k=3)) for _part in range(4))
        made = catalog.technology(title=f"甲{number}", language="zh-hans", summary=body)
        treated = Term.objects.filter(vocabulary="pollutant", code__in=made.content["pollutants"])
        named = (made.subcategory, made.subcategory.field, made.country, *treated)
        names = "，".join(one.names["zh-hans"] for one in named)
        texts[f"甲{number}"] = f"甲{number}，{body}，{names}"

    for typed in (*WORDS, *ACROSS):
        truth = {title for title, text in texts.items() if typed in text}
        assert found(typed) == truth, typed


def test_a_search_reads_titles_in_both_languages_holder_number_and_field():
    technology = catalog.technology(title="Membrane bioreactor", title_zh="膜生物反应器")

    for typed in (
        "membranes",
        "生物反应",
        "膜",
        technology.holder.name_en,
        technology.number,
        "Water",
        "Norway",
        "挪威",
    ):
        assert hits(typed) == [technology], typed


def test_han_and_latin_must_both_be_there():
    catalog.technology(title="膜 reactor", title_zh="甲", language="en")
    catalog.technology(title="膜 filter", title_zh="乙", language="en")

    assert found("膜 filters") == {"乙"}
    assert found("膜 -filter") == {"甲"}
    assert found("reactor -膜") == set()


def test_a_title_weighs_more_than_a_text():
    in_text = catalog.technology(title="A plant", summary="With desalination.")
    in_title = catalog.technology(title="Desalination plant", summary="With salt.")
    assert hits("desalination") == [in_title, in_text]


def test_what_is_private_is_not_found():
    catalog.technology()

    for typed in ("contact@example.org", "Nordmann", "signatory"):
        assert hits(typed) == [], typed


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_nothing_typed_breaks_the_query(text):
    # Nothing is listed, so nothing is found; what PostgreSQL cannot read it would refuse.
    assert hits(text) == []


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(alphabet="'\"\\&|!()<->:*膜水a -", max_size=20))
def test_signs_of_the_query_language_do_not_break_it(text):
    # Nothing is listed, so nothing is found; what PostgreSQL cannot read it would refuse.
    assert hits(text) == []
