"""Filling in: whatever happens to a save, nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.models import Attachment, Declaration, SavedValue
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, owner_client, queries, section_data

pytestmark = pytest.mark.django_db


class TestSection:
    def test_save_stays_and_continue_goes_on(self):
        draft = build.draft()
        client, url = owner_client(draft), address("declaration-section", draft.pk, "technology")

        stay = client.post(url, section_data(draft, "technology", technology__title="New"))
        draft.refresh_from_db()
        go_on = client.post(url, section_data(draft, "technology", action="continue"))

        assert stay.url == url
        assert go_on.url == address("declaration-section", draft.pk, "process")
        assert Declaration.objects.get().title == "New"

    def test_after_the_last_section_the_answers_are_checked(self):
        draft = build.draft()
        url = address("declaration-section", draft.pk, "commitment")

        answer = owner_client(draft).post(url, section_data(draft, "commitment", action="continue"))

        assert answer.url == address("declaration-check", draft.pk)

    def test_refused_page_comes_back_with_all_that_was_typed(self):
        draft = build.draft()
        data = section_data(
            draft,
            "performance",
            **{
                "performance-indicators-0-name": "Typed name",
                "performance-indicators-0-typical": "1,234",
            },
        )

        page = owner_client(draft).post(
            address("declaration-section", draft.pk, "performance"), data
        )

        assert page.status_code == 200
        assert "This could be 1234 or 1.234. Write it so." in text(page)
        assert 'value="Typed name"' in text(page)
        assert 'value="1,234"' in text(page)
        assert 'href="#div_id_performance-indicators-0-typical"' in text(page)
        draft.refresh_from_db()
        assert draft.content == build.content()

    def test_what_is_asked_of_a_whole_table_leads_to_it(self):
        returned = build.returned("performance", "indicators")
        client = owner_client(returned)
        section = address("declaration-section", returned.pk, "performance")

        home = client.get(address("declaration-detail", returned.pk))
        page = client.get(section)

        assert f'href="{section}#div_id_performance-indicators"' in text(home)
        assert 'id="div_id_performance-indicators" data-table="indicators"' in text(page)

    def test_row_is_added_and_removed_without_saving(self):
        draft = build.draft()
        client, url = owner_client(draft), address("declaration-section", draft.pk, "cases")
        data = section_data(draft, "cases", **{"cases-cases-0-name": "Typed, not saved"})

        data["action"] = "add:cases"
        added = client.post(url, data)
        data["action"] = "remove:cases:0"
        removed = client.post(url, data)

        assert 'value="Typed, not saved"' in text(added)
        assert "Cases, row 2" in text(added)
        assert "No row so far." in text(removed)
        draft.refresh_from_db()
        assert draft.content == build.content()

    @pytest.mark.parametrize("action", ["remove:cases:x", "remove", "add:other", "fly", ""])
    def test_button_nobody_made_does_no_harm(self, action):
        draft = build.draft()
        data = section_data(draft, "cases", action=action)

        answer = owner_client(draft).post(address("declaration-section", draft.pk, "cases"), data)

        assert answer.status_code in (200, 302)
        draft.refresh_from_db()
        assert draft.content == build.content()

    def test_page_that_does_not_know_its_beginning_loses_nothing(self):
        draft = build.draft()
        data = section_data(draft, "technology", technology__title="Typed")
        del data["begun"]

        answer = owner_client(draft).post(
            address("declaration-section", draft.pk, "technology"), data
        )

        assert answer.url == address("declaration-comparison", draft.pk, "technology")
        waiting = SavedValue.objects.get(state="aside")
        assert (waiting.member, waiting.value) == ("title", "Typed")
        draft.refresh_from_db()
        assert draft.content == build.content()

    def test_what_a_browser_kept_is_laid_out_again_and_not_saved(self):
        draft = build.draft()
        data = section_data(draft, "technology", action="retype", technology__title="Kept")

        page = owner_client(draft).post(
            address("declaration-section", draft.pk, "technology"), data
        )

        assert 'value="Kept"' in text(page)
        assert page.context["begun"] == data["begun"][0]
        draft.refresh_from_db()
        assert draft.content == build.content()

    def test_text_typed_while_a_colleague_submitted_is_shown(self):
        draft = build.draft()
        data = section_data(draft, "technology", technology__title="Too late")
        build.take(draft, "submit", accounts.owner_of(draft.organisation))

        page = owner_client(draft).post(
            address("declaration-section", draft.pk, "technology"), data
        )

        assert page.status_code == 409
        assert "This declaration cannot be changed in its present state." in text(page)
        assert 'value="Too late"' in text(page)
        assert 'value="continue"' not in text(page)

    def test_columns_of_the_row_cannot_be_posted(self):
        draft = build.draft()
        data = section_data(draft, "technology")
        for name in ("status", "number", "organisation", "title", "technology-status"):
            data[name] = "accepted"

        owner_client(draft).post(address("declaration-section", draft.pk, "technology"), data)

        after = Declaration.objects.get()
        assert (after.status, after.number, after.content) == (Status.DRAFT, None, build.content())

    def test_page_costs_the_same_for_one_row_and_for_fifty(self):
        draft = build.draft()
        client, url = owner_client(draft), address("declaration-section", draft.pk, "cases")
        client.get(url)  # the process remembers the vocabulary from now on
        one = queries(client, url)
        many = {"cases": [{"name": f"Case {n}", "country": "NO"} for n in range(50)]}
        build.fill(draft, {"cases": many}, actor=accounts.owner_of(draft.organisation))

        assert queries(client, url) == one

    def test_closed_fields_of_a_refused_page_are_shown_as_they_were_filed(self):
        returned = build.declaration(Status.RETURNED)  # names the summary
        client = owner_client(returned)
        url = address("declaration-section", returned.pk, "technology")
        sent = {"begun": "", "action": "stay", "technology-summary": "x" * 60_000}

        page = client.post(url, sent)

        filed = build.content()["technology"]
        assert page.status_code == 200
        assert f'value="{filed["title"]}"' in text(page)
        closed = page.context["entry"].form["subcategory"]
        assert closed.value() == filed["subcategory"]
        assert "disabled" in str(closed)
        assert "x" * 60_000 in text(page)

    def test_file_is_pasted_by_its_name_or_title(self):
        draft = build.draft()
        report = build.attachment(draft, title="Run 7", upload=build.pdf("run-7.pdf"))
        cells = "Removal\tRun 7\nNext\trun-7.PDF#2\nLast\tnowhere.pdf"
        data = section_data(draft, "performance", action="paste:indicators")
        data |= {"paste-indicators-text": f"name\tevidence\n{cells}", "paste-indicators-row": "0"}

        page = owner_client(draft).post(
            address("declaration-section", draft.pk, "performance"), data
        )

        rows = page.context["entry"].tables[0].forms
        named = [row["evidence"].value() for row in rows]
        assert named[:2] == [str(report.pk), f"{report.pk}#2"]
        assert rows[2].errors["evidence"] == ["“nowhere.pdf” is not offered."]

    def test_taking_a_plant_out_asks_where_its_measurements_belong(self):
        draft = build.draft()
        rows = {
            "cases": [{"name": "A", "country": "NO"}, {"name": "B", "country": "NO"}],
            "measurements": [{"case": 1}, {"case": 2}],
            "photos": [{"case": 2, "caption": "Plant B"}],
        }
        build.fill(draft, {"cases": rows}, actor=accounts.owner_of(draft.organisation))
        draft.refresh_from_db()
        data = section_data(draft, "cases", action="remove:cases:0")

        page = owner_client(draft).post(address("declaration-section", draft.pk, "cases"), data)

        tables = {one.table.key: one for one in page.context["entry"].tables}
        named = [form["case"].value() for form in tables["measurements"].forms]
        assert named == ["", "1"]
        assert [form["case"].value() for form in tables["photos"].forms] == ["1"]
        (sentence,) = tables["measurements"].forms[0].errors["case"]
        assert sentence == "The row of “Cases” was taken out: say where this belongs."

    def test_plants_keep_their_places_while_closed_measurements_name_them(self):
        plant = build.content()["cases"]["cases"][0]
        rows = {
            "cases": [plant, plant],
            "measurements": [{"case": 2, "pollutant": "cod", "unit": "mg/L"}],
        }
        officer = accounts.officer()
        filed = build.declaration(
            Status.IN_CHECK, document=build.content() | {"cases": rows}, officer=officer
        )
        asked = [{"section": "cases", "field": "cases", "reason": "Where?"}]
        perform("return", filed.pk, actor=officer, reason="Because.", corrections=asked)
        client, url = owner_client(filed), address("declaration-section", filed.pk, "cases")

        moved = client.post(url, section_data(filed, "cases", action="up:cases:1"))
        added = client.post(url, section_data(filed, "cases", action="add:cases"))

        assert "names these rows by number and cannot be changed now" in text(moved)
        assert len(added.context["entry"].tables[0].forms) == 3
        measured = added.context["entry"].tables[1].forms[0]["case"]
        assert (measured.value(), "disabled" in str(measured)) == (2, True)

    def test_correction_asked_for_stands_on_its_section(self):
        returned = build.declaration(Status.RETURNED)
        client = owner_client(returned)

        section = client.get(address("declaration-section", returned.pk, "technology"))
        other = client.get(address("declaration-section", returned.pk, "cases"))

        assert "Say what is treated." in text(section)
        assert "#div_id_technology-summary" in text(section)
        assert "Say what is treated." not in text(other)


class TestFiles:
    def post(self, draft, upload, action="attach", **more):
        data = section_data(draft, "performance", action=action, **more)
        data |= {"file-file": upload, "file-kind": "test_report", "file-title": "Report"}
        url = address("declaration-section", draft.pk, "performance")
        return owner_client(draft).post(url, data)

    def test_file_and_text_are_saved_together(self):
        draft = build.draft()

        answer = self.post(draft, build.pdf(), performance__indicators__0__unit="kg")

        assert answer.status_code == 302
        assert Attachment.objects.get().title == "Report"
        draft.refresh_from_db()
        assert draft.content["performance"]["indicators"][0]["unit"] == "kg"

    def test_refused_file_says_why_and_the_text_is_still_there(self):
        draft = build.draft()
        page = SimpleUploadedFile("report.pdf", b"<html>")

        answer = self.post(draft, page, **{"performance-indicators-0-condition": "typed"})

        assert "The name ends in .pdf, but this is no such file." in text(answer)
        assert 'value="typed"' in text(answer)
        assert not Attachment.objects.exists()

    def test_empty_file_says_so(self):
        answer = self.post(build.draft(), SimpleUploadedFile("report.pdf", b""))

        assert "The file is empty." in text(answer)

    def test_file_is_removed(self):
        draft = build.draft()
        file = build.attachment(draft)

        answer = self.post(draft, "", action=f"detach:{file.pk}")

        assert answer.status_code == 302
        assert Attachment.objects.get().removed_at is not None

    def test_file_of_another_declaration_is_not_removed(self):
        other = build.attachment(build.draft())

        assert self.post(build.draft(), "", action=f"detach:{other.pk}").status_code == 404
        assert Attachment.objects.get().removed_at is None


class TestTranslationPage:
    def test_text_is_saved_then_confirmed(self):
        draft = build.draft()
        client, url = owner_client(draft), address("declaration-translation", draft.pk, "zh-hans")
        data = {"technology.title": "膜生物反应器", "revision": "0", "action": "save"}

        assert build.content()["technology"]["summary"] in text(client.get(url))
        assert client.post(url, data).status_code == 302
        assert draft.translations.get().confirmed_at is None

        client.post(url, data | {"action": "confirm", "revision": "1"})
        assert draft.translations.get().confirmed_by == accounts.owner_of(draft.organisation)

    def test_stale_save_shows_both_texts(self):
        draft = build.draft()
        client, url = owner_client(draft), address("declaration-translation", draft.pk, "zh-hans")
        data = {"technology.title": "甲文本", "revision": "0", "action": "save"}
        client.post(url, data)

        both = client.post(url, data | {"technology.title": "乙文本"})

        assert both.status_code == 409
        assert "甲文本" in text(both)
        assert "乙文本" in text(both)

    def test_too_long_text_comes_back(self):
        draft = build.draft()
        url = address("declaration-translation", draft.pk, "zh-hans")
        data = {"technology.title": "膜" * 201, "revision": "0", "action": "save"}

        page = owner_client(draft).post(url, data)

        assert "Use at most 200 characters; these are 201." in text(page)
        assert "膜" * 201 in text(page)

    def test_confirming_nothing_is_refused(self):
        draft = build.draft()
        url = address("declaration-translation", draft.pk, "zh-hans")

        page = owner_client(draft).post(url, {"revision": "0", "action": "confirm"})

        assert "There is nothing to confirm yet." in text(page)

    def test_empty_declaration_has_nothing_to_translate(self):
        draft = build.draft(document={})

        page = owner_client(draft).get(address("declaration-translation", draft.pk, "zh-hans"))

        assert "Nothing to translate yet" in text(page)
