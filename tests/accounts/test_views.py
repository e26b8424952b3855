"""The pages of one's own account and of organisations."""

import uuid

import pytest
from django.test import Client

from accounts.models import Membership, Organisation, User
from accounts.roles import Level
from tests.builders import accounts as build

pytestmark = pytest.mark.django_db
PROFILE = "/en/account/"
NEW = "/en/account/organisations/new/"


def page_of(one: Organisation, tail: str = "", language: str = "en") -> str:
    return f"/{language}/account/organisations/{one.pk}/{tail}"


def particulars(**changes: str) -> dict[str, str]:
    return {
        "name_en": "Northern Filters",
        "name_zh": "",
        "country": "NO",
        "registration_number": "",
        "kind": "enterprise",
        "website": "",
    } | changes


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# The profile ----------------------------------------------------------------------------


def test_the_profile_shows_oneself_and_ones_organisations():
    person = build.user(name="Kari Nordmann")
    mine, _others = build.organisation(person, name_en="Mine"), build.organisation(name_en="Theirs")

    page = build.signed_in(person).get(PROFILE)

    assert list(page.context["memberships"]) == [Membership.objects.get(user=person)]
    text = page.content.decode()
    assert "Kari Nordmann" in text
    assert person.email in text
    assert page_of(mine) in text
    assert "Theirs" not in text
    for link in ("/en/accounts/email/", "/en/accounts/password/change/", "/en/accounts/2fa/", NEW):
        assert f'href="{link}"' in text


def test_the_profile_is_saved():
    person = build.user()

    response = build.signed_in(person).post(PROFILE, {"name": "New Name", "language": "zh-hans"})

    assert response["Location"] == PROFILE
    person.refresh_from_db()
    assert (person.name, person.language) == ("New Name", "zh-hans")


def test_a_profile_that_is_refused_comes_back_with_what_was_typed():
    person = build.user(name="Before")

    response = build.signed_in(person).post(PROFILE, {"name": " ", "language": "xx"})

    assert set(errors_of(response)) == {"name", "language"}
    person.refresh_from_db()
    assert (person.name, person.language) == ("Before", "en")


def test_nothing_else_of_the_account_can_be_posted():
    person, other = build.user(), build.user()
    before = User.objects.filter(pk=other.pk).values().get()
    sent = {
        "name": "N",
        "language": "en",
        "email": "evil@example.org",
        "is_active": "",
        "id": str(other.pk),
        "session_epoch": "9",
        "password": "x",
    }

    build.signed_in(person).post(PROFILE, sent)

    stored = User.objects.get(pk=person.pk)
    assert (stored.email, stored.is_active, stored.session_epoch) == (person.email, True, 0)
    assert stored.check_password(build.PASSWORD)
    assert User.objects.filter(pk=other.pk).values().get() == before


@pytest.mark.parametrize("path", [PROFILE, NEW])
def test_other_methods_are_refused(path):
    assert build.signed_in(build.user()).put(path).status_code == 405


# Entering an organisation ---------------------------------------------------------------


def test_an_organisation_is_entered_and_owned():
    person = build.user()

    response = build.signed_in(person).post(NEW, particulars(website="filters.example"))

    one = Organisation.objects.get()
    assert response["Location"] == page_of(one)
    assert (one.name_en, one.country_id, one.website) == (
        "Northern Filters",
        "NO",
        "https://filters.example",
    )
    assert Membership.objects.get().level == Level.OWN
    assert not one.invented


def test_a_chinese_organisation_gives_its_code():
    client = build.signed_in(build.user())

    missing = client.post(NEW, particulars(country="CN"))
    wrong = client.post(NEW, particulars(country="CN", registration_number="9144030071526726XH"))
    right = client.post(NEW, particulars(country="CN", registration_number="9144030071526726xg"))

    assert set(errors_of(missing)) == {"registration_number"}
    assert set(errors_of(wrong)) == {"registration_number"}
    assert 'value="9144030071526726XH"' in wrong.content.decode()
    assert right["Location"] == page_of(Organisation.objects.get())
    assert Organisation.objects.get().registration_number == "9144030071526726XG"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"country": "XX"}, "country"),
        ({"country": ""}, "country"),
        ({"kind": "circus"}, "kind"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "ftp://filters.example"}, "website"),
        ({"name_en": "x" * 201}, "name_en"),
    ],
)
def test_bad_particulars_come_back_at_their_field(change, field):
    response = build.signed_in(build.user()).post(NEW, particulars(**change))

    assert set(errors_of(response)) == {field}
    assert Organisation.objects.count() == 0


def test_what_is_typed_is_shown_as_text():
    script = '"><script>alert(1)</script>'

    response = build.signed_in(build.user()).post(NEW, particulars(name_en=script, country=""))

    text = response.content.decode()
    assert "<script>alert" not in text
    assert "&quot;&gt;&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    ("language", "first", "after"),
    [("en", "Afghanistan", ("Åland Islands", "Albania")), ("zh-hans", "阿尔巴尼亚", None)],
)
def test_countries_are_sorted_as_the_reader_looks_for_them(language, first, after):
    response = build.signed_in(build.user()).get(f"/{language}/account/organisations/new/")

    _empty, *names = [label for _value, label in response.context["form"].fields["country"].choices]
    assert len(names) > 240
    assert names[0] == first
    if after:
        assert names.index(after[0]) + 1 == names.index(after[1])
    else:
        pinyin = ["阿富汗", "巴西", "德国", "法国", "韩国", "美国", "挪威", "日本", "英国", "中国"]
        assert [name for name in names if name in pinyin] == pinyin


# Reading and editing --------------------------------------------------------------------


@pytest.mark.parametrize("level", Level.values)
def test_members_see_their_organisation_and_who_belongs_to_it(level):
    owner = build.user(name="Olga Owner")
    one = build.organisation(owner, name_en="Northern Filters")
    person = build.member(level, of=one)

    page = build.signed_in(person).get(page_of(one))

    assert [m.user for m in page.context["members"]] == [owner, person]
    assert page.context["may_edit"] == (level == Level.OWN)
    assert (page_of(one, "edit/") in page.content.decode()) == (level == Level.OWN)


@pytest.mark.parametrize("tail", ["", "edit/"])
@pytest.mark.parametrize(
    "make", [build.user, build.member, build.expert_user, build.system_administrator, build.auditor]
)
def test_to_others_the_organisation_is_not_there(make, tail):
    one = build.organisation()

    assert build.signed_in(make()).get(page_of(one, tail)).status_code == 404
    assert build.signed_in(make()).post(page_of(one, tail), particulars()).status_code in (404, 405)


@pytest.mark.parametrize("level", [Level.VIEW, Level.EDIT])
def test_members_who_do_not_own_it_cannot_edit_it(level):
    one = build.organisation(name_en="Before")
    client = build.signed_in(build.member(level, of=one))

    assert client.get(page_of(one, "edit/")).status_code == 404
    assert client.post(page_of(one, "edit/"), particulars()).status_code == 404
    one.refresh_from_db()
    assert one.name_en == "Before"


@pytest.mark.parametrize("tail", ["", "edit/"])
def test_a_stranger_signs_in_first(tail):
    path = page_of(build.organisation(), tail)

    assert Client().get(path)["Location"] == f"/en/accounts/login/?next={path}"


@pytest.mark.parametrize("tail", ["", "edit/"])
def test_an_unknown_organisation_is_not_there(tail):
    client = build.signed_in(build.officer())

    assert client.get(f"/en/account/organisations/{uuid.uuid4()}/{tail}").status_code == 404
    assert client.get(f"/en/account/organisations/1/{tail}").status_code == 404


@pytest.mark.parametrize("make", [build.owner_of, lambda _one: build.officer()])
def test_owner_and_officer_edit(make):
    one = build.organisation(name_en="Before", country="NO")

    response = build.signed_in(make(one)).post(
        page_of(one, "edit/"), particulars(name_en="After", name_zh="之后", country="SE")
    )

    assert response["Location"] == page_of(one)
    one.refresh_from_db()
    assert (one.name_en, one.name_zh, one.country_id) == ("After", "之后", "SE")


def test_what_nobody_typed_is_not_changed():
    one = build.organisation()
    page = build.signed_in(build.owner_of(one))
    Organisation.objects.filter(pk=one.pk).update(invented=True)

    page.post(page_of(one, "edit/"), particulars(invented="", created_at="2000-01-01"))

    stored = Organisation.objects.get(pk=one.pk)
    assert (stored.invented, stored.created_at) == (True, one.created_at)


def test_a_post_to_the_page_of_an_organisation_is_refused():
    one = build.organisation()

    assert build.signed_in(build.owner_of(one)).post(page_of(one)).status_code == 405


@pytest.mark.parametrize("path", ["profile", "organisation"])
def test_pages_take_as_many_queries_for_fifty_as_for_one(path, django_assert_max_num_queries):
    owner = build.user()
    one = build.organisation(owner)
    client = build.signed_in(owner)
    address = PROFILE if path == "profile" else page_of(one)

    def queries() -> int:
        with django_assert_max_num_queries(20) as counted:
            client.get(address)
        return len(counted)

    client.get(address)
    few = queries()
    for _number in range(50):
        if path == "profile":
            build.organisation(owner)
        else:
            build.member(of=one)

    assert queries() == few


@pytest.mark.parametrize(
    ("path", "current"),
    [
        (PROFILE, "Profile and organisations"),
        ("/en/account/data/", "Your data"),
        ("/en/accounts/email/", "E-mail addresses"),
    ],
)
def test_the_menu_marks_the_one_place_one_is_at(path, current):
    page = build.signed_in(build.user()).get(path)

    assert [one["label"] for one in page.context["ACCOUNT_MENU"] if one["current"]] == [current]
