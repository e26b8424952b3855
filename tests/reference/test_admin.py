import pytest
from django.contrib import admin
from django.urls import reverse

from reference.models import CorridorMembership, Country, Field, Indicator, Quantity, Term
from tests.builders import accounts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "typed", "found"),
    [
        (Country, "越南", {"Viet Nam"}),
        (Country, "viet", {"Viet Nam"}),
        (Country, "VNM", {"Viet Nam"}),
        (Indicator, "氨逃逸", {"Ammonia slip"}),
        (Term, "全氟", {"Per- and polyfluoroalkyl substances (PFAS)"}),
        (
            CorridorMembership,
            "巴基斯坦",
            {"CPEC PK (narrow)", "CPEC PK (wide)", "CPEC PK (sourced)"},
        ),
    ],
)
def test_staff_find_things_by_code_and_by_name_in_both_languages(model, typed, found, rf):
    page = admin.site.get_model_admin(model)

    rows, _duplicates = page.get_search_results(rf.get("/"), model.objects.all(), typed)

    assert {str(row) for row in rows} == found


class TestNamesLanguageByLanguage:
    def test_a_name_is_typed_in_each_language(self):
        client = accounts.signed_in(accounts.officer())

        client.post(
            reverse("admin:reference_quantity_add"),
            {"name_en": "radiance", "name_zh_hans": "辐射亮度", "order": "7", "code": "radiance"},
        )

        made = Quantity.objects.get(code="radiance")
        assert (made.names, made.order) == ({"en": "radiance", "zh-hans": "辐射亮度"}, 7)

    def test_what_is_stored_stands_in_its_input(self):
        client = accounts.signed_in(accounts.officer())

        page = client.get(reverse("admin:reference_country_change", args=["VN"]))

        form = page.context["adminform"].form
        assert (form["name_en"].value(), form["name_zh_hans"].value()) == ("Viet Nam", "越南")
        assert form["name_ar"].value() == ""
        assert form["name_en"].label == "Name (English)"

    def test_the_code_of_a_thing_cannot_become_another_things(self):
        client = accounts.signed_in(accounts.officer())
        before = set(Field.objects.values_list("pk", flat=True))

        client.post(
            reverse("admin:reference_field_change", args=["AIR"]),
            {"name_en": "Clean air", "order": "3", "code": "ZZZ"},
        )

        assert set(Field.objects.values_list("pk", flat=True)) == before
        assert Field.objects.get(pk="AIR").names == {"en": "Clean air"}

    def test_a_language_left_empty_is_not_stored(self):
        client = accounts.signed_in(accounts.officer())
        field = Field.objects.get(pk="AIR")

        client.post(
            reverse("admin:reference_field_change", args=["AIR"]),
            {
                "name_en": "Clean air",
                "name_zh_hans": "",
                "name_ar": "",
                "order": field.order,
                "code": "AIR",
            },
        )

        field.refresh_from_db()
        assert field.names == {"en": "Clean air"}

    def test_without_an_english_name_nothing_is_stored_and_nothing_typed_is_lost(self):
        client = accounts.signed_in(accounts.officer())
        before = Field.objects.get(pk="AIR").names

        page = client.post(
            reverse("admin:reference_field_change", args=["AIR"]),
            {"name_en": "", "name_zh_hans": "清洁空气", "order": "3", "code": "AIR"},
        )

        form = page.context["adminform"].form
        assert form.errors == {"name_en": ["This field is required."]}
        assert form["name_zh_hans"].value() == "清洁空气"
        assert Field.objects.get(pk="AIR").names == before
