"""Each objection has a number of its own; and what the applicant reads of the evidence."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from core.canonical import content_hash
from core.models import AuditEntry, StoredMail
from evaluation.models import Objection
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.builders.core import outcomes_of
from tests.reading import text
from tests.replaying import as_owner, faults, replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def page_of(row):
    return text(Client().get(reverse("evaluation:objection", args=[make.token_of(row)])))


def applicants(case):
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    return text(owner.get(reverse("evaluation:objection-list", args=[case.declaration_id])))


def admit_by_page(row, **given):
    client = accounts.signed_in(accounts.officer())
    url = reverse("admin:evaluation_objection_step", args=[row.pk, "admit"])
    return client, url, client.post(url, {"kind": "substantive", **given})


# The number ------------------------------------------------------------------------------


def test_objections_are_numbered_as_they_are_confirmed(case):
    waiting, first, second = make.sent(case), make.received(case), make.received(case)
    elsewhere = make.received(build.case(CaseStatus.PUBLICITY, experts_wanted=1))
    third = make.confirm(waiting)

    entry = case.declaration.number
    assert [one.number for one in (first, second, third)] == [f"{entry}-O{n}" for n in (1, 2, 3)]
    assert (elsewhere.place, make.sent(case).number) == (1, "")
    assert str(first).startswith(f"{entry}-O1 ")


@pytest.mark.django_db(transaction=True)
def test_two_confirmed_at_once_have_two_numbers():
    case = build.case(CaseStatus.PUBLICITY, experts_wanted=1)
    one, other = make.sent(case), make.sent(case)

    assert outcomes_of(lambda: make.confirm(one), lambda: make.confirm(other)) == ["done", "done"]
    assert set(Objection.objects.values_list("place", flat=True)) == {1, 2}


def test_the_database_keeps_the_number_and_what_was_passed_on(case):
    row = make.admitted(case)

    for change in ({"place": 9}, {"evidence_told": "x"}, {"place": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Objection.objects.filter(pk=row.pk).update(**change)


def test_lists_of_officers_and_of_everybody_show_the_number(case):
    rows = [make.received(case) for _n in range(3)]
    officer = accounts.signed_in(accounts.officer())

    desk = text(officer.get(reverse("admin:evaluation_objection_changelist")))
    beside = text(officer.get(reverse("admin:evaluation_case_change", args=[case.pk])))
    public = text(Client().get(reverse("evaluation:publicity-list")))

    for page in (desk, beside, public):
        assert all(row.number in page for row in rows)


def test_the_mails_name_the_number(case):
    row = make.ruled("not_upheld", case)

    told = StoredMail.objects.exclude(template="objection_sent").filter(
        template__startswith="objection_"
    )
    assert {one.template for one in told} == {
        *("objection_received", "objection_admitted", "objection_put"),
        *("objection_answered", "objection_ruled", "objection_ruling"),
    }
    assert all(row.number in one.body or row.number in one.subject for one in told)


def test_a_settled_one_beside_an_open_one_says_whose_summary_it_is(case):
    settled, _open = make.ruled("not_upheld", case), make.received(case)

    page = text(Client().get(reverse("evaluation:publicity-list")))

    assert "An objection was received" in page
    assert f"{settled.number}</bdi>: not upheld" in page
    assert page.count("Summary of this ruling") == 1


# The page of the link --------------------------------------------------------------------


def test_confirmed_the_page_says_what_happened_and_what_comes_next(case):
    row = make.received(case, files=2)

    page = page_of(row)

    assert f"It has the number {row.number}." in page
    assert "You confirmed this objection on" in page
    assert "now examine whether it is admitted, and rule on it until the end of" in page
    assert f"You are told by mail to {row.address}" in page
    for said in (row.statement, row.evidence, "proof0.png", "proof1.png", "not protected"):
        assert said in page


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("sent", "counts only when you confirm it"),
        ("admitted", "The applicant can answer it until the end of"),
        ("refused", "The objection was not admitted on"),
        ("withdrawn", "The objection was withdrawn on"),
        ("upheld", "The ruling was made on"),
    ],
)
def test_each_state_says_where_it_stands(case, state, says):
    assert says in page_of(make.objection(state, case=case))


def test_a_file_is_handed_back_by_its_own_link_alone(case):
    row, other = make.received(case, files=1), make.received(case)
    file = row.files.get()

    def link(of):
        return reverse("evaluation:objection-file", args=[make.token_of(of), file.pk])

    handed = Client().get(link(row))
    assert handed["Content-Disposition"] == 'attachment; filename="proof0.png"'
    assert handed.getvalue().startswith(b"\x89PNG")
    assert "sandbox" in handed["Content-Security-Policy"]
    assert "no-store" in handed["Cache-Control"]
    assert Client().get(link(other)).status_code == 404
    assert Client().post(link(row)).status_code == 405


# What the applicant reads of the evidence ------------------------------------------------


def test_the_officer_decides_what_of_the_evidence_is_passed_on(case):
    row = make.received(case, protected=True, evidence="The log of our works in the valley.")
    client, url, _answer = admit_by_page(row, respond_until="2000-01-01")
    assert "The log of our works" in text(client.get(url))

    client.post(
        url,
        {
            "kind": "substantive",
            "respond_until": row.due_on,
            "evidence_told": "A log of works nearby.",
        },
    )

    row.refresh_from_db()
    mail = StoredMail.objects.get(template="objection_put")
    page = applicants(case)
    assert row.evidence_told == "A log of works nearby."
    for said in (page, mail.body):
        assert "A log of works nearby." in said
        assert "our works in the valley" not in said
    act = AuditEntry.objects.get(act="objection.admit")
    assert act.details["told"] == content_hash({"evidence": "A log of works nearby."})
    assert "nearby" not in str(act.details)


@pytest.mark.parametrize("protected", [True, False])
def test_the_form_offers_the_evidence_of_those_who_are_not_protected(case, protected):
    row = make.received(case, protected=protected, evidence="Report 7.")
    client = accounts.signed_in(accounts.officer())

    page = client.get(reverse("admin:evaluation_objection_step", args=[row.pk, "admit"]))

    offered = page.context["form"].fields["evidence_told"].initial
    assert offered == ("" if protected else "Report 7.")


def test_evidence_that_tells_who_objects_is_not_passed_on(case):
    row = make.received(case, name="Wen Yi", protected=True)

    _client, _url, answer = admit_by_page(
        row, respond_until=row.due_on, evidence_told="The note of Wen Yi."
    )

    row.refresh_from_db()
    assert "This tells who objects: “Wen Yi”" in text(answer)
    assert (row.status, row.evidence_told) == ("received", "")


def test_where_nothing_is_passed_on_the_applicant_is_told_that_there_is_evidence(case):
    row = make.admitted(case, files=1)

    page = applicants(case)

    assert "There is evidence, which is not passed on." in page
    assert row.evidence not in page
    assert "proof0.png" not in page
    assert f"Objection {row.number}, admitted on" in page


def test_what_was_passed_on_and_is_changed_is_named_by_the_replay(case):
    row = make.received(case)
    OBJECTIONS.perform(
        "admit",
        row.pk,
        actor=accounts.officer(),
        kind="substantive",
        evidence_told="A log.",
    )
    as_owner(
        "evaluation_objection",
        "UPDATE evaluation_objection SET evidence_told = 'x' WHERE id = %s",
        str(row.pk),
    )

    printed, _error = replayed(case.declaration.activity.code)

    assert faults(printed) == [
        f"evaluation.Objection {row.pk}: the evidence passed on is not what was recorded"
    ]
