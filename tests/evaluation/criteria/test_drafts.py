"""A criteria set in the making: written by officers, sealed by another one, never half sound."""

import copy
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.utils import IntegrityError

from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from evaluation.criteria import documents
from evaluation.criteria.drafts import begin_draft, save_draft
from evaluation.criteria.workflow import perform_draft
from evaluation.models import CriteriaDraft, CriteriaSet
from evaluation.states import DraftStatus
from submissions.services import StaleRevision
from tests.builders import accounts
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def draft(officer):
    return begin_draft(build.criteria(), actor=officer)


def stricter(draft):
    document = copy.deepcopy(draft.document)
    document["gates"]["recommended"] = "80"
    return document


def save(draft, document, *, actor, reason="The bar was too low.", revision=None):
    return save_draft(
        draft.pk,
        document,
        reason=reason,
        actor=actor,
        revision=draft.revision if revision is None else revision,
    )


def proposed(draft, officer):
    save(draft, stricter(draft), actor=officer)
    return perform_draft("propose", draft.pk, actor=officer)


def test_a_draft_is_the_next_version_of_what_it_begins_from(draft, officer):
    assert draft.document == documents.default() | {"version": 3}
    assert (draft.status, draft.revision, list(draft.writers.all())) == ("writing", 0, [officer])


def test_a_second_officer_seals_it_and_the_set_says_who_and_why(draft, officer):
    second = accounts.second_officer()
    proposed(draft, officer)

    sealed = perform_draft("seal", draft.pk, actor=second).sealed_as

    assert sealed.gates["recommended"] == "80"
    assert (sealed.version, sealed.based_on) == (3, build.criteria())
    assert (sealed.proposed_by, sealed.sealed_by) == (officer, second)
    assert sealed.reason == "The bar was too low."
    act = AuditEntry.objects.get(act="criteria draft.seal")
    assert act.details == {"content_hash": sealed.content_hash}


def test_who_wrote_in_it_does_not_seal_it(draft, officer):
    helper = accounts.second_officer()
    save(draft, stricter(draft), actor=helper)
    perform_draft("propose", draft.pk, actor=officer)

    for one in (officer, helper):
        with pytest.raises(DomainError, match="you have written in this draft"):
            perform_draft("seal", draft.pk, actor=one)

    assert CriteriaSet.objects.count() == 1


def test_the_database_knows_of_two_officers(draft, officer):
    with pytest.raises(IntegrityError, match="evaluation_criteria_two_officers"):
        CriteriaSet.objects.create(
            code="x", version=1, names={}, gates={}, proposed_by=officer, sealed_by=officer
        )


def test_an_unsound_draft_is_stored_and_not_proposed(draft, officer):
    document = stricter(draft)
    document["dimensions"][0]["weight"] = 24

    save(draft, document, actor=officer)

    with pytest.raises(DomainError, match=r"1 thing is wrong.*sum to 99"):
        perform_draft("propose", draft.pk, actor=officer)
    assert CriteriaDraft.objects.get(pk=draft.pk).document["dimensions"][0]["weight"] == 24


def test_a_change_says_why(draft, officer):
    save(draft, stricter(draft), actor=officer, reason="  ")

    with pytest.raises(DomainError, match="Say why"):
        perform_draft("propose", draft.pk, actor=officer)


def test_what_changes_nothing_is_no_new_version(draft, officer):
    save(draft, draft.document, actor=officer)

    with pytest.raises(DomainError, match="Nothing differs"):
        perform_draft("propose", draft.pk, actor=officer)


def test_of_two_saves_from_one_page_the_later_is_refused(draft, officer):
    save(draft, stricter(draft), actor=officer)

    with pytest.raises(StaleRevision) as refusal:
        save(draft, draft.document, actor=officer, revision=0)

    assert refusal.value.stored.revision == 1


def test_what_waits_for_a_signature_is_not_written_any_more(draft, officer):
    waiting = proposed(draft, officer)

    with pytest.raises(TransitionError, match="no longer being written"):
        save(waiting, draft.document, actor=officer)
    with (
        pytest.raises(IntegrityError, match="no longer being written"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE evaluation_criteriadraft SET document = '{}'")


def test_a_draft_sent_back_is_written_again(draft, officer):
    waiting = proposed(draft, officer)

    back = perform_draft("send_back", draft.pk, actor=accounts.second_officer(), reason="Say 78.")

    assert back.status == DraftStatus.WRITING
    assert save(waiting, stricter(waiting), actor=officer).revision == 2


def test_code_and_version_are_not_typed(draft, officer):
    document = stricter(draft) | {"code": "mine", "version": 99}

    saved = save(draft, document, actor=officer)

    assert (saved.document["code"], saved.document["version"]) == ("default", 3)


def test_of_two_drafts_of_one_set_one_is_sealed(officer):
    """The other was compared with a set that is no longer the newest: sealing it would undo one."""
    second = accounts.second_officer()
    drafts = [begin_draft(build.criteria(), actor=officer) for _n in range(3)]
    for points, one in zip(("78", "80"), drafts, strict=False):
        document = stricter(one)
        document["gates"]["recommended"] = points
        save(one, document, actor=officer)
        perform_draft("propose", one.pk, actor=officer)
    perform_draft("seal", drafts[0].pk, actor=second)
    save(drafts[2], stricter(drafts[2]), actor=officer)

    for step, draft, actor in (("seal", drafts[1], second), ("propose", drafts[2], officer)):
        with pytest.raises(DomainError, match="criteria 3 has been sealed since"):
            perform_draft(step, draft.pk, actor=actor)


def test_who_proposed_a_draft_of_others_does_not_seal_it(draft, officer):
    second = accounts.second_officer()
    save(draft, stricter(draft), actor=officer)
    perform_draft("propose", draft.pk, actor=second)

    with pytest.raises(DomainError, match="or proposed it"):
        perform_draft("seal", draft.pk, actor=second)


@pytest.mark.parametrize(
    "somebody",
    [
        accounts.user,
        accounts.expert_user,
        accounts.auditor,
        accounts.system_administrator,
        accounts.member,
    ],
)
def test_nobody_else_begins_or_writes(draft, somebody):
    person = somebody()

    with pytest.raises(PermissionDenied):
        begin_draft(build.criteria(), actor=person)
    with pytest.raises(PermissionDenied):
        save(draft, draft.document, actor=person)


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_lose_nothing(officer):
    draft = begin_draft(build.criteria(), actor=officer)
    found = []

    def at_once():
        try:
            save(draft, stricter(draft), actor=officer)
            found.append("stored")
        except StaleRevision:
            found.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=at_once) for _n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(found) == ["refused", "stored"]
    assert CriteriaDraft.objects.get(pk=draft.pk).revision == 1
