from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from reference.models import Country, Field
from reference.names import in_language, language_told, validate_names

BOTH = {"en": "Water", "zh-hans": "水"}


@pytest.mark.parametrize(
    ("language", "names", "expected"),
    [
        ("en", BOTH, "Water"),
        ("zh-hans", BOTH, "水"),
        ("ar", BOTH, "Water"),
        ("en-gb", BOTH, "Water"),
        ("zh-hans", {"en": "Water", "zh-hans": ""}, "Water"),
        ("en", {"zh-hans": "水"}, "水"),
        ("en", {}, ""),
        (None, BOTH, "Water"),
    ],
)
def test_in_language_falls_back_to_english_then_to_any(
    language: str | None, names: dict[str, str], expected: str
):
    with translation.override(language):
        assert in_language(names) == expected
        assert names.get(language_told(names), "") == expected


def test_name_and_str_follow_the_reader():
    field = Field(code="WAT", names=BOTH)

    with translation.override("zh-hans"):
        assert (field.name, str(field)) == ("水", "水")
    with translation.override("ar"):
        assert (field.name, str(field)) == ("Water", "Water")


def refusals(names: dict[str, str]) -> list[str]:
    try:
        validate_names(names)
    except ValidationError as error:
        return list(error.messages)
    return []


def test_validate_names_accepts_english_alone():
    assert refusals({"en": "Water"}) == []
    assert refusals({"zh-hans": "水"}) != []


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["en"], "Give one name per language, none of them empty."),
        ({"en": " "}, "Give one name per language, none of them empty."),
        ({"en": 5}, "Give one name per language, none of them empty."),
        ({"zh-hans": "水"}, "The English name is missing."),
        ({}, "The English name is missing."),
        ({"en": "Water", "tlh": "bIQ"}, "Not a language of the portal: tlh."),
    ],
)
def test_validate_names_refuses(names: Any, message: str):
    with pytest.raises(ValidationError) as refused:
        validate_names(names)

    assert refused.value.messages == [message]


@pytest.mark.django_db
def test_a_country_is_cleaned_with_its_constraints():
    country = Country(code="xx", alpha3="XXX", numeric="999", names={"en": "Nowhere"})

    with pytest.raises(ValidationError) as refused:
        country.full_clean()

    assert refused.value.messages == ["The code does not have the right shape."]
