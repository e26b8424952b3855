"""Two at once about one file: who asks, who makes it, and an assignment that ends meanwhile."""

import pytest
from django.core.files.storage import default_storage

from evaluation.dossier import asking, making
from evaluation.models import Dossier
from evaluation.states import CaseStatus
from evaluation.workflow import perform_assignment
from tests.builders import evaluation as build
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sheet():
    return build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))


def expert_of(sheet):
    return sheet.assignment.expert.user


def test_asked_twice_at_once_it_is_one_and_two_workers_make_it_once(sheet):
    person, made = expert_of(sheet), []

    asked = outcomes_of(
        *[lambda: asking.ask(sheet.pk, actor=person, language="en") for _n in range(2)]
    )
    outcomes_of(*[lambda: made.append(making.make_due()) for _n in range(2)])

    assert asked == ["done", "done"]
    assert sorted(made) == [0, 1]
    assert len(default_storage.listdir(asking.FOLDER)[1]) == 1


def test_an_assignment_that_ends_at_that_moment_leaves_nothing(sheet):
    person = expert_of(sheet)
    asking.ask(sheet.pk, actor=person, language="en")

    outcomes_of(
        making.make_due,
        lambda: perform_assignment("decline", sheet.pk, actor=person, reason="No time."),
    )

    assert not Dossier.objects.exists()
    assert not default_storage.exists(asking.FOLDER) or (
        default_storage.listdir(asking.FOLDER)[1] == []
    )
