"""Which words of a record's tables are the holder's own, and so in the language of the record."""

import pytest
from django.utils import translation

from catalog.detail_page import body_of
from catalog.vocabulary import Vocabulary
from tests.builders import catalog

pytestmark = pytest.mark.django_db

PLAIN = {
    "indicators": [
        {"indicator": "", "name": "COD", "as_stated": "≤30 mg/L", "standard": "GB 3838-2002"},
        {"indicator": "", "name": "BOD5", "typical": "9", "unit": "mg/L", "unit_other": ""},
    ],
    "costs": [{"kind": "investment", "amount": "9", "currency": "CNY", "unit": "m³/d"}],
    "cases": [{"name": "MBR 2", "city": "Oslo", "scale_value": "3", "scale_unit": "set"}],
    "property": [{"kind": "patent_invention", "number": "ZL 2019 1 0000000.0"}],
}
OWN = {
    "indicators": [
        {"indicator": "", "name": "出水COD", "typical": "9", "unit": "", "unit_other": "度"},
        {"indicator": "", "name": "COD", "unit": "person", "condition": "水温15 °C"},
    ],
    "costs": [{"kind": "investment", "amount": "9", "unit": "吨水", "basis": "2024年价格"}],
    "cases": [{"name": "某污水处理厂", "city": "Oslo", "scale": "3 台"}],
    "property": [{"kind": "patent_invention", "number": "ZL 1", "note": "独占许可"}],
}


def marked(tables):
    """Return what a Chinese record marks as Chinese: by table its heading, and its words."""
    one = catalog.technology()
    one.language, one.content = "zh-hans", {**one.content, **tables}
    with translation.override("zh-hans"):
        read = body_of(one, Vocabulary())
    return {
        key: (
            read[key]["lang"],
            [cell["text"] for row in read[key]["rows"] for cell in row if cell.get("lang")],
        )
        for key in PLAIN
    }


def test_a_table_without_words_of_the_language_of_the_record_says_none():
    assert marked(PLAIN) == dict.fromkeys(PLAIN, ("", []))


def test_the_holders_words_are_marked_and_no_name_of_the_vocabulary():
    assert marked(OWN) == {
        "indicators": ("zh-hans", ["出水COD", "度", "水温15 °C"]),
        "costs": ("zh-hans", ["吨水", "2024年价格"]),
        "cases": ("zh-hans", ["某污水处理厂", "3 台"]),
        "property": ("zh-hans", ["独占许可"]),
    }
