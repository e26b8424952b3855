"""Officers verify organisations; a change of who it is opens the question again."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import services
from accounts.comparing import print_of
from accounts.models import Organisation
from accounts.roles import Level
from accounts.workflow import ORGANISATIONS
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from reference.models import Country
from tests.builders import accounts as build
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return build.organisation(build.user("owner@example.org"), name_en="Northern Filters")


def mails() -> list[tuple[str, str, str]]:
    rows = StoredMail.objects.order_by("created_at")
    return [(row.template, row.recipient, row.subject) for row in rows]


def take(step: str, one: Organisation, reason: str = "") -> Organisation:
    return ORGANISATIONS.perform(step, one.pk, actor=build.officer(), reason=reason)


def test_an_organisation_begins_unverified(house):
    assert (house.status, house.verified_at, house.status_reason) == ("unverified", None, "")


def test_verified_the_owners_are_told_and_the_day_is_kept(house):
    second = build.member(Level.OWN, of=house)
    build.member(Level.EDIT, of=house)

    one = take("verify", house)

    assert one.status == "verified"
    assert one.verified_at is not None
    subject = "Northern Filters is verified"
    assert mails() == [
        ("organisation_verified", "owner@example.org", subject),
        ("organisation_verified", second.email, subject),
    ]
    act = AuditEntry.objects.latest("id")
    assert (act.act, act.before, act.after) == ("organisation.verify", "unverified", "verified")


def test_refused_with_a_reason_the_owners_read_it_in_the_mail_and_on_the_page(house):
    with pytest.raises(DomainError, match="reason"):
        take("refuse", house)

    take("refuse", house, "The code is another company’s.")

    assert [(t, r) for t, r, _s in mails()] == [("organisation_refused", "owner@example.org")]
    assert "The code is another company’s." in StoredMail.objects.get().body
    page = build.signed_in(build.owner_of(house)).get(f"/en/account/organisations/{house.pk}/")
    assert "verification refused" in text(page)
    assert "The code is another company’s." in text(page)


def test_taken_back_with_a_reason(house):
    build.verified(house)

    one = take("take_back", house, "The register no longer knows it.")

    assert (one.status, one.verified_at, one.status_reason) == (
        "unverified",
        None,
        "The register no longer knows it.",
    )
    assert mails()[-1][0] == "organisation_taken_back"
    assert "The register no longer knows it." in StoredMail.objects.latest("created_at").body


@pytest.mark.parametrize(
    "change",
    [
        {"name_en": "Southern Filters"},
        {"name_zh": "南方滤料"},
        {"country": "SE"},
        {"registration_number": "SE 556677"},
    ],
)
@pytest.mark.parametrize("judged", ["verify", "refuse"])
def test_a_change_of_who_it_is_opens_the_question_again(house, judged, change):
    take(judged, house, "No.")
    owner = build.owner_of(house)
    if "country" in change:
        change = {"country": Country.objects.get(pk="SE")}

    one = services.edit_organisation(house.pk, actor=owner, **change)

    stored = Organisation.objects.get(pk=house.pk)
    assert one.status == stored.status == "unverified"
    assert (stored.verified_at, stored.status_reason) == (None, "")
    edited, reopened = AuditEntry.objects.order_by("-id")[:2][::-1]
    assert (edited.act, edited.actor) == ("organisation.edited", owner)
    assert (reopened.act, reopened.actor, reopened.details) == (
        "organisation.reopen",
        None,
        {"account": str(owner.pk)},
    )
    assert mails()[-1][0] == "organisation_reopened"


def test_a_change_of_anything_else_leaves_it_verified(house):
    build.verified(house)

    services.edit_organisation(
        house.pk, actor=build.owner_of(house), website="https://filters.example", kind="institute"
    )

    assert Organisation.objects.get(pk=house.pk).status == "verified"


def test_a_change_while_nobody_has_judged_yet_is_no_step(house):
    services.edit_organisation(house.pk, actor=build.owner_of(house), name_en="Southern Filters")

    assert mails() == []
    assert not AuditEntry.objects.filter(act="organisation.reopen").exists()


def test_no_officer_verifies_the_own_organisation(house):
    officer = build.officer()
    services.add_member(house.pk, officer, Level.VIEW, actor=None)

    for step in ("verify", "refuse"):
        with pytest.raises(PermissionDenied):
            ORGANISATIONS.perform(step, house.pk, actor=officer, reason="Because.")


def test_verified_twice_the_second_officer_is_told(house):
    build.verified(house)

    with pytest.raises(TransitionError, match="verified"):
        build.verified(house)


def test_foreign_registration_numbers_stay_as_they_are_typed(house):
    services.edit_organisation(
        house.pk, actor=build.owner_of(house), registration_number="HRB 12-345 / Köln"
    )

    assert Organisation.objects.get(pk=house.pk).registration_number == "HRB 12-345 / Köln"


# The officers' pages ----------------------------------------------------------------------


def change_page(one: Organisation) -> str:
    return reverse("admin:accounts_organisation_change", args=[one.pk])


def step_page(one: Organisation, step: str) -> str:
    return reverse("admin:accounts_organisation_step", args=[one.pk, step])


def seen_on(page: Any) -> str:
    return str(page.context["form"]["seen"].value())


@pytest.mark.parametrize("step", ["verify", "refuse"])
def test_nobody_judges_particulars_that_were_not_on_the_page(house, step):
    client = build.signed_in(build.officer())
    seen = seen_on(client.get(step_page(house, step)))
    services.edit_organisation(house.pk, actor=build.owner_of(house), name_en="Another Body")

    sent = {"reason": "Because.", "seen": seen}
    page = client.post(step_page(house, step), sent)

    assert Organisation.objects.get(pk=house.pk).status == "unverified"
    assert "The particulars changed while the page was open." in text(page)
    assert "Another Body" in text(page)
    assert "Because." in text(page) or step == "verify"
    client.post(step_page(house, step), {**sent, "seen": seen_on(page)})
    assert Organisation.objects.get(pk=house.pk).status != "unverified"


def test_the_particulars_are_compared_behind_the_lock(house):
    seen = print_of(house)
    services.edit_organisation(house.pk, actor=build.owner_of(house), name_zh="别的单位")

    with pytest.raises(DomainError, match="changed while the page was open"):
        ORGANISATIONS.perform("verify", house.pk, actor=build.officer(), seen=seen)
    house.refresh_from_db()
    assert (
        ORGANISATIONS.perform(
            "verify", house.pk, actor=build.officer(), seen=print_of(house)
        ).status
        == "verified"
    )


def test_an_officer_verifies_by_a_button(house):
    client = build.signed_in(build.officer())

    assert step_page(house, "verify") in text(client.get(change_page(house)))
    assert step_page(house, "reopen") not in text(client.get(change_page(house)))
    page = client.get(step_page(house, "verify"))
    assert "Northern Filters" in text(page)
    client.post(step_page(house, "verify"), {"seen": seen_on(page)})

    assert Organisation.objects.get(pk=house.pk).status == "verified"
    assert step_page(house, "take_back") in text(client.get(change_page(house)))


def test_the_list_is_filtered_by_verification(house):
    other = build.verified(build.organisation())
    client = build.signed_in(build.officer())
    address = reverse("admin:accounts_organisation_changelist")

    found = {
        state: set(client.get(f"{address}?status__exact={state}").context["cl"].result_list)
        for state in ("verified", "refused")
    }

    assert found == {"verified": {other}, "refused": set()}


@pytest.mark.parametrize("make", [build.system_administrator, build.auditor, build.expert_user])
def test_nobody_else_comes_to_the_steps(house, make):
    client = build.signed_in(make())

    assert client.get(step_page(house, "verify")).status_code == 404
    assert client.post(step_page(house, "verify")).status_code == 404
    assert Organisation.objects.get(pk=house.pk).status == "unverified"
