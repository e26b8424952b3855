"""The form of an enquiry, and the page of its link."""

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.enquiries.states import EnquiryStatus
from catalog.models import Enquiry
from tests.builders import catalog, earlier, enquiries
from tests.catalog.addresses import address, queries
from tests.reading import text, texts

pytestmark = pytest.mark.django_db
ALL = ["en", "zh-hans", "ar"]


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    cache.clear()


def form_of(technology, language: str = "en") -> str:
    return address("enquiry-form", technology.pk, language=language)


def link_of(row: Enquiry, *step: str) -> str:
    name = "enquiry-step" if step else "enquiry"
    return address(name, enquiries.token_of(row), *step)


# Asking -------------------------------------------------------------------------------------


def test_the_page_of_a_technology_leads_to_the_form():
    technology = catalog.owned()

    page = text(Client().get(address("technology-detail", technology.pk)))

    assert form_of(technology) in page


@pytest.mark.parametrize("language", ALL)
def test_the_form_is_shown_in_every_language(language):
    answer = Client().get(form_of(catalog.owned(), language))

    assert answer.status_code == 200
    assert 'name="message"' in text(answer)
    assert "no-store" in answer["Cache-Control"]


def test_what_is_sent_is_kept_and_its_sender_is_told_of_the_mail():
    technology = catalog.owned()

    answer = Client().post(form_of(technology), enquiries.posted(address="amina@example.org"))

    assert "A mail went to amina@example.org." in text(answer)
    row = Enquiry.objects.get()
    assert (row.technology_id, row.country_id, row.kind) == (
        technology.pk,
        "KE",
        "technology-transfer",
    )


@pytest.mark.parametrize("missing", ["message", "name", "unit", "country", "address", "consent"])
def test_without_it_nothing_is_sent_and_nothing_typed_is_lost(missing):
    given = enquiries.posted(message="Does it work?", name="Amina") | {missing: ""}
    if missing == "consent":
        del given["consent"]

    answer = Client().post(form_of(catalog.owned()), given)

    assert missing in answer.context["form"].errors
    assert Enquiry.objects.count() == 0
    if missing != "message":
        assert "Does it work?" in text(answer)


def test_a_name_with_a_web_address_is_refused():
    given = enquiries.posted(name="Visit https://example.com now")

    answer = Client().post(form_of(catalog.owned()), given)

    assert "name" in answer.context["form"].errors


def test_a_general_question_names_no_kind():
    Client().post(form_of(catalog.owned()), enquiries.posted(kind=""))

    assert Enquiry.objects.get().kind == ""


def test_who_sends_too_many_is_asked_to_wait():
    for _number in range(5):
        assert Client().post(form_of(catalog.owned()), enquiries.posted()).status_code == 200

    answer = Client().post(form_of(catalog.owned()), enquiries.posted())

    assert answer.status_code == 429
    assert "Too many were sent in a short time" in text(answer)
    assert Enquiry.objects.count() == 5


@pytest.mark.parametrize(("step", "status"), [("suspend", 200), ("revoke", 410)])
def test_what_is_not_listed_has_no_form(step, status):
    technology = catalog.take(catalog.owned(), step)

    for answer in (
        Client().get(form_of(technology)),
        Client().post(form_of(technology), enquiries.posted()),
    ):
        assert answer.status_code == status
        assert 'name="message"' not in text(answer)
    assert Enquiry.objects.count() == 0


NOBODY = "Nobody in the portal acts for the holder of this technology at present"


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("website", ["https://works.example.org", ""])
def test_where_nobody_acts_for_the_holder_the_page_says_where_else_to_ask(
    language, website, settings
):
    settings.OFFICE_MAIL = "office@pool.example.org"
    technology = earlier.technology(website=website)

    page = text(Client().get(form_of(technology, language)))

    assert 'name="message"' not in page
    assert ('href="https://works.example.org"' in page) == (website == "https://works.example.org")
    assert ("mailto:office@pool.example.org" in page) == (website != "https://works.example.org")
    if language == "en":
        assert NOBODY in page


def test_where_the_portal_has_no_office_the_page_says_only_that_nobody_can_be_asked(settings):
    settings.OFFICE_MAIL = ""

    page = text(Client().get(form_of(earlier.technology())))

    assert NOBODY in page
    assert "mailto:" not in page


def test_when_the_last_member_leaves_what_was_typed_comes_back():
    technology = catalog.owned()
    enquiries.leave(technology)

    answer = Client().post(form_of(technology), enquiries.posted(message="Does it work?"))

    assert NOBODY in text(answer)
    assert "Does it work?" in text(answer)
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("sent", NOBODY),
        ("received", NOBODY),
        ("answered", NOBODY),
        ("reported", "Officers look at this enquiry."),
        ("closed", "by the holder"),
    ],
)
def test_the_link_says_that_the_holder_has_nobody_any_more(state, says):
    row = enquiries.enquiry(state)
    enquiries.leave(row.technology)

    page = text(Client().get(link_of(row)))

    assert says in page
    assert link_of(row, "confirm") not in page
    assert 'name="message"' not in page


# The page of the link -----------------------------------------------------------------------


def test_opening_the_link_confirms_nothing_and_the_button_does():
    row = enquiries.sent()

    opened = Client().get(link_of(row))
    row.refresh_from_db()
    assert row.status == EnquiryStatus.SENT
    assert "only when you confirm it" in text(opened)

    pressed = Client().post(link_of(row, "confirm"), follow=True)
    row.refresh_from_db()
    assert row.status == EnquiryStatus.RECEIVED
    assert "has not opened it yet" in text(pressed)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("received", "has not opened it yet"),
        ("read", "The holder has read it."),
        ("answered", "The holder answered on"),
        ("reported", "Officers look at this enquiry."),
        ("closed", "by the holder"),
    ],
)
@pytest.mark.parametrize("language", ALL)
def test_the_link_says_how_it_stands(state, says, language):
    row = enquiries.enquiry(state)

    answer = Client().get(address("enquiry", enquiries.token_of(row), language=language))

    assert answer.status_code == 200
    if language == "en":
        assert says in text(answer)


def test_who_asks_reads_the_answer_and_writes_once_more():
    row = enquiries.answer(enquiries.received(), "Up to 45 °C.")

    page = Client().get(link_of(row))
    assert "Up to 45 °C." in text(page)
    written = Client().post(link_of(row, "write"), {"message": "And at 50 °C?"}, follow=True)

    assert "And at 50 °C?" in text(written)
    row.refresh_from_db()
    assert row.status == EnquiryStatus.RECEIVED


def test_the_address_of_the_holder_is_not_on_the_page():
    row = enquiries.answer(enquiries.received())
    owner = enquiries.owner_of(row)

    page = text(Client().get(link_of(row)))

    assert owner.email not in page
    assert owner.name not in texts(Client().get(link_of(row)), "main")[0]


def test_what_is_refused_is_said_and_what_was_typed_stays():
    row = enquiries.received()
    enquiries.write(row)

    answer = Client().post(link_of(row, "write"), {"message": "A third one."})

    assert answer.status_code == 400
    assert "You have written twice" in text(answer)
    assert "A third one." in text(answer)


def test_a_confirmation_that_comes_too_late_says_why():
    row = enquiries.sent()
    catalog.take(row.technology, "suspend")

    answer = Client().post(link_of(row, "confirm"))

    assert answer.status_code == 400
    assert "not listed at present" in text(answer)


def test_it_is_taken_back_by_the_link():
    row = enquiries.received()

    Client().post(link_of(row, "end"))

    row.refresh_from_db()
    assert (row.status, row.closed_by) == ("closed", "asker")


def test_the_link_takes_no_step_of_another():
    row = enquiries.received()

    for step in ("answer", "close", "stop", "lapse", "nonsense"):
        assert Client().post(link_of(row, step)).status_code == 404
    assert Client().get(link_of(row, "confirm")).status_code == 405
    assert Client().get(address("enquiry", "nonsense")).status_code == 404


def test_the_public_form_costs_the_same_for_every_technology():
    technology = catalog.owned()
    one = queries(form_of(technology))
    for _number in range(5):
        enquiries.received(technology)

    assert queries(form_of(technology)) == one == 4
