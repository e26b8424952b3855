"""A plan drawn for two declarations, and an officer in the browser."""

import pytest

from tests.builders import accounts, planning, submissions


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


@pytest.fixture
def activity():
    return submissions.open_activity()


@pytest.fixture
def plan(activity):
    planning.waiting(activity, 2)
    planning.experts(6)
    return planning.drawn(activity)
