"""The pages of an organisation's members, and the page an invitation leads to."""

import pytest
from django.test import Client

from accounts.models import Invitation, Membership
from accounts.roles import Level
from tests.builders import accounts as build
from tests.builders.signing_in import LOGIN, mail_to
from tests.reading import heading, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
PROFILE = "/en/account/"


def page_of(one, tail: str = "") -> str:
    return f"/en/account/organisations/{one.pk}/{tail}"


def said(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


@pytest.fixture
def house():
    """An organisation with its owner, an editor, and an open invitation."""
    owner = build.user("owner@example.org", name="Olga Owner")
    one = build.organisation(owner, name_en="Northern Filters")
    editor = build.member(Level.EDIT, of=one)
    build.invited(one, "asked@example.org")
    return one, owner, editor


def membership(one, person) -> Membership:
    return Membership.objects.get(organisation=one, user=person)


# The list -------------------------------------------------------------------------------


def test_an_owner_sees_members_and_open_invitations(house):
    one, owner, editor = house

    page = build.signed_in(owner).get(page_of(one, "members/"))

    assert heading(page) == "Members"
    assert [row.user for row in page.context["members"]] == [owner, editor]
    assert [row.address for row in page.context["invitations"]] == ["asked@example.org"]
    assert page_of(one, f"members/{membership(one, editor).pk}/") in text(page)


@pytest.mark.parametrize("level", [Level.VIEW, Level.EDIT])
def test_other_members_see_who_belongs_and_nothing_to_change(house, level):
    one, owner, _editor = house
    person = build.member(level, of=one)

    page = build.signed_in(person).get(page_of(one, "members/"))

    assert owner.email in text(page)
    assert "asked@example.org" not in text(page)
    assert page_of(one, f"members/{membership(one, owner).pk}/") not in text(page)
    assert page_of(one, "leave/") in text(page)


def test_an_officer_sees_who_belongs_and_neither_invitations_nor_a_way_to_leave(house):
    one, owner, _editor = house

    page = build.signed_in(build.officer()).get(page_of(one, "members/"))

    assert owner.email in text(page)
    assert "asked@example.org" not in text(page)
    assert page_of(one, "leave/") not in text(page)


MAKERS = [build.user, build.member, build.expert_user, build.system_administrator, build.auditor]


@pytest.mark.parametrize("make", MAKERS)
def test_to_others_nothing_of_it_is_there(house, make):
    one, owner, _editor = house
    client = build.signed_in(make())
    member, invitation = membership(one, owner), Invitation.objects.get()

    for path in ("members/", f"members/{member.pk}/", "leave/"):
        assert client.get(page_of(one, path)).status_code == 404
    refused = [
        client.post(path, {"address": "x@example.org", "level": "own", "language": "en"})
        for path in (
            page_of(one, "members/"),
            page_of(one, f"members/{member.pk}/"),
            page_of(one, f"members/{member.pk}/remove/"),
            page_of(one, f"members/{member.pk}/transfer/"),
            page_of(one, "leave/"),
            f"/en/account/invitations/{invitation.pk}/send-again/",
            f"/en/account/invitations/{invitation.pk}/withdraw/",
        )
    ]

    assert {answer.status_code for answer in refused} == {404}
    assert Invitation.objects.count() == 1
    assert one.memberships.count() == 2


@pytest.mark.parametrize("level", [Level.VIEW, Level.EDIT])
def test_members_who_do_not_own_it_change_nothing(house, level):
    one, owner, editor = house
    client = build.signed_in(build.member(level, of=one))
    member, invitation = membership(one, editor), Invitation.objects.get()

    for path in (
        page_of(one, "members/"),
        page_of(one, f"members/{member.pk}/"),
        page_of(one, f"members/{member.pk}/remove/"),
        page_of(one, f"members/{member.pk}/transfer/"),
        f"/en/account/invitations/{invitation.pk}/withdraw/",
    ):
        answer = client.post(path, {"address": "x@example.org", "level": "own", "language": "en"})
        assert answer.status_code == 404

    assert membership(one, editor).level == Level.EDIT
    assert membership(one, owner).level == Level.OWN


def test_a_member_of_another_organisation_is_not_reached_through_ones_own(house):
    one, owner, _editor = house
    elsewhere = Membership.objects.get(user=build.member(Level.VIEW))

    answer = build.signed_in(owner).post(page_of(one, f"members/{elsewhere.pk}/remove/"))

    assert answer.status_code == 404
    assert Membership.objects.filter(pk=elsewhere.pk).exists()


@pytest.mark.parametrize("tail", ["members/", "members/1/", "leave/"])
def test_a_stranger_signs_in_first(house, tail):
    one, *_people = house

    assert Client().get(page_of(one, tail))["Location"] == f"{LOGIN}?next={page_of(one, tail)}"


@pytest.mark.parametrize("tail", ["members/1/remove/", "members/1/transfer/"])
def test_what_changes_something_takes_a_post(house, tail):
    one, owner, _editor = house

    assert build.signed_in(owner).get(page_of(one, tail)).status_code == 405


def test_the_list_takes_as_many_queries_for_fifty_as_for_one(house, django_assert_max_num_queries):
    one, owner, _editor = house
    client = build.signed_in(owner)

    def queries() -> int:
        with django_assert_max_num_queries(15) as counted:
            client.get(page_of(one, "members/"))
        return len(counted)

    client.get(page_of(one, "members/"))
    few = queries()
    for number in range(49):
        build.member(of=one)
        if number < 18:
            build.invited(one)

    assert queries() == few


# Changing -------------------------------------------------------------------------------


def test_an_invitation_is_sent_from_the_page(house):
    one, owner, _editor = house

    page = build.signed_in(owner).post(
        page_of(one, "members/"),
        {"address": "new@example.org", "level": "view", "language": "zh-hans"},
        follow=True,
    )

    assert said(page) == ["The invitation is on its way."]
    assert [i.address for i in page.context["invitations"]] == [
        "asked@example.org",
        "new@example.org",
    ]
    assert mail_to("new@example.org").language == "zh-hans"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"address": "x"}, "address"), ({"level": "god"}, "level"), ({"language": "ar"}, "language")],
)
def test_what_is_refused_comes_back_as_it_was_typed(house, change, field):
    one, owner, _editor = house
    sent = {"address": "new@example.org", "level": "view", "language": "en"} | change

    page = build.signed_in(owner).post(page_of(one, "members/"), sent)

    assert set(page.context["form"].errors) == {field}
    assert Invitation.objects.count() == 1


def test_a_refusal_of_the_house_stands_at_its_field(house):
    one, owner, _editor = house
    sent = {"address": "asked@example.org", "level": "view", "language": "en"}

    page = build.signed_in(owner).post(page_of(one, "members/"), sent)

    assert page.context["form"].errors == {
        "address": ["This address was invited already; you can send the invitation again."]
    }
    assert 'value="asked@example.org"' in text(page)


def test_a_level_is_changed_a_member_removed_ownership_handed_on(house):
    one, owner, editor = house
    client, row = build.signed_in(owner), membership(one, editor)
    viewer = build.member(Level.VIEW, of=one)

    changed = client.post(page_of(one, f"members/{row.pk}/"), {"level": "view"}, follow=True)
    level = membership(one, editor).level
    removed = client.post(page_of(one, f"members/{row.pk}/remove/"), follow=True)
    handed = client.post(
        page_of(one, f"members/{membership(one, viewer).pk}/transfer/"), follow=True
    )

    assert (said(changed), level) == (["Saved."], Level.VIEW)
    assert said(removed) == ["The member was removed."]
    assert said(handed) == ["The ownership was handed on."]
    assert (membership(one, viewer).level, membership(one, owner).level) == ("own", "edit")
    assert not one.memberships.filter(user=editor).exists()


def test_the_last_owner_is_told_why_not(house):
    one, owner, _editor = house
    client, row = build.signed_in(owner), membership(one, owner)
    why = "An organisation is never without an owner. Make another member the owner first."

    lowered = client.post(page_of(one, f"members/{row.pk}/"), {"level": "view"})
    left = client.post(page_of(one, "leave/"), follow=True)
    removed = client.post(page_of(one, f"members/{row.pk}/remove/"), follow=True)

    assert lowered.context["form"].non_field_errors() == [why]
    assert said(left) == said(removed) == [why]
    assert membership(one, owner).level == Level.OWN


def test_who_leaves_is_asked_once_more_and_then_is_out(house):
    one, _owner, editor = house
    client = build.signed_in(editor)

    assert heading(client.get(page_of(one, "leave/"))) == "Leave this organisation"
    assert one.memberships.filter(user=editor).exists()
    page = client.post(page_of(one, "leave/"), follow=True)

    assert page.redirect_chain == [(PROFILE, 302)]
    assert said(page) == ["You no longer act for this organisation."]
    assert client.get(page_of(one)).status_code == 404


def test_an_owner_withdraws_and_is_told_of_what_cannot_be_sent_again(house):
    _one, owner, _editor = house
    client, invitation = build.signed_in(owner), Invitation.objects.get()
    path = f"/en/account/invitations/{invitation.pk}"

    again = client.post(f"{path}/send-again/", follow=True)
    gone = client.post(f"{path}/withdraw/", follow=True)

    assert said(again) == ["This invitation was sent a short while ago, or too often."]
    assert said(gone) == ["The invitation was withdrawn."]
    assert list(gone.context["invitations"]) == []
