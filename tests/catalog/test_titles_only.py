"""A translation of the title alone: no empty description, and one sentence that says so."""

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.states import CaseStatus
from submissions.translations import save_translation
from tests.builders import accounts, catalog, evaluation
from tests.catalog.addresses import address
from tests.reading import text

pytestmark = pytest.mark.django_db

TITLE, PRINCIPLE = "膜生物反应器", "膜与生物反应器相结合。"
DETAILS = '<details class="panel">'


def confirm(case, **texts):
    save_translation(
        case.declaration_id,
        "zh-hans",
        {f"technology.{key}": value for key, value in texts.items()},
        actor=accounts.owner_of(case.declaration.organisation),
        confirm=True,
    )


def page(technology, language):
    return Client().get(address("technology-detail", technology.pk, language=language))


def test_in_either_language_a_sentence_says_it_and_nothing_is_folded():
    listed = catalog.listed_technology()
    confirm(listed.case, title=TITLE)
    day = date_format(timezone.localdate(), "DATE_FORMAT")

    english, chinese = page(listed, "en"), page(listed, "zh-hans")

    said = (
        f"Only the title was translated into Simplified Chinese; the holder confirmed it on {day}"
    )
    assert f"{said}." in text(english)
    assert english.context["other_texts"] == chinese.context["other_texts"] == []
    assert len(chinese.context["titles_only"]) == 1
    for answer in (english, chinese):
        assert DETAILS not in answer.content.decode()
        assert "（）" not in text(answer)


def test_a_text_beside_the_title_is_folded_under_the_name_of_its_language():
    listed = catalog.listed_technology()
    confirm(listed.case, title=TITLE, principle=PRINCIPLE)

    english, chinese = page(listed, "en"), page(listed, "zh-hans")

    for answer in (english, chinese):
        [other] = answer.context["other_texts"]
        assert (other["lang"], answer.context["titles_only"]) == ("zh-hans", [])
        assert PRINCIPLE in text(answer)
        assert "（）" not in text(answer)
    assert "Description, text in Simplified Chinese" in text(english)


def test_the_entry_in_publicity_says_it_too():
    decided = evaluation.case(CaseStatus.DECIDED, experts_wanted=1)
    confirm(decided, title=TITLE)
    case = evaluation.release(decided)

    said = []
    for language in ("en", "zh-hans"):
        answer = Client().get(f"/{language}/evaluation/publicity/{case.pk}/")
        assert answer.status_code == 200
        said.append("Only the title was translated" in text(answer))
        assert DETAILS not in answer.content.decode()
        assert "（）" not in text(answer)
    assert said[0]


def test_a_description_in_another_language_is_said_beside_its_translated_title():
    listed = catalog.listed_technology()
    confirm(listed.case, title=TITLE)

    chinese = Client().get(address(language="zh-hans"))

    [row] = chinese.context["rows"]
    assert (row["title"], row["title_lang"], row["summary_lang"]) == (TITLE, "zh-hans", "en")
    assert text(chinese).count("英语文本") == 1


def test_a_table_in_another_language_says_so_once_and_marks_its_words():
    listed = catalog.listed_technology()

    english, chinese = page(listed, "en"), page(listed, "zh-hans")

    [row] = chinese.context["cases"]["rows"]
    assert [cell["text"] for cell in row if cell.get("lang") == "en"] == ["Pilot plant"]
    said = '典型案例 <span class="term-note">英语文本</span>'
    assert chinese.content.decode().count(said) == 1
    assert '<span lang="en" dir="ltr">Pilot plant</span>\n</span>' in chinese.content.decode()
    assert "term-note" not in english.content.decode()
