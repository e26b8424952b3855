"""Who sees which accounts, organisations, memberships and records."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import translation

from accounts import services
from accounts.models import Membership, Organisation, RoleGrant, User
from accounts.roles import Level, Role
from core import rights
from core.models import AuditEntry, OutboxMessage, StoredMail
from tests.builders import accounts as build
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db
EVERYONE = ("user", "expert_user", "officer", "system_administrator", "auditor")


@pytest.fixture
def world() -> dict[str, object]:
    people = {name: getattr(build, name)() for name in EVERYONE}
    mine, theirs = build.organisation(), build.organisation()
    viewer = build.member(Level.VIEW, of=mine)
    return people | {
        "viewer": viewer,
        "owner": build.owner_of(mine),
        "stranger": AnonymousUser(),
        "mine": mine,
        "theirs": theirs,
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("stranger", set()),
        ("user", set()),
        ("expert_user", set()),
        ("auditor", set()),
        ("system_administrator", set()),
        ("viewer", {"mine"}),
        ("owner", {"mine"}),
        ("officer", {"mine", "theirs"}),
    ],
)
def test_who_sees_which_organisations(world, who, sees):
    seen = set(Organisation.objects.visible_to(world[who]))

    assert seen == {world[name] for name in sees}
    memberships = set(Membership.objects.visible_to(world[who]))
    assert {membership.organisation for membership in memberships} == seen


@pytest.mark.parametrize(
    ("who", "editable"),
    [("stranger", 0), ("user", 0), ("viewer", 0), ("owner", 1), ("officer", 2), ("auditor", 0)],
)
def test_who_edits_organisations(world, who, editable):
    rows = rights.with_right(Organisation.objects.all(), world[who], "edit")

    assert rows.count() == editable


@pytest.mark.parametrize("who", ["user", "viewer", "owner", "expert_user", "auditor"])
def test_a_person_sees_her_own_account_only(world, who):
    assert list(User.objects.visible_to(world[who])) == [world[who]]


@pytest.mark.parametrize("who", ["officer", "system_administrator"])
def test_officers_and_administrators_see_all_accounts(world, who):
    assert User.objects.visible_to(world[who]).count() == User.objects.count()


def test_a_stranger_sees_no_account(world):
    assert list(User.objects.visible_to(world["stranger"])) == []


@pytest.mark.parametrize(
    ("model", "readers"),
    [
        (AuditEntry, {"auditor"}),
        (StoredMail, {"system_administrator"}),
        (OutboxMessage, {"system_administrator"}),
        (RoleGrant, {"system_administrator", "auditor"}),
    ],
)
def test_who_reads_the_records(world, model, readers):
    assert {who for who in EVERYONE if rights.may_ever(world[who], "read", model)} == readers


def test_levels_include_each_other():
    one = build.organisation()
    people = {level: build.member(level, of=one) for level in Level.values}

    of_level = {
        level: {
            name
            for name, person in people.items()
            if one in Organisation.objects.of_member(person, level)
        }
        for level in Level.values
    }

    assert of_level == {"view": {"view"}, "edit": {"edit"}, "own": {"own"}}
    assert all(one in Organisation.objects.of_member(person) for person in people.values())


def test_a_name_is_read_in_the_language_of_the_page():
    one = build.organisation(name_en="Northern Filters", name_zh="北方滤器")
    only_chinese = build.organisation(name_en="", name_zh="北方滤器")
    only_chinese.name_en = ""

    names = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            names[language] = (one.name, only_chinese.name)

    assert names == {
        "en": ("Northern Filters", "北方滤器"),
        "zh-hans": ("北方滤器", "北方滤器"),
    }


@pytest.mark.django_db(transaction=True)
def test_administrators_who_change_each_other_at_once_do_not_deadlock():
    first, second = build.system_administrator(), build.system_administrator()

    def grant(to: User, by: User) -> None:
        for role in (Role.OFFICER, Role.EXPERT, Role.AUDITOR):
            with transaction.atomic():
                services.grant_role(User.objects.get(pk=to.pk), role, actor=by)

    results = at_once(lambda: grant(first, second), lambda: grant(second, first))

    assert results == [None, None]
    assert RoleGrant.objects.filter(revoked_at=None).count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_role_granted_twice_at_once_is_granted_once():
    person = build.user()

    results = at_once(
        *[lambda: services.grant_role(User.objects.get(pk=person.pk), Role.EXPERT, actor=None)] * 2
    )

    assert sorted(type(result).__name__ for result in results) == ["DomainError", "RoleGrant"]
