"""What happens when many press at once."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.roles import Level
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from submissions import services
from submissions.models import Declaration, DeclarationVersion
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls at the same moment; return what each gave or raised."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=20)
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def test_twenty_starts_of_one_form_make_one_declaration():
    organisation, activity, key = accounts.organisation(), build.open_activity(), uuid.uuid4()
    owner = accounts.owner_of(organisation)

    def start():
        return services.start(activity, organisation, actor=owner, language="en", key=key)

    made = at_once(*[start] * 20)

    assert {one.pk for one in made} == {Declaration.objects.get().pk}
    assert AuditEntry.objects.filter(act="declaration.started").count() == 1


def test_twenty_submits_file_one_version():
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)

    results = at_once(*[lambda: perform("submit", draft.pk, actor=owner)] * 20)

    assert sum(isinstance(one, TransitionError) for one in results) == 19
    assert DeclarationVersion.objects.count() == 1
    assert StoredMail.objects.filter(template="declaration_received").count() == 1
    assert AuditEntry.objects.filter(act="declaration.submit").count() == 1


def test_numbers_have_no_gap_and_no_double():
    activity = build.open_activity(code="RUSH")
    drafts = [build.draft(activity=activity) for _ in range(6)]
    broken = build.draft(activity=activity, document={})

    def submit(draft):
        owner = accounts.owner_of(draft.organisation)
        return lambda: perform("submit", draft.pk, actor=owner)

    at_once(*[submit(draft) for draft in [*drafts, broken]])

    numbers = Declaration.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers.exclude(number=None)) == [f"RUSH-{number:04d}" for number in range(1, 7)]


def test_of_two_saves_from_one_revision_one_wins_and_the_other_is_told():
    draft = build.draft()
    owner, editor = (
        accounts.owner_of(draft.organisation),
        accounts.member(Level.EDIT, draft.organisation),
    )

    def save(actor, summary):
        values = build.content()["technology"] | {"summary": summary}
        return lambda: services.save_section(
            draft.pk, "technology", values, actor=actor, revision=draft.revision
        )

    results = at_once(save(owner, "Mine"), save(editor, "Hers"))

    stale = [one for one in results if isinstance(one, services.StaleRevision)]
    saved = [one for one in results if isinstance(one, Declaration)]
    assert (len(stale), len(saved)) == (1, 1)
    draft.refresh_from_db()
    assert draft.content == saved[0].content
    assert stale[0].stored.content == saved[0].content


def test_what_is_saved_during_a_submit_is_filed_or_refused():
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)
    values = build.content("Late change")["technology"]

    at_once(
        lambda: perform("submit", draft.pk, actor=owner),
        lambda: services.save_section(
            draft.pk, "technology", values, actor=owner, revision=draft.revision
        ),
    )

    draft.refresh_from_db()
    assert draft.status == Status.SUBMITTED
    assert draft.version.content["sections"] == draft.content


def test_submit_and_withdraw_at_once_leave_one_history():
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)

    at_once(
        lambda: perform("submit", draft.pk, actor=owner),
        lambda: perform("withdraw", draft.pk, actor=owner, reason="x"),
    )

    draft.refresh_from_db()
    acts = AuditEntry.objects.filter(act__in=("declaration.submit", "declaration.withdraw"))
    path = [(one.before, one.after) for one in acts.order_by("pk")]
    assert draft.status == Status.WITHDRAWN
    assert path in ([("draft", "withdrawn")], [("draft", "submitted"), ("submitted", "withdrawn")])


def test_closing_seals_the_activity():
    activity = build.open_activity()
    drafts = [build.draft(activity=activity) for _ in range(3)]
    officer = accounts.officer()

    def submit(draft):
        owner = accounts.owner_of(draft.organisation)
        return lambda: perform("submit", draft.pk, actor=owner)

    at_once(
        *[submit(draft) for draft in drafts],
        lambda: build.closed(activity, actor=officer),
    )

    closed = AuditEntry.objects.get(act="activity.close").at
    late = [one for one in DeclarationVersion.objects.all() if one.submitted_at > closed]
    after = Declaration.objects.filter(status=Status.SUBMITTED).count()
    assert after == DeclarationVersion.objects.count()
    assert late == []


def test_same_file_sent_twice_is_one_attachment():
    draft = build.draft()
    content = build.pdf().read()

    def send():
        upload = SimpleUploadedFile("report.pdf", content)
        return build.attachment(draft, upload=upload)

    made = at_once(send, send, send)

    assert len({one.pk for one in made}) == 1
