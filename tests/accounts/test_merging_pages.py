"""Organisations that look alike, and the pages on which officers compare and merge two."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.likeness import like, with_likeness
from accounts.models import Organisation
from accounts.roles import Level
from accounts.workflow import merge_organisations
from core.errors import DomainError
from core.models import StoredMail
from submissions.models import Profile
from tests.builders import accounts as build
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
