"""Ties are found by the database, by index, however many organisations there are."""

import pytest
from django.db import connection
from django.db.models import Value

from accounts.keys import NameKey, NumberKey
from accounts.models import Organisation, User
from evaluation.models import Tie, TiedName
from evaluation.pool import employments
from tests.builders import accounts
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def compared(key, written):
    accounts.user()
    return User.objects.annotate(key=key(Value(written))).values_list("key", flat=True)[0]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Clean Water Ltd.", "cleanwaterltd"),
        ("CLEAN\u00a0WATER (Ltd)", "cleanwaterltd"),
        ("北京　清水（集团）有限公司", "北京清水集团有限公司"),
        ("O’Neill & Sons – Nord/Süd", "o’neillsonsnordsüd".replace("’", "")),
        ("", None),
        (" ()&", None),
    ],
)
def test_a_name_is_compared_without_case_spaces_and_punctuation(written, key):
    assert compared(NameKey, written) == key


@pytest.mark.parametrize(
    ("written", "key"), [("NO 123-456", "no123456"), ("n/a", None), ("000", None), ("", None)]
)
def test_what_is_no_number_equals_none(written, key):
    assert compared(NumberKey, written) == key


def expert_of(name):
    return build.expert(employer_name=name)


def test_names_of_a_person_are_those_of_the_ties_and_of_an_employer_without_an_entry():
    expert = expert_of("Ren Hai Institute")
    namesake = accounts.organisation(name_en="REN-HAI Institute")
    twin = accounts.organisation(name_en="Other Name", name_zh="另一名称")
    abroad = accounts.organisation(name_en="Same number elsewhere", country="KZ")
    same = Organisation.objects.filter(pk__in=[namesake.pk, twin.pk, abroad.pk])
    same.update(registration_number="NO 914-778")

    ties = Tie.objects.filter(user_id=expert.pk).values_list("organisation_id", flat=True)
    names = TiedName.objects.filter(user_id=expert.pk).values_list("key", flat=True)

    assert set(ties) == {namesake.pk, twin.pk}
    assert set(names) == {"renhaiinstitute", "othername", "另一名称"}


def test_names_of_the_history_stay_and_what_was_entered_by_mistake_ties_nobody():
    expert = expert_of("Ren Hai Institute")
    officer = accounts.officer()
    for kind, name in (("advisory", "An Academy"), ("consultancy", "Wrong"), ("employed", "New")):
        row = employments.add(expert.pk, actor=officer, kind=kind, name=name, since=None)
        if name == "Wrong":
            employments.correct(row.pk, actor=officer, reason="A namesake.", mistaken=True)

    names = TiedName.objects.filter(user_id=expert.pk).values_list("key", flat=True)

    assert set(names) == {"renhaiinstitute", "anacademy", "new"}


def test_organisations_are_found_by_index():
    expert = expert_of("Ren Hai Institute")
    norway = accounts.organisation().country
    Organisation.objects.bulk_create(
        Organisation(
            name_en=f"Works {number}",
            name_zh=f"工厂 {number}",
            country=norway,
            registration_number=f"NO {number}",
            kind=Organisation.Kind.ENTERPRISE,
        )
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_organisation")

    plan = Tie.objects.filter(user_id=expert.pk).explain()

    for key in ("key_en", "key_zh", "key_no"):
        assert f"using accounts_organisation_{key}" in plan
    assert "Seq Scan on accounts_organisation" not in plan
