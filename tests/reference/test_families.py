"""Long lists by family: each code once, none lost."""

from collections import Counter

import pytest

from reference.families import FAMILIES, by_family
from reference.models import Country, Term
from reference.vocabularies import Vocabulary


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("pollutant", Term.objects.of(Vocabulary.POLLUTANT).exclude(code="other")),
        ("country", Country.objects.all()),
    ],
)
def test_each_code_of_the_reference_has_exactly_one_family(source, codes):
    named = Counter(code for _name, family in FAMILIES[source] for code in family.split())

    assert named == Counter(codes.values_list("code", flat=True))


def test_families_keep_the_order_of_the_list_and_leave_out_the_empty_ones():
    offered = [("PK", "Pakistan"), ("KZ", "Kazakhstan"), ("NO", "Norway")]

    assert by_family("country", offered) == [
        ("Asia", [("PK", "Pakistan"), ("KZ", "Kazakhstan")]),
        ("Europe", [("NO", "Norway")]),
    ]


def test_code_that_no_family_knows_stands_under_other():
    assert by_family("pollutant", [("new", "New"), ("cod", "COD")]) == [
        ("Organic load and nutrients in water", [("cod", "COD")]),
        ("Other", [("new", "New")]),
    ]


def test_list_without_families_is_one_group_without_a_name():
    assert by_family("cooperation", [("a", "A")]) == [("", [("a", "A")])]
