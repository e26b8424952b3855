"""Checking, submitting, withdrawing, and following what was filed."""

import hashlib
import json

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from accounts.roles import Level
from submissions import services, standing
from submissions.models import Activity, Declaration
from submissions.states import Status
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.uploading import begin, part
from tests.reading import text
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db


class TestCheckAndSubmit:
    def test_each_gap_leads_to_its_field(self):
        document = build.content()
        del document["technology"]["summary"]
        document["performance"]["indicators"].append({"unit": "kg"})
        draft = build.draft(document=document)

        page = text(owner_client(draft).get(address("declaration-check", draft.pk)))

        technology = address("declaration-section", draft.pk, "technology")
        performance = address("declaration-section", draft.pk, "performance")
        assert f'href="{technology}#div_id_technology-summary"' in page
        assert f'href="{performance}#div_id_performance-indicators-1-name"' in page
        assert "Submit the declaration" not in page

    def test_complete_declaration_is_submitted_and_receipted(self):
        draft = build.draft()
        client = owner_client(draft)

        check = client.get(address("declaration-check", draft.pk))
        answer = client.post(address("declaration-step", draft.pk, "submit"))
        receipt = text(client.get(answer.url))

        assert "Submit the declaration" in text(check)
        draft.refresh_from_db()
        assert answer.url == address("declaration-receipt", draft.pk, 1)
        assert str(draft.number) in receipt
        assert draft.version.content_hash in receipt

    def test_second_click_leads_to_the_same_receipt(self):
        draft = build.draft()
        client, url = owner_client(draft), address("declaration-step", draft.pk, "submit")

        first, second = client.post(url), client.post(url)

        assert first.url == second.url == address("declaration-receipt", draft.pk, 1)
        assert draft.versions.count() == 1
        assert list(get_messages(second.wsgi_request)) == []

    def test_what_was_changed_since_it_was_looked_at_is_not_filed(self):
        draft = build.draft()
        owner = accounts.owner_of(draft.organisation)
        client, url = owner_client(draft), address("declaration-step", draft.pk, "submit")
        check = address("declaration-check", draft.pk)
        seen = client.get(check).context["seen"]
        build.attachment(draft, actor=owner)

        late = client.post(url, {"seen": seen}, follow=True)
        untouched = Declaration.objects.get(pk=draft.pk).status
        again = client.post(url, {"seen": client.get(check).context["seen"]})

        assert "The declaration changed since you looked at it." in text(late)
        assert untouched == Status.DRAFT
        assert f'name="seen" value="{late.context["seen"]}"' in text(late)
        assert again.url == address("declaration-receipt", draft.pk, 1)

    def test_texts_that_wait_are_named_before_it_is_filed(self):
        draft = build.draft()
        owner = accounts.owner_of(draft.organisation)
        colleague = accounts.member(Level.EDIT, draft.organisation)
        for person, section, field in (
            (owner, "technology", "summary"),
            (colleague, "property", "rights"),
        ):
            value = "Mine." if field == "summary" else [{"kind": "patent"}]
            services.save_members(
                draft.pk, section, {field: value}, actor=person, begun=f"{field}:00"
            )

        page = owner_client(draft).get(address("declaration-check", draft.pk))

        said = text(page)
        compare = address("declaration-comparison", draft.pk, "technology")
        assert "A text of yours in “Technology” waits beside what is stored" in said
        assert f'href="{compare}"' in said
        assert f"A text of {colleague.name} in “Intellectual property” waits" in said
        assert address("declaration-comparison", draft.pk, "property") not in said

    def test_late_submit_says_so(self):
        draft = build.draft()
        Activity.objects.update(closes_at=timezone.now())

        answer = owner_client(draft).post(
            address("declaration-step", draft.pk, "submit"), follow=True
        )

        assert "This activity is closed; it takes no more declarations." in text(answer)
        assert answer.request["PATH_INFO"] == address("declaration-check", draft.pk)

    def test_asking_for_the_step_shows_the_check(self):
        draft = build.draft()

        answer = owner_client(draft).get(address("declaration-step", draft.pk, "submit"))

        assert answer.url == address("declaration-check", draft.pk)

    @pytest.mark.parametrize(("demo", "name"), [(True, "-v1-demonstration"), (False, "-v1")])
    def test_document_has_the_hash_of_the_receipt(self, settings, demo, name):
        settings.DEMO = demo
        filed = build.declaration(Status.SUBMITTED)

        answer = owner_client(filed).get(address("declaration-document", filed.pk, 1))

        assert hashlib.sha256(answer.content).hexdigest() == filed.version.content_hash
        assert f'filename="{filed.number}{name}.json"' in answer["Content-Disposition"]
        assert json.loads(answer.content).get("demonstration", False) is demo

    def test_version_page_shows_what_was_filed_then(self):
        returned = build.declaration(Status.RETURNED)
        owner = accounts.owner_of(returned.organisation)
        later = build.content()["technology"] | {"summary": "Later"}
        build.fill(returned, {"technology": later}, actor=owner)

        page = text(owner_client(returned).get(address("declaration-version", returned.pk, 1)))

        assert build.content()["technology"]["summary"] in page
        assert "Later" not in page.split("<main")[1].split("page-head")[1]

    def test_unconfirmed_translation_is_pointed_out(self):
        draft = build.draft()
        owner = accounts.owner_of(draft.organisation)
        services.save_translation(
            draft.pk, "zh-hans", {"technology.title": "膜"}, actor=owner, confirm=False
        )

        page = text(owner_client(draft).get(address("declaration-check", draft.pk)))

        assert "is not confirmed; it will not be filed." in page


class TestWithdraw:
    def test_owner_withdraws_with_a_reason(self):
        draft = build.declaration(Status.SUBMITTED)
        client, url = owner_client(draft), address("declaration-step", draft.pk, "withdraw")

        without = client.post(url, {"reason": " "})
        answer = client.post(url, {"reason": "Sold."})

        assert "This field is required." in text(without)
        assert answer.url == address("declaration-detail", draft.pk)
        assert Declaration.objects.get().status == Status.WITHDRAWN

    @pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED])
    def test_what_went_on_is_not_withdrawn(self, status):
        filed = build.declaration(status)
        client, url = owner_client(filed), address("declaration-step", filed.pk, "withdraw")

        assert client.post(url, {"reason": "x"}).status_code == 404
        assert "Withdraw the declaration" not in text(
            client.get(address("declaration-detail", filed.pk))
        )

    def test_editor_does_not_withdraw(self):
        draft = build.draft()
        client = accounts.signed_in(accounts.member(Level.EDIT, draft.organisation))

        assert client.get(address("declaration-step", draft.pk, "withdraw")).status_code == 404


class TestHome:
    def test_contents_say_how_complete_each_section_is(self):
        draft = build.draft(document={"technology": {"title": "A"}, "cases": {"cases": []}})

        page = owner_client(draft).get(address("declaration-detail", draft.pk))

        states = {
            row["section"].key: (str(row["status"]["label"]), row["status"]["tone"])
            for row in page.context["contents"]
        }
        assert states == {
            "applicant": ("1 to fill in", "neutral"),
            "technology": ("4 to fill in", "warning"),
            "process": ("optional", "neutral"),
            "performance": ("1 to fill in", "neutral"),
            "economics": ("optional", "neutral"),
            "cases": ("optional", "neutral"),
            "property": ("optional", "neutral"),
            "evidence": ("1 to fill in", "neutral"),
            "recognition": ("optional", "neutral"),
            "recommendation": ("optional", "neutral"),
            "commitment": ("4 to fill in", "neutral"),
        }

    def test_history_names_no_officer(self):
        officer = accounts.officer(name="Officer Canary")
        returned = build.declaration(Status.RETURNED, officer=officer)

        page = text(owner_client(returned).get(address("declaration-detail", returned.pk)))

        assert "Returned for correction" in page
        assert "Because." in page
        assert "Say what is treated." in page
        assert "Canary" not in page
        assert officer.email not in page

    def test_accepted_declaration_is_under_evaluation(self):
        accepted = build.declaration(Status.ACCEPTED)

        page = owner_client(accepted).get(address("declaration-detail", accepted.pk))

        assert str(page.context["standing"].label) == "Under evaluation"

    def test_higher_app_says_more_when_there_is_something_to_say(self, monkeypatch):
        accepted, other = build.declaration(Status.ACCEPTED), build.declaration(Status.ACCEPTED)
        event = standing.Event(title="Decision released", at=timezone.now(), text="Well done.")
        said = standing.Standing("Included", "success", events=(event,))
        asked = []

        def source(declarations):
            asked.append(len(declarations))
            return {accepted.pk: said}

        # Of the highest app, which is made ready first; undone afterwards.
        lower = list(standing._sources)
        monkeypatch.setattr(standing, "_sources", [])
        standing.register(source)
        standing._sources.extend(lower)

        labels = {pk: str(one.label) for pk, one in standing.of([accepted, other]).items()}
        page = owner_client(accepted).get(address("declaration-detail", accepted.pk))

        assert labels == {accepted.pk: "Included", other.pk: "Under evaluation"}
        assert asked[0] == 2
        assert "Well done." in text(page)


def test_the_check_of_the_answers_names_what_has_not_come_whole():
    draft = build.draft()
    client = owner_client(draft)
    check = address("declaration-check", draft.pk)
    before = text(client.get(check))
    url = str(begin(client, draft, 100, filename="<i>half.pdf")["Location"])
    part(client, url, 0, b"x" * 40)

    page = client.get(check)

    assert "was not sent to its end" not in before
    assert "The file “<i>half.pdf” was not sent to its end; it will not be filed." in text(page)
    assert b"<i>half" not in page.content
