"""The public versions of a technology: which there are, what each changed, and who still reads."""

import copy

import pytest
from django.test import Client
from django.utils import timezone

from catalog import publishing, versions
from catalog.models import Technology
from tests.builders import catalog
from tests.catalog.addresses import address, queries
from tests.reading import text, texts

pytestmark = pytest.mark.django_db


def now_with(technology: Technology, **content: object) -> Technology:
    """Let the record say something else from now on, as a new version."""
    technology.content = copy.deepcopy(technology.content) | content
    publishing.set_content(technology, technology.content)
    publishing.read_columns(technology)
    technology.save()
    publishing.keep_version(technology, at=timezone.now())
    return technology


def with_summary(technology: Technology, summary: str) -> Technology:
    told = copy.deepcopy(technology.content["texts"])
    told["en"]["summary"] = summary
    return now_with(technology, texts=told)


def kinds(technology: Technology) -> list[tuple[int, str, bool]]:
    rows = versions.page(technology).rows
    return [(one.number, str(one.kind), one.readable) for one in rows]


def page_of(technology: Technology, number: int, language: str = "en"):
    return Client().get(address("technology-version", technology.pk, number, language=language))


def test_each_version_says_what_kind_of_change_it_was():
    technology = catalog.technology()
    catalog.take(technology, "suspend")
    catalog.take(technology, "resume")
    technology.refresh_from_db()
    with_summary(technology, "Treats leachate and more.")

    assert kinds(technology) == [
        (4, "Record changed", True),
        (3, "Listed again", True),
        (2, "Suspended", False),
        (1, "Listed", True),
    ]


def test_a_renewal_with_a_later_end_is_told_as_one():
    technology = now_with(catalog.technology(), valid_until="2040-01-01")

    assert kinds(technology)[0] == (2, "Renewed", True)


def test_a_translation_is_told_as_one():
    technology = catalog.technology(title="Reactor")
    told = {"zh-hans": {"of_version": 1, "confirmed_on": "2026-01-01"}}
    now_with(technology, translations=told)

    assert kinds(technology)[0] == (2, "Translation published", True)


def test_what_changed_in_a_text_is_marked_word_by_word():
    technology = with_summary(
        catalog.technology(summary="Treats leachate of old landfills at low cost."),
        "Treats leachate of new landfills at low cost.",
    )

    answer = page_of(technology, 2)

    assert "<h1>From version 1 to version 2</h1>" in text(answer)
    assert texts(answer, "del") == ["removed: old"]
    assert texts(answer, "ins") == ["added: new"]
    assert "Texts in English" in text(answer)


def test_a_figure_that_changed_is_told_by_its_row():
    technology = catalog.technology()
    rows = copy.deepcopy(technology.content["indicators"])
    rows[0]["typical"] = "99.1"
    now_with(technology, indicators=rows)

    answer = page_of(technology, 2)

    assert "Row 1, changed: COD removal" in text(answer)
    assert texts(answer, "del") == ["removed: 98.50"]
    assert texts(answer, "ins") == ["added: 99.1"]


def test_the_first_version_changed_nothing():
    answer = page_of(catalog.technology(), 1)

    assert "This is the first version" in text(answer)


def test_a_state_alone_has_no_page_and_is_not_compared_with():
    technology = catalog.technology()
    catalog.take(technology, "suspend")
    catalog.take(technology, "resume")

    assert page_of(technology, 2).status_code == 404
    assert "<h1>From version 1 to version 3</h1>" in text(page_of(technology, 3))
    assert "Nothing the page prints changed" in text(page_of(technology, 3))


def test_what_never_was_is_not_there():
    technology = catalog.technology()

    assert page_of(technology, 2).status_code == 404
    assert page_of(technology, 10**20).status_code == 404


@pytest.mark.parametrize(("step", "status"), [("suspend", 200), ("withdraw", 410), ("revoke", 410)])
def test_of_one_that_is_not_listed_no_version_is_read(step, status):
    technology = with_summary(catalog.technology(summary="Treats leachate."), "Treats sludge.")
    catalog.take(technology, step)

    for path in (
        address("technology-version", technology.pk, 1),
        address("technology-version", technology.pk, 2),
        address("technology-versions", technology.pk),
    ):
        answer = Client().get(path)
        assert answer.status_code == status
        assert "leachate" not in text(answer)
        assert "sludge" not in text(answer)
        assert "Version" not in texts(answer, "main")[0]


def test_of_one_that_expired_no_version_is_read():
    technology = catalog.ending(catalog.technology(summary="Treats leachate."), days=-1)
    catalog.expire(technology)

    answer = page_of(technology, 1)

    assert answer.status_code == 200
    assert "leachate" not in text(answer)
    assert "This listing has expired." in text(answer)


def test_the_page_of_the_technology_lists_the_newest_five():
    technology = catalog.technology()
    for place in range(6):
        with_summary(technology, f"Treats {place}.")

    page = Client().get(address("technology-detail", technology.pk))

    assert [one.number for one in page.context["versions"].rows] == [7, 6, 5, 4, 3]
    assert address("technology-versions", technology.pk) in text(page)
    whole = Client().get(address("technology-versions", technology.pk))
    assert [one.number for one in whole.context["page"].rows] == [7, 6, 5, 4, 3, 2, 1]


def test_a_long_history_is_read_page_by_page():
    technology = catalog.technology()
    for place in range(versions.PAGE):
        with_summary(technology, f"Treats {place}.")

    first = Client().get(address("technology-versions", technology.pk)).context["page"]
    rest = Client().get(address("technology-versions", technology.pk) + f"?before={first.before}")

    assert (first.rows[-1].number, first.before) == (2, 2)
    assert [one.number for one in rest.context["page"].rows] == [1]
    for odd in ("x", "-1", "9" * 30):
        asked = Client().get(address("technology-versions", technology.pk) + f"?before={odd}")
        assert asked.status_code == 200


def test_the_pages_cost_the_same_however_long_the_history_is():
    technology = catalog.technology(title_zh="膜", case_countries=("NO", "CN"))
    with_summary(technology, "Treats sludge.")
    one = queries(address("technology-version", technology.pk, 2))
    few = queries(address("technology-versions", technology.pk))
    for place in range(10):
        with_summary(technology, f"Treats {place}.")

    assert queries(address("technology-version", technology.pk, 12)) == one
    assert queries(address("technology-versions", technology.pk)) == few
    assert (one, few) == (3, 2)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_a_version_is_read_in_every_language(language):
    technology = with_summary(catalog.technology(title_zh="膜"), "Treats sludge.")

    answer = page_of(technology, 2, language)

    assert answer.status_code == 200
    assert not answer.cookies
    assert texts(answer, "ins")
