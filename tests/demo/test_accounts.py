"""The organisations of the demonstration: what their sources say, and nothing guessed."""

import pytest

from accounts.models import Organisation
from demo import people, records
from demo.accounts import organisation_of, person, put_forward
from evaluation.models import Nomination


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


@pytest.mark.django_db
def test_the_invented_firm_nominates_one_person_however_often_it_is_loaded():
    person(people.OFFICER)
    person(people.OWNER)

    put_forward()
    put_forward()

    made = Nomination.objects.get()
    assert (made.name, made.status, made.by_organisation) == (
        people.PUT_FORWARD.name,
        "invited",
        True,
    )
    assert (made.organisation.invented, made.organisation.status) == (True, "verified")
    assert made.nominated_by.email == people.OWNER.email
