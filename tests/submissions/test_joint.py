"""Joint applicants: asked with each version by a link, answering once, waited for at *accept*."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member, edit_organisation
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from submissions import services
from submissions.joint import CONFIRMATIONS
from submissions.models import JointConfirmation
from submissions.states import JointStatus, Status
from submissions.workflow import perform
from tests.builders import accounts, clock
from tests.builders import submissions as build
from tests.builders.joint import PARTNER
from tests.reading import text, texts
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db

SECOND = {
    "name_en": "Second Works",
    "country": "KZ",
    "contact_name": "S. Works",
    "contact_email": "second@example.org",
}
CONFIRM = {"answer": "confirm", "signatory": "K. Partner, director"}
DECLINE = {"answer": "decline", "signatory": "K. Partner, director", "remark": "Not our plant."}
SUMMARY = "Treats leachate with a membrane bioreactor."


def owner(one):
    return accounts.owner_of(one.organisation)


def draft(*partners, **more):
    document = build.content()
    document["applicant"]["joint"] = list(partners or (PARTNER,))
    return build.draft(document=document, **more)


def submit(one):
    perform("submit", one.pk, actor=owner(one))
    one.refresh_from_db()
    return one


@pytest.fixture
def filed():
    return submit(draft())


def link(to=PARTNER["contact_email"]):
    """Return the address in the last mail to a joint applicant."""
    rows = StoredMail.objects.filter(template="joint_asked", recipient=to)
    (url,) = re.findall(
        rf"{settings.PORTAL_ORIGIN}(\S*/joint-applicants/\S+)", rows.latest("created_at").body
    )
    return url


def row(name="Partner Ltd", version=1):
    return JointConfirmation.objects.get(name=name, version__number=version)


def corrected(one, *, summary="Treats leachate with a ceramic membrane bioreactor."):
    """Return it for correction and file it again, its summary changed."""
    officer = accounts.officer()
    for step in ("begin_check", "return"):
        build.take(one, step, officer)
    one.refresh_from_db()
    values = {**one.content["technology"], "summary": summary}
    services.save_section(one.pk, "technology", values, actor=owner(one), revision=one.revision)
    return submit(one)


def test_each_is_asked_with_the_first_version_by_a_link_of_its_own():
    one = submit(draft(PARTNER, SECOND))

    mail = StoredMail.objects.get(recipient="partner@example.org")
    found = row()
    assert (mail.template, mail.language, mail.secret) == ("joint_asked", "en", True)
    assert (found.status, found.version, found.contact) == (
        JointStatus.ASKED, one.version, "K. Partner",
    )  # fmt: skip
    assert link() != link("second@example.org")
    token = link().rstrip("/").rpartition("/")[2]
    assert token not in (found.token_hash, str(found.pk))
    entries = AuditEntry.objects.filter(act="declaration.joint_asked")
    assert [entry.details for entry in entries.order_by("pk")] == [
        {"joint_applicant": "Partner Ltd", "version": 1},
        {"joint_applicant": "Second Works", "version": 1},
    ]
    assert not AuditEntry.objects.filter(record__contains=token).exists()
    assert not AuditEntry.objects.filter(record__contains="partner@example.org").exists()


def test_a_declaration_in_chinese_asks_in_chinese_by_the_chinese_name():
    submit(draft(language="zh-hans"))

    assert JointConfirmation.objects.get().name == "合作公司"
    assert StoredMail.objects.get(template="joint_asked").language == "zh-hans"


@pytest.mark.parametrize("key", ["name_en", "name_zh", "contact_name", "title"])
def test_no_name_that_is_an_address_goes_out_under_our_letterhead(key):
    link = "Cheap loans at https://example.org"
    document = build.content(link if key == "title" else "A membrane")
    document["applicant"]["joint"] = [PARTNER if key == "title" else {**PARTNER, key: link}]
    one = build.draft(document=document)

    with pytest.raises(DomainError, match="A name contains no web address"):
        submit(one)

    assert not StoredMail.objects.filter(template="joint_asked").exists()


def test_without_joint_applicants_nobody_is_asked():
    one = build.declaration(Status.ACCEPTED)

    assert not JointConfirmation.objects.exists()
    assert owner_client(one).get(address("declaration-joint", one.pk)).status_code == 404


def test_who_holds_the_link_reads_the_version_and_answers_once(filed):
    partner, url = Client(), link()

    page = partner.get(url)
    assert SUMMARY in text(page)
    refused = partner.post(url, {**CONFIRM, "signatory": ""})
    assert refused.context["form"].errors["signatory"]
    partner.post(url, CONFIRM)
    later = partner.post(url, DECLINE)

    found = row()
    assert (found.status, found.signatory) == (JointStatus.CONFIRMED, CONFIRM["signatory"])
    assert found.answered_at
    assert SUMMARY not in text(later)
    assert "confirmed" in text(later)
    assert "no-store" in page["Cache-Control"]
    (told,) = StoredMail.objects.filter(template="joint_answered")
    assert (told.recipient, "Partner Ltd confirmed version 1" in told.body) == (
        owner(filed).email, True,
    )  # fmt: skip


def test_a_no_needs_its_reason_and_the_applicant_reads_it(filed):
    url = link()

    refused = Client().post(url, {**DECLINE, "remark": " "})
    assert "Say why your organisation does not confirm." in text(refused)
    Client().post(url, DECLINE)

    assert row().status == JointStatus.DECLINED
    assert "Not our plant." in StoredMail.objects.get(template="joint_answered").body
    assert "Not our plant." in text(owner_client(filed).get(address("declaration-joint", filed.pk)))


@pytest.mark.parametrize("token", ["x", "0" * 64, "../admin"])
def test_another_link_leads_nowhere(filed, token):
    for one in (token, row().token_hash):
        assert Client().get(f"/en/joint-applicants/{one}/").status_code == 404


def test_a_withdrawn_declaration_is_no_longer_read(filed):
    url = link()
    perform("withdraw", filed.pk, actor=owner(filed), reason="x")

    assert Client().get(url).status_code == 404
    assert Client().post(url, CONFIRM).status_code == 404


def test_the_check_begins_without_them_and_accepting_waits(filed):
    officer = accounts.officer()
    perform("begin_check", filed.pk, actor=officer)
    build.tick(filed, officer)

    with pytest.raises(DomainError, match="this version: Partner Ltd"):
        perform("accept", filed.pk, actor=officer)
    Client().post(link(), CONFIRM)
    perform("accept", filed.pk, actor=officer)

    filed.refresh_from_db()
    assert filed.status == Status.ACCEPTED


def test_a_no_keeps_from_accepting_until_it_is_waived_with_a_reason(filed):
    officer = accounts.officer()
    perform("begin_check", filed.pk, actor=officer)
    build.tick(filed, officer)
    Client().post(link(), DECLINE)
    with pytest.raises(DomainError, match="Partner Ltd"):
        perform("accept", filed.pk, actor=officer)

    step = reverse("admin:submissions_jointconfirmation_step", args=[row().pk, "waive"])
    accounts.signed_in(officer).post(step, {"reason": ""})
    assert row().status == JointStatus.DECLINED
    accounts.signed_in(officer).post(step, {"reason": "It left the consortium."})
    perform("accept", filed.pk, actor=officer)

    assert row().status == JointStatus.WAIVED
    entry = AuditEntry.objects.get(act="joint confirmation.waive")
    assert entry.reason == "It left the consortium."


def test_officers_see_who_confirmed_beside_the_declaration(filed):
    desk = accounts.signed_in(accounts.officer())
    Client().post(link(), CONFIRM)

    home = desk.get(reverse("admin:submissions_declaration_change", args=[filed.pk]))
    page = desk.get(reverse("admin:submissions_jointconfirmation_change", args=[row().pk]))

    assert "Partner Ltd (confirmed)" in text(home)
    assert CONFIRM["signatory"] in text(page)


def test_a_corrected_version_asks_again_and_shows_what_changed(filed):
    Client().post(link(), CONFIRM)
    edit_organisation(filed.organisation_id, actor=owner(filed), website="https://secret.example")
    corrected(filed)

    assert [(one.version.number, one.status) for one in JointConfirmation.objects.order_by("pk")
            .select_related("version").order_by("version__number")] == [
        (1, JointStatus.CONFIRMED), (2, JointStatus.ASKED),
    ]  # fmt: skip
    mail = StoredMail.objects.filter(template="joint_asked").latest("created_at")
    assert "corrected your joint declaration" in mail.subject
    page = Client().get(link())
    assert texts(page, "ins") == ["added: ceramic"]
    assert "version 1, which your organisation answered: confirmed" in text(page)
    assert "secret.example" not in text(page)
    officer = accounts.officer()
    perform("begin_check", filed.pk, actor=officer)
    build.tick(filed, officer)
    with pytest.raises(DomainError, match="Partner Ltd"):
        perform("accept", filed.pk, actor=officer)


def test_who_had_not_answered_is_overtaken_and_their_link_says_so(filed):
    old = link()
    corrected(filed)

    page = Client().get(old)
    refused = Client().post(old, CONFIRM)

    assert (row(version=1).status, row(version=2).status) == (
        JointStatus.SUPERSEDED, JointStatus.ASKED,
    )  # fmt: skip
    assert SUMMARY not in text(page)
    assert "overtaken by a newer version" in text(refused)


def test_while_it_is_returned_nothing_is_confirmed(filed):
    officer, url = accounts.officer(), link()
    for step in ("begin_check", "return"):
        build.take(filed, step, officer)

    page = Client().get(url)

    assert "You will be asked about the corrected version by a new mail." in text(page)
    with pytest.raises(DomainError, match="not open for confirmation"):
        CONFIRMATIONS.perform("confirm", row().pk, actor=None, signatory="K. P.")


def test_a_joint_applicant_who_was_taken_out_is_not_waited_for():
    one = submit(draft(PARTNER, SECOND))
    officer = accounts.officer()
    perform("begin_check", one.pk, actor=officer)
    build.tick(one, officer)
    asked = [{"section": "applicant", "field": "joint", "reason": "Who declares?"}]
    perform("return", one.pk, actor=officer, reason="x", corrections=asked)
    one.refresh_from_db()
    services.save_section(
        one.pk,
        "applicant",
        {**one.content["applicant"], "joint": [PARTNER]},
        actor=owner(one),
        revision=one.revision,
    )
    submit(one)
    Client().post(link(), CONFIRM)

    perform("begin_check", one.pk, actor=officer)
    build.tick(one, officer)
    perform("accept", one.pk, actor=officer)

    assert row("Second Works").status == JointStatus.SUPERSEDED


def without_contacts():
    """Return an activity whose scheme does not ask for the contact of a joint applicant."""
    document = build.shipped()
    table = next(one for one in document["sections"] if one["key"] == "applicant")["rows"][0]
    for field in table["fields"]:
        field.pop("required", None)
    scheme = services.create_scheme({**document, "version": 99}, actor=None)
    return build.open_activity(scheme=scheme)


def test_one_without_an_address_is_waived_by_an_officer():
    one = submit(draft({"name_en": "Silent House", "country": "NO"}, activity=without_contacts()))
    officer, found = accounts.officer(), row("Silent House")
    perform("begin_check", one.pk, actor=officer)
    build.tick(one, officer)

    assert not StoredMail.objects.filter(template="joint_asked").exists()
    with pytest.raises(DomainError, match="Silent House"):
        perform("accept", one.pk, actor=officer)
    CONFIRMATIONS.perform("waive", found.pk, actor=officer, reason="By letter.")
    perform("accept", one.pk, actor=officer)

    found.refresh_from_db()
    assert (found.status, found.token_hash) == (JointStatus.WAIVED, None)


def test_the_applicant_has_the_mail_sent_again_after_a_day_with_a_new_link(filed):
    client, page = owner_client(filed), address("declaration-joint", filed.pk)
    old, asked = link(), row().asked_at

    soon = client.post(page, {"confirmation": row().pk}, follow=True)
    assert "within the last 24 hours" in text(soon)
    assert link() == old
    with clock.stopped(asked + dt.timedelta(hours=25)):
        client.post(page, {"confirmation": row().pk})

    assert link() != old
    assert Client().get(old).status_code == 404
    assert SUMMARY in text(Client().get(link()))


def test_who_may_send_it_again_and_who_not(filed):
    with clock.stopped(row().asked_at + dt.timedelta(hours=25)):
        for person in (
            accounts.member(Level.VIEW, filed.organisation),
            accounts.user(),
            accounts.officer(),
        ):
            with pytest.raises(PermissionDenied):
                CONFIRMATIONS.perform("resend", row().pk, actor=person)
    page = address("declaration-joint", filed.pk)
    viewer = accounts.signed_in(accounts.member(Level.VIEW, filed.organisation))
    assert "Send the mail again" not in text(viewer.get(page))
    assert viewer.post(page, {"confirmation": row().pk}).status_code == 404
    for stranger in (accounts.owner_of(accounts.organisation()), accounts.officer()):
        assert accounts.signed_in(stranger).get(page).status_code == 404


def test_a_row_of_another_declaration_is_not_sent_again_from_here(filed):
    other = submit(draft(SECOND))
    page = address("declaration-joint", filed.pk)

    assert (
        owner_client(filed).post(page, {"confirmation": row("Second Works").pk}).status_code == 404
    )
    assert other.joint_confirmations.get().status == JointStatus.ASKED


def test_an_officer_of_the_applicants_house_neither_reads_nor_waives(filed):
    inside = accounts.officer()
    add_member(filed.organisation_id, inside, Level.VIEW, actor=None)

    with pytest.raises(PermissionDenied):
        CONFIRMATIONS.perform("waive", row().pk, actor=inside, reason="x")
    desk = accounts.signed_in(inside)
    listed = desk.get(reverse("admin:submissions_jointconfirmation_changelist"))
    assert list(listed.context["cl"].result_list) == []


def test_under_seal_officers_do_not_see_who_declares_together():
    one = submit(draft(activity=build.open_activity(sealed=True)))

    assert not JointConfirmation.objects.visible_to(accounts.officer()).exists()
    assert JointConfirmation.objects.visible_to(owner(one)).count() == 1


def test_what_an_officer_waived_is_not_answered_any_more(filed):
    CONFIRMATIONS.perform("waive", row().pk, actor=accounts.officer(), reason="x")

    assert SUMMARY not in text(Client().get(link()))
    with pytest.raises(TransitionError):
        CONFIRMATIONS.perform("confirm", row().pk, actor=None, signatory="Late")
