"""An organisation entered twice: found, merged, and everything that refers to it moved."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import merging, services
from accounts.likeness import like, with_likeness
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
from tests.reading import text

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
        "catalog.Technology.holder": 1,
        "evaluation.Expert.employer": 1,
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


def test_a_profile_of_the_one_that_stays_is_not_written_over(twins):
    source, target = twins
    Profile.objects.create(organisation=source, content={"of": "source"})
    Profile.objects.create(organisation=target, content={"of": "target"})
    left = "Both have a profile. That of the organisation that stays is kept"
    page = compared(build.signed_in(build.officer()), source, target)
    assert left in text(page)

    merge(source, target)

    assert Profile.objects.get(organisation=target).content == {"of": "target"}
    assert all(
        left in mail.body for mail in StoredMail.objects.filter(template="organisation_merged")
    )


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


# Who looks alike ------------------------------------------------------------------------


def entered(name: str = "", **columns: Any) -> Organisation:
    one = build.organisation(name_en=name or "X", country=columns.pop("country", "NO"))
    Organisation.objects.filter(pk=one.pk).update(**columns)
    one.refresh_from_db()
    return one


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"name_en": "Nordic Air"}, {"name_en": "NORDIC-AIR."}, True),
        ({"name_zh": "北方滤料（集团）"}, {"name_zh": "北方滤料 (集团)"}, True),
        ({"name_en": "Nordic Air"}, {"name_en": "Nordic Water"}, False),
        ({"registration_number": "NO 987 654"}, {"registration_number": "no-987654"}, True),
        (
            {"registration_number": "NO 987 654"},
            {"registration_number": "NO987654", "country": "SE"},
            False,
        ),
        ({"registration_number": "n/a"}, {"registration_number": "N/A"}, False),
        ({"registration_number": ""}, {"registration_number": ""}, False),
        ({"website": "https://www.air.example/en"}, {"website": "http://air.example"}, True),
        ({"website": "https://air.example"}, {"website": "https://water.example"}, False),
        ({"website": ""}, {"website": ""}, False),
    ],
)
def test_candidates(one, other, alike):
    first, second = entered("First", **one), entered("Second", **other)
    entered("Quite another")

    assert set(like(first)) == ({second} if alike else set())
    assert set(like(second)) == ({first} if alike else set())
    assert set(with_likeness()) == ({first, second} if alike else set())


def test_what_was_merged_away_is_no_candidate(twins):
    source, target = twins
    Organisation.objects.filter(pk=target.pk).update(name_en=source.name_en)
    merge(source, target)

    assert not like(target).exists()
    assert not with_likeness().exists()


# The officers' pages --------------------------------------------------------------------


def page_of(one: Organisation, tail: str = "change", *more: str) -> str:
    return reverse(f"admin:accounts_organisation_{tail}", args=[one.pk, *more])


def compared(client: Client, source: Organisation, target: Organisation, **more: str) -> Any:
    """Return the page that shows two organisations before they are merged."""
    sent = {"identifier": str(target.pk), "reason": "Entered twice."} | more
    return client.post(page_of(source, "step", "merge"), sent)


def seen_on(page: Any) -> str:
    return str(page.context["form"]["seen"].value())


def test_both_are_shown_with_their_members_before_anything_is_done(twins):
    source, target = twins
    client = build.signed_in(build.officer())

    page = compared(client, source, target)

    assert Organisation.objects.get(pk=source.pk).status == "unverified"
    for told in ("Compare the two and their members", "a@example.org", "b@example.org"):
        assert told in text(page)
    assert "NORTHERN  FILTERS, A.S." in page.content.decode()


@pytest.mark.parametrize("of", [0, 1])
def test_what_changed_since_it_was_shown_is_shown_again(twins, of):
    source, target = twins
    client = build.signed_in(build.officer())
    page = compared(client, source, target)
    late = build.member(Level.OWN, of=twins[of])
    services.edit_organisation(twins[of].pk, actor=late, name_en="Another Body")

    page = compared(client, source, target, seen=seen_on(page))

    assert "changed while the page was open" in text(page)
    assert "Another Body" in text(page)
    assert late.email in text(page)
    assert Organisation.objects.get(pk=source.pk).status == "unverified"
    compared(client, source, target, seen=seen_on(page))
    assert Organisation.objects.get(pk=source.pk).status == "merged"


def test_what_was_shown_is_compared_behind_the_lock(twins):
    source, target = twins

    with pytest.raises(DomainError, match="changed while the page was open"):
        merge(source, target, seen="0" * 64)


def test_an_officer_is_shown_candidates_and_merges(twins):
    source, target = twins
    Organisation.objects.filter(pk=target.pk).update(name_en=source.name_en)
    client = build.signed_in(build.officer())

    assert page_of(target) in text(client.get(page_of(source)))
    form = client.get(page_of(source, "step", "merge")).context["form"]
    assert list(form.fields["alike"].queryset) == [target]
    sent = {"alike": str(target.pk), "reason": "Entered twice."}
    page = client.post(page_of(source, "step", "merge"), sent)
    answer = client.post(page_of(source, "step", "merge"), {**sent, "seen": seen_on(page)})

    assert answer["Location"] == page_of(source)
    source.refresh_from_db()
    assert (source.status, source.merged_into) == ("merged", target)
    assert page_of(source, "step", "merge") not in text(client.get(page_of(source)))


def test_an_officer_merges_into_any_organisation_by_its_identifier(twins):
    source, _target = twins
    other = build.organisation(name_en="Another name altogether")
    client = build.signed_in(build.officer())

    answer = compared(client, source, other, seen=seen_on(compared(client, source, other)))

    assert answer.status_code == 302
    assert Organisation.objects.get(pk=source.pk).merged_into == other


def test_twenty_candidates_are_offered_at_most(twins):
    source, _target = twins
    for _number in range(25):
        build.organisation(name_en=source.name_en)

    page = build.signed_in(build.officer()).get(page_of(source, "step", "merge"))

    assert page.context["form"].fields["alike"].queryset.count() == 20


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"reason": "x"}, "alike"),
        ({"identifier": "7b3f0c8e-0000-4000-8000-000000000000", "reason": "x"}, "identifier"),
        ({"identifier": "x", "reason": "x"}, "identifier"),
    ],
)
def test_what_is_not_told_stands_at_its_field(twins, sent, field):
    source, _target = twins

    page = build.signed_in(build.officer()).post(page_of(source, "step", "merge"), sent)

    assert field in page.context["form"].errors
    assert Organisation.objects.get(pk=source.pk).status == "unverified"


def test_a_refusal_comes_back_with_what_was_typed(twins):
    source, _target = twins

    page = build.signed_in(build.officer()).post(
        page_of(source, "step", "merge"), {"identifier": str(source.pk), "reason": "Because."}
    )

    assert "An organisation is not merged into itself." in text(page)
    assert "Because." in text(page)


def test_the_list_finds_those_that_look_alike(twins):
    source, target = twins
    Organisation.objects.filter(pk=target.pk).update(name_en=source.name_en)
    build.organisation(name_en="Alone")
    address = reverse("admin:accounts_organisation_changelist")

    found = build.signed_in(build.officer()).get(f"{address}?alike=yes")

    assert set(found.context["cl"].result_list) == {source, target}
