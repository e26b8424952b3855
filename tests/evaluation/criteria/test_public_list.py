"""The sets in use, as everybody reads them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.criteria.drafts import begin_draft
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.evaluation.criteria.test_signing import judged_by, sealed
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def draft(officer):
    return begin_draft(build.criteria(), actor=officer)


def test_everybody_finds_the_sets_in_use_from_the_home_page(draft, officer):
    visitor, listed = Client(), reverse("evaluation:criteria-list")
    used = build.activity()
    submissions.prepared_activity()
    made = sealed(draft, officer)

    home = visitor.get(reverse("home"))
    page = visitor.get(listed)

    assert f'href="{listed}"' in home.content.decode()
    assert (page.status_code, bool(page.cookies)) == (200, False)
    assert [line[0] for line in page.context["lines"]] == [draft.based_on]
    sealed_before = "Each is sealed before an activity is judged by it and never changed; "
    assert f"{sealed_before}a later version needs a second signature." in text(page)
    assert str(used) in text(page)
    assert draft.based_on.content_hash in text(page)
    assert str(made) not in text(page)
    detail = reverse("evaluation:criteria-detail", args=["default", draft.based_on.version])
    assert f'href="{listed}"' in visitor.get(detail).content.decode()


def test_the_list_of_sets_costs_the_same_for_more(draft, officer):
    costs = []
    build.activity()
    made = sealed(draft, officer)
    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            Client().get(reverse("evaluation:criteria-list"))
        costs.append(len(asked))
        judged_by(made)
        build.activity()

    assert costs[0] == costs[1]
