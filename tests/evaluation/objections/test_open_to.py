"""What of an objection is not open to its reader is said before anything is typed."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.models import Decision
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts, procedures
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.reading import text

pytestmark = pytest.mark.django_db

OTHERS = "Other officers admit or refuse the objections to it, and rule on them."
WAIT = "The applicant can still answer. Wait for the answer, or the day."
ANOTHER = "You admitted this objection. Another officer must rule to remove the entry."
FORMAL = "An entry stays after an objection that is upheld only if it is not substantive."


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def change(row):
    return reverse("admin:evaluation_objection_change", args=[row.pk])


def step_of(row, name):
    return reverse("admin:evaluation_objection_step", args=[row.pk, name])


def offered(client, row):
    """Return the buttons of the page by name, and the page in words."""
    page = client.get(change(row))
    return [step.name for step, _url in page.context["steps"]], text(page)


@pytest.mark.parametrize("status", ["received", "admitted"])
@pytest.mark.parametrize(
    ("signed", "why"),
    [
        ("decided_by", "You take no part: you decided on this entry."),
        ("released_by", "You take no part: you released the decision on this entry."),
    ],
)
def test_who_signed_reads_why_there_are_no_buttons(case, status, signed, why):
    row = make.objection(status, case=case)
    client = accounts.signed_in(getattr(Decision.objects.get(case=case), signed))

    buttons, page = offered(client, row)

    assert buttons == []
    assert f"{why} {OTHERS}" in page
    name = "admit" if status == "received" else "dismiss"
    told = client.get(step_of(row, name), follow=True)
    assert f"{why} {OTHERS}" in " ".join(map(str, told.context["messages"]))


def test_who_signed_for_caepi_is_told_so():
    signer = accounts.officer(name="Third Officer")
    signed = build.case(
        CaseStatus.SIGNED, activity=procedures.activity(experts_wanted=1, co_releaser=signer)
    )
    perform_case("co_release", signed.pk, actor=signer)
    row = make.admitted(build.reread(signed))

    buttons, page = offered(accounts.signed_in(signer), row)

    assert buttons == []
    assert f"You take no part: you signed the decision on this entry for CAEPI. {OTHERS}" in page


def test_before_the_answer_only_to_dismiss_is_offered(case):
    row = make.admitted(case)
    client = accounts.signed_in(accounts.officer())

    buttons, page = offered(client, row)

    assert buttons == ["dismiss"]
    for ruling, why in (("the entry is removed", WAIT), ("the entry stays", f"{FORMAL} {WAIT}")):
        assert f"<strong>Rule: upheld, {ruling}</strong>: not open to you now. {why}" in page


@pytest.mark.parametrize(
    ("kind", "mine", "buttons"),
    [
        ("substantive", True, ["dismiss"]),
        ("substantive", False, ["dismiss", "uphold"]),
        ("formal", True, ["dismiss", "correct"]),
        ("formal", False, ["dismiss", "correct", "uphold"]),
    ],
)
def test_after_the_answer_who_admitted_does_not_remove_the_entry(case, kind, mine, buttons):
    admitting = accounts.officer()
    row = make.admit(make.received(case), actor=admitting, kind=kind)
    make.respond(row)
    client = accounts.signed_in(admitting if mine else accounts.officer())

    found, page = offered(client, row)

    assert found == buttons
    assert (ANOTHER in page) is mine
    assert (FORMAL in page) is (kind == "substantive")
    told = client.get(step_of(row, "uphold"), follow=True)
    assert (ANOTHER in " ".join(map(str, told.context["messages"]))) is mine


def test_what_is_settled_says_nothing_of_it(case):
    row = make.ruled("not_upheld", case)
    decided = Decision.objects.get(case=case).decided_by

    for person in (decided, accounts.officer()):
        buttons, page = offered(accounts.signed_in(person), row)
        assert buttons == []
        assert "not open to you" not in page
        assert "You take no part" not in page


def test_every_ruling_offered_is_taken(case):
    row = make.admitted(case)
    make.respond(row)
    officer = accounts.officer()
    client = accounts.signed_in(officer)
    buttons, _page = offered(client, row)

    for name in buttons:
        assert client.get(step_of(row, name)).status_code == 200
    OBJECTIONS.perform(buttons[-1], row.pk, actor=officer, **make.RULING)

    row.refresh_from_db()
    assert row.status == "upheld"


def test_who_dismisses_before_the_applicant_was_heard_is_told_so(case):
    row = make.admitted(case)
    assert row.respond_until
    day = date_format(row.respond_until, "DATE_FORMAT")
    officer = accounts.officer()

    with make.after_the_answer(row):
        late = text(accounts.signed_in(officer).get(step_of(row, "dismiss")))
    before = text(accounts.signed_in(officer).get(step_of(row, "dismiss")))
    make.respond(row)
    after = text(accounts.signed_in(officer).get(step_of(row, "dismiss")))

    assert "Was the applicant heard?" in before
    assert f"Not yet: it can answer until the end of {day}. After a ruling it cannot." in before
    assert f"It did not answer; it could until the end of {day}." in late
    assert "Was the applicant heard?" not in after


# The applicant -------------------------------------------------------------------------------


def answer(row, client, words="It was measured twice."):
    page = reverse("evaluation:objection-answer", args=[row.case.declaration_id, row.pk])
    return client.post(page, {f"o{row.pk.hex[:8]}-response": words})


def test_an_answer_that_comes_after_the_ruling_is_kept_and_told_of(case):
    row = make.admitted(case)
    client = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    ruled = make.rule(row, "dismiss")

    page = answer(row, client)

    told = text(page)
    assert ruled.settled_at
    day = date_format(timezone.localtime(ruled.settled_at), "DATE_FORMAT")
    assert (
        f"Your answer was not sent: the objection was ruled on meanwhile, on {day} (not upheld). "
        "No answer is needed." in told
    )
    assert "What you wrote, not sent" in told
    assert "It was measured twice." in told
    assert "You can answer until" not in told
    assert "Send the answer" not in told
    row.refresh_from_db()
    assert row.response == ""


def test_an_answer_to_what_was_withdrawn_or_after_the_day_is_kept_too(case):
    gone, late = make.admitted(case), make.admitted(case)
    client = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    OBJECTIONS.perform("withdraw", gone.pk, actor=None)

    withdrawn = text(answer(gone, client))
    with make.after_the_answer(late):
        over = text(answer(late, client))
    make.respond(late)
    second = text(answer(late, client, "Another answer."))

    assert "the objection was withdrawn meanwhile" in withdrawn
    assert "the day until which you could answer has passed." in over
    assert "one was sent already, and it is given once." in second
    for page in (withdrawn, over, second):
        assert "Send the answer" not in page
        assert "What you wrote, not sent" in page
