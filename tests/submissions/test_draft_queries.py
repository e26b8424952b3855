"""What the pages of a draft ask of the database: little, and the same however much is in it."""

import pytest

from submissions import services
from tests.builders import accounts
from tests.builders import submissions as build
from tests.submissions.browsing import address, owner_client, queries

pytestmark = pytest.mark.django_db

MOST = 12
SECTIONS = ("applicant", "technology", "performance", "cases", "commitment")


def costs(draft):
    client = owner_client(draft)
    pages = {key: address("declaration-section", draft.pk, key) for key in SECTIONS}
    pages["contents"] = address("declaration-detail", draft.pk)
    pages["check"] = address("declaration-check", draft.pk)
    pages["earlier"] = address("declaration-saved-texts", draft.pk, "cases")
    for url in pages.values():
        client.get(url)  # what each process remembers is remembered now
    return {name: queries(client, url) for name, url in pages.items()}


def test_no_page_asks_more_than_twelve_questions():
    assert {name: n for name, n in costs(build.draft()).items() if n > MOST} == {}


def test_rows_and_files_cost_nothing_more():
    draft = build.draft()
    one = costs(draft)
    owner = accounts.owner_of(draft.organisation)
    cases = {"cases": [{"name": f"Case {n}", "country": "NO"} for n in range(20)]}
    build.fill(draft, {"cases": cases}, actor=owner)
    for number in range(5):
        upload = build.pdf(f"report-{number}.pdf")
        services.attach(draft.pk, upload, kind="test_report", title=f"R{number}", actor=owner)

    assert costs(draft) == one
