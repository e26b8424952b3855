"""An organisation entered twice: found, merged, and everything that refers to it moved."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from accounts import merging, services
from accounts.models import Invitation, Membership, Organisation, User
from accounts.roles import Level
from accounts.workflow import merge_organisations
from catalog.models import TechnologyVersion
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from submissions.models import DeclarationVersion, Profile
from submissions.states import Status
from tests.builders import accounts as build
from tests.builders import catalog, evaluation, submissions
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db


def merge(source: Organisation, target: Organisation | None, **more: Any) -> Organisation:
    asked: dict[str, Any] = {"actor": build.officer(), "reason": "Entered twice."} | more
    return merge_organisations(source, target, **asked)


@pytest.fixture
def twins() -> tuple[Organisation, Organisation]:
    source = build.organisation(build.user("a@example.org"), name_en="Northern Filters")
    target = build.organisation(build.user("b@example.org"), name_en="NORTHERN  FILTERS, A.S.")
    return source, target


# The registry ----------------------------------------------------------------------------


def test_every_reference_to_an_organisation_has_a_mover():
    references = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields(include_hidden=True)
        if field.concrete and field.is_relation and field.related_model is Organisation
    }

    assert set(merging.movers()) == references


# Merging --------------------------------------------------------------------------------


def test_everything_moves_and_what_was_filed_or_published_stays(twins):
    source, target = twins
    draft = submissions.declaration(Status.DRAFT, organisation=source)
    filed = submissions.declaration(Status.IN_CHECK, organisation=source)
    listed = catalog.listed_technology()
    employed = evaluation.expert(employer=source, employer_name="Northern Filters")
    type(listed).objects.filter(pk=listed.pk).update(holder=source)
    build.invited(source, "asked@example.org")
    Profile.objects.create(organisation=source, content={"a": 1})
    versions = list(DeclarationVersion.objects.order_by("pk").values())
    records = list(TechnologyVersion.objects.order_by("pk").values())
    officer = build.officer()

    merge(source, target, actor=officer)

    for row in (draft, filed, listed, employed):
        row.refresh_from_db()
    assert draft.organisation == filed.organisation == listed.holder == employed.employer == target
    assert list(DeclarationVersion.objects.order_by("pk").values()) == versions
    assert list(TechnologyVersion.objects.order_by("pk").values()) == records
    assert Invitation.objects.get().withdrawn_at is not None
    assert Profile.objects.get().organisation == target
    stays = Organisation.objects.get(pk=source.pk)
    assert (stays.status, stays.merged_into, stays.name_en) == (
        "merged",
        target,
        "Northern Filters",
    )
    moved = {
        "accounts.Invitation.organisation": 1,
        "accounts.Membership.organisation": 1,
        "accounts.Organisation.merged_into": 0,
        "catalog.EarlierEntry.organisation": 0,
        "catalog.Technology.holder": 1,
        "evaluation.Employment.organisation": 1,
        "evaluation.Expert.employer": 1,
        "evaluation.Connection.organisation": 0,
        "evaluation.Connection.other_organisation": 0,
        "evaluation.Nomination.organisation": 0,
        "submissions.Declaration.organisation": 2,
        "submissions.Profile.organisation": 1,
    }
    acts = AuditEntry.objects.order_by("-id")[:2]
    assert [
        (act.act, act.subject_id, act.actor, act.reason, act.details) for act in reversed(acts)
    ] == [
        (
            "organisation.absorbed",
            str(target.pk),
            officer,
            "Entered twice.",
            {"organisation": str(source.pk), "moved": moved},
        ),
        (
            "organisation.merge",
            str(source.pk),
            officer,
            "Entered twice.",
            {"into": str(target.pk), "moved": moved},
        ),
    ]


@pytest.mark.parametrize("here", Level.values)
@pytest.mark.parametrize("there", [*Level.values, None])
def test_nobody_comes_to_more_than_they_had_where_they_come_to(twins, here, there):
    source, target = twins
    person = build.user()
    services.add_member(source.pk, person, here, actor=None)
    if there:
        services.add_member(target.pk, person, there, actor=None)

    merge(source, target)

    rows = Membership.objects.filter(user=person)
    assert [(row.organisation, row.level) for row in rows] == [(target, there or Level.VIEW)]
    assert not source.memberships.exists()


def test_the_owners_read_who_came_in(twins):
    source, target = twins
    editor = build.member(Level.EDIT, of=source)
    known = build.member(Level.VIEW, of=target)
    services.add_member(source.pk, known, Level.OWN, actor=None)

    merge(source, target)

    body = StoredMail.objects.get(
        template="organisation_merged", recipient=build.owner_of(target).email
    ).body
    assert "Who acts for it now besides, and may view." in body
    assert f"– {editor} ({editor.email})" in body
    assert "a@example.org" in body
    assert known.email not in body


def test_the_verified_one_stays(twins):
    source, target = twins
    build.verified(source)

    with pytest.raises(DomainError, match="The verified organisation stays"):
        merge(source, target)
    merge(target, source)

    assert build.owner_of(source).email == "a@example.org"


def shut(one: Organisation) -> None:
    """Let nobody who owns an organisation sign in, as with one that came from a file."""
    User.objects.filter(memberships__organisation=one).update(is_active=False)


def test_an_imported_one_goes_into_the_one_its_owners_entered(twins):
    source, target = twins
    shut(target)

    with pytest.raises(DomainError, match="merge it into this one instead"):
        merge(source, target)
    merge(target, source)

    assert build.owner_of(source).email == "a@example.org"


def test_of_two_without_anybody_to_sign_in_either_stays(twins):
    source, target = twins
    shut(source)
    shut(target)

    merge(source, target)

    assert sorted(target.memberships.values_list("level", flat=True)) == ["own", "view"]


def test_the_owners_of_both_are_told_once_each(twins):
    source, target = twins
    services.add_member(source.pk, build.owner_of(target), Level.OWN, actor=None)

    merge(source, target)

    mails = StoredMail.objects.filter(template="organisation_merged").order_by("created_at")
    assert [mail.recipient for mail in mails] == ["a@example.org", "b@example.org"]
    assert "Northern Filters was merged into NORTHERN  FILTERS, A.S." in mails[0].body
    assert f"/en/account/organisations/{target.pk}/" in mails[0].body


@pytest.mark.parametrize("empty", [{}, {"a": {"b": ""}, "c": [], "d": [{"e": None}]}])
def test_a_profile_nobody_filled_in_counts_as_none(twins, empty):
    source, target = twins
    Profile.objects.create(organisation=source, content={"of": "source"})
    Profile.objects.create(organisation=target, content=empty)

    merge(source, target)

    assert Profile.objects.get().organisation == target
    assert Profile.objects.get().content == {"of": "source"}
    assert "Both have a profile" not in StoredMail.objects.latest("created_at").body


def test_what_was_merged_earlier_leads_to_where_everything_is_now(twins):
    source, target = twins
    first = build.organisation()
    merge(first, source)

    merge(source, target)

    first.refresh_from_db()
    assert first.merged_into == target


def test_a_merge_is_refused_into_nothing_itself_or_what_was_merged_away(twins):
    source, target = twins
    gone = build.organisation()
    merge(gone, build.organisation())

    for other, why in ((None, "Choose"), (source, "itself"), (gone, "was merged")):
        with pytest.raises(DomainError, match=why):
            merge(source, other)
    with pytest.raises(DomainError, match="reason"):
        merge(source, target, reason=" ")

    assert Organisation.objects.get(pk=source.pk).status == "unverified"


@pytest.mark.parametrize("of", [0, 1])
def test_no_officer_merges_the_own_organisation(twins, of):
    officer = build.officer()
    services.add_member(twins[of].pk, officer, Level.VIEW, actor=None)

    with pytest.raises((PermissionDenied, DomainError)):
        merge(*twins, actor=officer)

    assert Organisation.objects.get(pk=twins[0].pk).status == "unverified"


@pytest.mark.parametrize(
    "make", [build.user, build.expert_user, build.system_administrator, build.auditor]
)
def test_nobody_but_an_officer_merges(twins, make):
    with pytest.raises(PermissionDenied):
        merge(*twins, actor=make())


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_crosswise_at_once_one_is_done():
    one, other = build.organisation(), build.organisation()
    officer = build.officer()

    results = at_once(
        lambda: merge_organisations(one, other, actor=officer, reason="Twice."),
        lambda: merge_organisations(other, one, actor=officer, reason="Twice."),
    )

    kinds = sorted(type(result).__name__ for result in results)
    assert kinds[0] in {"DomainError", "Organisation"}
    assert kinds.count("Organisation") == 1
    assert Organisation.objects.filter(status="merged").count() == 1
    (stays,) = Organisation.objects.exclude(status="merged")
    assert stays.memberships.count() == 2


# Its pages ------------------------------------------------------------------------------


def test_the_pages_of_a_merged_organisation_lead_to_the_one_that_stays(twins):
    source, target = twins
    client = build.signed_in(build.owner_of(source))

    merge(source, target)

    for tail in ("", "edit/", "members/", "leave/"):
        page = client.get(f"/en/account/organisations/{source.pk}/{tail}")
        assert page["Location"] == f"/en/account/organisations/{target.pk}/"
    assert client.get(f"/en/account/organisations/{target.pk}/").status_code == 200
    stranger = build.signed_in(build.user())
    assert stranger.get(f"/en/account/organisations/{source.pk}/").status_code == 404


def test_a_merged_organisation_cannot_be_edited_by_anybody(twins):
    source, target = twins
    owner = build.owner_of(target)
    merge(source, target)

    for actor in (build.officer(), owner):
        with pytest.raises(PermissionDenied):
            services.edit_organisation(source.pk, actor=actor, name_en="Other")
