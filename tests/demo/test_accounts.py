"""The organisations of the demonstration: what their sources say, and nothing guessed."""

import pytest

from accounts.models import Organisation
from demo import people, records
from demo.accounts import organisation_of, person


@pytest.mark.django_db
def test_no_kind_of_a_real_organisation_is_guessed():
    person(people.CLERK)

    made = [organisation_of(record)[0] for record in records.technologies().values()]

    assert {one.kind for one in made} == {Organisation.Kind.OTHER}
    assert "Delft University of Technology" in {one.name_en for one in made}


@pytest.mark.django_db
def test_an_invented_organisation_is_of_the_kind_its_data_states():
    person(people.OWNER)
    person(people.CLERK)

    made = {organisation_of(record)[0] for record in records.invented().values()}

    assert {one.kind for one in made} == {Organisation.Kind.ENTERPRISE}
