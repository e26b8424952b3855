"""The profile of an organisation: filled in once, filed with each declaration, public in part."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Organisation
from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError
from core.models import AuditEntry
from submissions import profiles
from submissions.choices import Choices
from submissions.findings import to_put_right
from submissions.models import Profile
from submissions.profile_saving import save_section
from submissions.working_copy import StaleRevision
from tests.builders import accounts, catalog
from tests.builders import profiles as build_profile
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db

SERVICE = {"response_hours": "24"}


@pytest.fixture
def organisation():
    return accounts.organisation()


def save(organisation, section="service", values=None, *, revision=0, actor=None):
    return save_section(
        organisation.pk,
        section,
        SERVICE if values is None else values,
        actor=actor or accounts.owner_of(organisation),
        revision=revision,
    )


def member(organisation, level):
    person = accounts.user()
    add_member(organisation.pk, person, level, actor=None)
    return person


# Saving -----------------------------------------------------------------------------------


def test_section_is_saved_and_recorded_without_its_words(organisation):
    saved = save(organisation)

    assert (saved.content, saved.revision) == ({"service": SERVICE}, 1)
    act = AuditEntry.objects.get(act="organisation.profile_saved")
    assert (act.subject_id, act.details) == (str(organisation.pk), {"section": "service"})


def test_same_text_again_is_no_save(organisation):
    save(organisation)

    assert save(organisation).revision == 1
    assert AuditEntry.objects.filter(act="organisation.profile_saved").count() == 1


def test_who_began_before_somebody_saved_is_told(organisation):
    save(organisation)

    with pytest.raises(StaleRevision) as stale:
        save(organisation, values={"response_hours": "48"})

    assert stale.value.stored.content == {"service": SERVICE}
    assert profiles.of(organisation.pk).content == {"service": SERVICE}


def test_two_people_write_two_sections(organisation):
    save(organisation)

    save(organisation, "capacity", {"staff": 12})

    assert profiles.of(organisation.pk).content == {"service": SERVICE, "capacity": {"staff": 12}}


@pytest.mark.parametrize(
    ("section", "values", "field"),
    [
        ("capacity", {"staff": "many"}, "staff"),
        ("capacity", {"colour": "red"}, "colour"),
        ("presence", {"languages": ["xx"]}, "languages"),
        ("weather", {}, None),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_stored(organisation, section, values, field):
    with pytest.raises(DomainError) as refusal:
        save(organisation, section, values)

    assert refusal.value.field == field
    assert not Profile.objects.filter(revision__gt=0).exists()


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer"])
def test_who_may_not_edit_writes_nothing(organisation, who):
    person = {
        "viewer": lambda: member(organisation, Level.VIEW),
        "stranger": accounts.user,
        "officer": accounts.officer,
    }[who]()

    with pytest.raises(PermissionDenied):
        save(organisation, actor=person)

    assert not Profile.objects.exists()


# Filing -----------------------------------------------------------------------------------


def declared(organisation, code):
    activity = build.open_activity(scheme=build.scheme(code))
    return build.draft(activity=activity, organisation=organisation, document={})


def found(declaration):
    at = declaration.created_at
    return to_put_right(declaration, at, Choices(declaration.activity, declaration))


def of_profile(findings):
    return [(one.section, one.field) for one in findings if one.section.startswith("profile.")]


def test_missing_fields_of_the_profile_are_to_be_put_right(organisation):
    declaration = declared(organisation, "default")

    assert of_profile(found(declaration)) == [
        *(("profile.capacity", key) for key in ("founded", "capital", "capital_currency")),
        *(("profile.capacity", key) for key in ("staff", "research_staff")),
        *(("profile.service", key) for key in ("response_hours", "after_sales", "spare_parts")),
        *(("profile.service", key) for key in ("training", "maintenance")),
    ]
    assert found(declaration)[0].message == (
        "Profile of the organisation: Year of foundation: please fill this in."
    )


def test_full_profile_leaves_nothing_of_it_to_put_right(organisation):
    build_profile.profile(organisation)

    assert of_profile(found(declared(organisation, "default"))) == []


def test_scheme_that_takes_the_profile_as_it_is_asks_for_none_of_it(organisation):
    assert of_profile(found(declared(organisation, "demo"))) == []


def test_profile_is_filed_as_it_is_on_that_day(organisation):
    build_profile.profile(organisation)
    filed = build.declaration("submitted", organisation=organisation).version

    save(organisation, "service", {"response_hours": "1"}, revision=9)

    told = filed.content["organisation"]["profile"]
    assert told["sections"] == build_profile.content()
    assert (told["scheme"]["code"], told["scheme"]["version"]) == ("profile", 1)
    assert len(told["scheme"]["hash"]) == 64


def test_empty_profile_is_not_filed(organisation):
    filed = build.declaration("submitted", organisation=organisation).version

    assert "profile" not in filed.content["organisation"]


def test_second_version_of_the_scheme_files_no_profile(organisation):
    build_profile.profile(organisation)
    activity = build.open_activity(scheme=build.scheme("demo", version=2))
    document = build.content()
    filed = build.declaration(
        "submitted", organisation=organisation, activity=activity, document=document
    ).version

    assert "profile" not in filed.content["organisation"]


# Pages ------------------------------------------------------------------------------------


def page(organisation, section=""):
    if section:
        return reverse("submissions:profile-section", args=[organisation.pk, section])
    return reverse("submissions:profile", args=[organisation.pk])


def owner_client(organisation):
    return accounts.signed_in(accounts.owner_of(organisation))


def text(response):
    return response.content.decode()


def test_member_with_view_reads_and_is_offered_no_change(organisation):
    build_profile.profile(organisation)
    client = accounts.signed_in(member(organisation, Level.VIEW))

    shown = client.get(page(organisation))

    assert "Two engineers in Almaty." in text(shown)
    assert page(organisation, "service") not in text(shown)
    assert client.get(page(organisation, "service")).status_code == 404


@pytest.mark.parametrize("section", ["", "service"])
@pytest.mark.parametrize("who", [accounts.user, accounts.officer])
def test_profile_of_others_does_not_exist(organisation, section, who):
    assert accounts.signed_in(who()).get(page(organisation, section)).status_code == 404


def test_section_that_does_not_exist(organisation):
    assert owner_client(organisation).get(page(organisation, "weather")).status_code == 404


def test_what_is_typed_is_saved(organisation):
    data = {"action": "save", "begun": "", "service-response_hours": "1 234,5"}

    answer = owner_client(organisation).post(page(organisation, "service"), data)

    assert answer.url == page(organisation)
    assert profiles.of(organisation.pk).content == {"service": {"response_hours": "1234.5"}}


def test_value_that_cannot_be_read_comes_back_with_the_rest(organisation):
    data = {
        "action": "save",
        "service-response_hours": "soon",
        "service-training": "Two weeks.",
    }

    shown = owner_client(organisation).post(page(organisation, "service"), data)

    assert 'value="soon"' in text(shown)
    assert "Two weeks." in text(shown)
    assert "Write a number" in text(shown)
    assert not Profile.objects.exists()


def test_stale_save_shows_both_texts_and_the_second_press_decides(organisation):
    client = owner_client(organisation)
    begun = client.get(page(organisation, "service")).context["begun"]
    save(organisation, "service", {"training": "What was stored."})
    data = {"action": "save", "begun": begun, "service-training": "What I typed."}

    shown = client.post(page(organisation, "service"), data)

    assert shown.status_code == 409
    assert "What was stored." in text(shown)
    assert "What I typed." in text(shown)
    assert "Somebody saved this meanwhile." in text(shown)
    again = data | {"begun": shown.context["begun"]}
    client.post(page(organisation, "service"), again)
    assert profiles.of(organisation.pk).content == {"service": {"training": "What I typed."}}


def test_fields_nobody_touched_here_stay_as_a_colleague_saved_them(organisation):
    client = owner_client(organisation)
    save(organisation, "service", {"training": "Old.", "spare_parts": "Old."})
    begun = client.get(page(organisation, "service")).context["begun"]
    colleagues = {"training": "Hers.", "spare_parts": "Hers."}
    save(organisation, "service", colleagues, revision=9)
    mine = {"service-training": "Mine.", "service-spare_parts": "Old.", "action": "save"}

    shown = client.post(page(organisation, "service"), mine | {"begun": begun})

    form = shown.context["entry"].form
    on_page = {key: form[key].value() for key in ("training", "spare_parts")}
    assert shown.status_code == 409
    assert on_page == {"training": "Mine.", "spare_parts": "Hers."}
    again = {f"service-{key}": value for key, value in on_page.items()}
    client.post(
        page(organisation, "service"),
        again | {"action": "save", "begun": shown.context["begun"]},
    )
    assert profiles.of(organisation.pk).content["service"] == on_page


def test_two_fields_of_one_section_are_saved_by_two(organisation):
    client = owner_client(organisation)
    begun = client.get(page(organisation, "service")).context["begun"]
    save(organisation, "service", {"spare_parts": "Hers."})
    mine = {"service-training": "Mine.", "action": "save", "begun": begun}

    answer = client.post(page(organisation, "service"), mine)

    assert answer.url == page(organisation)
    assert profiles.of(organisation.pk).content["service"] == {
        "spare_parts": "Hers.",
        "training": "Mine.",
    }


def test_rows_come_and_go_without_a_save(organisation):
    client = owner_client(organisation)
    prefix = "qualifications-certificates"
    data = {
        f"{prefix}-TOTAL_FORMS": "1",
        f"{prefix}-INITIAL_FORMS": "0",
        f"{prefix}-0-name": "A certificate",
        "action": "add:certificates",
    }

    more = client.post(page(organisation, "qualifications"), data)
    less = client.post(
        page(organisation, "qualifications"), data | {"action": "remove:certificates:0"}
    )

    assert f'name="{prefix}-1-name"' in text(more)
    assert "A certificate" in text(more)
    assert "A certificate" not in text(less)
    assert not Profile.objects.exists()


def test_check_page_shows_what_of_the_profile_will_be_filed(organisation):
    build_profile.profile(organisation)
    declaration = declared(organisation, "default")

    shown = owner_client(organisation).get(
        reverse("submissions:declaration-check", args=[declaration.pk])
    )

    assert "Two engineers in Almaty." in text(shown)
    assert page(organisation) in text(shown)


def test_check_page_leads_to_what_is_missing_in_the_profile(organisation):
    declaration = declared(organisation, "default")

    shown = owner_client(organisation).get(
        reverse("submissions:declaration-check", args=[declaration.pk])
    )

    assert f"{page(organisation, 'capacity')}#div_id_capacity-founded" in text(shown)


# The catalogue ----------------------------------------------------------------------------


def test_catalogue_shows_the_public_part_and_no_more(client):
    organisation = accounts.organisation()
    build_profile.profile(organisation)
    technology = catalog.listed_technology(organisation=organisation)

    shown = text(client.get(reverse("catalog:technology-detail", args=[technology.pk])))

    assert technology.content["holder"]["profile"] == {
        "qualifications": [{"kind": "iso14001", "name": "ISO 14001:2015"}],
        "offices": [{"kind": "office", "country": "KZ", "city": "Almaty"}],
        "languages": ["zh", "en"],
        "countries_served": ["KZ"],
        "response_hours": "24",
        "after_sales": "Two engineers in Almaty.",
        "spare_parts": "In stock for five years.",
        "training": "Two weeks on site.",
        "maintenance": "Yearly contracts.",
    }
    assert "Two engineers in Almaty." in shown
    assert "Almaty, Kazakhstan" in shown
    assert "Chinese, English" in shown
    assert "5000000" not in shown
    assert "E-1" not in shown


def test_shipped_profile_scheme_asks_for_what_it_names():
    scheme = profiles.scheme()

    assert scheme.faults(build_profile.content(), Choices().known) == []
    assert scheme.missing(build_profile.content()) == []
    assert Organisation.objects.count() == 0
