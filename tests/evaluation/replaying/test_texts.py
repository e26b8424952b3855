"""The replay holds letters and reports against what the audit kept of them."""

import pytest

from tests.builders import evaluation as build
from tests.builders import letters, verifications
from tests.replaying import as_owner, faults, replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed():
    """Return a letter that was handed out and a report, about one case."""
    case = verifications.scored()
    report = verifications.reported(verifications.held(case))
    letter = letters.finished(letters.begun(case))
    build.decide(case)
    build.release(case)
    return letter, report


def test_what_is_as_it_was_sealed_is_counted(sealed):
    printed, ended = replayed("--all")

    assert (faults(printed), ended) == ([], None)
    assert "1 feedback letters" in printed
    assert "1 reports" in printed


@pytest.mark.parametrize(
    ("at", "column"),
    [(0, "overall"), (0, "content_hash"), (1, "findings"), (1, "place"), (1, "content_hash")],
)
def test_what_was_changed_behind_the_audit_is_named(sealed, at, column):
    table = ("evaluation_feedbackletter", "evaluation_verification")[at]
    as_owner(table, f"UPDATE {table} SET {column} = 'Another'")  # noqa: S608 -- our own table

    printed, ended = replayed("--all")

    (fault,) = faults(printed)
    says = "its seal is not the one that was recorded"
    if column != "content_hash":
        says = "it is not what was sealed"
    assert fault == f"{sealed[at]._meta.label} {sealed[at].pk}: {says}"
    assert ended


def test_what_was_taken_away_is_named(sealed):
    letter, _report = sealed
    as_owner("evaluation_feedbackletter", "DELETE FROM evaluation_feedbackletter")

    printed, _ended = replayed("--all")

    assert faults(printed) == [f"feedback letter {letter.pk}: was recorded and is missing"]
