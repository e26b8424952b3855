"""The on-site verification of the demonstration."""

import pytest

from demo import letters, people
from demo.plan import REVIEW_ROUND, Destiny, Item
from evaluation.models import Verification
from tests.builders import accounts
from tests.builders import verifications as build

pytestmark = pytest.mark.django_db


def test_one_invented_case_is_visited_and_reported_on_once():
    officer = accounts.officer(people.OFFICER.email)
    case = build.scored()
    item = Item(letters.VISITED, REVIEW_ROUND, Destiny.SCORED)

    for _load in range(2):
        letters.visit(item, case)

    row = Verification.objects.get()
    assert (row.status, row.reported_by, row.case) == ("reported", officer, case)
    assert [one["result"] for one in row.results] == ["confirmed", "not_seen"]
    assert "Invented for the demonstration." in row.findings
    (file,) = row.files.all()
    assert (file.file_name, file.media_type) == ("measuring-point-generated.png", "image/png")


def test_no_other_case_is_visited():
    letters.visit(Item("us-iptd-danang", REVIEW_ROUND, Destiny.SCORED), build.scored())

    assert not Verification.objects.exists()
