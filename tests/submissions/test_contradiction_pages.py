"""Contradictions are kept as typed, shown at their fields, and never filed."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from core.errors import DomainError
from submissions import services
from submissions.findings import days_of
from submissions.models import Activity, Declaration, DeclarationVersion
from submissions.scheme.differences import marks
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text, texts
from tests.submissions.browsing import address, owner_client, section_data

pytestmark = pytest.mark.django_db

FALSE_ROW = {"performance-indicators-0-minimum": "99", "performance-indicators-0-typical": "80"}
MESSAGE = "Minimum (99) is above Typical (80)."


def refusal(draft):
    with pytest.raises(DomainError) as refused:
        perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))
    assert not DeclarationVersion.objects.exists()
    return str(refused.value)


def changed(section, **values):
    document = build.content()
    document[section] |= values
    return build.draft(document=document)


@pytest.mark.parametrize("action", ["stay", "continue"])
def test_contradiction_is_saved_as_typed_and_the_page_stays_to_show_it(action):
    draft = build.draft()
    client, url = owner_client(draft), address("declaration-section", draft.pk, "performance")

    answer = client.post(url, section_data(draft, "performance", action=action, **FALSE_ROW))
    page = client.get(url)

    assert answer.url == url
    row = Declaration.objects.get().content["performance"]["indicators"][0]
    assert (row["minimum"], row["typical"]) == ("99", "80")
    assert "Saved as you typed it." in text(page)
    assert page.context["errors"] == [
        ("div_id_performance-indicators-0-minimum", "Minimum", MESSAGE)
    ]
    assert text(page).count(MESSAGE) == 2  # above, and at the field
    assert 'value="99"' in text(page)


def test_text_that_is_too_long_is_stored_marked_and_not_filed():
    draft = build.draft()
    client, url = owner_client(draft), address("declaration-section", draft.pk, "technology")
    long = "word " * 300 + "too many"
    sentence = "Use at most 300 words; these are 302."

    answer = client.post(url, section_data(draft, "technology", technology__summary=long))
    page = client.get(url)
    draft.refresh_from_db()
    saving = client.post(
        address("declaration-autosave", draft.pk, "technology"),
        section_data(draft, "technology", technology__summary=f"{long} more")
        | {"changed": ["summary"]},
    ).json()

    assert answer.url == url
    ((at, _label, said),) = page.context["errors"]
    assert (at, said) == ("div_id_technology-summary", sentence)
    assert saving["saved"] == ["summary"]
    assert saving["remarks"] == [
        {"at": "div_id_technology-summary", "text": "Use at most 300 words; these are 303."}
    ]
    assert Declaration.objects.get().content["technology"]["summary"] == f"{long} more"
    assert "these are 303" in refusal(draft)
    assert "more to put right" not in refusal(draft)  # said once


def test_contents_and_the_check_page_name_it_with_its_place():
    draft = changed("performance", indicators=[{"name": "A", "minimum": "99", "maximum": "80"}])
    client = owner_client(draft)

    home = client.get(address("declaration-detail", draft.pk))
    check = client.get(address("declaration-check", draft.pk))

    assert [row["status"]["label"] for row in home.context["contents"]].count("1 to put right") == 1
    assert check.context["findings"] == [
        {
            "message": "Indicators, row 1: Minimum (99) is above Maximum (80).",
            "url": address("declaration-section", draft.pk, "performance")
            + "#div_id_performance-indicators-0-minimum",
            "place": "Performance",
        }
    ]
    assert "Submit the declaration" not in text(check)


@pytest.mark.parametrize(
    ("section", "values", "reason"),
    [
        (
            "performance",
            {"indicators": [{"name": "A", "typical": "9", "maximum": "8.9"}]},
            "Indicators, row 1: Typical (9) is above Maximum (8.9).",
        ),
        ("cases", {"cases": [{"name": "A", "country": "NO", "year": 2099}]}, "Cases, row 1: 2099"),
        ("technology", {"first_use_year": 2099}, "Year of the first commercial use: 2099"),
        ("commitment", {"signed_on": "1900-01-01"}, "Date: This is before the activity opened"),
        ("commitment", {"signed_on": "2099-01-01"}, "Date: This day is still to come"),
        ("commitment", {"truthful": False}, "Please tick: What is declared is true and complete"),
    ],
)
def test_service_files_nothing_that_cannot_be(section, values, reason):
    assert refusal(changed(section, **values)).startswith(reason)


def test_negative_cost_is_refused_by_the_service_already_when_it_is_saved():
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)
    costs = {"costs": [{"kind": "capex", "amount": "-5", "currency": "CNY"}]}

    with pytest.raises(DomainError, match="Amount: Not below 0"):
        services.save_section(draft.pk, "economics", costs, actor=owner, revision=draft.revision)


def test_mended_it_is_filed():
    draft = changed("commitment", signed_on="1900-01-01")
    refusal(draft)
    client, url = owner_client(draft), address("declaration-section", draft.pk, "commitment")
    today = timezone.localdate().isoformat()

    client.post(url, section_data(draft, "commitment", commitment__signed_on=today))
    perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))

    filed = DeclarationVersion.objects.get().content["sections"]["commitment"]
    assert filed["signed_on"] == today


def test_days_are_those_of_beijing_whatever_the_reader_uses():
    activity = Activity(opens_at=dt.datetime(2026, 2, 28, 16, 0, tzinfo=dt.UTC))

    with timezone.override("America/New_York"):
        days = days_of(activity, dt.datetime(2026, 3, 31, 15, 59, tzinfo=dt.UTC))

    assert (days.opened, days.today) == (dt.date(2026, 3, 1), dt.date(2026, 3, 31))


def test_button_for_a_file_without_one_says_so_at_the_field_and_saves_the_rest():
    draft = build.draft()
    client, url = owner_client(draft), address("declaration-section", draft.pk, "performance")
    data = section_data(draft, "performance", action="attach")
    data |= {"performance-indicators-0-unit": "kg", "file-kind": "test_report", "file-title": "T"}

    page = client.post(url, data)

    draft.refresh_from_db()
    assert draft.content["performance"]["indicators"][0]["unit"] == "kg"
    assert page.context["upload"].errors == {
        "file": ["No file was chosen. Everything else on this page is saved."]
    }
    assert page.context["upload"]["title"].value() == "T"
    part = draft.activity.scheme.load().section("performance")
    assert page.context["begun"] == marks(part, draft.content["performance"])
    assert "Saved." in text(page)


def test_button_for_a_file_without_one_does_not_hide_a_refusal_of_the_text():
    draft = build.draft()
    client, url = owner_client(draft), address("declaration-section", draft.pk, "performance")
    data = section_data(draft, "performance", action="attach")

    page = client.post(url, data | {"performance-indicators-0-typical": "much"})

    assert 'value="much"' in text(page)
    assert "Everything else on this page is saved" not in text(page)


def test_long_lists_stand_in_families_and_those_with_a_choice_are_open():
    draft = build.draft()

    page = text(owner_client(draft).get(address("declaration-section", draft.pk, "technology")))

    pollutants = page[page.index('id="div_id_technology-pollutants"') :]
    countries = page[page.index('id="div_id_technology-target_countries"') :]
    assert "Chemical oxygen demand (COD) · Ammonia nitrogen (NH₃-N)" in pollutants
    assert "Kazakhstan · Pakistan" in countries
    opened = "".join(page.split()).count('<detailsclass="family"open>')
    assert opened == 2  # the load of water, and Asia
    assert page.count('<details class="family"') == 10 + 7
    assert page.count('name="technology-target_countries"') == 249


def test_long_lists_are_told_apart_and_their_counts_are_words():
    answer = owner_client(draft := build.draft()).get(
        address("declaration-section", draft.pk, "technology")
    )

    searches = re.findall('data-search="([^"]*)"', text(answer))
    assert len(searches) == len(set(searches)) > 1
    assert "Search: Target countries and regions" in searches
    assert "Search: Pollutants or parameters (recommended)" in searches
    told = texts(answer, "summary")
    assert "Asia 2 of 51 chosen" in told
    assert "Antarctica 0 of 1 chosen" in told
