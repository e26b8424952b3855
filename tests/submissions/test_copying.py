"""A declaration begun with an earlier one: who may, what comes along, once however pressed."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection

from accounts.roles import Level
from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from submissions import copying, services
from submissions.files.scanning import ATTACHMENTS
from submissions.files.states import ScanStatus
from submissions.models import Attachment, Declaration, SavedValue
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text, texts
from tests.submissions.browsing import address, browser, owner_client, queries

pytestmark = pytest.mark.django_db


def owner(one):
    return accounts.owner_of(one.organisation)


def copied(source, activity=None, *, actor=None, key=None):
    return copying.start_from(
        source,
        activity or build.open_activity(),
        actor=actor or owner(source),
        key=key or uuid.uuid4(),
    )


@pytest.fixture
def source():
    """A declaration that was filed, with a report that an indicator names, and a translation."""
    one = build.draft()
    report = build.attachment(one)
    one.refresh_from_db()
    indicators = one.content["performance"]["indicators"]
    indicators[0]["evidence"] = f"{report.pk}#2"
    services.save_section(
        one.pk, "performance", {"indicators": indicators}, actor=owner(one), revision=one.revision
    )
    services.save_translation(
        one.pk, "zh-hans", {"technology.title": "膜"}, actor=owner(one), confirm=True
    )
    perform("submit", one.pk, actor=owner(one))
    one.refresh_from_db()
    return one


def test_the_draft_carries_what_fits_with_its_files_and_texts(source):
    activity = build.open_activity()
    draft = copied(source, activity)
    draft.refresh_from_db()

    (mine,), (report,) = draft.attachments.all(), source.attachments.all()
    assert (draft.status, draft.activity, draft.organisation, draft.copied_from) == (
        Status.DRAFT, activity, source.organisation, source,
    )  # fmt: skip
    assert (draft.title, draft.subcategory_id, draft.language, draft.number) == (
        source.title, "WAT-01", "en", None,
    )  # fmt: skip
    assert draft.content["performance"]["indicators"][0]["evidence"] == f"{mine.pk}#2"
    assert draft.content["technology"] == source.content["technology"]
    assert (mine.sha256, mine.kind, mine.title, mine.filed_with) == (
        report.sha256, "test_report", "Test report", None,
    )  # fmt: skip
    translation = draft.translations.get()
    assert (translation.texts, translation.confirmed_at) == ({"technology.title": "膜"}, None)
    assert [one["member"] for one in draft.left_out] == [
        "truthful", "publication", "signatory", "signed_on",
    ]  # fmt: skip


def test_each_field_is_written_down_as_any_save(source):
    draft = copied(source)

    rows = SavedValue.objects.filter(declaration=draft)
    assert {(row.section, row.member) for row in rows} == {
        (section, member) for section, values in draft.content.items() for member in values
    }
    assert {(row.state, row.saved_by) for row in rows} == {("applied", owner(source))}
    entry = AuditEntry.objects.get(act="declaration.copied", subject_id=str(draft.pk))
    assert entry.details == {"source": str(source.pk), "files": 1, "left_out": 4}


def test_it_goes_on_as_any_draft(source):
    draft = copied(source)
    draft.refresh_from_db()
    services.save_section(
        draft.pk,
        "commitment",
        build.content()["commitment"],
        actor=owner(source),
        revision=draft.revision,
    )

    perform("submit", draft.pk, actor=owner(source))

    draft.refresh_from_db()
    assert (draft.status, draft.version.number) == (Status.SUBMITTED, 1)
    source.refresh_from_db()
    assert source.status == Status.SUBMITTED


def test_a_copy_lives_on_when_the_original_file_is_taken_away(
    django_capture_on_commit_callbacks,
):
    one = build.draft()
    report = build.attachment(one)
    draft = copied(one)
    mine = draft.attachments.get()

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_attachment(report.pk, actor=owner(one))

    assert not default_storage.exists(report.file.name)
    assert mine.file.name != report.file.name
    with mine.file.open("rb") as stream:
        assert len(stream.read()) == mine.size


def test_what_is_known_of_malware_is_said_of_the_copy_too(source):
    second = build.attachment(
        draft := build.draft(organisation=source.organisation, actor=owner(source))
    )
    ATTACHMENTS.perform("clear", second.pk, actor=None)
    second.refresh_from_db()

    clean = copied(draft).attachments.get()
    unknown = copied(source).attachments.get()

    assert (clean.status, clean.scanned_at) == (ScanStatus.CLEAN, second.scanned_at)
    assert (unknown.status, unknown.scanned_at) == (ScanStatus.NOT_SCANNED, None)


def test_with_a_scanner_a_copy_of_what_nobody_scanned_waits_and_what_waits_stays(source, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    (report,) = source.attachments.all()

    first = copied(source)
    ATTACHMENTS.perform("queue", report.pk, actor=accounts.officer())
    second = copied(source)

    assert first.attachments.get().status == ScanStatus.WAITING
    assert not second.attachments.exists()
    assert [(one["section"], one["why"]) for one in second.left_out][:2] == [
        ("", "file"), ("performance", "file"),
    ]  # fmt: skip


def test_a_file_whose_bytes_are_gone_is_named_as_left_out(source):
    (report,) = source.attachments.all()
    default_storage.delete(report.file.name)

    draft = copied(source)

    assert not draft.attachments.exists()
    assert copying.left_out(draft)[0] == {
        "place": "File",
        "value": "Test report",
        "reason": "The file was not copied: it is not asked for here, or could not be read.",
    }


def test_the_same_key_makes_one_draft_and_one_copy(source):
    key, activity = uuid.uuid4(), build.open_activity()

    first, second = (copied(source, activity, key=key) for _press in range(2))

    assert first == second
    assert second.attachments.count() == 1
    assert AuditEntry.objects.filter(act="declaration.copied").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_copy():
    one = build.draft()
    build.attachment(one)
    key, activity, person = uuid.uuid4(), build.open_activity(), owner(one)
    made, gate = [], threading.Barrier(2, timeout=30)

    def press():
        gate.wait()
        try:
            made.append(copied(one, activity, actor=person, key=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(made) == 2
    assert len(set(made)) == 1
    assert Attachment.objects.filter(declaration=made[0]).count() == 1
    assert Declaration.objects.filter(start_key=key).count() == 1


def test_signed_papers_do_not_come_along(source):
    draft = build.draft(organisation=source.organisation, actor=owner(source))
    build.attachment(draft, kind="commitment", title="Our stamp")

    made = copied(draft)

    assert not made.attachments.exists()
    assert {one["value"]: one["reason"] for one in copying.left_out(made)}["Our stamp"] == (
        "It is to be confirmed or signed anew with each declaration."
    )


def test_a_translation_that_is_too_long_comes_along_for_its_writer_to_shorten(source):
    long = "膜" * 201
    source.translations.update(texts={"technology.title": long})

    draft = copied(source)

    translation = draft.translations.get()
    assert (translation.texts, translation.confirmed_at) == ({"technology.title": long}, None)
    with pytest.raises(DomainError, match="Use at most 200 characters"):
        services.save_translation(
            draft.pk, "zh-hans", translation.texts, actor=owner(source), confirm=True
        )


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer"])
def test_nobody_else_begins_with_it(source, who):
    person = {
        "viewer": lambda: accounts.member(Level.VIEW, source.organisation),
        "stranger": lambda: accounts.owner_of(accounts.organisation()),
        "officer": accounts.officer,
    }[who]()

    with pytest.raises(PermissionDenied):
        copied(source, actor=person)

    assert not Declaration.objects.filter(copied_from=source).exists()


def test_an_editor_may(source):
    editor = accounts.member(Level.EDIT, source.organisation)

    assert copied(source, actor=editor).created_by == editor


def test_a_closed_activity_takes_none(source):
    with pytest.raises(TransitionError):
        copied(source, build.closed_activity())

    assert not Declaration.objects.filter(copied_from=source).exists()


def test_the_form_offers_the_earlier_ones_of_the_organisation_and_no_empty_draft(source):
    client, activity = owner_client(source), build.open_activity()
    empty = build.draft(organisation=source.organisation, actor=owner(source), document={})
    other = build.draft(document=build.content("Of another house"))
    page = client.get(address("declaration-start", activity.code))

    offered = texts(page, "option")

    assert f"{source.title} ({source.number}, {source.activity.title})" in offered
    assert "Begin with an empty declaration" in offered
    values = [str(choice) for choice, _label in page.context["form"].fields["source"].choices]
    assert str(empty.pk) not in values
    assert str(other.pk) not in values


def post(client, activity, source, **more):
    values = {
        "organisation": str(source.organisation_id),
        "language": "zh-hans",
        "key": str(uuid.uuid4()),
        "source": str(source.pk),
        **more,
    }
    return client.post(address("declaration-start", activity.code), values, follow=True)


def test_the_page_afterwards_says_exactly_what_was_left_out(source):
    other_fields = build.open_activity(field_codes=["AIR"])

    page = post(owner_client(source), other_fields, source)

    draft = Declaration.objects.get(copied_from=source)
    assert draft.language == "en"
    words = " ".join(text(page).split())
    assert "5 things were left out:" in words
    assert "Technology – Sub-category" in words
    assert "It is not offered in this activity." in words
    assert "It is to be confirmed or signed anew with each declaration." in words
    assert draft.subcategory_id is None
    again = owner_client(source).get(address("declaration-detail", draft.pk))
    assert "5 things were left out:" in " ".join(text(again).split())


def test_a_declaration_of_another_of_ones_organisations_is_refused_at_its_place(source):
    person = owner(source)
    second = accounts.organisation(person)
    page = post(browser(person), build.open_activity(), source, organisation=str(second.pk))

    assert "This is a declaration of another organisation." in text(page)
    assert not Declaration.objects.filter(copied_from=source).exists()


def test_a_strangers_declaration_cannot_be_named(source):
    stranger = accounts.owner_of(accounts.organisation())
    mine = build.draft(actor=stranger, organisation=accounts.organisation(stranger))
    page = post(
        browser(stranger), build.open_activity(), source, organisation=str(mine.organisation_id)
    )

    assert page.context["form"].errors["source"]
    assert not Declaration.objects.filter(copied_from=source).exists()


@pytest.mark.parametrize("more", [0, 20])
def test_the_form_asks_the_same_for_one_and_many(source, more):
    activity = build.open_activity()
    for _number in range(more):
        build.draft(organisation=source.organisation, actor=owner(source), activity=activity)
    client = owner_client(source)
    url = address("declaration-start", activity.code)
    client.get(url)

    assert queries(client, url) <= 14
