"""Conflicts of interest where several declare together."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Organisation
from accounts.roles import Level
from accounts.services import add_member
from core import rights
from core.errors import DomainError
from evaluation.conflicts.finding import Kind, conflicts
from evaluation.models import Case, Expert
from evaluation.panel import barred
from evaluation.pool import employments
from submissions import queue, reminding
from submissions.joint import CONFIRMATIONS, KNOWN_BY
from submissions.models import Declaration, DeclarationVersion, JointConfirmation
from submissions.states import JointStatus, Status
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders.joint import PARTNER
from tests.reading import text

pytestmark = pytest.mark.django_db


def filed(partner=PARTNER, **more):
    document = submissions.content()
    document["applicant"]["joint"] = [partner]
    draft = submissions.draft(document=document, **more)
    submissions.take(draft, "submit", accounts.owner_of(draft.organisation))
    return Declaration.objects.get(pk=draft.pk)


def employed_by_the_applicant(declaration):
    officer = accounts.officer()
    build.expert(user=officer, employer=declaration.organisation)
    return officer


def competing_there(declaration):
    officer = accounts.officer()
    own = filed(activity=declaration.activity)
    add_member(own.organisation_id, officer, Level.VIEW, actor=None)
    return officer


@pytest.mark.parametrize("tie", [employed_by_the_applicant, competing_there])
def test_an_officer_with_a_conflict_neither_sees_nor_waives_a_joint_confirmation(tie):
    declaration = filed()
    (asked,) = declaration.joint_confirmations.all()
    officer = tie(declaration)
    desk = accounts.signed_in(officer)
    free = JointConfirmation.objects.visible_to(accounts.officer())
    assert asked in free

    seen = JointConfirmation.objects.visible_to(officer).filter(pk=asked.pk)
    listed = desk.get(reverse("admin:submissions_jointconfirmation_changelist"))
    page = desk.get(reverse("admin:submissions_jointconfirmation_change", args=[asked.pk]))

    assert not seen.exists()
    assert reminding.CONFIRMATIONS.seen([str(asked.pk)], officer) == set()
    assert declaration.number not in text(listed)
    assert "partner@example.org" not in text(page)
    with pytest.raises(PermissionDenied):
        CONFIRMATIONS.perform("waive", asked.pk, actor=officer, reason="x")
    asked.refresh_from_db()
    assert asked.status == JointStatus.ASKED


@pytest.mark.parametrize("tie", ["member", "employer", "employer by name"])
def test_an_officer_tied_to_a_joint_applicant_reads_and_decides_nothing(tie):
    declaration, other = filed(), filed({**PARTNER, "name_en": "Another", "name_zh": ""})
    (asked,) = declaration.joint_confirmations.all()
    officer = accounts.officer()
    house = accounts.organisation(name_en="PARTNER Ltd.")
    if tie == "member":
        add_member(house.pk, officer, Level.VIEW, actor=None)
    else:
        named = "partner ltd" if tie == "employer by name" else "Elsewhere"
        build.expert(
            user=officer, employer=house if tie == "employer" else None, employer_name=named
        )

    assert rights.held(officer, declaration, "read", "check") == {"read"}
    assert rights.held(officer, other, "read", "check") == {"read", "check"}
    assert rights.held(officer, asked, "read", "waive") == {"read"}
    assert rights.held(accounts.officer(), declaration, "check") == {"check"}
    assert list(queue.waiting(officer)) == [other]
    with pytest.raises(PermissionDenied):
        submissions.take(declaration, "begin_check", officer)
    free = accounts.officer()
    for step in ("begin_check", "return"):
        submissions.take(declaration, step, free)
    assert rights.held(officer, declaration, "read", "give_time") == {"read"}
    assert rights.held(free, declaration, "read", "give_time") == {"read", "give_time"}


def test_an_officer_tied_by_the_registration_number_alone_decides_nothing():
    declaration = filed({**PARTNER, "registration_number": "NO 77", "country": "NO"})
    elsewhere = filed({**PARTNER, "registration_number": "NO 77", "country": "SE"})
    officer = accounts.officer()
    add_member(numbered("no-77").pk, officer, Level.VIEW, actor=None)

    assert rights.held(officer, declaration, "read", "check") == {"read"}
    assert rights.held(officer, elsewhere, "read", "check") == {"read", "check"}
    assert rights.held(accounts.officer(), declaration, "check") == {"check"}
    assert list(queue.waiting(officer)) == [elsewhere]


def test_the_desk_of_who_is_tied_offers_nothing_and_says_why():
    declaration, officer = filed(), accounts.officer()
    submissions.take(declaration, "begin_check", accounts.officer())
    build.expert(user=officer, employer_name="partner ltd")
    url = reverse("admin:submissions_declaration_check", args=[declaration.pk])

    page = text(accounts.signed_in(officer).get(url))

    assert "You may read this declaration and do not judge it" in page
    assert "Save the checklist" not in page
    assert "Save the checklist" in text(accounts.signed_in(accounts.officer()).get(url))


# Experts --------------------------------------------------------------------------------


def numbered(number, country="NO"):
    """Return an organisation of another name with this registration number."""
    organisation = accounts.organisation(country=country)
    Organisation.objects.filter(pk=organisation.pk).update(registration_number=number)
    return organisation


def by_name(_filed):
    return build.expert(employer_name="PARTNER, Ltd.")


def by_chinese_name(_filed):
    return build.expert(employer_name="合作（公司）")


def by_entry(_filed):
    return build.expert(
        employer=accounts.organisation(name_en="Partner Ltd"), employer_name="Other"
    )


def as_member(_filed):
    expert = build.expert()
    add_member(accounts.organisation(name_zh="合作公司").pk, expert.user, Level.VIEW, actor=None)
    return expert


def by_number(_filed):
    return build.expert(employer=numbered("no-123 456"), employer_name="Other")


def by_name_of_number(_filed):
    twin = numbered("NO123456")
    return build.expert(employer_name=twin.name_en)


def by_history(_filed):
    expert = build.expert(employer=numbered("no-123 456"), employer_name="Other")
    employments.add(expert.pk, actor=expert.user, kind="employed", name="A new one", since=None)
    return expert


def by_an_advisory_role(_filed):
    expert = build.expert()
    employments.add(expert.pk, actor=expert.user, kind="advisory", name="PARTNER, Ltd.", since=None)
    return expert


@pytest.mark.parametrize(
    "made",
    [
        by_name,
        by_chinese_name,
        by_entry,
        as_member,
        by_number,
        by_name_of_number,
        by_history,
        by_an_advisory_role,
    ],
)
def test_who_is_tied_to_a_joint_applicant_does_not_score(made):
    declaration = filed({**PARTNER, "registration_number": "NO 123456"})
    expert = made(declaration)

    assert [one.kind for one in conflicts(expert, declaration)] == [Kind.JOINT]


@pytest.mark.parametrize(
    "made",
    [
        lambda: build.expert(employer_name="Partners Ltd"),
        lambda: build.expert(employer=numbered("NO 123456", "SE"), employer_name="Other"),
        lambda: build.expert(employer=numbered("NO 12345"), employer_name="Other"),
        build.expert,
    ],
)
def test_who_is_not_is_free(made):
    declaration = filed({**PARTNER, "registration_number": "NO 123456"})

    assert conflicts(made(), declaration) == []


def test_no_number_and_no_joint_applicant_tie_nobody():
    expert = build.expert(employer=numbered("n/a"), employer_name="Other")

    for declaration in (
        filed({**PARTNER, "registration_number": "N/A"}),
        filed({**PARTNER, "registration_number": ""}),
        submissions.declaration(Status.SUBMITTED),
        submissions.declaration(Status.DRAFT),
    ):
        assert conflicts(expert, declaration) == []


def test_the_officer_reads_why_and_cannot_assign():
    declaration = filed(activity=build.activity())
    officer = accounts.officer()
    submissions.take(declaration, "begin_check", officer)
    (asked,) = declaration.joint_confirmations.all()
    CONFIRMATIONS.perform("waive", asked.pk, actor=officer, reason="By letter.")
    submissions.take(declaration, "accept", officer)
    case = Case.objects.get(declaration=declaration)
    expert = by_name(declaration)

    page = accounts.signed_in(officer).get(
        reverse("admin:evaluation_case_step", args=[case.pk, "assign"])
    )

    with pytest.raises(
        DomainError, match="The expert works or worked for a joint applicant of this version"
    ):
        build.assign(case, expert)
    assert "The expert works or worked for a joint applicant of this version" in text(page)
    assert not case.assignments.exists()


@pytest.mark.parametrize(
    ("entry", "partner", "hidden"),
    [
        ({"registration_number": "no-987654"}, {"registration_number": "NO 987 654"}, True),
        ({"registration_number": "no-987654", "country": "DE"},
         {"registration_number": "NO 987 654"}, False),
        ({"name_en": "合作公司"}, {}, True),
        ({}, {}, False),
    ],
)  # fmt: skip
def test_a_member_of_the_panel_tied_to_a_joint_applicant_sees_nothing_of_the_item(
    entry, partner, hidden
):
    """By the number alone, too: as the vote is refused, so are title and papers."""
    item = panels.item_of(panels.meeting("announced"))
    name_a_partner(item.case, {**PARTNER, **partner})
    item = panels.item_of(item.meeting)
    house = accounts.organisation()
    Organisation.objects.filter(pk=house.pk).update(**{"country": "NO", **entry})
    member = panels.people(item.meeting)[1]
    Expert.objects.filter(pk=member.expert_id).update(employer=house)
    client = accounts.signed_in(member.expert.user)

    page = text(client.get(reverse("evaluation:panel", args=[item.meeting_id])))

    assert bool(barred.reasons(item, [member])) is hidden
    assert rights.can(member.expert.user, "see", item) is not hidden
    assert (item.case.declaration.title in page) is not hidden
    paper = reverse("evaluation:panel-item", args=[item.meeting_id, item.pk])
    assert client.get(paper).status_code == (404 if hidden else 200)
    assert rights.can(panels.people(item.meeting)[0].expert.user, "see", item)


def name_a_partner(case, partner):
    """Let the version in force name a joint applicant."""
    version = case.version
    content = version.content
    content["sections"]["applicant"]["joint"] = [partner]
    copy = DeclarationVersion.objects.create(
        declaration=case.declaration,
        number=version.number + 1,
        content=content,
        content_hash="x",
        submitted_at=version.submitted_at,
        submitted_by=version.submitted_by,
    )
    JointConfirmation.objects.create(
        declaration=case.declaration,
        version=copy,
        place=0,
        name=partner["name_en"],
        language="en",
        asked_at=version.submitted_at,
        **{key: partner.get(key, "") for key in KNOWN_BY},
    )
    Case.objects.filter(pk=case.pk).update(version=copy)
    Declaration.objects.filter(pk=case.declaration_id).update(version=copy)
