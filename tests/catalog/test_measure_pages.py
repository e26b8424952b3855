"""Measures on the officers' desk, and the holder's page of its listing."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts import services
from accounts.roles import Level
from catalog import reminding, renewing
from catalog.measure_states import MeasureKind, MeasureStatus
from catalog.measures import MEASURES
from catalog.models import ListingMeasure, RenewalRequest, Technology
from catalog.states import TechnologyStatus
from core import reminders
from core.models import StoredMail
from tests.builders import accounts, catalog, clock
from tests.reading import text

pytestmark = pytest.mark.django_db


def desk(view, *arguments):
    return reverse(f"admin:catalog_listingmeasure_{view}", args=arguments)


def filled(technology, **changes):
    return {
        "number": technology.number,
        "kind": "revoke",
        "reason": "Because.",
        "statement": "The figures are in doubt.",
        "evidence": "",
        "due_on": (timezone.localdate() + dt.timedelta(days=5)).isoformat(),
        "valid_until": "",
        **changes,
    }


# The desk ----------------------------------------------------------------------------------


def test_an_officer_proposes_on_the_form_and_another_confirms():
    technology = catalog.owned()
    first, second = (accounts.signed_in(accounts.officer()) for _n in range(2))
    beside = text(first.get(reverse("admin:catalog_technology_change", args=[technology.pk])))
    form = f"{desk('add')}?number={technology.number}"
    assert form in beside
    assert technology.number in text(first.get(form))

    answer = first.post(desk("add"), filled(technology))
    measure = ListingMeasure.objects.get()
    assert answer.status_code == 302
    assert (measure.kind, measure.status) == ("revoke", MeasureStatus.PROPOSED)
    page = text(first.get(desk("change", measure.pk)))
    assert "/steps/withdraw/" in page
    assert "/steps/confirm/" not in page  # one's own
    catalog.answer(measure, "They are right.")
    shown = text(second.get(desk("step", measure.pk, "confirm")))
    assert "They are right." in shown
    second.post(desk("step", measure.pk, "confirm"))

    assert Technology.objects.get(pk=technology.pk).status == TechnologyStatus.REVOKED
    assert "confirmed and carried out" in text(second.get(desk("change", measure.pk)))


def test_who_proposed_it_reads_why_the_confirmation_is_not_hers():
    officer = accounts.officer()
    measure = catalog.proposed(actor=officer)
    client = accounts.signed_in(officer)

    asked = client.get(desk("step", measure.pk, "confirm"), follow=True)
    pressed = client.post(desk("step", measure.pk, "confirm"))

    assert "A second officer decides on the measure" in text(asked)
    assert "A second officer decides on the measure" in text(pressed)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"number": "GBR-1"}, "number", "No technology has this number."),
        ({"statement": ""}, "statement", "This field is required."),
        ({"due_on": ""}, "due_on", "Say until which day the holder can answer."),
        ({"kind": "resume"}, "kind", "This is not possible in the present state: listed."),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_nothing_typed_is_lost(change, field, says):
    technology = catalog.owned()
    client = accounts.signed_in(accounts.officer())

    page = client.post(desk("add"), filled(technology, **change))

    assert page.context["adminform"].form.errors[field] == [says]
    assert "Because." in text(page)
    assert not ListingMeasure.objects.exists()


def test_an_officer_with_a_conflict_proposes_nothing_and_finds_no_measure():
    measure = catalog.proposed(catalog.owned(), MeasureKind.WITHDRAW)
    officer = accounts.officer()
    services.add_member(measure.technology.holder_id, officer, Level.VIEW, actor=None)
    client = accounts.signed_in(officer)

    # Nor on a technology that came out of the same activity.
    for technology in (measure.technology, catalog.owned()):
        refused = client.post(desk("add"), filled(technology))
        assert "You may not propose anything here." in text(refused)
    assert ListingMeasure.objects.count() == 1
    assert client.get(desk("change", measure.pk)).status_code == 302
    assert client.post(desk("step", measure.pk, "confirm")).status_code == 404


def test_the_desk_shows_that_the_holder_asked_for_renewal():
    technology = catalog.ending(catalog.owned())
    owner = accounts.owner_of(technology.holder)
    renewing.ask(technology.pk, actor=owner, still_holds=True)
    client = accounts.signed_in(accounts.officer())

    page = text(client.get(reverse("admin:catalog_technology_change", args=[technology.pk])))
    measure = catalog.proposed(technology, MeasureKind.RENEW)
    shown = text(client.get(desk("step", measure.pk, "confirm")))

    assert "asked for by the holder on" in page
    assert "The particulars still hold." in shown


def test_who_confirms_reads_until_when_it_is_renewed():
    technology = catalog.ending(catalog.owned())
    measure = catalog.proposed(technology, MeasureKind.RENEW)
    client = accounts.signed_in(accounts.second_officer())

    shown = text(client.get(desk("step", measure.pk, "confirm")))

    assert measure.valid_until is not None
    assert technology.valid_until is not None
    ends, present = date_format(measure.valid_until), date_format(technology.valid_until)
    assert f"{ends}; at present until {present}" in shown


def test_who_confirms_reads_when_it_lapses():
    measure = catalog.proposed(None, MeasureKind.SUSPEND, at_once=True)
    assert measure.lapses_at
    client = accounts.signed_in(accounts.second_officer())

    shown = text(client.get(desk("step", measure.pk, "confirm")))

    at = date_format(timezone.localtime(measure.lapses_at), "DATETIME_FORMAT")
    assert f"holds already; lapses on {at} unless it is confirmed" in shown


# The holder --------------------------------------------------------------------------------


def listing(technology):
    return reverse("catalog:listing", args=[technology.pk])


def test_the_holder_answers_once_on_its_page():
    measure = catalog.proposed()
    technology = measure.technology
    client = accounts.signed_in(accounts.owner_of(technology.holder))
    address = reverse("catalog:listing-answer", args=[technology.pk, measure.pk])

    page = text(client.get(listing(technology)))
    assert "The figures are in doubt." in page
    assert "Because." not in page  # the reason is the officers'
    assert address in page
    refused = client.post(address, {"answer": " "})
    assert (refused.status_code, "This field is required." in text(refused)) == (400, True)
    sent = client.post(address, {"answer": "They are right."}, follow=True)

    assert "Your answer was sent." in text(sent)
    assert "They are right." in text(sent)
    assert address not in text(sent)
    again = client.post(address, {"answer": "Once more."})
    assert "This has been answered already." in text(again)
    assert "Once more." in text(again)


def test_an_answer_that_was_typed_is_not_lost_when_the_measure_was_withdrawn():
    measure = catalog.proposed()
    technology = measure.technology
    client = accounts.signed_in(accounts.owner_of(technology.holder))
    MEASURES.perform("withdraw", measure.pk, actor=measure.proposed_by, reason="A mistake.")

    address = reverse("catalog:listing-answer", args=[technology.pk, measure.pk])
    answer = client.post(address, {"answer": "A long answer."})

    assert "not possible in the present state" in text(answer)
    assert "A long answer." in text(answer)


def test_a_viewer_reads_and_does_not_answer():
    measure = catalog.proposed()
    viewer = accounts.member(Level.VIEW, measure.technology.holder)
    client = accounts.signed_in(viewer)
    address = reverse("catalog:listing-answer", args=[measure.technology_id, measure.pk])

    page = text(client.get(listing(measure.technology)))

    assert "The figures are in doubt." in page
    assert address not in page
    assert client.post(address, {"answer": "No."}).status_code == 403


def test_the_holder_asks_for_renewal_when_it_is_time():
    technology = catalog.owned()
    client = accounts.signed_in(accounts.owner_of(technology.holder))
    address = reverse("catalog:listing-renewal", args=[technology.pk])
    assert address not in text(client.get(listing(technology)))
    early = client.post(address, {"still_holds": "on"})
    assert "It is too early to ask for renewal." in text(early)

    catalog.ending(technology)
    assert address in text(client.get(listing(technology)))
    refused = client.post(address, {})
    assert "Say that the particulars still hold" in text(refused)
    done = client.post(address, {"still_holds": "on"}, follow=True)

    assert "Two officers decide" in text(done)
    assert address not in text(done)
    assert RenewalRequest.objects.get().technology == technology


def test_nobody_else_finds_the_holders_page():
    technology = catalog.owned()
    people = (accounts.user(), accounts.officer(), accounts.owner_of(accounts.organisation()))

    for person in people:
        answer = accounts.signed_in(person).get(listing(technology))
        assert (answer.status_code, b"Ask for renewal" in answer.content) == (404, False)
    assert Client().get(listing(technology)).headers["Location"].startswith("/en/accounts/login/")


def test_the_page_costs_the_same_however_many_notices_there_were():
    technology = catalog.owned()
    client = accounts.signed_in(accounts.owner_of(technology.holder))

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(listing(technology))
        return len(asked)

    officer, second = accounts.officer(), accounts.officer()
    earlier = []
    for _n in range(3):
        measure = catalog.proposed(technology, actor=officer)
        earlier.append(cost())
        MEASURES.perform("send_back", measure.pk, actor=second, reason="No.")

    assert earlier[0] == earlier[2]


def test_the_declaration_of_a_listed_technology_leads_to_the_holders_page():
    technology = catalog.listed_technology()
    client = accounts.signed_in(accounts.owner_of(technology.holder))

    page = client.get(
        reverse("submissions:declaration-detail", args=[technology.case.declaration_id])
    )

    assert listing(technology) in text(page)


def test_what_is_to_be_confirmed_waits_on_the_desk_of_others_than_who_proposed_it():
    first, second = accounts.officer(), accounts.officer()
    catalog.proposed(actor=first)

    said = {
        one: "Measures on listings to confirm" in text(accounts.signed_in(one).get(desk_of_work()))
        for one in (first, second)
    }

    assert said == {first: False, second: True}


def test_a_notice_waits_for_who_may_answer_until_it_is_answered():
    measure = catalog.proposed()
    owner = accounts.owner_of(measure.technology.holder)
    viewer = accounts.member(Level.VIEW, measure.technology.holder)

    def waits(person):
        return "A notice to answer" in text(accounts.signed_in(person).get(desk_of_work()))

    assert (waits(owner), waits(viewer)) == (True, False)
    catalog.answer(measure)
    assert waits(owner) is False


def desk_of_work():
    return reverse("workplace")


# Reminders and personal data -----------------------------------------------------------------


def test_the_holder_is_reminded_before_the_end_and_of_nothing_that_is_not_listed():
    technology = catalog.ending(catalog.owned(), 30)
    suspended = catalog.ending(catalog.take(catalog.owned(), "suspend"), 30)
    clock.stop(timezone.now() + dt.timedelta(hours=1))

    reminders.remind()
    reminders.remind()

    told = StoredMail.objects.filter(template="technology_expires")
    assert [one.recipient for one in told] == [accounts.owner_of(technology.holder).email]
    assert listing(technology) in told[0].body
    assert listing(suspended) not in told[0].body


def test_who_asked_for_renewal_is_not_told_to_ask_again():
    technology = catalog.ending(catalog.owned(), 30)
    owner = accounts.owner_of(technology.holder)
    renewing.ask(technology.pk, actor=owner, still_holds=True)
    clock.stop(timezone.now() + dt.timedelta(hours=1))

    reminders.remind()

    assert not StoredMail.objects.filter(template="technology_expires").exists()


def test_the_page_names_the_languages_of_what_others_wrote():
    measure = catalog.proposed()
    catalog.answer(measure, "They are right.")
    client = accounts.signed_in(accounts.owner_of(measure.technology.holder))

    page = client.get(listing(measure.technology)).content.decode()

    assert '<p dir="auto">The figures are in doubt.</p>' in page
    assert '<span dir="auto">They are right.</span>' in page
    assert '<span lang="en" dir="ltr">' in page.split("<h1>")[1].split("</h1>")[0]


def test_readers_of_many_ends_cost_one_question():
    for _n in range(3):
        catalog.ending(catalog.owned())
    now = timezone.now()
    dues = list(reminding.ends(now, now + dt.timedelta(days=60)))

    with CaptureQueriesContext(connection) as asked:
        readers = list(reminding.holders(dues))

    assert (len(dues), [len(list(one)) for one in readers], len(asked)) == (3, [1, 1, 1], 1)


def test_a_person_is_handed_what_they_answered_and_asked():
    measure = catalog.proposed()
    owner = accounts.owner_of(measure.technology.holder)
    catalog.answer(measure, "They are right.")
    catalog.ending(measure.technology)
    renewing.ask(measure.technology_id, actor=owner, still_holds=True)

    handed = services.hand_out_data(owner.pk, actor=owner)

    assert "They are right." in handed
    assert '"renewals_asked"' in handed
