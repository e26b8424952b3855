"""The life of a declaration: what each step asks, does and tells."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import services as account_services
from accounts.roles import Level
from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from submissions import services
from submissions.document import NOTICE
from submissions.models import Activity, Correction, Declaration
from submissions.states import DECLARATION, Status
from submissions.workflow import DECLARATIONS, perform
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db

STEPS = [step.name for step in DECLARATION.transitions]


def mails():
    return [(mail.template, mail.recipient, mail.language) for mail in StoredMail.objects.all()]


def last_act(declaration):
    return AuditEntry.objects.filter(subject_id=str(declaration.pk)).order_by("-pk")[0]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("step", STEPS)
def test_step_is_possible_exactly_where_the_table_says(step, status):
    officer = accounts.officer()
    declaration = build.declaration(status, officer=officer)
    owner = accounts.owner_of(declaration.organisation)
    # A contested rejection is for another officer than the one who rejected.
    checker = accounts.officer() if status == Status.CONTESTED else officer
    actor = owner if step in build.APPLICANTS else checker
    transition = DECLARATION.step(step)

    if status in transition.sources and not (actor is checker and status == Status.DRAFT):
        assert build.take(declaration, step, actor).status == transition.target
        return
    with pytest.raises((TransitionError, PermissionDenied)):
        build.take(declaration, step, actor)
    declaration.refresh_from_db()
    assert declaration.status == status


@pytest.mark.parametrize("step", STEPS)
def test_step_is_nobodys_but_whose_it_is(step):
    status = min(DECLARATION.step(step).sources)
    declaration = build.declaration(status)
    others = [
        accounts.user(),
        accounts.member(Level.OWN),
        accounts.auditor(),
        accounts.system_administrator(),
        accounts.member(Level.VIEW, declaration.organisation),
        accounts.officer()
        if step in build.APPLICANTS
        else accounts.owner_of(declaration.organisation),
        None,
    ]

    for other in others:
        with pytest.raises(PermissionDenied):
            build.take(declaration, step, other)

    assert Declaration.objects.get(pk=declaration.pk).status == status


def test_officer_of_the_same_organisation_takes_no_step():
    declaration = build.declaration(Status.SUBMITTED)
    officer = accounts.officer()
    account_services.add_member(declaration.organisation.pk, officer, Level.VIEW, actor=None)

    with pytest.raises(PermissionDenied):
        build.take(declaration, "begin_check", officer)


class TestSubmit:
    @pytest.mark.parametrize("demo", [True, False])
    def test_version_holds_exactly_what_was_filed(self, settings, demo):
        settings.DEMO = demo
        notice = {"demonstration": True, "notice": NOTICE}
        draft = build.draft()
        owner = accounts.owner_of(draft.organisation)
        file = build.attachment(draft)
        services.save_translation(
            draft.pk, "zh-hans", {"technology.title": "膜"}, actor=owner, confirm=True
        )
        services.save_translation(
            draft.pk, "ar", {"technology.title": "غشاء"}, actor=owner, confirm=False
        )

        filed = perform("submit", draft.pk, actor=owner)

        organisation, scheme = draft.organisation, draft.activity.scheme
        rules = draft.activity.rule_set
        version = filed.version
        assert version.content == {
            **(notice if demo else {}),
            "scheme": {"code": "demo", "version": 3, "hash": scheme.content_hash},
            "rules": {"code": "default", "version": 2, "hash": rules.content_hash},
            "language": "en",
            "organisation": {
                "id": str(organisation.pk),
                "name_en": organisation.name_en,
                "name_zh": "",
                "country": "NO",
                "kind": "enterprise",
                "website": "",
                "registration_number": "",
            },
            "sections": build.content(),
            "translations": {"zh-hans": {"technology.title": "膜"}},
            "attachments": [
                {
                    "id": str(file.pk),
                    "kind": "test_report",
                    "title": "Test report",
                    "file_name": "report.pdf",
                    "media_type": "application/pdf",
                    "size": file.size,
                    "sha256": file.sha256,
                }
            ],
        }
        version.refresh_from_db()
        assert version.content_hash == content_hash(version.content)
        assert (version.number, version.submitted_by) == (1, owner)
        assert version.submitted_at == filed.submitted_at
        assert last_act(filed).details == {"version": 1, "hash": version.content_hash}

    def test_numbers_run_within_the_activity(self):
        activity, other = build.open_activity(code="TP-A"), build.open_activity(code="TP-B")
        drafts = [build.draft(activity=one) for one in (activity, other, activity)]

        numbers = [
            perform("submit", one.pk, actor=accounts.owner_of(one.organisation)).number
            for one in drafts
        ]

        assert numbers == ["TP-A-0001", "TP-B-0001", "TP-A-0002"]

    def test_withdrawn_number_is_not_given_again(self):
        activity = build.open_activity(code="TP-A")
        build.declaration(Status.WITHDRAWN, activity=activity)

        assert build.declaration(Status.SUBMITTED, activity=activity).number == "TP-A-0002"

    def test_second_filing_keeps_the_number_and_both_versions(self):
        returned = build.declaration(Status.RETURNED)
        owner = accounts.owner_of(returned.organisation)
        first = returned.version
        better = build.content()["technology"] | {"summary": "Says what is treated."}
        build.fill(returned, {"technology": better}, actor=owner)

        filed = perform("submit", returned.pk, actor=owner)

        assert filed.number == returned.number
        assert filed.version.number == 2
        first.refresh_from_db()
        assert first.content["sections"] == build.content()
        assert filed.version.content["sections"] == build.content() | {"technology": better}

    def test_incomplete_declaration_is_refused_with_the_first_gap(self):
        document = build.content()
        del document["technology"]["summary"], document["commitment"]
        draft = build.draft(document=document)

        with pytest.raises(DomainError) as refusal:
            perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))

        assert (
            str(refusal.value)
            == "Summary: please fill this in. (There are 4 things more to put right.)"
        )
        assert not draft.versions.exists()

    def test_what_the_forms_let_through_is_not_trusted(self):
        draft = build.draft()
        draft.content["performance"]["indicators"][0]["typical"] = "many"
        draft.save(update_fields=["content"])

        with pytest.raises(DomainError, match="Typical: Write a number"):
            perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))

    def test_deadline_is_held_by_the_clock_of_the_database(self):
        draft = build.draft()
        Activity.objects.update(closes_at=timezone.now() - dt.timedelta(milliseconds=1))

        with pytest.raises(TransitionError, match="closed"):
            perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))

    def test_closed_activity_takes_no_draft(self):
        draft = build.draft()
        build.closed(draft.activity)

        with pytest.raises(TransitionError, match="closed"):
            perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))

    def test_receipt_goes_to_owners_and_editors_in_their_language(self):
        organisation = accounts.organisation()
        owner, editor = accounts.owner_of(organisation), accounts.member(Level.EDIT, organisation)
        accounts.member(Level.VIEW, organisation)
        gone = accounts.member(Level.EDIT, organisation)
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)
        type(editor).objects.filter(pk=editor.pk).update(language="zh-hans")

        filed = build.declaration(Status.SUBMITTED, organisation=organisation)

        assert sorted(mails()) == sorted(
            [
                ("declaration_received", owner.email, "en"),
                ("declaration_received", editor.email, "zh-hans"),
            ]
        )
        mail = StoredMail.objects.get(recipient=owner.email)
        assert mail.subject == f"Received: declaration {filed.number}"
        assert filed.version.content_hash in mail.body
        assert f"/en/declarations/{filed.pk}/" in mail.body


class TestFormalCheck:
    def test_checker_is_noted(self):
        officer = accounts.officer()

        assert build.declaration(Status.IN_CHECK, officer=officer).checked_by == officer

    def test_return_writes_down_each_correction(self):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        due = timezone.localdate() + dt.timedelta(days=5)

        perform(
            "return",
            declaration.pk,
            actor=officer,
            reason="Two things.",
            due_on=due,
            corrections=[
                {"section": "technology", "field": "title", "reason": "Shorter."},
                {"section": "cases", "field": "", "reason": "Add one."},
            ],
        )

        rows = Correction.objects.values_list("section", "field", "reason", "due_on")
        assert list(rows) == [
            ("technology", "title", "Shorter.", due),
            ("cases", "", "Add one.", due),
        ]
        assert {one.version for one in Correction.objects.all()} == {declaration.version}
        body = StoredMail.objects.get(template="declaration_returned").body
        assert "- Technology – Name of the technology: Shorter." in body
        assert "- Demonstration cases: Add one." in body
        assert f"by the end of {due.isoformat()}" in body

    @pytest.mark.parametrize(
        "wrong",
        [
            {"corrections": [{"section": "weather", "reason": "x"}]},
            {"corrections": [{"section": "technology", "field": "colour", "reason": "x"}]},
            {"due_on": dt.date(2020, 1, 1)},
        ],
    )
    def test_return_that_makes_no_sense_is_refused(self, wrong):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)

        with pytest.raises(DomainError):
            perform("return", declaration.pk, actor=officer, reason="x", **wrong)

        assert not Correction.objects.exists()

    @pytest.mark.parametrize("step", ["return", "reject"])
    def test_refusal_needs_a_reason(self, step):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)

        with pytest.raises(DomainError) as refusal:
            perform(step, declaration.pk, actor=officer, reason=" ")

        assert refusal.value.field == "reason"

    @pytest.mark.parametrize(
        ("status", "template"),
        [
            (Status.ACCEPTED, "declaration_accepted"),
            (Status.RETURNED, "declaration_returned"),
            (Status.REJECTED, "declaration_rejected"),
            (Status.WITHDRAWN, "declaration_withdrawn"),
        ],
    )
    def test_applicant_is_told(self, status, template):
        declaration = build.declaration(status)
        owner = accounts.owner_of(declaration.organisation)

        assert (template, owner.email, "en") in mails()
        body = StoredMail.objects.get(template=template).body
        assert ("Because." in body) == (status != Status.ACCEPTED)


class TestComingBack:
    def returned(self, **inputs):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        corrections = [{"section": "technology", "reason": "x"}]
        return perform(
            "return", declaration.pk, actor=officer, reason="x", corrections=corrections, **inputs
        )

    def submit(self, declaration):
        return perform("submit", declaration.pk, actor=accounts.owner_of(declaration.organisation))

    def test_returned_declaration_may_come_back_after_the_close(self):
        returned = self.returned()
        build.closed(returned.activity)

        assert self.submit(returned).version.number == 2

    def test_day_due_is_counted_in_the_portals_zone(self):
        today = timezone.localdate()

        assert self.submit(self.returned(due_on=today)).status == Status.SUBMITTED

    def test_after_the_day_due_it_is_too_late(self, monkeypatch):
        returned = self.returned(due_on=timezone.localdate())
        tomorrow = timezone.now() + dt.timedelta(days=1)
        monkeypatch.setattr("core.workflow.database_now", lambda: tomorrow)

        with pytest.raises(TransitionError, match="were due on"):
            self.submit(returned)


def test_draft_is_withdrawn_without_a_number_and_stays_unseen_by_officers():
    draft = build.draft()

    build.take(draft, "withdraw", accounts.owner_of(draft.organisation))

    assert Declaration.objects.get().number is None
    assert not Declaration.objects.visible_to(accounts.officer()).exists()


def test_effect_of_a_higher_app_happens_in_the_same_transaction(monkeypatch):
    steps = dict(DECLARATIONS.steps)
    monkeypatch.setattr(DECLARATIONS, "steps", steps)

    def refuse(_declaration, _act):
        raise DomainError("Not today.")

    DECLARATIONS.then("begin_check", refuse)
    declaration = build.declaration(Status.SUBMITTED)

    with pytest.raises(DomainError, match="Not today"):
        build.take(declaration, "begin_check", accounts.officer())

    declaration.refresh_from_db()
    assert declaration.status == Status.SUBMITTED
