"""The list of the catalogue, as a visitor without an account sees it."""

import datetime as dt
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.browsing.addresses import toggles
from catalog.browsing.finding import PAGE, Wanted
from catalog.browsing.forms import MOST_CODES
from catalog.browsing.traits import FACETS
from catalog.version import version_now
from catalog.vocabulary import names_at
from tests.builders import catalog
from tests.catalog.addresses import address, asked
from tests.reading import heading, headings, text

pytestmark = pytest.mark.django_db


def listed(query: str = "", client: Client | None = None) -> Any:
    """Open the list and return the answer."""
    answer = (client or Client()).get(f"{address()}{query}", follow=True)
    assert answer.status_code == 200
    return answer


def titles(answer: Any) -> list[str]:
    return [str(row["title"]) for row in answer.context["rows"]]


def counts(answer: Any, facet: str) -> dict[str, int]:
    found = next(one for one in answer.context["facets"] if one["name"] == facet)
    return {option["code"]: option["count"] for option in (*found["options"], *found["more"])}


def children(answer: Any, field: str) -> list[dict[str, Any]]:
    """Return the sub-categories that stand below a field."""
    fields = next(one for one in answer.context["facets"] if one["name"] == "field")
    all_of_them = (*fields["options"], *fields["more"])
    (found,) = [one for one in all_of_them if one["code"] == field]
    return list(found.get("children", []))


def below(answer: Any, field: str) -> dict[str, int]:
    return {one["code"]: one["count"] for one in children(answer, field)}


def test_the_list_shows_the_newest_first():
    catalog.technologies(3)

    answer = listed()

    assert titles(answer) == ["Technology 2", "Technology 1", "Technology 0"]
    assert answer.context["total"] == 3


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_what_is_not_listed_is_neither_shown_nor_counted_nor_found(step):
    catalog.take(catalog.technology(title="Membrane one"), step)
    catalog.technology(title="Membrane two")

    for answer in (listed(), listed(asked(q="membrane one two"))):
        assert "Membrane one" not in answer.content.decode()
    assert listed().context["total"] == 1
    assert counts(listed(), "field") == {"WAT": 1}


@pytest.mark.parametrize("query", ["", asked(field="WAT"), asked(q="nothing of this kind")])
def test_no_heading_of_the_list_leaves_out_a_level(query):
    catalog.technologies(2)

    levels = [level for level, _text in headings(listed(query))]

    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), headings(listed(query))


def test_the_filters_stand_under_a_heading_of_their_own():
    catalog.technology()

    found = headings(listed())

    at = found.index((2, "Filters"))
    assert found[at + 1][0] == 3
    assert at < found.index((2, "Found"))


def test_an_empty_list_says_what_to_do():
    answer = listed(asked(q="nothing of this kind"))

    assert titles(answer) == []
    assert "Nothing matches" in answer.content.decode()


@pytest.mark.parametrize("query", [{}, {"field": "WAT"}, {"q": "technology", "sort": "newest"}])
def test_a_page_past_the_end_says_so_and_leads_to_the_beginning(query):
    first = catalog.technologies(2)[0]

    answer = listed(asked(**query, after=first.place))

    said = text(answer)
    assert "This page of the list is empty" in said
    assert "Nothing matches" not in said
    assert "Not in the pool yet?" not in said
    assert answer.context["first_url"] == f"?{urlencode(query)}"
    assert listed(answer.context["first_url"]).context["rows"] != []


def test_facets_count_what_choosing_them_would_show():
    for subcategory, country, evidence, cases in (
        ("WAT-01", "NO", "vendor", ("NO", "SE")),
        ("WAT-02", "NO", "press", ("NO",)),
        ("AIR-01", "NO", "vendor", ("CN",)),
        ("AIR-01", "CN", "vendor", ()),
    ):
        catalog.technology(
            subcategory=subcategory, country=country, evidence=evidence, case_countries=cases
        )

    all_of_it = listed()
    assert counts(all_of_it, "field") == {"WAT": 2, "AIR": 2}
    assert counts(all_of_it, "country") == {"NO": 3, "CN": 1}
    assert counts(all_of_it, "case_country") == {"NO": 2, "SE": 1, "CN": 1}
    assert counts(all_of_it, "evidence") == {"vendor": 3, "press": 1}

    water = listed(asked(field="WAT"))
    assert water.context["total"] == 2
    # Its own facet still says what the other choice would show; the others are narrowed.
    assert counts(water, "field") == {"WAT": 2, "AIR": 2}
    assert below(water, "WAT") == {"WAT-01": 1, "WAT-02": 1}
    assert counts(water, "country") == {"NO": 2}
    assert counts(water, "evidence") == {"vendor": 1, "press": 1}

    both = listed(asked(field=["WAT", "AIR"], country="NO"))
    assert both.context["total"] == 3
    assert counts(both, "field") == {"WAT": 2, "AIR": 1}
    assert counts(both, "country") == {"NO": 3, "CN": 1}

    cases = listed(asked(case_country=["SE", "CN"]))
    assert cases.context["total"] == 2
    assert counts(cases, "case_country") == {"NO": 2, "SE": 1, "CN": 1}


def test_sub_categories_stand_below_a_field_that_is_open():
    for subcategory in ("WAT-01", "WAT-02", "AIR-01"):
        catalog.technology(subcategory=subcategory)

    nothing_chosen, water, one = (
        listed(asked(**chosen)) for chosen in ({}, {"field": "WAT"}, {"subcategory": "WAT-02"})
    )

    assert [below(nothing_chosen, field) for field in ("WAT", "AIR")] == [{}, {}]
    assert [below(water, field) for field in ("WAT", "AIR")] == [{"WAT-01": 1, "WAT-02": 1}, {}]
    assert below(one, "WAT") == {"WAT-01": 1, "WAT-02": 1}
    (chosen,) = [child for child in children(one, "WAT") if child["selected"]]
    assert listed(chosen["url"]).context["total"] == 3
    assert "<ul><li><a href" in water.content.decode()


@pytest.mark.parametrize(
    "query", ["", asked(field="WAT"), asked(q="membrane", country="NO", case_country="NO")]
)
def test_a_count_is_the_number_of_rows_behind_its_link(query):
    for number, subcategory in enumerate(("WAT-01", "WAT-01", "AIR-01", "SOI-01", "MON-01")):
        catalog.technology(
            title=f"Membrane {number}",
            subcategory=subcategory,
            country=("NO", "CN")[number % 2],
            maturity=("commercial", "pilot")[number % 2],
            case_countries=(("NO",), ("CN", "NO"), ())[number % 3],
        )

    # A facet in which something is chosen adds up; there a count is of that choice alone.
    untouched = [one for one in listed(query).context["facets"] if not one["clear_url"]]

    assert untouched
    for option in (option for facet in untouched for option in facet["options"]):
        for one in (option, *option.get("children", [])):
            assert listed(one["url"]).context["total"] == one["count"]


def test_a_filter_that_is_on_can_be_taken_away():
    catalog.technology(subcategory="WAT-01")
    catalog.technology(subcategory="AIR-01")

    answer = listed(asked(field="AIR", country="NO", q="leachate"))

    labels = [one["label"] for one in answer.context["active"]]
    assert labels == [
        "Field: Air pollution prevention and control",
        "Country or region of the holder: Norway",
    ]
    without_air = listed(answer.context["active"][0]["url"])
    assert without_air.context["total"] == 2
    assert [one["label"] for one in without_air.context["active"]] == labels[1:]
    assert listed(answer.context["clear_url"]).context["active"] == []
    assert listed(answer.context["clear_url"]).context["searching"]


def test_a_choice_that_shows_nothing_stays_to_be_taken_away():
    catalog.technology(subcategory="WAT-01")

    answer = listed(asked(field="SOI"))

    assert titles(answer) == []
    assert counts(answer, "field") == {"WAT": 1, "SOI": 0}


@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_pages_by_key_show_every_row_once_both_ways(order):
    now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    for number in range(2 * PAGE + 3):
        # Many of the same moment and the same rank.
        catalog.technology(
            title=f"Membrane {number}", listed_at=now + dt.timedelta(hours=number // 7)
        )
    query = asked(q="membrane", sort=order)

    forward: list[list[str]] = []
    answer = listed(query)
    forward.append(titles(answer))
    while answer.context["next_url"]:
        answer = listed(answer.context["next_url"])
        forward.append(titles(answer))
    backward = [titles(answer)]
    while answer.context["previous_url"]:
        answer = listed(answer.context["previous_url"])
        backward.append(titles(answer))

    assert [len(page) for page in forward] == [PAGE, PAGE, 3]
    assert len({title for page in forward for title in page}) == 2 * PAGE + 3
    assert backward[::-1] == forward


def test_the_best_match_comes_first_when_something_is_looked_for():
    catalog.technology(title="Desalination", summary="Salt.")
    catalog.technology(title="Plant", summary="For desalination.")

    best = listed(asked(q="desalination"))
    newest = listed(asked(q="desalination", sort="newest"))

    assert titles(best) == ["<mark>Desalination</mark>", "Plant"]
    assert titles(newest) == ["Plant", "<mark>Desalination</mark>"]


def test_what_was_found_is_marked_and_what_was_typed_is_escaped():
    catalog.technology(title="<b>膜过滤</b> 技术", language="zh-hans", summary="用于<水处理>。")

    answer = listed(asked(q="过滤 水处理"))

    page = answer.content.decode()
    assert "&lt;b&gt;膜<mark>过滤</mark>&lt;/b&gt; 技术" in page
    assert "用于&lt;<mark>水处理</mark>&gt;。" in page
    attack = listed(asked(q="<script>alert(1)</script>")).content.decode()
    assert "<script>alert" not in attack


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        (asked(field="XXX"), "A filter of this address is unknown here and was left out."),
        (asked(country=["NO", "\0"]), "A filter of this address is unknown here and was left out."),
        (asked(sort="price"), "The list cannot be sorted like that."),
        (
            asked(after="yesterday"),
            "This is not the address of a page. The list begins at its first page.",
        ),
        (
            asked(q="membrane", before="NaN_4b6c1f5e-0000-4000-8000-000000000001"),
            "This is not the address of a page. The list begins at its first page.",
        ),
    ],
)
def test_what_is_not_understood_is_told_and_left_out(query, notice):
    catalog.technology()

    answer = listed(query)

    assert answer.context["notices"] == [notice]
    assert answer.context["total"] == 1


def test_twenty_choices_of_a_facet_are_taken_and_the_others_told():
    catalog.technology(country="NO")
    codes = list(names_at(version_now().edition).country)[:MOST_CODES]

    twenty = listed(asked(country=["XX", *codes[1:], "NO"]))
    more = listed(asked(country=[*codes, "NO"]))

    told = "A filter of this address is unknown here and was left out."
    assert [len(one.context["active"]) for one in (twenty, more)] == [20, 20]
    assert [one.context["total"] for one in (twenty, more)] == [1, 0]
    assert [one.context["notices"] for one in (twenty, more)] == [[told], [told]]


@pytest.mark.parametrize("typed", ["-0-0-", "%00", "a -0-0- b"])
def test_the_address_of_a_choice_keeps_what_was_typed(typed):
    wanted = Wanted(text=typed, chosen={"field": ["AIR"]}, order="relevance")

    assert toggles(wanted, "field")("WAT") == asked(q=typed, field=["AIR", "WAT"])


@pytest.mark.parametrize(("text", "told"), [("a" * 201, "200 characters"), ("a\0b", "Null")])
def test_a_search_that_cannot_be_is_refused_at_the_field(text, told):
    answer = listed(asked(q=text))

    assert told in str(answer.context["form"].errors["q"])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(
        st.sampled_from(["q", "sort", "after", "before", *FACETS]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    )
)
def test_no_address_breaks_the_list(choices):
    answer = listed(f"?{urlencode(choices)}")

    assert answer.context["total"] == 0
    assert heading(answer) == "Technologies of the pool"


# Filters on a small screen --------------------------------------------------------------------


def test_the_filters_are_folded_above_the_results_and_need_no_script():
    catalog.technology()

    page = listed().content.decode()

    assert '<details class="panel filters">' in page  # closed; portal.css opens it beside the list
    assert page.index('<details class="panel filters">') < page.index('<article class="tile">')
    assert page.index("<summary>", page.index("panel filters")) < page.index('class="facets"')


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", None),
        (asked(field="WAT"), "1 on"),
        (asked(field=["WAT", "AIR"], country="NO"), "3 on"),
        (asked(q="membrane"), None),
    ],
)
def test_the_fold_says_how_many_filters_are_on(query, told):
    catalog.technology(title="Membrane")

    page = listed(query).content.decode()

    fold = page[page.index('<details class="panel filters">') :]
    summary = fold[: fold.index("</summary>")]
    assert ("filters-on" in summary) == (told is not None)
    assert told is None or f">{told}<" in summary
