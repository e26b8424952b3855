"""A translation confirmed after filing: beside what was filed, and in the catalogue at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Level
from catalog.models import Delivery, Technology
from catalog.sync.drain import drain_all
from catalog.sync.lake import CURRENT, EVENTS
from core import rights
from core.canonical import content_hash
from core.errors import TransitionError
from core.models import AuditEntry
from evaluation.services import end_due_publicity
from evaluation.states import CaseStatus
from submissions import services
from submissions.models import Declaration, TranslationVersion
from submissions.states import Status
from tests.builders import accounts, catalog, evaluation, submissions
from tests.builders.core import at_once
from tests.catalog.addresses import address
from tests.catalog.test_sync_lake import stranger, verified

pytestmark = pytest.mark.django_db

TITLE, SUMMARY = "技术名称：膜生物反应器", "用膜生物反应器处理垃圾渗滤液。"


@pytest.fixture
def listed() -> Technology:
    return catalog.listed_technology()


def owner_of(technology: Technology) -> User:
    return accounts.owner_of(technology.holder)


def translate(
    technology: Technology,
    title: str = TITLE,
    *,
    actor: Any = None,
    confirm: bool = True,
    **more: Any,
) -> Technology:
    """Save a translation of the title and the summary; return the technology as it is then."""
    services.save_translation(
        technology.case.declaration_id,
        "zh-hans",
        {"technology.title": title, "technology.summary": SUMMARY},
        actor=actor or owner_of(technology),
        confirm=confirm,
        **more,
    )
    return Technology.objects.get(pk=technology.pk)


def events() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("id").values_list("type", "seq"))


def test_a_confirmed_translation_makes_a_new_version_of_a_listed_technology(listed):
    before = listed.content

    after = translate(listed)

    assert after.content == before | {
        "titles": {**before["titles"], "zh-hans": TITLE},
        "texts": {**before["texts"], "zh-hans": {"title": TITLE, "summary": SUMMARY}},
        "translations": {
            "zh-hans": {"of_version": 1, "confirmed_on": timezone.localdate().isoformat()}
        },
    }
    assert after.content_hash == content_hash(after.content) != listed.content_hash
    assert (after.seq, after.titles["zh-hans"]) == (2, TITLE)
    assert list(after.versions.values_list("number", "content_hash")) == [
        (1, listed.content_hash),
        (2, after.content_hash),
    ]
    assert events() == [("technology.listed", 1), ("technology.translated", 2)]
    assert Delivery.objects.get(seq=2).payload["data"] == after.content


def test_what_was_filed_stays_as_it_was(listed):
    filed = listed.case.version
    seal, content = filed.content_hash, filed.content

    translate(listed)

    filed.refresh_from_db()
    assert (filed.content, filed.content_hash) == (content, seal)
    assert content_hash(filed.content) == seal
    assert "zh-hans" not in filed.content["translations"]
    assert Declaration.objects.get(pk=filed.declaration_id).version == filed


def test_a_confirmation_is_kept_for_good_and_written_down(listed):
    owner = owner_of(listed)

    after = translate(listed)

    kept = TranslationVersion.objects.get()
    texts = {"technology.title": TITLE, "technology.summary": SUMMARY}
    assert (kept.version, kept.language, kept.number) == (listed.case.version, "zh-hans", 1)
    assert (kept.texts, kept.content_hash) == (texts, content_hash(texts))
    assert kept.confirmed_by == owner
    with pytest.raises(DatabaseError), transaction.atomic():
        TranslationVersion.objects.update(texts={})
    act = AuditEntry.objects.get(act="technology.translated")
    assert (act.actor, act.subject_id) == (owner, str(listed.pk))
    assert act.details == {"language": "zh-hans", "content_hash": after.content_hash}


def test_what_is_saved_without_confirming_leaves_what_is_public(listed):
    public = translate(listed)

    after = translate(listed, "另一个名称", confirm=False)

    assert (after.content, after.seq) == (public.content, 2)
    assert listed.case.declaration.translations.get().confirmed_at is None
    again = translate(listed, "另一个名称")
    assert (again.titles["zh-hans"], again.seq) == ("另一个名称", 3)
    assert list(TranslationVersion.objects.values_list("number", flat=True)) == [1, 2]


def test_confirming_what_counts_already_changes_nothing(listed):
    public = translate(listed)
    translate(listed, "另一个名称", confirm=False)

    after = translate(listed)

    assert (after.seq, after.content_hash) == (2, public.content_hash)
    assert TranslationVersion.objects.count() == 1
    assert listed.case.declaration.translations.get().confirmed_by == owner_of(listed)


def test_a_text_that_is_not_public_is_kept_and_announced_to_nobody(listed):
    services.save_translation(
        listed.case.declaration_id,
        "zh-hans",
        {"applicant.after_sales": "两年保修。"},
        actor=owner_of(listed),
        confirm=True,
    )

    after = Technology.objects.get(pk=listed.pk)
    assert (after.seq, after.content_hash) == (1, listed.content_hash)
    assert TranslationVersion.objects.get().texts == {"applicant.after_sales": "两年保修。"}


@pytest.mark.parametrize("step", ["suspend", "expire"])
def test_a_translation_of_what_may_come_back_waits_until_it_is_listed_again(listed, step):
    if step == "expire":
        Technology.objects.filter(pk=listed.pk).update(valid_until="2020-01-01")
    hidden = catalog.take(listed, step) if step == "suspend" else catalog.expire(listed)

    after = translate(listed)

    assert (after.content, after.seq) == (hidden.content, 2)
    assert len(events()) == 2
    back = catalog.take(listed, "resume" if step == "suspend" else "renew")
    assert back.content["texts"]["zh-hans"] == {"title": TITLE, "summary": SUMMARY}
    assert back.seq == 3


@pytest.mark.parametrize("step", ["withdraw", "revoke"])
def test_what_has_left_the_pool_is_not_translated(listed, step):
    gone = catalog.take(listed, step)

    with pytest.raises(TransitionError):
        translate(listed)

    assert not rights.can(owner_of(listed), "translate", listed.case.declaration)
    assert Technology.objects.get(pk=listed.pk).content == gone.content
    assert not TranslationVersion.objects.exists()


def test_what_was_not_included_is_not_translated():
    case = evaluation.case(CaseStatus.NOT_INCLUDED)

    assert not rights.can(
        accounts.owner_of(case.declaration.organisation), "translate", case.declaration
    )


@pytest.mark.parametrize("status", Status)
def test_an_applicant_translates_until_the_declaration_is_at_its_end(status):
    declaration = submissions.declaration(status)
    organisation = declaration.organisation
    people = {
        "owner": accounts.owner_of(organisation),
        "editor": accounts.member(Level.EDIT, organisation),
        "viewer": accounts.member(Level.VIEW, organisation),
        "owner elsewhere": accounts.member(Level.OWN),
        "officer": accounts.officer(),
        "expert": accounts.expert_user(),
        "system": accounts.system_administrator(),
        "auditor": accounts.auditor(),
        "portal": None,
    }

    able = {who for who, one in people.items() if rights.can(one, "translate", declaration)}

    ended = status in (Status.REJECTED, Status.WITHDRAWN)
    assert able == (set() if ended else {"owner", "editor"})


def test_nobody_else_can_translate_a_listed_technology(listed):
    asked = listed.case.assignments.select_related("expert__user").first()
    assert asked
    for person in (
        accounts.member(Level.OWN),
        accounts.member(Level.VIEW, listed.holder),
        accounts.officer(),
        asked.expert.user,
        accounts.system_administrator(),
        accounts.auditor(),
    ):
        with pytest.raises((PermissionDenied, TransitionError)):
            translate(listed, actor=person)

    assert not TranslationVersion.objects.exists()
    assert events() == [("technology.listed", 1)]


def test_an_editor_who_left_the_organisation_translates_no_more(listed):
    editor = accounts.member(Level.EDIT, listed.holder)
    Membership.objects.filter(user=editor).delete()

    with pytest.raises(PermissionDenied):
        translate(listed, actor=editor)


def test_what_was_confirmed_before_the_listing_is_in_its_first_version():
    case = evaluation.case(CaseStatus.PUBLICITY, publicity_days=0)
    services.save_translation(
        case.declaration_id,
        "zh-hans",
        {"technology.title": TITLE},
        actor=accounts.owner_of(case.declaration.organisation),
        confirm=True,
    )

    end_due_publicity()

    made = Technology.objects.get(case=case)
    assert (made.titles["zh-hans"], made.seq) == (TITLE, 1)
    assert events() == [("technology.listed", 1)]


def test_nothing_is_announced_when_the_confirmation_is_undone(listed):
    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        translate(listed)
        raise RuntimeError("undone")

    assert events() == [("technology.listed", 1)]
    assert not TranslationVersion.objects.exists()


def test_a_translation_arrives_in_the_lake(listed):
    drain_all()
    after = translate(listed)

    assert drain_all() == 1

    [(record, title, seq, seal)] = stranger(
        CURRENT, "SELECT record, title_zh, seq, content_hash FROM lake"
    )
    assert (json.loads(record), title, seq, seal) == (
        after.content,
        TITLE,
        2,
        after.content_hash,
    )
    assert stranger(EVENTS, "SELECT type, seq FROM lake ORDER BY seq") == [
        ("technology.listed", 1),
        ("technology.translated", 2),
    ]
    assert verified() == 0


def test_the_public_page_says_that_it_is_a_translation_of_what_and_since_when(listed):
    translate(listed)
    read = {
        language: Client().get(address("technology-detail", listed.pk, language=language))
        for language in ("en", "zh-hans")
    }

    assert read["en"].context["texts_note"] == ""
    [other] = read["en"].context["other_texts"]
    year = timezone.localdate().year
    assert other["note"].startswith("Translation of version 1 of the declaration, confirmed by the")
    assert str(year) in other["note"]
    assert read["zh-hans"].context["title"] == TITLE
    assert str(year) in read["zh-hans"].context["texts_note"]
    assert read["zh-hans"].context["other_texts"][0]["note"] == ""
    assert SUMMARY in read["zh-hans"].content.decode()


def test_the_translated_technology_is_found_by_its_new_words(listed):
    def found() -> int:
        page = Client().get(f"{address(language='zh-hans')}?q=垃圾渗滤液")
        return int(page.context["total"])

    assert found() == 0
    translate(listed)
    assert found() == 1


# At once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_make_two_versions_one_after_the_other():
    listed = catalog.listed_technology()
    owner, colleague = owner_of(listed), accounts.member(Level.EDIT, listed.holder)

    results = at_once(
        lambda: translate(listed, "甲", actor=owner),
        lambda: translate(listed, "乙", actor=colleague),
    )

    assert results == [listed, listed]  # nobody was refused
    now = Technology.objects.get(pk=listed.pk)
    assert events() == [
        ("technology.listed", 1),
        ("technology.translated", 2),
        ("technology.translated", 3),
    ]
    kept = list(TranslationVersion.objects.order_by("number"))
    assert [one.number for one in kept] == [1, 2]
    assert {one.texts["technology.title"] for one in kept} == {"甲", "乙"}
    assert now.titles["zh-hans"] == kept[-1].texts["technology.title"]
    assert Delivery.objects.get(seq=3).payload["data"] == now.content


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_who_began_from_the_same_text_sees_the_first_one():
    listed = catalog.listed_technology()
    translate(listed, "甲", revision=0)

    with pytest.raises(services.StaleRevision) as stale:
        translate(listed, "乙", revision=0)

    assert stale.value.stored.texts["technology.title"] == "甲"
    assert Technology.objects.get(pk=listed.pk).seq == 2


@pytest.mark.django_db(transaction=True)
def test_a_translation_confirmed_while_it_is_being_listed_is_not_lost():
    case = evaluation.case(CaseStatus.PUBLICITY, publicity_days=0)
    owner = accounts.owner_of(case.declaration.organisation)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.save_translation(
                case.declaration_id,
                "zh-hans",
                {"technology.title": TITLE},
                actor=owner,
                confirm=True,
            )
            listing = pool.submit(at_once, end_due_publicity)
            with pytest.raises(TimeoutError):
                listing.result(timeout=1)  # it waits for us
        assert listing.result(timeout=20) == [1]

    assert Technology.objects.get(case=case).titles["zh-hans"] == TITLE
    assert events() == [("technology.listed", 1)]


@pytest.mark.django_db(transaction=True)
def test_a_translation_confirmed_while_it_is_being_resumed_is_not_lost():
    suspended = catalog.listed_technology()
    catalog.take(suspended, "suspend")

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            catalog.take(suspended, "resume")
            confirming = pool.submit(at_once, lambda: translate(suspended))
            with pytest.raises(TimeoutError):
                confirming.result(timeout=1)  # it waits for us
        assert confirming.result(timeout=20) == [suspended]

    assert Technology.objects.get(pk=suspended.pk).titles["zh-hans"] == TITLE
    assert [name for name, _seq in events()] == [
        "technology.listed",
        "technology.suspended",
        "technology.resumed",
        "technology.translated",
    ]
