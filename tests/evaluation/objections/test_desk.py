"""The officers' desk of objections: who objects by a press alone, rulings, what is counted."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.models import AuditEntry, StoredMail
from evaluation.models import Case, Decision
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def step(client, row, name, **inputs):
    url = reverse("admin:evaluation_objection_step", args=[row.pk, name])
    return client.post(url, inputs)


def change(row, page="change"):
    return reverse(f"admin:evaluation_objection_{page}", args=[row.pk])


def test_the_desk_shows_who_objects_by_a_press_alone_and_notes_it(case):
    officer = accounts.officer()
    client = accounts.signed_in(officer)
    row = make.received(case, name="Wen Yi", protected=True, files=1)

    pages = [client.get(change(row)), client.get(reverse("admin:evaluation_objection_changelist"))]
    by_link = client.get(change(row, "identity"))
    assert not any("Wen Yi" in text(page) or row.address in text(page) for page in pages)
    assert by_link.status_code == 302
    assert not AuditEntry.objects.filter(act="objection.identity_read").exists()

    shown = text(client.post(change(row, "identity")))
    file = reverse("admin:evaluation_objection_file", args=[row.pk, row.files.get().pk])
    assert client.get(file).status_code == 302
    handed = client.post(file)

    assert "Wen Yi" in shown
    assert row.address in shown
    assert "This identity is protected" in shown
    assert AuditEntry.objects.get(act="objection.identity_read").actor == officer
    assert handed["Content-Disposition"] == 'attachment; filename="proof0.png"'
    assert handed.getvalue().startswith(b"\x89PNG")
    assert "sandbox" in handed["Content-Security-Policy"]
    assert "Looked at who objects" in text(client.get(change(row, "history")))


def test_who_may_not_is_not_shown_who_objects(case):
    row = make.received(case, files=1)
    decided = Decision.objects.get(case=case).decided_by
    tied = accounts.officer()
    add_member(case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    file = reverse("admin:evaluation_objection_file", args=[row.pk, row.files.get().pk])

    for person in (decided, tied):
        client = accounts.signed_in(person)
        assert client.post(change(row, "identity")).status_code == 404
        assert client.post(file).status_code == 404
    assert "Show who objects" not in text(accounts.signed_in(decided).get(change(row)))
    assert Client().get(file).status_code == 302


def test_a_ruling_that_is_refused_loses_nothing_that_was_typed(case):
    row = make.admitted(case)
    client = accounts.signed_in(accounts.officer())

    answer = step(client, row, "dismiss", ruling="A long ruling.", summary="")

    assert "A long ruling." in text(answer)
    assert Case.objects.get(pk=case.pk).status == "publicity"
    assert not StoredMail.objects.filter(template="objection_ruled").exists()


def test_an_entry_that_is_ended_can_be_looked_up_beside_its_case(case):
    row = make.received(case)
    client = accounts.signed_in(accounts.officer())

    page = text(client.get(reverse("admin:evaluation_case_change", args=[case.pk])))

    assert (
        change(row)
        in client.get(reverse("admin:evaluation_case_change", args=[case.pk])).content.decode()
    )
    assert "Objection" in page


def test_the_desk_counts_objections_for_who_may_handle_them():
    row = make.received()
    make.admitted(row.case)
    desk = accounts.signed_in(accounts.officer())
    decided = accounts.signed_in(Decision.objects.get(case=row.case).decided_by)
    lines = ("Objections to admit or refuse", "Objections to rule on")

    mine, theirs = (one.get(reverse("admin:index")).content.decode() for one in (desk, decided))

    assert [line in mine for line in lines] == [True, True]
    assert [line in theirs for line in lines] == [False, False]
    found = reverse("admin:evaluation_objection_changelist") + "?status__exact="
    assert f'{found}received"' in mine
    assert f'{found}admitted"' in mine


def test_the_ruling_shows_the_kind_it_was_admitted_as(case):
    row = make.admitted(case, kind="formal")
    officer = accounts.signed_in(accounts.officer())

    page = officer.get(reverse("admin:evaluation_objection_step", args=[row.pk, "dismiss"]))

    assert "Kind, as admitted" in text(page)
    assert "not substantive: who declares it" in text(page)
