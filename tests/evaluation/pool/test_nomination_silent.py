"""Whoever an organisation names, it learns nothing of them: who is not asked looks as if asked."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import erasure, personal
from core.clock import database_now
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from evaluation.conflicts.finding import conflicts
from evaluation.models import Connection, Nomination, Tie
from evaluation.pool import nominating, putting_forward
from evaluation.pool.nominating import NOMINATIONS
from evaluation.pool.workflow import EXPERTS
from tests.builders import accounts, clock, submissions
from tests.builders import evaluation as build
from tests.reading import text, texts

pytestmark = pytest.mark.django_db
NOMINATED = (
    "Nominated. The person is asked by mail, unless in the pool already, an applicant or asked "
    "before."
)
GIVEN = {"name": "Ann Lee", "address": "ann@example.org", "language": "en"}
DAY = dt.timedelta(days=1)
# Keys and tokens: no two rows, forms or sessions have the same.
CHANGING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=value=\")\w{64}(?=\")")


def a_house(**given):
    return accounts.verified(accounts.organisation(**given))


def page(house):
    return reverse("evaluation:put-forward", args=[house.pk])


def in_the_pool():
    return build.expert().user.email


def has_applied():
    return build.applicant().user.email


def asked_by_an_officer():
    return build.nominated()[0].address


def asked_by_another_organisation():
    return build.put_forward(a_house())[0].address


def declined_elsewhere():
    made, token = build.nominated()
    nominating.decline(token)
    return made.address


KNOWN = [
    (in_the_pool, "known"),
    (has_applied, "known"),
    (asked_by_an_officer, "asked"),
    (asked_by_another_organisation, "asked"),
    (declined_elsewhere, "declined"),
]
every_known = pytest.mark.parametrize(("whom", "why"), KNOWN)


def mails():
    return StoredMail.objects.count()


def read_of(answer, house, address):
    """Return the page as it was sent, without what differs from one house to another."""
    names = {
        address: "ADDRESS",
        accounts.owner_of(house).name: "OWNER",
        accounts.owner_of(house).email: "OWNER'S",
    }
    found = CHANGING.sub("-", text(answer))
    for name, put in names.items():
        found = found.replace(name, put)
    return found


def life(whom):
    """Nominate somebody, never answered; return all the organisation reads of it, day by day."""
    begun = dt.datetime(2027, 5, 20, 4, tzinfo=dt.UTC)
    clock.stop(begun)
    address, house = whom(), a_house(name_en="River Works AS")
    given = {**GIVEN, "address": address}
    client = accounts.signed_in(accounts.owner_of(house))
    answers = [client.post(page(house), given, follow=True)]
    answers += [client.get(page(house)), client.post(page(house), given)]
    for days in (29, 31, 62):
        clock.stop(begun + days * DAY)
        client = accounts.signed_in(accounts.owner_of(house))
        answers.append(client.get(page(house)))
        nominating.expire_due()
        nominating.forget()
        answers.append(client.get(page(house)))
    assert putting_forward.left(house, database_now()) == 19
    return [(one.status_code, read_of(one, house, address)) for one in answers]


@every_known
def test_all_the_organisation_ever_reads_is_what_it_reads_of_a_stranger(whom, why):
    of_a_stranger = life(lambda: "stranger@example.org")

    of_the_known = life(whom)

    assert of_the_known == of_a_stranger
    found = [page for _status, page in of_the_known]
    assert NOMINATED in found[0]
    assert "Not answered yet (until 19 June 2027)" in found[1]
    assert "You can nominate 19 more people this year." in found[1]
    assert "Your organisation has nominated this person already." in found[2]
    assert "Not answered in time" in found[5]
    assert "erased" in found[-1]


@every_known
def test_who_is_known_is_written_down_and_gets_no_mail(whom, why):
    address = whom()
    house = a_house()
    client = accounts.signed_in(accounts.owner_of(house))
    before, asked = mails(), Nomination.objects.filter(unasked="").count()

    answer = client.post(page(house), {**GIVEN, "address": address.upper()})

    made = putting_forward.of(house).get()
    assert (answer.status_code, answer["Location"]) == (302, page(house))
    assert (mails() - before, Nomination.objects.filter(unasked="").count()) == (0, asked)
    assert (made.address, made.status, made.unasked, made.expert) == (
        address,
        "invited",
        why,
        None,
    )
    assert putting_forward.left(house, database_now()) == 19
    entry = AuditEntry.objects.get(act="nomination.made", subject_id=str(made.pk))
    assert (entry.actor, entry.details) == (accounts.owner_of(house), {})


def test_what_is_erased_of_it_leaves_the_mail_of_who_was_asked():
    asked, token = build.nominated()
    silent, _none = build.put_forward(a_house(), asked.address)
    NOMINATIONS.perform("withdraw", silent.pk, actor=accounts.officer())

    clock.stop(database_now() + 31 * DAY)
    nominating.forget()

    silent.refresh_from_db()
    assert (silent.name, silent.address, silent.forgotten_at is None) == ("", "", False)
    assert token in StoredMail.objects.get(recipient=asked.address).body


def test_a_stranger_gets_one_mail():
    house = a_house()
    before = mails()

    made, token = build.put_forward(house)

    assert (mails() - before, made.unasked) == (1, "")
    assert nominating.found(token) == made


@every_known
def test_it_is_withdrawn_as_any_and_counts_as_any(whom, why):
    house = a_house()
    made, _token = build.put_forward(house, whom())
    client = accounts.signed_in(accounts.owner_of(house))
    before = mails()

    keys = [house.pk, made.pk]
    answer = client.post(reverse("evaluation:put-forward-withdraw", args=keys), follow=True)

    assert "Withdrawn." in text(answer)
    assert "Withdrawn" in texts(answer, "td")
    assert (mails(), putting_forward.left(house, database_now())) == (before, 19)


def test_of_what_it_knows_itself_the_organisation_is_told():
    house, officer = a_house(), accounts.officer()
    made, token = build.put_forward(house)
    expert = build.consent(token)

    with pytest.raises(DomainError, match="Your organisation has nominated this person already"):
        build.put_forward(house, made.address)
    EXPERTS.perform("enrol", expert.pk, actor=officer)
    with pytest.raises(DomainError, match="Your organisation has nominated this person already"):
        build.put_forward(house, made.address)
    # What comes after the approval is not its concern.
    EXPERTS.perform("leave", expert.pk, actor=expert.user)
    with pytest.raises(DomainError, match="Your organisation has nominated this person already"):
        build.put_forward(house, made.address)
    assert Nomination.objects.count() == 1


def test_after_a_refusal_the_person_can_be_named_again():
    house, officer = a_house(), accounts.officer()
    made, token = build.put_forward(house)
    expert = build.consent(token)
    EXPERTS.perform("refuse", expert.pk, actor=officer, reason="Too early.")

    again, _token = build.put_forward(house, made.address)

    assert (again.unasked, again.status) == ("", "invited")


def test_without_a_consent_of_its_own_there_is_no_connection():
    first, second = a_house(), a_house()
    made, token = build.put_forward(first)
    silent, _none = build.put_forward(second, made.address)
    expert = build.consent(token)
    EXPERTS.perform("enrol", expert.pk, actor=accounts.officer())

    silent.refresh_from_db()
    assert (silent.status, silent.expert, silent.outcome) == ("invited", None, "")
    assert Connection.objects.get().organisation == first
    ties = Tie.objects.filter(user_id=expert.pk).values_list("organisation_id", flat=True)
    assert list(ties) == [first.pk]
    assert conflicts(expert, submissions.draft(organisation=second)) == []


def test_it_stands_in_the_way_of_no_officer_and_of_no_mail():
    house = a_house()
    expert = build.applicant()
    address = expert.user.email
    build.put_forward(house, address)
    EXPERTS.perform("refuse", expert.pk, actor=accounts.officer(), reason="Too early.")

    made, token = build.nominated(address)

    assert (made.unasked, made.status) == ("", "invited")
    assert build.consent(token, user=expert.user) == expert


def test_an_officer_reads_that_nobody_was_asked_and_sends_no_mail():
    house = a_house()
    made, _token = build.put_forward(house, in_the_pool())
    officer = accounts.officer()
    client = accounts.signed_in(officer)
    before = mails()

    listed = client.get(reverse("admin:evaluation_nomination_changelist"))
    opened = client.get(reverse("admin:evaluation_nomination_change", args=[made.pk]))
    clock.stop(database_now() + DAY)
    with pytest.raises(DomainError, match="was not asked"):
        NOMINATIONS.perform("resend", made.pk, actor=officer)

    said = "in the pool already, or has applied: not asked"
    assert said in texts(listed, "td")
    assert said in text(opened)
    assert mails() == before


def test_the_person_reads_who_named_them_and_takes_it_along_when_they_go():
    house = a_house(name_en="River Works AS")
    expert = build.expert()
    made, _token = build.put_forward(house, expert.user.email)

    (held,) = personal.export(expert.user)["expert_nominations"]
    erasure.erase(expert.pk, actor=expert.user)

    assert (held["unit"], held["unasked"], held["outcome"]) == ("River Works AS", "known", "")
    made.refresh_from_db()
    assert (made.status, made.name, made.address) == ("withdrawn", "", "")


@pytest.mark.parametrize("status", ["consented", "declined"])
def test_the_database_lets_nobody_answer_what_was_not_asked(status):
    expert = build.expert()
    made, _token = build.put_forward(a_house(), expert.user.email)

    with pytest.raises(IntegrityError, match="nomination_unasked"), transaction.atomic():
        Nomination.objects.filter(pk=made.pk).update(status=status, expert=expert)


@pytest.mark.parametrize("why", ["", "asked"])
def test_the_database_keeps_why_nobody_was_asked(why):
    made, _token = build.put_forward(a_house(), in_the_pool())

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Nomination.objects.filter(pk=made.pk).update(unasked=why)
