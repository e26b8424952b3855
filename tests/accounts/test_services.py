"""What is written about people and organisations, who may, and what the audit says of it."""

import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import services
from accounts.models import Membership, Organisation, RoleGrant, User
from accounts.roles import Level, Role
from core import audit
from core.errors import DomainError
from core.models import AuditEntry
from reference.models import Country
from tests.builders import accounts as build

pytestmark = pytest.mark.django_db


def acts(subject) -> list[tuple[str, uuid.UUID | None, Any]]:
    entries = AuditEntry.objects.filter(subject_id=str(subject.pk)).order_by("id")
    return [(entry.act, entry.actor_id, entry.details) for entry in entries]


# Accounts -------------------------------------------------------------------------------


def test_create_account_confirms_the_address_and_is_recorded():
    account = services.create_account(
        email=" Li.Na@Example.ORG ", name=" Li Na ", language="zh-hans", password=build.PASSWORD
    )

    assert (account.email, account.name, account.language) == (
        "li.na@example.org",
        "Li Na",
        "zh-hans",
    )
    assert account.check_password(build.PASSWORD)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("li.na@example.org", True, True)
    ]
    assert acts(account) == [("account.created", None, {})]


def test_an_account_without_a_password_lets_nobody_in():
    account = services.create_account(email="a@example.org", name="A", language="en", password=None)

    assert not account.has_usable_password()


def test_an_address_is_taken_whatever_its_case():
    build.user("a@example.org")

    with pytest.raises(DomainError) as refused:
        build.user("A@Example.org")

    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("field", "value"), [("email", "no address"), ("name", " "), ("language", "fr")]
)
def test_create_account_refuses_what_the_columns_do_not_take(field, value):
    values = {"email": "a@example.org", "name": "A", "language": "en"} | {field: value}

    with pytest.raises(DomainError) as refused:
        services.create_account(**values, password=build.PASSWORD)

    assert refused.value.field == field
    assert User.objects.count() == 0


@pytest.mark.parametrize("make", [build.user, build.officer, build.expert_user, build.auditor])
def test_only_the_administrator_makes_accounts(make):
    with pytest.raises(PermissionDenied):
        services.create_account(
            email="new@example.org", name="N", language="en", password=None, actor=make()
        )


def test_the_database_refuses_an_address_in_capitals():
    person = build.user()

    with pytest.raises(IntegrityError, match="email_lower"), transaction.atomic():
        User.objects.filter(pk=person.pk).update(email="A@example.org")


def test_edit_profile_changes_name_and_language_of_oneself_only():
    person, other = build.user(), build.user()

    services.edit_profile(person.pk, actor=person, name=" Wang ", language="zh-hans")
    with pytest.raises(PermissionDenied):
        services.edit_profile(person.pk, actor=other, name="X", language="en")

    person.refresh_from_db()
    assert (person.name, person.language) == ("Wang", "zh-hans")
    assert acts(person)[1:] == [("account.edited", person.pk, {})]


# Roles ----------------------------------------------------------------------------------


def test_grant_role_is_in_force_at_once_and_recorded():
    administrator, person = build.system_administrator(), build.user()

    services.grant_role(person, Role.OFFICER, actor=administrator)

    assert person.roles == {Role.OFFICER}
    assert User.objects.get(pk=person.pk).roles == {Role.OFFICER}
    assert acts(person)[-1] == ("account.role_granted", administrator.pk, {"role": "officer"})


def test_a_role_is_granted_once():
    person = build.officer()

    with pytest.raises(DomainError):
        services.grant_role(person, Role.OFFICER, actor=None)

    assert RoleGrant.objects.count() == 1


def test_a_role_can_be_granted_again_after_it_was_revoked():
    person = build.officer()

    services.revoke_role(person, Role.OFFICER, actor=None, reason="left")
    services.grant_role(person, Role.OFFICER, actor=None)

    assert person.roles == {Role.OFFICER}
    assert RoleGrant.objects.count() == 2


def test_a_role_nobody_holds_cannot_be_revoked():
    with pytest.raises(DomainError):
        services.revoke_role(build.user(), Role.OFFICER, actor=None)


@pytest.mark.parametrize("role", [Role.OWNER, Role.PORTAL, "emperor"])
def test_only_granted_roles_can_be_granted(role):
    with pytest.raises((IntegrityError, ValueError)), transaction.atomic():
        services.grant_role(build.user(), role, actor=None)


@pytest.mark.parametrize("make", [build.user, build.officer, build.expert_user, build.auditor])
@pytest.mark.parametrize("change", [services.grant_role, services.revoke_role])
def test_only_the_administrator_grants_and_revokes(make, change):
    person = build.officer()

    with pytest.raises(PermissionDenied):
        change(person, Role.OFFICER, actor=make())

    assert person.roles == {Role.OFFICER}


def test_nobody_changes_her_own_rights():
    administrator = build.system_administrator()

    with pytest.raises(DomainError):
        services.grant_role(administrator, Role.OFFICER, actor=administrator)
    with pytest.raises(DomainError):
        services.revoke_role(administrator, Role.SYSTEM, actor=administrator)

    assert User.objects.get(pk=administrator.pk).roles == {Role.SYSTEM}


@pytest.mark.parametrize(
    "change",
    [
        lambda person: services.grant_role(person, Role.EXPERT, actor=None),
        lambda person: services.revoke_role(person, Role.OFFICER, actor=None),
        lambda person: services.suspend(person, actor=None, reason="left"),
    ],
)
def test_every_session_ends_when_rights_change(change):
    person = build.officer()
    client = build.signed_in(person)

    change(User.objects.get(pk=person.pk))

    assert "_auth_user_id" in client.session
    response = client.get("/en/account/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/en/accounts/login/?next=/en/account/",
    )


def test_suspend_and_restore_need_a_reason_and_are_recorded():
    person = build.user()

    with pytest.raises(DomainError):
        services.suspend(person, actor=None, reason=" ")
    services.suspend(person, actor=None, reason="stale")
    services.restore(person, actor=None, reason="back")

    assert User.objects.get(pk=person.pk).is_active
    assert [act for act, _who, _details in acts(person)[1:]] == [
        "account.suspended",
        "account.restored",
    ]


def test_set_up_totp_twice_leaves_one_authenticator_of_each_kind():
    person = build.user()

    first, second = services.set_up_totp(person), services.set_up_totp(person)

    assert first != second
    kinds = Authenticator.objects.order_by("type").values_list("type", flat=True)
    assert list(kinds) == ["recovery_codes", "totp"]


# Organisations --------------------------------------------------------------------------


def test_create_organisation_makes_its_maker_the_owner():
    person = build.user()

    one = services.create_organisation(
        actor=person,
        name_en=" Northern Filters ",
        country=Country.objects.get(code="NO"),
        kind=Organisation.Kind.ENTERPRISE,
        website="https://filters.example",
    )

    assert (one.name_en, one.name_zh, one.invented) == ("Northern Filters", "", False)
    assert list(Membership.objects.values_list("user", "organisation", "level")) == [
        (person.pk, one.pk, Level.OWN)
    ]
    assert acts(one) == [
        ("organisation.created", person.pk, {}),
        ("organisation.member_added", person.pk, {"account": str(person.pk), "level": "own"}),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name_en": " "}, "name_en"),
        ({"kind": "circus"}, "kind"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "ftp://filters.example"}, "website"),
        ({"registration_number": "9144030071526726XH"}, "registration_number"),
    ],
)
def test_create_organisation_refuses_bad_particulars(change, field):
    values = {
        "name_en": "Filters",
        "country": Country.objects.get(code="CN"),
        "kind": "enterprise",
    } | change

    with pytest.raises(DomainError) as refused:
        services.create_organisation(actor=build.user(), **values)

    assert refused.value.field == field
    assert Organisation.objects.count() == 0


def test_a_code_is_stored_in_capitals_and_abroad_any_number_will_do():
    chinese = build.organisation(country="CN")
    services.edit_organisation(chinese.pk, actor=None, registration_number="9144 0300 7152 6726 xg")
    norwegian = build.organisation(country="NO")
    services.edit_organisation(norwegian.pk, actor=None, registration_number="NO 987-x")

    chinese.refresh_from_db()
    norwegian.refresh_from_db()
    assert chinese.registration_number == "9144030071526726XG"
    assert norwegian.registration_number == "NO 987-x"


def test_moving_an_organisation_to_china_checks_its_number():
    one = build.organisation(country="NO")
    services.edit_organisation(one.pk, actor=None, registration_number="987")

    with pytest.raises(DomainError) as refused:
        services.edit_organisation(one.pk, actor=None, country=Country.objects.get(code="CN"))

    assert refused.value.field == "registration_number"


def test_edit_organisation_records_what_was_before():
    owner = build.user()
    one = build.organisation(owner, name_en="Before", country="NO")

    services.edit_organisation(
        one.pk, actor=owner, name_en="After", country=Country.objects.get(code="SE"), kind=one.kind
    )

    assert acts(one)[-1] == (
        "organisation.edited",
        owner.pk,
        {"country": ["NO", "SE"], "name_en": ["Before", "After"]},
    )


def test_an_edit_that_changes_nothing_is_not_recorded():
    one = build.organisation()
    before = acts(one)

    services.edit_organisation(one.pk, actor=None, name_en=one.name_en)

    assert acts(one) == before


def test_what_is_not_editable_is_refused():
    with pytest.raises(LookupError, match="invented"):
        services.edit_organisation(build.organisation().pk, actor=None, invented=False)


@pytest.mark.parametrize(
    ("level", "may"), [(Level.OWN, True), (Level.EDIT, False), (Level.VIEW, False)]
)
def test_owners_edit_and_add_members_others_do_not(level, may):
    one, newcomer = build.organisation(), build.user()
    person = build.member(level, of=one)

    for change in (
        lambda: services.edit_organisation(one.pk, actor=person, name_en="New"),
        lambda: services.add_member(one.pk, newcomer, Level.VIEW, actor=person),
    ):
        if may:
            change()
        else:
            with pytest.raises(PermissionDenied):
                change()


def test_an_officer_edits_an_organisation_but_lets_nobody_in():
    officer, one = build.officer(), build.organisation()

    services.edit_organisation(one.pk, actor=officer, name_en="Corrected")
    with pytest.raises(PermissionDenied):
        services.add_member(one.pk, officer, Level.OWN, actor=officer)

    assert acts(one)[-1][:2] == ("organisation.edited", officer.pk)


def test_a_person_belongs_to_an_organisation_once():
    one = build.organisation()
    person = build.member(of=one)

    with pytest.raises(DomainError):
        services.add_member(one.pk, person, Level.OWN, actor=None)


def test_a_change_that_fails_leaves_no_trace():
    one = build.organisation()
    before = AuditEntry.objects.count()

    with pytest.raises(RuntimeError), transaction.atomic():
        services.edit_organisation(one.pk, actor=None, name_en="After")
        raise RuntimeError

    one.refresh_from_db()
    assert one.name_en != "After"
    assert AuditEntry.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_the_chain_holds_over_all_of_it():
    one = build.organisation(country="CN")
    build.member(of=one)
    build.officer()

    assert list(audit.faults()) == []
