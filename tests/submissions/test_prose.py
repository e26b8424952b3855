"""What is in the words of a language, and what is written alike in all."""

import pytest
from django.utils import translation

from submissions.choices import Choices
from submissions.reading import Reader
from submissions.scheme.prose import in_words_of
from tests.builders import submissions as build

ALIKE = (
    *("", "95", "≤30 mg/L", "2.5 kWh/m³", "50 mg/Nm³", "25 ppm", "<0.5 t/(m³·d)", "CODcr 50"),
    *("GB 3838-2002", "HJ/T 399-2007", "ISO 14034:2016", "EN 1948", "pH 6–9", "DS/T", "MBR"),
)


@pytest.mark.parametrize("text", ALIKE)
@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_figures_units_and_standards_are_in_no_language(language, text):
    assert in_words_of(language, text) is False


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Oslo", ["en"]),
        ("Pilot plant, 30 mg/L", ["en"]),
        ("not detected", ["en"]),
        ("Industrial Emissions Directive 2010/75/EU", ["en"]),
        ("≤30 mg/L（干基）", ["zh-hans"]),
        ("《地表水环境质量标准》GB 3838-2002", ["zh-hans"]),
        ("محطة تجريبية", ["ar"]),
    ],
)
def test_words_are_in_the_language_of_their_letters(text, languages):
    assert [one for one in ("en", "zh-hans", "ar") if in_words_of(one, text)] == languages


@pytest.mark.django_db
def test_a_table_of_a_declaration_without_words_of_its_language_says_none():
    scheme = build.scheme().load()
    content = build.content()
    [case] = content["cases"]["cases"]
    content["cases"]["cases"] = [{**case, "name": "MBR 2", "city": "Oslo"}]

    def read():
        [section] = [one for one in reader.sections(content) if one.key == "cases"]
        table = section.tables[0]
        return table.lang, [c["text"] for row in table.rows for c in row if c.get("lang")]

    with translation.override("zh-hans"):
        reader = Reader(scheme, Choices(), "zh-hans")
        foreign = read()
        content["cases"]["cases"][0]["city"] = "奥斯陆"
        own = read()

    assert (foreign, own) == (("", []), ("zh-hans", ["奥斯陆"]))
