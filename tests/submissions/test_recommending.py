"""The recommending unit: named, asked by a link, answering without an account."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from submissions import recommending
from submissions.models import Recommendation
from submissions.recommending import RECOMMENDATIONS
from submissions.states import RecommendationStatus, Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db

UNIT = {"unit": "Bureau of Ecology of X", "address": "bureau@example.org", "language": "en"}
ANSWER = {"answer": "recommend", "opinion": "True and complete.", "signatory": "Y. Z., director"}


def draft(**more):
    return build.draft(activity=build.open_activity(recommended=True, **more))


def owner(one):
    return accounts.owner_of(one.organisation)


def named(one, **more):
    return recommending.name_unit(one.pk, actor=owner(one), **{**UNIT, **more})


@pytest.fixture
def filed():
    one = draft()
    named(one)
    perform("submit", one.pk, actor=owner(one))
    one.refresh_from_db()
    return one


def link():
    """Return the address in the mail to the unit."""
    body = StoredMail.objects.get(template="recommendation_asked").body
    (url,) = re.findall(rf"{settings.PORTAL_ORIGIN}(\S*/recommendations/\S+)", body)
    return url


def test_where_a_recommendation_is_asked_for_nothing_is_submitted_without_a_unit():
    one = draft()

    with pytest.raises(DomainError, match="Name the recommending unit"):
        perform("submit", one.pk, actor=owner(one))

    one.refresh_from_db()
    assert one.status == Status.DRAFT


def test_elsewhere_nobody_is_asked():
    one = build.draft()

    with pytest.raises(DomainError, match="asks for no recommendation"):
        named(one)
    perform("submit", one.pk, actor=owner(one))
    perform("begin_check", one.pk, actor=accounts.officer())

    assert not Recommendation.objects.exists()
    client = accounts.signed_in(owner(one))
    assert client.get(reverse("submissions:declaration-unit", args=[one.pk])).status_code == 404


def test_the_applicant_names_the_unit_on_its_page_and_may_change_it():
    one = draft()
    client = accounts.signed_in(owner(one))
    page, check = (
        reverse(f"submissions:declaration-{name}", args=[one.pk]) for name in ("unit", "check")
    )

    assert page in text(client.get(check))
    wrong = client.post(page, {**UNIT, "address": "nonsense"})
    client.post(page, UNIT)
    client.post(page, {**UNIT, "unit": "Another bureau"})

    assert UNIT["unit"] in text(wrong)
    row = Recommendation.objects.get()
    assert (row.unit, row.address, row.status) == (
        "Another bureau", UNIT["address"], RecommendationStatus.NAMED,
    )  # fmt: skip
    assert "Another bureau" in text(client.get(check))
    assert not StoredMail.objects.filter(template="recommendation_asked").exists()
    details = AuditEntry.objects.filter(act="declaration.unit_named").latest("pk").details
    assert details == {"unit": "Another bureau"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": f"{'a' * 60}@{'x' * 60}.{'y' * 60}.{'z' * 60}.{'w' * 20}.cn"}, "at most 254"),
        ({"unit": "Cheap loans at www.example.org"}, "A name contains no web address."),
    ],
)
def test_what_no_mail_could_carry_is_refused_at_its_place(wrong, said):
    one = draft()
    page = reverse("submissions:declaration-unit", args=[one.pk])

    answer = accounts.signed_in(owner(one)).post(page, {**UNIT, **wrong})

    (place,) = wrong
    assert said in str(answer.context["form"].errors[place])
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer"])
def test_nobody_else_names_it(who):
    one = draft()
    person = {
        "viewer": lambda: accounts.member(Level.VIEW, one.organisation),
        "stranger": accounts.user,
        "officer": accounts.officer,
    }[who]()

    with pytest.raises(PermissionDenied):
        recommending.name_unit(one.pk, actor=person, **UNIT)


def test_the_unit_is_asked_with_the_first_version_by_a_link_of_its_own(filed):
    mail = StoredMail.objects.get(template="recommendation_asked")
    row = Recommendation.objects.get()

    assert (mail.recipient, mail.language, mail.secret) == (UNIT["address"], "en", True)
    assert (row.status, row.version) == (RecommendationStatus.ASKED, filed.version)
    token = link().rstrip("/").rpartition("/")[2]
    assert token not in (row.token_hash, str(row.pk))
    assert not AuditEntry.objects.filter(record__contains=token).exists()


def test_who_holds_the_link_reads_the_version_and_answers_once(filed):
    unit, url = Client(), link()

    page = unit.get(url)
    assert filed.title in text(page)
    assert "Treats leachate with a membrane bioreactor." in text(page)
    refused = unit.post(url, {**ANSWER, "opinion": ""})
    assert ANSWER["signatory"] in text(refused)
    unit.post(url, ANSWER)
    later = unit.post(url, {**ANSWER, "answer": "decline"})

    row = Recommendation.objects.get()
    assert (row.status, row.opinion, row.signatory) == (
        RecommendationStatus.RECOMMENDED, ANSWER["opinion"], ANSWER["signatory"],
    )  # fmt: skip
    assert row.answered_at
    assert "Treats leachate" not in text(later)
    assert "no-store" in page["Cache-Control"]


def test_a_unit_may_say_no_and_officers_read_it(filed):
    officer = accounts.officer()
    Client().post(link(), {**ANSWER, "answer": "decline", "opinion": "Figures are not ours."})
    row = Recommendation.objects.get()

    desk = accounts.signed_in(officer)
    page = desk.get(reverse("admin:submissions_recommendation_change", args=[row.pk]))
    declaration = desk.get(reverse("admin:submissions_declaration_change", args=[filed.pk]))

    assert row.status == RecommendationStatus.NOT_RECOMMENDED
    assert "Figures are not ours." in text(page)
    assert UNIT["unit"] in text(declaration)
    perform("begin_check", filed.pk, actor=officer)


@pytest.mark.parametrize("token", ["x", "0" * 64, "../admin"])
def test_another_link_leads_nowhere(filed, token):
    for one in (token, Recommendation.objects.get().token_hash):
        assert Client().get(f"/en/recommendations/{one}/").status_code == 404


def test_a_withdrawn_declaration_is_no_longer_read(filed):
    url = link()
    perform("withdraw", filed.pk, actor=owner(filed), reason="x")

    assert Client().get(url).status_code == 404
    assert Client().post(url, ANSWER).status_code == 404


def test_the_check_waits_for_the_answer(filed):
    officer = accounts.officer()

    with pytest.raises(DomainError, match="has not answered yet"):
        perform("begin_check", filed.pk, actor=officer)
    Client().post(link(), ANSWER)
    perform("begin_check", filed.pk, actor=officer)

    filed.refresh_from_db()
    assert filed.status == Status.IN_CHECK


def test_an_officer_waives_it_with_a_reason(filed):
    officer = accounts.officer()
    row = Recommendation.objects.get()
    step = reverse("admin:submissions_recommendation_step", args=[row.pk, "waive"])
    url = link()

    with pytest.raises(DomainError, match="reason"):
        RECOMMENDATIONS.perform("waive", row.pk, actor=officer)
    accounts.signed_in(officer).post(step, {"reason": "The unit was dissolved."})
    perform("begin_check", filed.pk, actor=officer)

    row.refresh_from_db()
    assert row.status == RecommendationStatus.WAIVED
    assert AuditEntry.objects.get(act="recommendation.waive").reason == "The unit was dissolved."
    assert "Treats leachate" not in text(Client().get(url))
    with pytest.raises(TransitionError):
        RECOMMENDATIONS.perform(
            "recommend", row.pk, actor=None, opinion="Late.", signatory="Somebody"
        )


def test_an_officer_of_the_applicants_house_neither_reads_nor_waives(filed):
    inside = accounts.officer()
    add_member(filed.organisation.pk, inside, Level.VIEW, actor=None)
    row = Recommendation.objects.get()

    with pytest.raises(PermissionDenied):
        RECOMMENDATIONS.perform("waive", row.pk, actor=inside, reason="x")
    desk = accounts.signed_in(inside).get(reverse("admin:submissions_recommendation_changelist"))
    assert list(desk.context["cl"].result_list) == []


def test_a_correction_asks_nobody_again(filed):
    officer = accounts.officer()
    Client().post(link(), ANSWER)
    for step in ("begin_check", "return"):
        build.take(filed, step, officer)

    perform("submit", filed.pk, actor=owner(filed))
    perform("begin_check", filed.pk, actor=officer)

    row = Recommendation.objects.get()
    assert (row.version.number, filed.versions.count()) == (1, 2)
    assert StoredMail.objects.filter(template="recommendation_asked").count() == 1


def test_under_seal_the_opinion_is_sealed_too():
    one = draft(sealed=True)
    named(one)
    perform("submit", one.pk, actor=owner(one))
    Client().post(link(), {**ANSWER, "opinion": "A membrane that nobody else has."})
    row, officer = Recommendation.objects.get(), accounts.officer()

    assert not Recommendation.objects.visible_to(officer).exists()
    assert Recommendation.objects.visible_to(owner(one)).get() == row
