"""The public list and form, the page of the link, the applicant's page and the officers' desk."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from accounts.roles import Level
from catalog.models import Technology
from core.models import StoredMail
from evaluation import services
from evaluation.models import Objection
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from tests.builders import accounts, clock, procedures
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.reading import text

pytestmark = pytest.mark.django_db

LIST = "evaluation:publicity-list"


@pytest.fixture(autouse=True)
def nobody_sent_before():
    cache.clear()


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def form_of(case):
    return reverse("evaluation:objection-form", args=[case.pk])


def over(case):
    case.refresh_from_db()
    clock.stop(case.publicity_ends_at)


def post(case, client=None, **given):
    files = given.pop("files", [])
    return (client or Client()).post(form_of(case), {**make.posted(**given), "attached": files})


def step(client, row, name, **inputs):
    url = reverse("admin:evaluation_objection_step", args=[row.pk, name])
    return client.post(url, inputs)


# The whole way ---------------------------------------------------------------------------


def test_from_the_public_list_to_an_objection_that_stays_the_entry(case):
    anybody = Client()
    assert form_of(case) in anybody.get(reverse(LIST)).content.decode()

    sent = post(case, anybody, name="Wen Yi", protected=True, files=[make.picture()])

    row = Objection.objects.get()
    link = reverse("evaluation:objection", args=[make.token_of(row)])
    assert "only then the objection counts" in text(sent)
    assert "counts only when you confirm it" in text(anybody.get(link))
    assert anybody.post(f"{link}confirm/")["Location"] == link
    assert "received" in text(anybody.get(link))
    page = text(anybody.get(reverse(LIST)))
    assert "An objection was received" in page
    assert "Wen Yi" not in page
    over(case)
    assert services.end_due_publicity() == 0
    assert "Object to this entry" not in text(anybody.get(reverse(LIST)))


def test_from_the_objection_through_hearing_and_ruling_to_the_listing(case):
    row = make.received(case, name="Wen Yi", protected=True)
    officer = accounts.signed_in(accounts.officer())
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    token = make.token_of(row)
    over(case)
    until = case.publicity_ends_at.date() + dt.timedelta(days=10)

    refused = step(officer, row, "admit", kind="substantive", respond_until="2099-01-01")
    assert "more than 90 days away" in text(refused)
    step(officer, row, "admit", kind="substantive", respond_until=until)
    mine = reverse("evaluation:objection-list", args=[case.declaration_id])
    heard = text(owner.get(mine))
    assert row.statement in heard
    assert "Wen Yi" not in heard
    answer = reverse("evaluation:objection-answer", args=[case.declaration_id, row.pk])
    sent = owner.post(answer, {f"o{row.pk.hex[:8]}-response": "It was here."})
    assert sent["Location"] == mine
    assert "It was here." in text(owner.get(mine))
    step(officer, row, "dismiss", **make.RULING)

    link = reverse("evaluation:objection", args=[token])
    assert "The measurements hold." in text(Client().get(link))
    assert services.end_due_publicity() == 1
    assert Technology.objects.get(case=case).status == "listed"
    page = text(Client().get(reverse(LIST)))
    assert "Objection not upheld" in page
    assert "The figures were checked and hold." in page


def test_upheld_the_entry_is_shown_as_removed_and_the_applicant_reads_why(case):
    make.ruled("upheld", case)
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))

    public = text(Client().get(reverse(LIST)))
    decision = text(owner.get(reverse("evaluation:decision-detail", args=[case.declaration_id])))
    own = text(owner.get(reverse("submissions:declaration-detail", args=[case.declaration_id])))

    assert "Objection upheld: entry removed" in public
    assert "An objection to this entry was upheld" in decision
    assert "Not included" in own
    assert "An objection to the entry was upheld." in own


# The list --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (None, "No objections"),
        ("refused", "No objection was admitted"),
        ("withdrawn", "No objection was admitted"),
        ("not_upheld", "Objection not upheld"),
        ("corrected", "Objection upheld: entry stays"),
    ],
)
def test_outcomes_stay_for_ninety_days(case, state, label):
    if state:
        make.objection(state, case=case)
    over(case)
    services.end_due_publicity()

    assert label in text(Client().get(reverse(LIST)))
    with make.after_the_end(case, days=90):
        assert label in text(Client().get(reverse(LIST)))
    with make.after_the_end(case, days=90, microseconds=1):
        assert label not in text(Client().get(reverse(LIST)))


def test_what_was_withdrawn_before_it_was_confirmed_is_no_objection(case):
    OBJECTIONS.perform("withdraw", make.sent(case).pk, actor=None)
    over(case)
    services.end_due_publicity()

    assert "No objections" in text(Client().get(reverse(LIST)))


def test_the_public_list_says_when_it_was_admitted(case):
    make.admitted(case)

    assert "An objection is being examined" in text(Client().get(reverse(LIST)))


def test_what_never_was_public_is_in_no_list():
    build.case(CaseStatus.CLEARED)
    build.case(CaseStatus.NOT_INCLUDED)

    page = Client().get(reverse(LIST))

    assert (page.context["page"].entries, page.context["ended"].entries) == ([], [])


def test_the_list_says_what_is_left_and_how_it_was_counted():
    activity = procedures.activity(working_days=True, publicity_days=9, experts_wanted=1)
    case = build.case(CaseStatus.PUBLICITY, activity=activity)

    page = text(Client().get(reverse(LIST)))

    assert case.last_day_of_publicity is not None
    assert case.publicity_began_at is not None
    days = (case.last_day_of_publicity - case.publicity_began_at.date()).days
    assert re.search(r"\d+ days left", page)
    assert "9 working days" in page
    assert days >= 9
    skipped = dt.date.fromisoformat(case.publicity_count["skipped"][0])
    assert date_format(skipped, "DATE_FORMAT") in page


def test_the_list_sets_no_cookie_and_asks_as_often_for_one_as_for_many(case):
    other = build.case(CaseStatus.PUBLICITY, experts_wanted=1)
    client = Client()
    make.received(case)
    with CaptureQueriesContext(connection) as one:
        answer = client.get(reverse(LIST))
    for _n in range(3):
        make.received(case)
        make.received(other)

    with CaptureQueriesContext(connection) as many:
        client.get(reverse(LIST))

    assert answer.cookies == {}
    assert len(one) == len(many)


# The form --------------------------------------------------------------------------------


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(case):
    answer = post(case, name="匿名", statement="It was measured elsewhere.")

    page = text(answer)
    assert answer.context["form"].errors.keys() == {"name"}
    assert "anonymous objections are not taken" in page
    assert "It was measured elsewhere." in page
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["proof.exe"], "Only PDF"),
        (["proof.docx"], "Only PDF, PNG and JPEG"),
        (["a.png", "b.png", "c.png", "d.png"], "At most 3 files"),
        (["proof.pdf"], "this is no such file"),
    ],
)
def test_other_files_are_not_taken(case, files, says):
    answer = post(case, files=[make.picture(name) for name in files])

    assert says in text(answer)
    assert list(answer.context["form"].errors) == ["attached"]
    assert not Objection.objects.exists()


def test_late_the_page_says_so(case):
    over(case)

    for answer in (Client().get(form_of(case)), post(case)):
        assert "objections that come late are not taken" in text(answer)
    services.end_due_publicity()
    assert Client().get(form_of(case)).status_code == 404
    assert not Objection.objects.exists()


def test_what_is_not_public_has_no_form():
    assert Client().get(form_of(build.case(CaseStatus.SCORED))).status_code == 404


def test_from_one_address_of_the_network_five_a_minute(case):
    found = [post(case).status_code for _n in range(6)]

    assert found == [200] * 5 + [429]
    assert Objection.objects.count() == 5


def test_a_link_that_is_wrong_leads_nowhere_and_opening_it_confirms_nothing(case):
    row = make.sent(case)
    link = reverse("evaluation:objection", args=[make.token_of(row)])

    answer = Client().get(link)

    row.refresh_from_db()
    assert (row.status, "no-store" in answer.headers["Cache-Control"]) == ("sent", True)
    for path in (reverse("evaluation:objection", args=["x"]), f"{link}admit/", f"{link}uphold/"):
        assert Client().post(path).status_code in (404, 405)
    assert Client().post(f"{link}withdraw/")["Location"] == link
    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_confirmed_late_the_page_says_it_was_not_received(case):
    row = make.sent(case)
    over(case)
    link = reverse("evaluation:objection", args=[make.token_of(row)])
    client = Client()

    client.post(f"{link}confirm/")

    assert "it was not received" in text(client.get(link))


# The applicant ---------------------------------------------------------------------------


def test_the_applicant_reads_a_name_that_is_not_protected_and_no_address(case):
    row = make.admitted(case, name="Wen Yi", unit="A rival")
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))

    page = text(owner.get(reverse("evaluation:objection-list", args=[case.declaration_id])))

    assert "Wen Yi, A rival" in page
    assert row.address not in page
    assert row.phone not in page


def test_an_answer_that_was_typed_is_not_lost_when_it_was_settled_meanwhile(case):
    row = make.admitted(case)
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    make.rule(row, "dismiss")

    answer = owner.post(
        reverse("evaluation:objection-answer", args=[case.declaration_id, row.pk]),
        {f"o{row.pk.hex[:8]}-response": "A long answer."},
    )

    assert "the objection was ruled on meanwhile" in text(answer)
    assert "A long answer." in text(answer)


def test_the_form_says_what_the_applicant_is_shown(case):
    page = text(Client().get(form_of(case)))

    assert "Without this, the members of the applicant are shown both." in page
    assert page.count("here who you are if your identity shall be protected") == 2


def test_more_than_three_look_like_any_other(case):
    pages = [
        text(post(case, address="one@example.org", statement=f"Reason {number}."))
        for number in range(4)
    ]

    assert len(set(pages)) == 1
    assert StoredMail.objects.filter(template="objection_sent").count() == 3


def test_the_history_of_the_declaration_says_that_it_was_withdrawn(case):
    row = make.admitted(case)
    OBJECTIONS.perform("withdraw", row.pk, actor=None)
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))

    page = text(owner.get(reverse("submissions:declaration-detail", args=[case.declaration_id])))

    assert "Objection withdrawn" in page
    assert "Ruling:" not in page


def test_the_applicants_page_is_nobody_elses(case):
    row = make.admitted(case)
    mine = reverse("evaluation:objection-list", args=[case.declaration_id])
    answer = reverse("evaluation:objection-answer", args=[case.declaration_id, row.pk])
    elsewhere = accounts.signed_in(accounts.owner_of(accounts.organisation()))
    viewer = accounts.signed_in(accounts.member(Level.VIEW, case.declaration.organisation))

    assert Client().get(mine).status_code == 302
    assert [elsewhere.get(mine).status_code, elsewhere.post(answer).status_code] == [404, 404]
    assert "Send the answer" not in text(viewer.get(mine))
    assert viewer.post(answer, {f"o{row.pk.hex[:8]}-response": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.response == ""


def test_withdrawing_asks_once_more(case):
    row = make.received(case)

    page = Client().get(reverse("evaluation:objection", args=[make.token_of(row)]))

    html = page.content.decode()
    assert html.index("<details") < html.index("This cannot be undone") < html.index("withdraw/")
