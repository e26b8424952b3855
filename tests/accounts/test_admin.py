"""Accounts and organisations in Django admin."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Membership, Organisation, RoleGrant, User
from accounts.roles import Level, Role
from core.models import AuditEntry
from tests.builders import accounts as build

pytestmark = pytest.mark.django_db
MODELS = [User, Organisation, Membership, RoleGrant]


def address(model, page: str, *args) -> str:
    return reverse(f"admin:accounts_{model._meta.model_name}_{page}", args=args)


def rights_form(*roles: str, active: bool = True, reason: str = "") -> dict[str, Any]:
    return {"roles_now": roles, "reason": reason} | ({"is_active": "on"} if active else {})


@pytest.fixture
def administrator() -> Client:
    return build.signed_in(build.system_administrator())


@pytest.mark.parametrize("model", [EmailAddress, EmailConfirmation, Authenticator, Group])
def test_nothing_with_secrets_is_registered(model):
    assert not admin.site.is_registered(model)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("make", "sees"),
    [
        (build.user, set()),
        (build.expert_user, set()),
        (build.officer, {User, Organisation, Membership}),
        (build.system_administrator, {User, RoleGrant}),
        (build.auditor, {RoleGrant}),
    ],
)
def test_each_role_sees_its_lists(make, sees, model):
    build.organisation()

    response = build.signed_in(make()).get(address(model, "changelist"))

    assert response.status_code == (200 if model in sees else 404)


@pytest.mark.parametrize("model", MODELS)
def test_a_stranger_signs_in_at_the_portal(model):
    path = address(model, "changelist")

    assert Client().get(path)["Location"] == f"/en/accounts/login/?next={path}"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("make", [build.officer, build.system_administrator])
def test_nobody_adds_or_deletes_here(make, model):
    row = model.objects.first() or Membership.objects.get(organisation=build.organisation())
    row = row if isinstance(row, model) else model.objects.first() or build.user()
    client = build.signed_in(make())

    for path in (
        address(model, "add"),
        address(model, "delete", row.pk if isinstance(row, model) else 1),
    ):
        assert client.get(path).status_code in (302, 403, 404)
        before = model.objects.count()
        assert client.post(path, {"post": "yes"}).status_code in (302, 403, 404)
        assert model.objects.count() == before


def test_no_page_shows_a_password_or_a_secret(administrator):
    person = build.officer()
    secret = services.set_up_totp(person)

    for client in (administrator, build.signed_in(build.officer())):
        text = client.get(address(User, "change", person.pk)).content.decode()
        assert person.email in text
        assert person.password not in text
        assert person.password.split("$")[-1] not in text
        assert secret not in text


def test_the_administrator_grants_and_revokes_with_a_reason(administrator):
    person = build.officer()
    page = address(User, "change", person.pk)

    refused = administrator.post(page, rights_form(Role.EXPERT))
    assert set(refused.context["adminform"].form.errors) == {"reason"}
    accepted = administrator.post(page, rights_form(Role.EXPERT, Role.AUDITOR, reason="new work"))

    assert accepted.status_code == 302
    assert User.objects.get(pk=person.pk).roles == {Role.EXPERT, Role.AUDITOR}
    last = AuditEntry.objects.filter(subject_id=str(person.pk)).order_by("-id")[:3]
    assert [(e.act, e.details, e.reason) for e in last] == [
        ("account.role_revoked", {"role": "officer"}, "new work"),
        ("account.role_granted", {"role": "expert"}, ""),
        ("account.role_granted", {"role": "auditor"}, ""),
    ]


def test_the_administrator_shuts_and_reopens_an_account(administrator):
    person = build.user()
    page = address(User, "change", person.pk)

    administrator.post(page, rights_form(active=False))
    assert User.objects.get(pk=person.pk).is_active
    administrator.post(page, rights_form(active=False, reason="stale"))
    assert not User.objects.get(pk=person.pk).is_active
    administrator.post(page, rights_form(active=True, reason="back"))
    assert User.objects.get(pk=person.pk).is_active


def test_nothing_else_of_an_account_can_be_posted(administrator):
    person = build.user("a@example.org", name="Before")

    administrator.post(
        address(User, "change", person.pk),
        rights_form() | {"email": "evil@example.org", "name": "X", "password": "x", "id": "1"},
    )

    stored = User.objects.get(pk=person.pk)
    assert (stored.email, stored.name) == ("a@example.org", "Before")
    assert stored.check_password(build.PASSWORD)


def test_an_administrator_cannot_change_her_own_rights():
    person = build.system_administrator()

    response = build.signed_in(person).post(
        address(User, "change", person.pk), rights_form(Role.OFFICER, reason="why not")
    )

    assert response.status_code == 403
    assert User.objects.get(pk=person.pk).roles == {Role.SYSTEM}


def test_an_officer_reads_accounts_and_changes_none():
    person = build.user()
    client = build.signed_in(build.officer())
    page = address(User, "change", person.pk)

    assert "roles_now" not in client.get(page).content.decode()
    assert client.post(page, rights_form(Role.OFFICER, reason="x")).status_code == 403
    assert User.objects.get(pk=person.pk).roles == set()


def test_an_officer_corrects_an_organisation_through_the_service():
    one, officer = build.organisation(name_en="Before", country="NO"), build.officer()
    client = build.signed_in(officer)
    page = address(Organisation, "change", one.pk)
    form = {
        "name_en": "After",
        "name_zh": "",
        "country": "NO",
        "registration_number": "",
        "kind": "enterprise",
        "website": "",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }

    assert str(build.owner_of(one)) in client.get(page).content.decode()
    assert client.post(page, form).status_code == 302
    one.refresh_from_db()
    assert one.name_en == "After"
    acts = AuditEntry.objects.filter(subject_id=str(one.pk)).order_by("-id")
    assert (acts[0].act, acts[0].actor, acts[0].details) == (
        "organisation.edited",
        officer,
        {"name_en": ["Before", "After"]},
    )
    assert acts[1].act == "organisation.member_added"


def test_an_officer_cannot_let_herself_in_by_a_forged_inline():
    one, officer = build.organisation(), build.officer()

    build.signed_in(officer).post(
        address(Organisation, "change", one.pk),
        {
            "name_en": "After",
            "country": "NO",
            "kind": "enterprise",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-user": str(officer.pk),
            "memberships-0-organisation": str(one.pk),
            "memberships-0-level": Level.OWN,
        },
    )

    assert not Membership.objects.filter(user=officer).exists()


@pytest.mark.parametrize("model", [User, Organisation])
def test_lists_take_as_many_queries_for_fifty_as_for_one(model, django_assert_max_num_queries):
    build.organisation()
    client = build.signed_in(build.officer())

    def queries() -> int:
        with django_assert_max_num_queries(20) as counted:
            client.get(address(model, "changelist"))
        return len(counted)

    client.get(address(model, "changelist"))
    few = queries()
    for _number in range(49):
        build.organisation()

    assert queries() == few
