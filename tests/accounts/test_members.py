"""Who acts for an organisation: levels, parting, handing on; never without an owner."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts import members
from accounts.models import Invitation, Membership, Organisation, User
from accounts.roles import Level
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from submissions.models import Declaration
from tests.builders import accounts as build
from tests.builders import submissions
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db
OWNERLESS = "An organisation is never without an owner. Make another member the owner first."


def of(one: Organisation, person: User) -> Membership:
    return Membership.objects.get(organisation=one, user=person)


def levels(one: Organisation) -> dict[str, str]:
    rows = one.memberships.select_related("user").order_by("since", "pk")
    return {row.user.email: row.level for row in rows}


def acts(one: Organisation) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=str(one.pk)).order_by("id")
    return [row.act.removeprefix("organisation.") for row in rows]


@pytest.fixture
def house():
    """An organisation, its owner, and one who may edit."""
    owner = build.user("owner@example.org", name="Olga Owner")
    one = build.organisation(owner, name_en="Northern Filters")
    editor = build.member(Level.EDIT, of=one)
    return one, owner, editor


# Levels ---------------------------------------------------------------------------------


def test_an_owner_gives_another_level_and_the_member_is_told(house):
    one, owner, editor = house

    members.change_level(of(one, editor).pk, Level.VIEW, actor=owner)

    assert levels(one) == {owner.email: "own", editor.email: "view"}
    last = AuditEntry.objects.filter(subject_id=str(one.pk)).latest("id")
    assert (last.act, last.actor, last.details) == (
        "organisation.member_changed",
        owner,
        {"account": str(editor.pk), "level": ["edit", "view"]},
    )
    mail = StoredMail.objects.get(template="organisation_level")
    assert mail.recipient == editor.email
    assert mail.subject == "What you may do for Northern Filters has changed"
    assert "What you may do for Northern Filters from now on: may view." in mail.body


def test_a_level_given_again_changes_nothing(house):
    one, owner, editor = house

    members.change_level(of(one, editor).pk, Level.EDIT, actor=owner)

    assert not StoredMail.objects.filter(template="organisation_level").exists()
    assert "member_changed" not in acts(one)


def test_the_last_owner_keeps_the_level(house):
    one, owner, _editor = house

    with pytest.raises(DomainError, match=OWNERLESS):
        members.change_level(of(one, owner).pk, Level.EDIT, actor=owner)

    assert of(one, owner).level == Level.OWN


def test_an_owner_who_cannot_sign_in_is_no_owner_to_leave_it_to(house):
    one, owner, editor = house
    members.change_level(of(one, editor).pk, Level.OWN, actor=owner)
    User.objects.filter(pk=editor.pk).update(is_active=False)

    with pytest.raises(DomainError, match=OWNERLESS):
        members.leave(one.pk, actor=owner)


def people(one: Organisation) -> dict[str, User | None]:
    return {
        "viewer": build.member(Level.VIEW, of=one),
        "editor": build.member(Level.EDIT, of=one),
        "owner elsewhere": build.member(Level.OWN),
        "stranger": build.user(),
        "expert": build.expert_user(),
        "officer": build.officer(),
        "system": build.system_administrator(),
        "auditor": build.auditor(),
    }


WRITES = {
    "change_level": lambda pk, actor: members.change_level(pk, Level.VIEW, actor=actor),
    "remove_member": lambda pk, actor: members.remove_member(pk, actor=actor),
    "transfer_ownership": lambda pk, actor: members.transfer_ownership(pk, actor=actor),
}


@pytest.mark.parametrize("write", WRITES)
def test_nobody_but_an_owner_changes_who_belongs(house, write):
    one, _owner, editor = house
    actors = people(one)
    before = levels(one)

    for actor in actors.values():
        with pytest.raises(PermissionDenied):
            WRITES[write](of(one, editor).pk, actor)

    assert levels(one) == before


# Parting --------------------------------------------------------------------------------


def test_who_is_removed_has_no_right_left_with_the_next_request(house):
    one, owner, editor = house
    draft = submissions.declaration("draft", organisation=one)
    client = build.signed_in(editor)
    before = client.get(f"/en/declarations/{draft.pk}/").status_code

    members.remove_member(of(one, editor).pk, actor=owner)

    assert (before, client.get(f"/en/declarations/{draft.pk}/").status_code) == (200, 404)
    assert not Declaration.objects.own(editor).exists()
    assert client.get(f"/en/account/organisations/{one.pk}/").status_code == 404
    assert acts(one)[-1] == "member_removed"
    mail = StoredMail.objects.get(template="organisation_removed")
    assert (mail.recipient, mail.subject) == (
        editor.email,
        "You no longer act for Northern Filters",
    )


def test_what_a_removed_owner_offered_is_taken_back(house):
    one, owner, editor = house
    members.change_level(of(one, editor).pk, Level.OWN, actor=owner)
    back_door, link = build.invited(one, "second-self@example.org", by=editor, level=Level.OWN)
    kept, _link = build.invited(one, "other@example.org", by=owner)

    members.remove_member(of(one, editor).pk, actor=owner)

    assert Invitation.objects.get(pk=back_door.pk).withdrawn_at is not None
    assert Invitation.objects.get(pk=kept.pk).withdrawn_at is None
    page = build.signed_in(editor).get(link)
    assert page.context["ended"] == "This invitation was withdrawn."


def test_a_member_leaves_and_the_last_owner_does_not(house):
    one, owner, editor = house

    members.leave(one.pk, actor=editor)
    with pytest.raises(DomainError, match=OWNERLESS):
        members.leave(one.pk, actor=owner)

    assert levels(one) == {owner.email: "own"}
    assert acts(one)[-1] == "member_left"
    assert not StoredMail.objects.filter(template="organisation_removed").exists()


def test_nobody_leaves_where_they_do_not_belong(house):
    one, owner, editor = house
    before = acts(one)

    members.leave(one.pk, actor=build.user())

    assert levels(one) == {owner.email: "own", editor.email: "edit"}
    assert acts(one) == before


def test_ownership_is_handed_on(house):
    one, owner, editor = house

    members.transfer_ownership(of(one, editor).pk, actor=owner)

    assert levels(one) == {owner.email: "edit", editor.email: "own"}
    assert StoredMail.objects.get(template="organisation_level").recipient == editor.email
    with pytest.raises(PermissionDenied):
        members.transfer_ownership(of(one, owner).pk, actor=owner)


def test_ownership_is_not_handed_to_oneself_or_to_who_cannot_sign_in(house):
    one, owner, editor = house
    User.objects.filter(pk=editor.pk).update(is_active=False)

    for member, why in ((owner, "already"), (editor, "cannot sign in")):
        with pytest.raises(DomainError, match=why):
            members.transfer_ownership(of(one, member).pk, actor=owner)

    assert levels(one)[owner.email] == "own"


@pytest.mark.parametrize("how", ["delete", "update"])
def test_postgresql_refuses_members_without_an_owner(house, how):
    one, owner, _editor = house
    row = Membership.objects.filter(pk=of(one, owner).pk)

    with pytest.raises(IntegrityError, match="without an owner"), transaction.atomic():
        if how == "delete":
            row.delete()
        else:
            row.update(level=Level.VIEW)
        connection.check_constraints()


def test_solely_owned_says_what_a_person_must_not_leave():
    one, owner = build.organisation(), None
    owner = build.owner_of(one)
    shared = build.organisation(owner)
    build.member(Level.OWN, of=shared)
    build.member(Level.EDIT, of=one)

    assert list(members.solely_owned_by(owner)) == [one]
    assert not members.solely_owned_by(build.member(Level.EDIT, of=one)).exists()


# At once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_of_two_owners_who_leave_at_once_one_stays(turn):
    first = build.user()
    one = build.organisation(first)
    second = build.member(Level.OWN, of=one)

    results = at_once(
        lambda: members.leave(one.pk, actor=first), lambda: members.leave(one.pk, actor=second)
    )

    assert sorted(type(result).__name__ for result in results) == ["DomainError", "NoneType"]
    assert one.memberships.filter(level=Level.OWN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_remove_each_other_one_stays():
    first = build.user()
    one = build.organisation(first)
    second = build.member(Level.OWN, of=one)
    rows = {person.pk: of(one, person).pk for person in (first, second)}

    results = at_once(
        lambda: members.remove_member(rows[second.pk], actor=first),
        lambda: members.remove_member(rows[first.pk], actor=second),
    )

    assert sorted(type(r).__name__ for r in results) == ["NoneType", "PermissionDenied"]
    assert one.memberships.filter(level=Level.OWN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_raw_sql_by_two_at_once_leaves_an_owner():
    """The database asks behind a lock of its own, whoever writes."""
    first = build.user()
    one = build.organisation(first)
    second = build.member(Level.OWN, of=one)
    build.member(Level.VIEW, of=one)

    def delete(person: User) -> None:
        with transaction.atomic():
            Membership.objects.filter(organisation=one, user=person).delete()

    results = at_once(lambda: delete(first), lambda: delete(second))

    assert sorted(type(r).__name__ for r in results) == ["IntegrityError", "NoneType"]
    assert one.memberships.filter(level=Level.OWN).count() == 1
