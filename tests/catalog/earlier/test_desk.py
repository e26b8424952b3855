"""The officers' desk of earlier lists: the sheet, the two officers, what is barred."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Level
from accounts.services import add_member
from catalog.earlier import sheet
from catalog.models import EarlierList, Technology
from core.models import AuditEntry
from evaluation import spreadsheets
from tests.builders import accounts, catalog, earlier
from tests.catalog.earlier import sheets
from tests.reading import text

pytestmark = pytest.mark.django_db

LIST = reverse("admin:catalog_earlierlist_changelist")
ADD = reverse("admin:catalog_earlierlist_add")
STATED = {
    **earlier.OF_2019,
    "code": "of-2019",
    "published_on": "2019-09-02",
    "note": "",
}


def page(row, step=""):
    if step:
        return reverse("admin:catalog_earlierlist_step", args=[row.pk, step])
    return reverse("admin:catalog_earlierlist_change", args=[row.pk])


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


def test_a_list_is_entered_with_its_sheet_and_shown_as_it_was_read(client, officer):
    answer = client.post(ADD, {**STATED, "file": sheets.xlsx(sheets.FULL, sheets.LEAST)})

    row = EarlierList.objects.get()
    assert answer.url == page(row)
    assert (row.status, row.entered_by, str(row.published_on)) == ("draft", officer, "2019-09-02")
    assert [one.number for one in row.entries.all()] == ["7", "8"]
    told = text(client.get(page(row)))
    for said in ("烟囱过滤器", "Filter Works", "Norway", "Public authority", "Oslo works", "≤ 5"):
        assert said in told
    assert "not in the portal; entered with the release, without members" in told
    noted = AuditEntry.objects.get(act="earlier list.added")
    assert (noted.actor, noted.details) == (officer, {"code": "of-2019", "entries": 2})


def test_a_sheet_with_a_fault_enters_nothing_and_says_where(client):
    wrong = ("9", "Nine", "", "Works", "", "Atlantis", "AIR-01")

    answer = client.post(ADD, {**STATED, "file": sheets.xlsx(sheets.FULL, wrong)})

    assert "Line 3, Country or region: “Atlantis” is not in the list." in text(answer)
    assert not EarlierList.objects.exists()


def test_another_sheet_takes_the_place_of_the_first_or_of_nothing(client):
    row = earlier.prepared()
    stated = {**STATED, "code": row.code}

    client.post(page(row), {**stated, "file": sheets.csv(("x",), heading=("Number",))})
    kept = [one.number for one in row.entries.all()]
    client.post(page(row), {**stated, "file": sheets.xlsx(sheets.FULL)})
    replaced = [one.number for one in row.entries.all()]
    client.post(page(row), {**stated, "note": "Read twice."})

    row.refresh_from_db()
    assert (kept, replaced, row.note) == (["1"], ["7"], "Read twice.")
    assert [one.number for one in row.entries.all()] == ["7"]


def test_the_same_code_is_refused_at_its_field(client):
    earlier.prepared(code="of-2019")

    answer = client.post(ADD, STATED)

    assert "already exists" in text(answer)
    assert EarlierList.objects.count() == 1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_empty_sheet_is_what_is_read(client, kind: str, language: str):
    answer = client.get(f"/{language}/admin/catalog/earlierlist/template/{kind}/")

    if kind == "xlsx":
        (heading,) = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    else:
        heading = answer.content.decode("utf-8-sig").strip().split(",")
    line = ["1", "One", "一", "Works", "厂", "NO", "AIR-01"]
    upload = sheets.xlsx(line, heading=heading)
    read = sheet.entries(spreadsheets.read(upload, longest=sheet.LONGEST, in_lines=True))
    assert len(heading) == len(sheet.COLUMNS)
    assert (read[0]["title_zh"], read[0]["country"]) == ("一", "NO")


def test_another_kind_of_empty_sheet_is_not_there(client):
    assert client.get("/en/admin/catalog/earlierlist/template/pdf/").status_code == 404


@pytest.mark.parametrize("who", [accounts.user, accounts.expert_user, accounts.auditor])
def test_nobody_else_comes_in(who):
    stranger, row = accounts.signed_in(who()), earlier.prepared()

    for address in (LIST, ADD, page(row), "/en/admin/catalog/earlierlist/template/xlsx/"):
        assert stranger.get(address).status_code == 404


def test_one_officer_proposes_and_another_releases(client, officer):
    row = earlier.prepared()
    client.post(page(row, "propose"))
    other = accounts.signed_in(accounts.second_officer())

    refused = client.post(page(row, "release"))
    offered = [text(one.get(page(row))) for one in (client, other)]

    assert "A second officer releases the list: you proposed it yourself." in text(refused)
    assert ["Release the list" in one for one in offered] == [False, True]
    asked = text(other.get(page(row, "release")))
    assert "marked as evaluated before the portal" in asked
    other.post(page(row, "release"))
    technology = Technology.objects.get()
    assert technology.number in text(other.get(page(row)))
    back = text(other.get(reverse("admin:catalog_technology_change", args=[technology.pk])))
    assert page(row) in back


def test_a_list_that_waits_is_only_read(client):
    row = earlier.proposed()

    client.post(page(row), {**STATED, "code": row.code, "note": "Another."})

    row.refresh_from_db()
    assert row.note == ""
    assert 'name="file"' not in text(client.get(page(row)))


def test_an_officer_of_a_holder_is_offered_no_step(client, officer):
    house = accounts.verified(accounts.organisation())
    add_member(house.pk, officer, Level.VIEW, actor=None)
    waiting, row = earlier.proposed(holder=house), earlier.prepared(house)

    for one, steps in ((waiting, ("release", "send_back")), (row, ("propose",))):
        told = client.get(page(one)).content.decode()
        assert [page(one, step) in told for step in steps] == [False] * len(steps)
    refused = text(client.post(page(waiting, "release")))
    assert "you proposed it yourself" not in refused
    waiting.refresh_from_db()
    assert waiting.status == "proposed"


def test_the_work_of_the_office_counts_what_others_proposed(client, officer):
    waiting = earlier.proposed()
    earlier.proposed(by=officer)
    earlier.prepared()

    items = client.get("/en/work/").context["desks"][0].items
    (found,) = [one for one in items if one.title == "Earlier lists to release"]

    assert found.meta == "1"
    listed = client.get(found.url).context["cl"].result_list
    assert [one.pk for one in listed] == [waiting.pk]


def test_a_declared_technology_leads_to_no_list(client):
    technology = catalog.technology()

    told = text(client.get(reverse("admin:catalog_technology_change", args=[technology.pk])))

    assert "<dt>Earlier list</dt>" not in told
