"""A service may refuse what an officer saves: the page comes back with everything typed."""

import datetime as dt
import html
import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts import services as account_services
from accounts.admin.organisations import OrganisationAdmin
from accounts.models import Organisation, RoleGrant
from accounts.roles import Role
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.models import ActivityCriteria, Employment, Nomination
from submissions import services as submission_services
from submissions.models import Activity, RuleSet
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, evaluation, submissions
from tests.builders.core import at_once
from tests.reading import text

SOMEBODY = "Somebody saved this while the page was open."
NO_LONGER = "This can no longer be changed. Nothing was saved."


def page_of(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def seen(client, page):
    """Return what the page was drawn with, as its form sends it back."""
    (value,) = re.findall(r'name="seen" value="([^"]*)"', client.get(page).content.decode())
    return html.unescape(value)


def errors(answer):
    return {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}


def organisation_form(**changes):
    return {
        "name_en": "Typed name",
        "name_zh": "",
        "country": "NO",
        "registration_number": "",
        "kind": "institute",
        "website": "https://typed.example.org/",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
        **changes,
    }


def activity_form(activity, **changes):
    closes_at = timezone.localtime(activity.closes_at)
    opens_at = timezone.localtime(activity.opens_at)
    return {
        "code": activity.code,
        "scheme": activity.scheme_id,
        "rule_set": activity.rule_set_id or RuleSet.objects.latest("pk").pk,
        "fields": ["AIR", "WAT"],
        "opens_at_0": opens_at.strftime("%Y-%m-%d"),
        "opens_at_1": opens_at.strftime("%H:%M:%S"),
        "closes_at_0": closes_at.strftime("%Y-%m-%d"),
        "closes_at_1": closes_at.strftime("%H:%M:%S"),
        "publicity_days": "0",
        "grace_minutes": "0",
        "contact": "typed@example.org",
        "title_en": "Typed title",
        "title_zh_hans": "",
        "notice_en": "A long notice\n\nthat took an hour.",
        "notice_zh_hans": "",
        **changes,
    }


@pytest.fixture
def client():
    return accounts.signed_in(accounts.officer())


@pytest.fixture
def administrator():
    return accounts.signed_in(accounts.system_administrator())


# What the service refuses ------------------------------------------------------------------


@pytest.mark.django_db
def test_a_person_nominated_already_comes_back_as_typed(client):
    evaluation.nominated(address="peer@example.org")
    acts = AuditEntry.objects.count()
    typed = {
        "name": "Typed name",
        "address": "peer@example.org",
        "language": "en",
        "organisation": "",
        "unit": "Typed unit",
    }

    answer = client.post(reverse("admin:evaluation_nomination_add"), typed)

    assert list(errors(answer)) == ["address"]
    assert answer.status_code == 200
    assert 'value="Typed name"' in text(answer)
    assert 'value="Typed unit"' in text(answer)
    assert list(answer.context["messages"]) == []
    assert (Nomination.objects.count(), AuditEntry.objects.count()) == (1, acts)


@pytest.mark.django_db
def test_an_employment_written_down_already_comes_back_as_typed(client):
    expert = evaluation.expert(employer_name="An Institute")
    typed = {
        "expert": str(expert.pk),
        "kind": "employed",
        "name": "an institute",
        "organisation": "",
        "since": "2020-01",
        "until": "",
    }

    answer = client.post(reverse("admin:evaluation_employment_add"), typed)

    assert errors(answer) == {"name": ["This is written down already."]}
    assert 'value="an institute"' in text(answer)
    assert Employment.objects.filter(expert=expert).count() == 1


class Refusing(OrganisationAdmin):
    """A page whose service writes and then thinks better of it."""

    refusal = DomainError("Not today.", field="website")

    def save_model(self, *args):
        super().save_model(*args)
        raise self.refusal


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "place"), [("website", "website"), (None, "__all__"), ("weather", "__all__")]
)
def test_a_refusal_stands_at_its_field_and_nothing_is_stored(rf, field, place, monkeypatch):
    stored = accounts.organisation(name_en="Before")
    request = rf.post(page_of(stored), organisation_form())
    request.user, request._dont_enforce_csrf_checks = accounts.officer(), True
    monkeypatch.setattr(Refusing, "refusal", DomainError("Not today.", field=field))

    answer = Refusing(Organisation, admin.site).changeform_view(request, str(stored.pk))

    form = answer.context_data["adminform"].form
    assert form.errors == {place: ["Not today."]}
    assert {name: form[name].value() for name in ("name_en", "kind", "website")} == {
        "name_en": "Typed name",
        "kind": "institute",
        "website": "https://typed.example.org/",
    }
    assert Organisation.objects.get(pk=stored.pk).name_en == "Before"
    assert not AuditEntry.objects.filter(act="organisation.edited").exists()


@pytest.mark.django_db
def test_the_second_administrator_takes_no_role_away_unseen(administrator):
    person = accounts.user()
    page = page_of(person)
    before = seen(administrator, page)
    account_services.grant_role(person, Role.AUDITOR, actor=None)

    answer = administrator.post(
        page, {"roles_now": [Role.EXPERT], "is_active": "on", "reason": "typed", "seen": before}
    )

    assert errors(answer) == {
        "__all__": [f"{SOMEBODY} Compare, and save again what shall stand."],
        "roles_now": ["Stored meanwhile: auditor"],
    }
    assert ">typed</textarea>" in text(answer).replace(">\ntyped", ">typed")
    roles = RoleGrant.objects.filter(user=person, revoked_at=None).values_list("role", flat=True)
    assert list(roles) == [Role.AUDITOR]


# What came too late ------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_activity_closed_meanwhile_comes_back_as_typed(client):
    activity = submissions.open_activity()
    form = activity_form(activity, seen=seen(client, page_of(activity)))
    submissions.closed(activity)

    answer = client.post(page_of(activity), form)

    assert answer.status_code == 200
    assert errors(answer) == {"__all__": [NO_LONGER]}
    assert "that took an hour." in text(answer)
    assert 'value="typed@example.org"' in text(answer)
    assert Activity.objects.get().titles["en"] != "Typed title"
    assert not AuditEntry.objects.filter(act="activity.changed").exists()


@pytest.mark.django_db
def test_criteria_fixed_meanwhile_come_back_as_typed(client):
    activity = submissions.prepared_activity(experts_wanted=3)
    chosen = ActivityCriteria.objects.get(activity=activity)
    ACTIVITIES.perform("open", activity.pk, actor=accounts.officer())

    answer = client.post(
        page_of(chosen), {"criteria_set": chosen.criteria_set_id, "experts_wanted": "5"}
    )

    assert errors(answer) == {"__all__": [NO_LONGER]}
    assert 'value="5"' in text(answer)
    chosen.refresh_from_db()
    assert chosen.experts_wanted == 3


# Two officers on one page ------------------------------------------------------------------


@pytest.mark.django_db
def test_the_second_officer_does_not_overwrite_an_organisation_unseen(client):
    one = accounts.organisation(name_en="Before")
    before = seen(client, page_of(one))
    account_services.edit_organisation(
        one.pk, actor=accounts.officer(), website="https://first.example.org/", name_zh="先"
    )

    answer = client.post(page_of(one), organisation_form(name_zh="先", seen=before))

    assert errors(answer) == {
        "__all__": [f"{SOMEBODY} Compare, and save again what shall stand."],
        "website": ["Stored meanwhile: https://first.example.org/"],
    }
    assert 'value="https://typed.example.org/"' in text(answer)
    one.refresh_from_db()
    assert (one.name_en, one.website) == ("Before", "https://first.example.org/")

    (again,) = re.findall(r'name="seen" value="([^"]*)"', answer.content.decode())
    saved = client.post(page_of(one), organisation_form(seen=html.unescape(again)))

    one.refresh_from_db()
    assert saved.status_code == 302
    assert (one.name_en, one.website) == ("Typed name", "https://typed.example.org/")


@pytest.mark.django_db
def test_what_the_first_officer_left_alone_is_saved_at_once(client):
    one = accounts.organisation()
    before = seen(client, page_of(one))

    assert client.post(page_of(one), organisation_form(seen=before)).status_code == 302
    one.refresh_from_db()
    assert one.name_en == "Typed name"


@pytest.mark.django_db
def test_what_one_did_not_touch_stays_as_the_other_stored_it(client):
    organisation = accounts.organisation(name_en="Before")
    page = page_of(organisation)
    drawn = seen(client, page)
    mine = organisation_form(name_en="Before", kind=organisation.kind)
    officer = accounts.officer()
    account_services.edit_organisation(organisation.pk, actor=officer, name_en="Theirs")

    answer = client.post(page, {**mine, "seen": drawn})

    assert answer.status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name_en, organisation.website) == ("Theirs", "https://typed.example.org/")


@pytest.mark.django_db
def test_the_second_officer_does_not_overwrite_an_activity_unseen(client):
    activity = submissions.prepared_activity()
    before = seen(client, page_of(activity))
    submission_services.edit_activity(
        activity.pk,
        actor=accounts.officer(),
        titles={"en": "First title"},
        field_codes=["WAT"],
        closes_at=activity.closes_at + dt.timedelta(days=1),
    )

    answer = client.post(page_of(activity), activity_form(activity, seen=before))

    told = errors(answer)
    # The end was not touched on this page: it follows what is stored.
    assert set(told) == {"__all__", "title_en", "fields"}
    assert told["title_en"] == ["Stored meanwhile: First title"]
    assert told["fields"] == ["Stored meanwhile: Water pollution prevention and control"]
    assert "that took an hour." in text(answer)
    assert Activity.objects.get().titles == {"en": "First title"}


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["", "no JSON", "[]", '{"weather": "x"}'])
def test_a_form_that_does_not_say_what_it_was_drawn_with_breaks_nothing(client, broken):
    one = accounts.organisation()

    answer = client.post(page_of(one), organisation_form(seen=broken))

    one.refresh_from_db()
    assert (answer.status_code, one.name_en) == (302, "Typed name")


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_save_at_once_one_is_told():
    one = accounts.organisation(name_en="Before")
    clients = [accounts.signed_in(accounts.officer()) for _n in range(2)]
    drawn = [seen(client, page_of(one)) for client in clients]

    answers = at_once(
        *(
            lambda client=client, before=before, name=name: client.post(
                page_of(one), organisation_form(name_en=name, seen=before)
            )
            for client, before, name in zip(clients, drawn, ("One", "Two"), strict=True)
        )
    )

    one.refresh_from_db()
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (told,) = [answer for answer in answers if answer.status_code == 200]
    (name_en,) = errors(told)["name_en"]
    assert name_en == f"Stored meanwhile: {one.name_en}"
    assert AuditEntry.objects.filter(act="organisation.edited").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_add_the_same_activity_at_once_one_is_told():
    scheme = submissions.scheme()
    clients = [accounts.signed_in(accounts.officer()) for _n in range(2)]
    now = timezone.now()
    form = activity_form(
        Activity(code="TP-2027", scheme=scheme, opens_at=now, closes_at=now + dt.timedelta(days=30))
    )
    add = reverse("admin:submissions_activity_add")

    answers = at_once(*(lambda client=client: client.post(add, form) for client in clients))

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (told,) = [answer for answer in answers if answer.status_code == 200]
    assert "code" in errors(told)
    assert "that took an hour." in text(told)
    assert Activity.objects.count() == 1
