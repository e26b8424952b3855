"""A person in two organisations: each page says for which one acts, rights follow each."""

import pytest

from accounts.models import Membership
from accounts.roles import Level
from core.models import StoredMail
from submissions.models import Declaration
from tests.builders import accounts as build
from tests.builders import submissions
from tests.reading import heading, text

pytestmark = pytest.mark.django_db
PROFILE = "/en/account/"


def page_of(one, tail: str = "") -> str:
    return f"/en/account/organisations/{one.pk}/{tail}"


@pytest.fixture
def house():
    """An organisation with its owner and an editor."""
    owner = build.user("owner@example.org", name="Olga Owner")
    one = build.organisation(owner, name_en="Northern Filters")
    return one, owner, build.member(Level.EDIT, of=one)


def test_a_person_in_two_organisations_acts_for_each_with_its_own_level():
    person = build.user()
    own = build.organisation(person, name_en="Own House")
    other = build.organisation(name_en="Other House")
    _invitation, link = build.invited(other, level=Level.VIEW)
    client = build.signed_in(person)
    client.post(f"{link}accept/")
    mine = submissions.declaration("draft", organisation=own)
    theirs = submissions.declaration("draft", organisation=other)

    profile = client.get(PROFILE)
    list_page = text(client.get("/en/declarations/"))

    assert [
        (row.organisation.name, row.get_level_display()) for row in profile.context["memberships"]
    ] == [("Own House", "owner"), ("Other House", "may view")]
    assert "Own House" in list_page
    assert "Other House" in list_page
    for one, name, level in ((own, "Own House", "owner"), (other, "Other House", "may view")):
        page = client.get(page_of(one))
        assert heading(page) == name
        assert f"What you may do for this organisation: {level}." in text(page)
    assert set(Declaration.objects.with_right(person, "edit")) == {mine}
    assert set(Declaration.objects.visible_to(person)) == {mine, theirs}
    assert "Other House" in text(client.get(f"/en/declarations/{theirs.pk}/"))


def test_beginning_a_declaration_offers_the_organisations_one_may_edit_for():
    person = build.user()
    first = build.organisation(person, name_en="First House")
    second = build.organisation(person, name_en="Second House")
    viewed = build.organisation(name_en="Viewed House")
    _invitation, link = build.invited(viewed, level=Level.VIEW)
    client = build.signed_in(person)
    client.post(f"{link}accept/")
    activity = submissions.open_activity()

    page = client.get(f"/en/activities/{activity.code}/declare/")

    offered = set(page.context["form"].fields["organisation"].queryset)
    assert offered == {first, second}


def test_removed_from_one_the_person_keeps_the_other(house):
    one, owner, editor = house
    own = build.organisation(editor)
    row = Membership.objects.get(organisation=one, user=editor)
    build.signed_in(owner).post(page_of(one, f"members/{row.pk}/remove/"))

    client = build.signed_in(editor)

    assert client.get(page_of(one)).status_code == 404
    assert client.get(page_of(own)).status_code == 200
    assert StoredMail.objects.filter(template="organisation_removed").count() == 1
