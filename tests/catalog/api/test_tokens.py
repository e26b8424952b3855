"""Tokens of programs: made once, shown once, kept as a hash, revoked at once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.api import tokens as service
from catalog.models import ApiToken
from core.errors import DomainError
from core.models import AuditEntry
from tests.builders import accounts, catalog, clock, tokens
from tests.catalog.api.asking import ROOT, get, problem

pytestmark = pytest.mark.django_db
NOT_VALID = "The token is not valid"


def test_a_token_is_kept_as_a_hash_and_its_making_recorded_without_it():
    row, secret = tokens.issued(per_minute=600)

    assert secret.startswith(row.hint)
    assert len(secret) == 47
    assert row.hash == service.hash_of(secret)
    assert secret not in str(ApiToken.objects.values())
    (entry,) = AuditEntry.objects.filter(act="program token.added")
    assert entry.subject_id == str(row.pk)
    assert entry.details == {
        "name": "Partner Ltd",
        "scopes": ["read"],
        "per_minute": 600,
        "expires_on": row.expires_on.isoformat(),
    }
    assert secret not in entry.record


def test_a_token_has_its_own_limit(settings: Settings):
    settings.API_ANONYMOUS_PER_MINUTE = 1
    header = tokens.bearer(per_minute=2)

    # From where no test showed wrong ones: those are counted too.
    client = Client(REMOTE_ADDR="10.254.0.1", headers={"Authorization": header})

    told = [client.get(f"{ROOT}/") for _turn in range(3)]

    assert [one.status_code for one in told] == [200, 200, 429]
    assert told[0]["RateLimit-Policy"] == '"token";q=2;w=60'


def test_with_the_scope_bulk_a_page_may_be_large():
    catalog.technologies(3)

    large = "/technologies?size=1000"

    assert get(large, Authorization=tokens.bearer(scopes=["read", "bulk"])).status_code == 200
    assert get(large, Authorization=tokens.bearer()).status_code == 403
    assert get("/changes?size=101").status_code == 403
    without = get("/", Authorization=tokens.bearer(scopes=["bulk"]))
    assert problem(without)["detail"] == "This needs the scope “read”."


def test_a_token_opens_no_record_that_is_not_public():
    one = catalog.technology()
    catalog.take(one, "suspend")
    header = tokens.bearer(scopes=["read", "bulk"])

    assert get("/technologies", Authorization=header).json()["items"] == []
    assert get(f"/technologies/{one.pk}/versions", Authorization=header).status_code == 404


def test_wrong_tokens_are_refused_alike():
    row, secret = tokens.issued()
    revoked, revoked_secret = tokens.issued()
    tokens.revoke(revoked)
    answers = [
        get("/", Authorization=header)
        for header in (
            "Bearer tpp_nothing",
            f"Bearer {secret}x",
            f"Bearer {secret.upper()}",
            f"Basic {secret}",
            secret,
            "Bearer",
            "",
            f"Bearer {revoked_secret}",
            f"Bearer {row.hash}",
        )
    ]

    assert {one.status_code for one in answers} == {401}
    assert {problem(one)["title"] for one in answers} == {NOT_VALID}
    assert len({problem(one)["detail"] for one in answers}) == 1
    assert {one["WWW-Authenticate"] for one in answers} == {'Bearer error="invalid_token"'}
    assert get("/", Authorization=f"bearer {secret}").status_code == 200


def test_trying_tokens_is_no_faster_than_asking_without(settings: Settings):
    settings.API_ANONYMOUS_PER_MINUTE = 2
    client = Client(
        REMOTE_ADDR=f"198.51.{timezone.now().microsecond % 250}.{timezone.now().second}"
    )

    told = [
        client.get(f"{ROOT}/", headers={"Authorization": f"Bearer tpp_{n}"}).status_code
        for n in range(3)
    ]

    assert told == [401, 401, 429]


def test_a_token_ends_after_its_last_day():
    _row, secret = tokens.issued(expires_on=timezone.localdate())
    tomorrow = timezone.now() + dt.timedelta(days=1)

    today = get("/", Authorization=f"Bearer {secret}").status_code
    with clock.stopped(tomorrow):
        later = get("/", Authorization=f"Bearer {secret}").status_code

    assert (today, later) == (200, 401)


def test_a_token_lasts_two_years_at_most():
    for days in (-1, 732):
        with pytest.raises(DomainError, match="within two years"):
            tokens.issued(expires_on=timezone.localdate() + dt.timedelta(days=days))

    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("person", [accounts.officer, accounts.auditor, accounts.user])
def test_nobody_but_an_administrator_makes_or_revokes_one(person):
    row, _secret = tokens.issued()
    other = person()

    with pytest.raises(PermissionDenied):
        service.issue(
            name="Mine",
            scopes=["read"],
            per_minute=1,
            expires_on=timezone.localdate(),
            actor=other,
        )

    assert not ApiToken.objects.visible_to(other).exists()
    assert accounts.signed_in(other).get(page("changelist")).status_code in (302, 404)
    assert ApiToken.objects.get().pk == row.pk


@pytest.mark.parametrize(
    "change", [{"hash": "0" * 64}, {"scopes": ["read", "bulk"]}, {"per_minute": 9}, {"name": "X"}]
)
def test_what_was_issued_is_never_changed(change):
    row, _secret = tokens.issued()

    with pytest.raises(DatabaseError), transaction.atomic():
        ApiToken.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


@pytest.mark.parametrize("given", [{"scopes": []}, {"scopes": ["write"]}, {"per_minute": 0}])
def test_the_database_refuses_what_no_token_is(given):
    with pytest.raises(DatabaseError), transaction.atomic():
        tokens.issued(**given)


def page(kind: str, *arguments: object) -> str:
    return reverse(f"admin:catalog_apitoken_{kind}", args=arguments)


def form(**given: object) -> dict[str, object]:
    until = timezone.localdate() + dt.timedelta(days=30)
    return {
        "name": "Belt and Road platform",
        "scopes": ["read", "bulk"],
        "per_minute": "900",
        "expires_on": until.isoformat(),
        **given,
    }


def test_an_administrator_makes_a_token_on_a_page_and_sees_it_once():
    client = accounts.signed_in(accounts.system_administrator())

    shown = client.post(page("add"), form())

    row = ApiToken.objects.get()
    secret = shown.context["secret"]
    assert shown.status_code == 200
    assert secret in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert row.hash == service.hash_of(secret)
    assert (row.name, row.scopes, row.per_minute) == (
        "Belt and Road platform",
        ["bulk", "read"],
        900,
    )
    for address in (page("change", row.pk), page("changelist"), page("history", row.pk)):
        text = client.get(address).content.decode()
        assert secret not in text
        assert row.hash not in text
    assert AuditEntry.objects.filter(act__startswith="program token").count() == 1


def test_a_form_that_cannot_be_taken_comes_back():
    client = accounts.signed_in(accounts.system_administrator())
    late = timezone.localdate() + dt.timedelta(days=1000)

    shown = client.post(page("add"), form(expires_on=late.isoformat()))
    empty = client.post(page("add"), form(scopes=[]))

    assert "within two years" in shown.content.decode()
    assert empty.context["errors"]
    assert not ApiToken.objects.exists()


def test_an_administrator_revokes_a_token_on_its_page():
    client = accounts.signed_in(accounts.system_administrator())
    row, secret = tokens.issued()

    client.post(page("step", row.pk, "revoke"), {"reason": "It got out."})

    row.refresh_from_db()
    assert row.status == "revoked"
    assert get("/", Authorization=f"Bearer {secret}").status_code == 401
    entry = AuditEntry.objects.get(act="program token.revoke")
    assert (entry.before, entry.after, entry.reason) == ("active", "revoked", "It got out.")
