"""What is not public stands in no answer: of declarations, of reviews, of people."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import Technology
from tests.builders import catalog, tokens
from tests.catalog import planting
from tests.catalog.api.asking import ROOT, told

pytestmark = pytest.mark.django_db


PEOPLE_AND_REVIEWS = {
    *("User.name", "User.email", "Organisation.registration_number"),
    *("Score.comment", "Decision.statement", "Expert.employer_name"),
}


@pytest.fixture
def lived() -> list[Technology]:
    """Technologies that went through a whole review, published anew after tokens were planted."""
    made = [catalog.listed_technology() for _turn in range(3)]
    fields = {place for one in made for place in planting.in_the_declaration(one)}
    assert fields >= {"applicant.contact_email", "applicant.contact_name", "commitment.signatory"}
    assert planting.in_every_column() >= PEOPLE_AND_REVIEWS
    for one in made:
        catalog.take(one, "suspend")
        catalog.take(one, "resume")
    catalog.take(made[1], "suspend")
    catalog.take(made[2], "revoke")
    catalog.numbered()
    return made


def answers(made: list[Technology]) -> dict[str, Any]:
    """Return every answer there is: each address, asked by a partner for as much as there is."""
    numbers = range(1, 6)
    paths = [
        *("/", "/technologies", "/technologies?size=1000&counts=true", "/changes?size=1000"),
        *("/taxonomy", "/statistics", "/openapi.json", "/nothing", "/technologies?size=0"),
        f"/technologies?q={planting.TOKEN}&counts=true",
        f"/technologies?country={planting.TOKEN}",
    ]
    for one in made:
        below = ("", "/versions", *(f"/versions/{number}" for number in numbers))
        paths += [f"/technologies/{one.pk}{rest}" for rest in below]
    header = tokens.bearer(scopes=["read", "bulk"])
    return {
        path: Client().get(f"{ROOT}{path}", headers={"Authorization": header}) for path in paths
    }


def test_nothing_that_is_not_public_is_in_an_answer(lived):
    found = answers(lived)

    for path, response in found.items():
        said = f"{response.headers}\n{response.content.decode()}"
        asked = path.count(planting.TOKEN)  # the address itself, told back with the answer
        assert said.count(planting.TOKEN) <= asked + said.count(f"“{planting.TOKEN}”"), path
    assert found["/technologies"].json()["total"] == 1
    assert found["/technologies?size=1000&counts=true"].status_code == 200
    assert found[f"/technologies/{lived[2].pk}"].status_code == 410


def test_nothing_that_is_not_public_can_be_looked_for(lived):
    assert told(f"/technologies?q={planting.TOKEN}")["total"] == 0
    assert told("/technologies?q=contact%40example.org")["total"] == 0
    assert told("/technologies")["total"] == 1


def test_the_tokens_are_where_they_were_planted(lived):
    """Else the other tests would find nothing because there is nothing."""
    version = lived[0].case.version
    version.refresh_from_db()

    assert version.content["sections"]["commitment"]["signatory"].startswith(planting.TOKEN)
    scored = lived[0].case.assignments.first().sheet
    assert planting.TOKEN in str(list(scored.scores.values()))
    assert planting.TOKEN in scored.assignment.expert.user.name
