"""The page on which a letter is written, and what the enterprise reads of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from evaluation.letters import pages
from evaluation.letters.writing import LETTERS
from evaluation.models import Decision, FeedbackLetter
from evaluation.states import CaseStatus
from evaluation.workflow import perform_sheet
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import letters as make
from tests.reading import text

pytestmark = pytest.mark.django_db


def admin(letter, name="write", *more):
    return reverse(f"admin:evaluation_feedbackletter_{name}", args=[letter.pk, *more])


@pytest.fixture
def officer():
    return accounts.officer(name="Officer One")


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def typed(letter, **given):
    letter.refresh_from_db()
    return {"revision": letter.revision, "overall": letter.overall, "action": "save", **given}


def stored(letter):
    letter.refresh_from_db()
    return letter.passages | {"": letter.overall}


# Begun on the page of the case ----------------------------------------------------------------


def test_the_page_of_a_scored_case_leads_to_its_letter(desk):
    case = build.scored_case(experts_wanted=1)
    page = reverse("admin:evaluation_case_change", args=[case.pk])
    begin = reverse("admin:evaluation_feedbackletter_begin", args=[case.pk])
    assert f'action="{begin}"' in text(desk.get(page))

    answer = desk.post(begin)

    letter = FeedbackLetter.objects.get(case=case)
    assert answer["Location"] == admin(letter)
    assert f'href="{admin(letter, "change")}"' in text(desk.get(page))
    assert desk.get(begin).status_code == 405


def test_a_case_in_review_leads_to_no_letter_and_says_why(desk):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=1)
    begin = reverse("admin:evaluation_feedbackletter_begin", args=[case.pk])

    assert "begin-letter" not in text(
        desk.get(reverse("admin:evaluation_case_change", args=[case.pk]))
    )
    assert "once the case is scored" in text(desk.post(begin, follow=True))


def test_only_officers_without_a_conflict_come_to_the_page():
    letter = make.begun()
    house = letter.case.declaration.organisation
    tied = accounts.officer()
    add_member(house.pk, tied, Level.VIEW, actor=None)
    expert = build.an_assignment(letter.case).expert.user
    people = (tied, accounts.owner_of(house), expert, accounts.auditor())

    found = [accounts.signed_in(one).get(admin(letter)).status_code for one in people]

    assert found == [404, 404, 404, 404]


# Written beside the comments ------------------------------------------------------------------


def test_the_comments_stand_without_names_in_an_order_that_says_nothing(desk):
    case = build.scored_case(experts_wanted=3)
    letter = make.begun(case)

    comments = pages.comments_of(letter)
    page = text(desk.get(admin(letter)))

    # Three wrote the same: it is shown once.
    assert [one.text for one in comments[""]] == ["A sound technology."]
    about = [one.about for one in comments["economy"]]
    assert len(about) == len(set(about))
    assert "A sound technology." in page
    for one in case.assignments.select_related("expert__user"):
        assert str(one.expert) not in page
        assert one.expert.employer_name not in page


def test_comments_are_in_the_order_of_a_hash_of_each_letter():
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=4)
    for number, one in enumerate(case.assignments.order_by("pk")):
        sheet = build.fill(build.accept(one))
        type(sheet).objects.filter(pk=sheet.pk).update(comment=f"Opinion {number}.")
        perform_sheet("submit", sheet.pk, actor=one.expert.user)
    letter = make.begun(build.reread(case))

    shown = pages.comments_of(letter)[""]

    assert sorted(one.text for one in shown) == [f"Opinion {n}." for n in range(4)]
    assert [one.key for one in shown] == sorted(one.key for one in shown)


def test_one_press_takes_a_comment_over_behind_what_is_typed(desk):
    letter = make.begun()
    comment = pages.comments_of(letter)["economy"][0]
    take = {"action": f"take:economy:{comment.key}", "passage-economy": "It is dear."}

    answer = desk.post(admin(letter), typed(letter, **take))

    assert answer["Location"] == f"{admin(letter)}#passage-economy"
    assert stored(letter)["economy"] == f"It is dear.\n\n{comment.text}"
    kept = {"action": "take:economy:no", "passage-economy": "It is cheap."}
    gone = desk.post(admin(letter), typed(letter, **kept))
    assert (gone.status_code, "This comment is no longer there." in text(gone)) == (200, True)
    assert kept["passage-economy"] in text(gone)


def test_the_comment_on_the_whole_is_taken_over_too(desk):
    letter = make.begun()
    (comment,) = pages.comments_of(letter)[""]

    answer = desk.post(admin(letter), typed(letter, action=f"take::{comment.key}"))

    assert answer["Location"] == f"{admin(letter)}#overall"
    assert stored(letter)[""] == comment.text


def test_of_two_officers_the_second_is_told_and_keeps_what_was_typed(desk):
    letter = make.begun()
    second = accounts.signed_in(accounts.second_officer())
    first_page, second_page = typed(letter), typed(letter)
    desk.post(admin(letter), first_page | {"passage-economy": "The first text."})

    page = second.post(admin(letter), second_page | {"passage-economy": "The second text."})

    assert stored(letter)["economy"] == "The first text."
    said = text(page)
    assert "Officer One saved this letter while the page was open." in said
    assert "The second text.</textarea>" in said
    assert '<p class="pair-text" dir="auto">The first text.</p>' in said
    again = {"revision": page.context["form"]["revision"].value(), "overall": ""}
    second.post(admin(letter), {**again, "passage-economy": "Both.", "action": "save"})
    assert stored(letter)["economy"] == "Both."


def test_what_is_remarked_stands_at_its_passage(desk):
    letter = make.begun()
    desk.post(admin(letter), typed(letter, **{"passage-economy": "78 points"}))

    page = desk.get(admin(letter))

    rows = {row.place: row.remarks for row in page.context["rows"]}
    assert rows["economy"] == ["It gives points: “78 points”. The enterprise is told no scores."]
    assert [place for place, said in rows.items() if said] == ["economy"]
    assert stored(letter)["economy"] == "78 points"  # saved all the same


def test_a_dimension_below_its_minimum_is_marked(desk):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=1)
    build.submit(build.accept(build.an_assignment(case)), 80, economy=40)

    rows = desk.get(admin(make.begun(build.reread(case)))).context["rows"]

    assert [row.place for row in rows if row.below] == ["economy"]


def test_too_long_a_text_is_given_back_with_a_sentence(desk):
    letter = make.begun()

    page = desk.post(admin(letter), typed(letter, overall="x" * 8001))

    assert "x" * 8001 in text(page)
    assert page.context["form"].errors == {
        "overall": ["Ensure this value has at most 8000 characters (it has 8001)."]
    }
    assert desk.post(admin(letter), {"action": "save"}).status_code == 200


def test_a_letter_finished_meanwhile_keeps_what_was_typed_and_says_so(desk):
    letter = make.begun()
    page = typed(letter)
    make.finished(letter)

    answer = desk.post(admin(letter), page | {"overall": "Late."})

    assert "This letter is not being written any more." in text(answer)
    assert "Late.</textarea>" in text(answer)
    assert desk.get(admin(letter))["Location"] == admin(letter, "change")


# Finished by a step ---------------------------------------------------------------------------


def test_save_and_finish_leads_to_the_step_which_asks_for_each_remark(desk):
    letter = make.begun()
    step = admin(letter, "step", "finish")
    answer = desk.post(
        admin(letter), typed(letter, action="finish", overall="78 points, ranked 3.")
    )
    assert answer["Location"] == step
    page = text(desk.get(step))
    assert "It gives points: “78 points”" in page
    letter.refresh_from_db()

    refused = desk.post(step, {"revision": letter.revision, "confirmed": [":points:78 points"]})
    both = [":points:78 points", ":rank:ranked 3"]
    done = desk.post(step, {"revision": letter.revision, "confirmed": both})

    assert "It gives a rank: “ranked 3”" in str(refused.context["form"].errors["confirmed"])
    assert done.status_code == 302
    letter.refresh_from_db()
    assert (letter.status, letter.finished_by.name) == ("finished", "Officer One")


def test_the_second_officer_reads_the_letter_before_the_release(desk):
    letter = make.finished()
    build.decide(letter.case)
    release = reverse("admin:evaluation_case_step", args=[letter.case_id, "release"])

    facts = dict(desk.get(release).context["form"].facts())

    assert facts["Feedback letter"] == "finished"
    assert facts["On the whole"] == make.OVERALL


def test_the_page_asks_the_database_as_often_for_four_experts_as_for_one(desk):
    found = []
    for wanted in (1, 4):
        letter = make.begun(build.scored_case(experts_wanted=wanted))
        desk.get(admin(letter))
        with CaptureQueriesContext(connection) as asked:
            desk.get(admin(letter))
        found.append(len(asked))

    assert found[0] == found[1]


# What the enterprise reads --------------------------------------------------------------------


def enterprise(case, name="decision-letter"):
    return reverse(f"evaluation:{name}", args=[case.declaration_id])


@pytest.fixture
def released():
    letter = make.finished(**make.TEXTS)
    build.decide(letter.case, Decision.Outcome.NOT_INCLUDED)
    build.release(letter.case)
    return FeedbackLetter.objects.select_related("case__declaration__organisation").get()


def test_the_enterprise_reads_the_letter_after_the_release_and_on_a_page_to_print(released):
    owner = accounts.owner_of(released.case.declaration.organisation)
    browser = accounts.signed_in(owner)

    on_decision = text(browser.get(enterprise(released.case, "decision-detail")))
    printed = text(browser.get(enterprise(released.case)))

    for page in (on_decision, printed):
        for said in (*make.TEXTS.values(), make.OVERALL, "Economy", released.content_hash):
            assert said in page
        assert "Maturity" not in page  # nothing was written about it
        assert str(build.an_assignment(released.case).expert) not in page
    assert "Print this page with your browser." in printed
    assert f'href="{enterprise(released.case)}"' in on_decision


def test_nobody_else_reads_it(released):
    address = enterprise(released.case)
    people = (
        accounts.owner_of(accounts.organisation()),
        accounts.officer(),
        build.an_assignment(released.case).expert.user,
    )

    found = [accounts.signed_in(one).get(address).status_code for one in people]

    assert found == [404, 404, 404]
    assert Client().get(address)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("status", ["writing", "finished", "discarded"])
def test_before_it_is_handed_out_there_is_none(status):
    letter = make.letter(status)
    owner = accounts.signed_in(accounts.owner_of(letter.case.declaration.organisation))
    assert owner.get(enterprise(letter.case)).status_code == 404
    if status != "discarded":
        return
    build.decide(letter.case)
    build.release(letter.case)

    assert owner.get(enterprise(letter.case)).status_code == 404
    assert "Feedback letter" not in text(owner.get(enterprise(letter.case, "decision-detail")))


def test_an_officer_of_the_house_reads_it_as_the_house_does_and_not_at_the_desk(released):
    officer = accounts.officer()
    add_member(released.case.declaration.organisation_id, officer, Level.VIEW, actor=None)
    browser = accounts.signed_in(officer)

    assert browser.get(enterprise(released.case)).status_code == 200
    assert browser.get(admin(released, "change")).status_code in (302, 404)
    assert not LETTERS.open_to(officer, released)
