"""The formal check: what a return opens, wordings proposed, rejections contested once."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Level
from core.errors import DomainError, TransitionError
from core.models import StoredMail
from reference import working_days
from submissions import services
from submissions.formal_check import DAYS_TO_CONTEST
from submissions.models import Correction, Declaration, Rejection
from submissions.scheme.differences import marks
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def returned(*asked: dict[str, Any], files: tuple[str, ...] = ()) -> tuple[Declaration, list[Any]]:
    """Return a declaration filed with files of these kinds and returned for what is asked."""
    draft = build.draft()
    laid = [build.attachment(draft, kind=kind, title=kind) for kind in files]
    owner, officer = accounts.owner_of(draft.organisation), accounts.officer()
    build.take(draft, "submit", owner)
    build.take(draft, "begin_check", officer)
    rows = [
        {key: str(laid[value].pk) if key == "attachment" else value for key, value in one.items()}
        for one in asked
    ]
    done = perform("return", draft.pk, actor=officer, reason="See below.", corrections=rows)
    return done, laid


class TestFilesOfAReturn:
    def attach(self, declaration: Declaration, kind: str) -> Any:
        return build.attachment(declaration, kind=kind)

    def remove(self, declaration: Declaration, file: Any) -> Any:
        owner = accounts.owner_of(declaration.organisation)
        return services.remove_attachment(file.pk, actor=owner)

    def test_a_return_of_a_text_leaves_the_files_closed(self):
        declaration, (report,) = returned(
            {"section": "technology", "field": "summary", "reason": "x"}, files=("test_report",)
        )

        with pytest.raises(DomainError, match="not part of what was returned"):
            self.attach(declaration, "test_report")
        with pytest.raises(DomainError, match="not part of what was returned"):
            self.remove(declaration, report)
        assert declaration.attachments.filter(removed_at=None).count() == 1

    def test_a_kind_of_file_that_is_named_comes_and_goes(self):
        declaration, (report, diagram) = returned(
            {"section": "performance", "kind": "test_report", "reason": "Not legible."},
            files=("test_report", "flow_diagram"),
        )

        added = self.attach(declaration, "test_report")

        assert self.remove(declaration, report).removed_at
        with pytest.raises(DomainError, match="flow_diagram: not part"):
            self.remove(declaration, diagram)
        assert added.removed_at is None

    def test_of_a_file_that_is_named_only_that_one_goes(self):
        declaration, (first, second) = returned(
            {"section": "performance", "attachment": 0, "reason": "Two pages are missing."},
            files=("test_report", "test_report"),
        )

        self.attach(declaration, "test_report")

        assert self.remove(declaration, first).removed_at
        with pytest.raises(DomainError, match="not part"):
            self.remove(declaration, second)

    def test_what_came_since_the_return_may_go_again(self):
        declaration, _files = returned(
            {"section": "performance", "kind": "test_report", "reason": "x"}, files=()
        )

        assert self.remove(declaration, self.attach(declaration, "test_report")).removed_at

    def test_the_page_offers_what_is_open_and_no_more(self):
        declaration, (first, second) = returned(
            {"section": "performance", "attachment": 0, "reason": "Two pages are missing."},
            files=("test_report", "test_report"),
        )
        client = accounts.signed_in(accounts.owner_of(declaration.organisation))

        page = client.get(
            reverse("submissions:declaration-section", args=[declaration.pk, "performance"])
        ).content.decode()

        assert f"detach:{first.pk}" in page
        assert f"detach:{second.pk}" not in page
        assert "Two pages are missing." in page

    def test_a_file_of_another_declaration_cannot_be_named(self):
        other = build.attachment(build.draft())
        checked = build.declaration(Status.IN_CHECK)
        asked = [{"section": "performance", "attachment": str(other.pk), "reason": "x"}]

        with pytest.raises(DomainError, match="not part of what was filed"):
            perform("return", checked.pk, actor=accounts.officer(), reason="x", corrections=asked)

        assert Correction.objects.count() == 0

    def test_a_text_that_had_to_follow_stays_open_once_it_is_changed(self):
        """It was wrong when the return was made; half a sentence must not shut itself in."""
        declaration, _files = returned({"section": "technology", "field": "title", "reason": "x"})
        owner = accounts.owner_of(declaration.organisation)
        Declaration.objects.filter(pk=declaration.pk).update(
            content={
                **declaration.content,
                "technology": {**declaration.content["technology"], "summary": ""},
            }
        )

        for text in ("Half a", "Half a sentence, and the rest of it."):
            now = Declaration.objects.get(pk=declaration.pk)
            section = now.activity.scheme.load().section("technology")
            services.save_members(
                declaration.pk,
                "technology",
                {"summary": text},
                actor=owner,
                begun=marks(section, now.content["technology"]),
            )

        stored = Declaration.objects.get(pk=declaration.pk).content["technology"]["summary"]
        assert stored == "Half a sentence, and the rest of it."


class TestReturn:
    def test_each_return_is_counted_and_its_codes_are_told(self):
        declaration, _files = returned(
            {"section": "technology", "field": "summary", "reason": "Say it.", "code": "unclear"}
        )

        assert declaration.returns == 1
        told = StoredMail.objects.get(template="declaration_returned").body
        assert "Not clear. Say it." in told

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"field": "summary", "code": "nonsense"}, "Choose one of the list."),
            ({"kind": "photo"}, "not asked for there"),
            ({"field": "subcategory", "proposal": "WAT-01"}, "for a text only"),
            ({"proposal": "A whole section"}, "for a text only"),
        ],
    )
    def test_what_cannot_be_asked_is_refused(self, asked, said):
        with pytest.raises(DomainError, match=said):
            returned({"section": "technology", "reason": "x", **asked})

        assert Declaration.objects.get().status == Status.IN_CHECK

    def test_the_form_takes_a_place_a_file_and_a_wording(self):
        draft = build.draft()
        file = build.attachment(draft)
        officer = accounts.officer()
        build.take(draft, "submit", accounts.owner_of(draft.organisation))
        build.take(draft, "begin_check", officer)
        sent = {
            "rows": "2",
            "reason": "See below.",
            "place_1": "technology.summary",
            "code_1": "unclear",
            "what_1": "Say what is treated.",
            "proposal_1": "Treats leachate.",
            "place_2": f"performance#file:{file.pk}",
            "what_2": "Page 2 is missing.",
        }

        accounts.signed_in(officer).post(
            reverse("admin:submissions_declaration_step", args=[draft.pk, "return"]), sent
        )

        first, second = Correction.objects.all()
        assert (first.section, first.field, first.code) == ("technology", "summary", "unclear")
        assert first.proposal == "Treats leachate."
        assert (second.attachment, second.kind, second.field) == (file, "test_report", "")


class TestProposedWording:
    def proposed(self) -> tuple[Declaration, Correction]:
        declaration, _files = returned(
            {
                "section": "technology",
                "field": "summary",
                "reason": "Shorter.",
                "proposal": "It treats leachate.",
            }
        )
        return declaration, Correction.objects.get()

    def answer(self, declaration: Declaration, correction: Correction, client: Any, **sent: str):
        url = reverse("submissions:declaration-proposal", args=[declaration.pk, correction.pk])
        return client.post(url, sent, follow=True)

    def test_taken_over_it_is_the_text_and_the_former_one_is_kept(self):
        declaration, correction = self.proposed()
        client = accounts.signed_in(accounts.owner_of(declaration.organisation))

        page = self.answer(declaration, correction, client, answer="take").content.decode()

        declaration.refresh_from_db()
        assert declaration.content["technology"]["summary"] == "It treats leachate."
        assert "You took this wording over." in page
        filed = declaration.version.content["sections"]["technology"]["summary"]
        assert filed == build.content()["technology"]["summary"]

    def test_not_taken_over_the_text_stays_and_the_note_is_kept(self):
        declaration, correction = self.proposed()
        client = accounts.signed_in(accounts.owner_of(declaration.organisation))

        self.answer(declaration, correction, client, answer="decline", note="Too short.")

        declaration.refresh_from_db()
        assert declaration.content["technology"] == build.content()["technology"]
        assert correction.proposal_answer.note == "Too short."

    def test_a_second_click_changes_nothing_and_another_answer_is_refused(self):
        declaration, correction = self.proposed()
        client = accounts.signed_in(accounts.owner_of(declaration.organisation))
        for _time in range(2):
            self.answer(declaration, correction, client, answer="take")

        page = self.answer(declaration, correction, client, answer="decline").content.decode()

        assert "This was answered already." in page
        correction.refresh_from_db()
        assert correction.proposal_answer.taken

    def test_viewers_strangers_and_officers_cannot_answer(self):
        declaration, correction = self.proposed()
        others = [
            accounts.member(Level.VIEW, declaration.organisation),
            accounts.user(),
            accounts.officer(),
            accounts.expert_user(),
        ]

        answers = [
            self.answer(declaration, correction, accounts.signed_in(one), answer="take")
            for one in others
        ]

        assert {one.status_code for one in answers} == {404}
        declaration.refresh_from_db()
        assert declaration.content["technology"] == build.content()["technology"]


class TestContest:
    def rejected(self) -> tuple[Declaration, Any]:
        officer = accounts.officer()
        return build.declaration(Status.REJECTED, officer=officer), officer

    def test_a_rejection_says_until_when_it_can_be_contested(self):
        declaration, _officer = self.rejected()
        owner = accounts.owner_of(declaration.organisation)
        until = working_days.after(timezone.localdate(), DAYS_TO_CONTEST).day

        page = accounts.signed_in(owner).get(
            reverse("submissions:declaration-detail", args=[declaration.pk])
        )

        assert f"until the end of {until.isoformat()}" in page.content.decode()
        told = StoredMail.objects.get(template="declaration_rejected").body
        assert until.isoformat() in told

    def test_the_form_contests_and_another_officer_lifts_the_rejection(self):
        declaration, _officer = self.rejected()
        owner, other = accounts.owner_of(declaration.organisation), accounts.officer()
        client = accounts.signed_in(owner)

        client.post(
            reverse("submissions:declaration-step", args=[declaration.pk, "contest"]),
            {"reason": "We hold a licence."},
        )
        done = perform("reopen", declaration.pk, actor=other, reason="So they do.")

        assert (done.status, done.checked_by) == (Status.IN_CHECK, other)
        rejection = Rejection.objects.get()
        assert (rejection.statement, rejection.upheld) == ("We hold a licence.", False)
        assert (rejection.answer, rejection.answered_by) == ("So they do.", other)
        assert "So they do." in StoredMail.objects.get(template="declaration_reopened").body

    @pytest.mark.parametrize("step", ["reopen", "uphold"])
    def test_who_rejected_does_not_answer(self, step):
        declaration, officer = self.rejected()
        build.take(declaration, "contest", accounts.owner_of(declaration.organisation))

        with pytest.raises(PermissionDenied):
            perform(step, declaration.pk, actor=officer, reason="x")
        with pytest.raises(IntegrityError), transaction.atomic():
            Rejection.objects.update(
                answered_by=officer, answered_at=timezone.now(), upheld=True, answer="x"
            )

    def test_it_is_contested_once_also_when_it_is_rejected_anew(self):
        declaration, _officer = self.rejected()
        owner, other = accounts.owner_of(declaration.organisation), accounts.officer()
        build.take(declaration, "contest", owner)
        build.take(declaration, "reopen", other)
        build.take(declaration, "reject", other)

        with pytest.raises(TransitionError, match="contested once"):
            build.take(declaration, "contest", owner)
        page = accounts.signed_in(owner).get(
            reverse("submissions:declaration-detail", args=[declaration.pk])
        )
        assert "Contest the rejection" not in page.content.decode()

    def test_upheld_it_stays_and_nothing_of_the_answer_can_be_changed(self):
        declaration, _officer = self.rejected()
        build.take(declaration, "contest", accounts.owner_of(declaration.organisation))

        done = build.take(declaration, "uphold", accounts.officer())

        assert done.status == Status.REJECTED
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            Rejection.objects.update(answer="Never mind.")

    def test_after_its_last_day_it_is_too_late(self, monkeypatch):
        declaration, _officer = self.rejected()
        owner = accounts.owner_of(declaration.organisation)
        last = Rejection.objects.get().contest_until
        end = dt.datetime.combine(last, dt.time(23, 59, 59), tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr("core.workflow.database_now", lambda: end + dt.timedelta(seconds=1))
        with pytest.raises(TransitionError, match=last.isoformat()):
            build.take(declaration, "contest", owner)

        monkeypatch.setattr("core.workflow.database_now", lambda: end)
        assert build.take(declaration, "contest", owner).status == Status.CONTESTED
