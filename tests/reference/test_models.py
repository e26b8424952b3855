from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.functional import Promise

from reference.models import (
    Corridor,
    CorridorMembership,
    Country,
    Field,
    Indicator,
    Subcategory,
    Term,
    Unit,
    Vocabulary,
    WorkingDayException,
)

pytestmark = pytest.mark.django_db

NAME = {"en": "Something"}
NOWHERE = {"code": "XX", "alpha3": "XXX", "numeric": "999", "names": NAME}


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (Field, {"code": "air", "names": NAME}, "reference_field_code_shape"),
        (Field, {"code": "XYZ", "names": {}}, "reference_field_english_name"),
        (Field, {"code": "XYZ", "names": ["en"]}, "reference_field_english_name"),
        (Field, {"code": "XYZ", "names": {"en": " "}}, "reference_field_english_name"),
        (Field, {"code": "XYZ", "names": {"en": None}}, "reference_field_english_name"),
        (
            Subcategory,
            {"code": "AIR-1", "field_id": "AIR", "names": NAME},
            "reference_subcategory_code_shape",
        ),
        (
            Subcategory,
            {"code": "WAT-99", "field_id": "AIR", "names": NAME},
            "reference_subcategory_code_begins_with_field",
        ),
        (
            Unit,
            {"code": "m³", "symbol": "m³", "quantity_id": "volume", "names": NAME},
            "reference_unit_code_shape",
        ),
        (
            Indicator,
            {"code": "air-x", "field_id": "AIR", "direction": "up", "names": NAME},
            "reference_indicator_direction",
        ),
        (Country, {**NOWHERE, "code": "X1"}, "reference_country_code_shape"),
        (Country, {**NOWHERE, "numeric": "99"}, "reference_country_other_codes"),
        (Country, {**NOWHERE, "alpha3": "CHN"}, "reference_country_alpha3_key"),
        (Country, {**NOWHERE, "numeric": "156"}, "reference_country_numeric_key"),
        (Country, {**NOWHERE, "on_65_list": True}, "reference_country_list_has_source"),
        (Country, {**NOWHERE, "signatory": "listed"}, "reference_country_signatory_has_source"),
        (
            Country,
            {**NOWHERE, "signatory": "maybe", "signatory_source": "a page"},
            "reference_country_signatory_has_source",
        ),
        (
            Country,
            {**NOWHERE, "signed_year": 2017, "signed_source": "a page"},
            "reference_country_year_has_source",
        ),
        (Corridor, {"code": "nelb", "names": NAME}, "reference_corridor_code_shape"),
        (
            CorridorMembership,
            {"corridor_id": "CPEC", "country_id": "PK", "list": "wide", "source": "a page"},
            "reference_membership_once",
        ),
        (
            CorridorMembership,
            {"corridor_id": "CPEC", "country_id": "IN", "list": "wide", "source": ""},
            "reference_membership_list",
        ),
        (
            WorkingDayException,
            {
                "country_id": "CN",
                "date": "2026-10-01",
                "is_working": True,
                "names": NAME,
                "source": "a page",
            },
            "reference_day_once",
        ),
        (
            Term,
            {"vocabulary": "form", "code": "process", "names": NAME},
            "reference_term_once",
        ),
        (
            Term,
            {"vocabulary": "form", "code": "CNY", "names": NAME},
            "reference_term_code_shape",
        ),
        (
            Term,
            {"vocabulary": "currency", "code": "cny", "names": NAME},
            "reference_term_code_shape",
        ),
        (
            Term,
            {"vocabulary": "maturity", "code": "dream", "names": NAME},
            "reference_term_readiness",
        ),
        (
            Term,
            {"vocabulary": "maturity", "code": "dream", "names": NAME, "trl_from": 3, "trl_to": 2},
            "reference_term_readiness",
        ),
        (
            Term,
            {"vocabulary": "form", "code": "dream", "names": NAME, "trl_from": 1, "trl_to": 2},
            "reference_term_readiness",
        ),
    ],
)
def test_the_database_refuses(model: type[Model], values: dict[str, Any], constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.create(**values)


def test_a_year_of_signature_is_kept_with_its_source():
    country = Country.objects.create(
        **NOWHERE,
        signatory="listed",
        signatory_source="a page",
        signed_year=2017,
        signed_source="a page",
    )

    country.full_clean()
    assert Country.objects.get(signed_year=2017, code="XX") == country


def test_what_is_no_longer_offered_is_not_active():
    Term.objects.filter(vocabulary="form", code="product").update(active=False)
    Subcategory.objects.filter(field="MON").exclude(code="MON-01").update(active=False)

    forms = Term.objects.of(Vocabulary.FORM).active()
    assert [term.code for term in forms] == [
        "process",
        "equipment",
        "material",
        "system",
        "software-service",
    ]
    assert [s.code for s in Subcategory.objects.active().filter(field="MON")] == ["MON-01"]


def test_membership_prints_what_it_says():
    membership = CorridorMembership.objects.get(corridor="CPEC", country="PK", list="wide")

    assert str(membership) == "CPEC PK (wide)"


def test_no_named_column_calls_a_place_a_country_alone():
    names = {
        str(column): str(column.verbose_name)
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        # A column without a name of its own is on no page.
        if column.related_model is Country and isinstance(column.verbose_name, Promise)
    }

    assert len(names) == 4
    assert {n for n in names.values() if not n.startswith("country or region")} == set()
    assert str(Country._meta.verbose_name) == "country or region"
    assert str(Country._meta.verbose_name_plural) == "countries and regions"
