"""What the enterprise reads of its declaration once the technology is in the catalogue."""

import pytest

from catalog.models import Technology
from submissions import standing
from submissions.models import Declaration
from tests.builders import accounts, catalog
from tests.catalog.addresses import address

pytestmark = pytest.mark.django_db


def told(technology: Technology) -> standing.Standing:
    declaration = Declaration.objects.get(pk=technology.case.declaration_id)
    return standing.of([declaration])[declaration.pk]


def test_it_is_listed_under_a_number_and_leads_to_the_public_page():
    listed = catalog.listed_technology()

    said = told(listed)

    assert (said.label, said.tone) == ("Listed", "success")
    assert said.url == address("technology-detail", listed.pk)
    assert said.url_label == f"Public page of {listed.number}"
    assert [str(event.title) for event in said.events] == [
        "Decision: included",
        f"Listed as {listed.number}",
    ]


def test_a_withdrawal_is_in_its_story():
    withdrawn = catalog.take(catalog.listed_technology(), "withdraw")

    said = told(withdrawn)

    assert (said.label, said.tone) == ("Withdrawn", "neutral")
    assert str(said.events[-1].title) == "Withdrawn"
    assert said.events[-1].at == withdrawn.changed_at


def test_the_applicants_page_shows_the_link():
    listed = catalog.listed_technology()
    declaration = listed.case.declaration
    owner = accounts.signed_in(accounts.owner_of(declaration.organisation))

    page = owner.get(f"/en/declarations/{declaration.pk}/").content.decode()

    link = f'<a href="{address("technology-detail", listed.pk)}">Public page of {listed.number}</a>'
    assert link in page
