import pytest
from django.contrib import admin

from reference.models import CorridorMembership, Country, Indicator, Term

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
