"""The officers' pages of plans."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import DomainError, TransitionError
from evaluation.assignment.explain import Cost, Loads
from evaluation.models import AssignmentPlan, Expert
from evaluation.planning import by_hand, compute, pages, words
from evaluation.planning.by_hand import Edit
from tests.builders import accounts, planning
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def form(activity, **changes):
    return {
        "activity": str(activity.pk),
        "name": "Spring",
        "need": "3",
        "cap": "",
        "per_organisation": "2",
        "specialists": "1",
        "economists": "on",
        "base": "",
        "price": "0",
        **changes,
    }


def test_an_officer_asks_for_a_plan_and_follows_it(client, activity):
    planning.waiting(activity, 1)
    planning.experts(3)

    answer = client.post(planning.address("add"), form(activity))
    plan = AssignmentPlan.objects.get()
    waiting = text(client.get(planning.address("change", plan.pk)))
    compute.compute(plan.pk)
    done = text(client.get(planning.address("change", plan.pk)))

    assert answer.status_code == 302
    assert "It waits its turn." in waiting
    assert "Cancel the computation" in waiting
    assert "Seats filled" in done
    assert "3 of 3" in done
    assert "Publish the plan" in done
    assert plan.seed in done
    assert "1 plan was drawn in this activity." in done


def test_what_is_refused_is_said_on_the_form(client, activity):
    planning.waiting(activity, 1)
    planning.experts(3)

    page = text(client.post(planning.address("add"), form(activity, need="4")))

    assert "Choose an odd number of experts" in page
    assert not AssignmentPlan.objects.exists()


def test_a_clash_is_told_in_words(client, activity):
    (case,) = planning.waiting(activity, 1)
    planning.experts(4, subcategories=[])
    plan = planning.drawn(activity, specialists=1)

    page = text(client.get(planning.address("change", plan.pk)))

    number = case.declaration.number
    assert f"Cannot be kept together at 1 declaration ({number})" in page
    assert "the experts of the sub-category" in page
    assert f"1 declaration lacks experts of its sub-category: {number}." in page
    assert "Publish the plan" not in page


def test_a_plan_whose_rules_clash_shows_figures_that_agree(client, activity):
    planning.waiting(activity, 1)
    planning.experts(4, subcategories=[])
    plan = planning.drawn(activity, specialists=1)
    figures = plan.outcome["figures"]

    shown = dict(client.get(planning.address("change", plan.pk)).context["outcome"]["figures"])

    assert figures["worst_mean"] == figures["ceiling_mean"]
    assert shown["No plan that keeps the same rules could serve it better than"] == "30.0"
    assert shown["Total affinity"] == "90.0"


def test_a_ceiling_below_the_plan_is_not_shown():
    kept = {"ceiling_mean": 0.32, "worst_mean": 0.335}

    assert words.ceiling(kept) == (
        "not known: it was reckoned with a rule that this plan does not keep"
    )
    assert words.ceiling({"ceiling_mean": 0.335, "worst_mean": 0.335}) == "33.5"


def test_what_a_seat_does_to_loads_is_said_in_numbers():
    loads = Loads(coming=4, leaving=2, before=(2, 3), after=(2, 4))
    cost = Cost("e", None, total=0.1, own=0.1, worst=0.0, spread=1, loads=loads)

    assert words.cost(cost, {"e": "Wen"}, {}) == (
        "In the place of Wen. This declaration +10.0, all +10.0, worst-served +0.0. "
        "This expert would have 4 instead of 3 declarations, the other 2 instead of 3. "
        "The loads would be 2 to 4 instead of 2 to 3."
    )


def test_the_table_shows_who_judges_what_page_by_page(client, plan, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 1)

    first = client.get(planning.address("seats", plan.pk))
    key = first.context["page"].next_key
    second = client.get(planning.address("seats", plan.pk), {"after": key})

    assert [len(one.context["page"].rows) for one in (first, second)] == [1, 1]
    assert second.context["page"].next_key == ""
    names = {str(seat.expert) for _case, seats in first.context["page"].rows for seat in seats}
    assert len(names) == 3
    assert all(name in text(first) for name in names)


def test_a_declaration_that_got_no_seat_at_all_is_shown(client, activity):
    empty, other = planning.waiting(activity, 2)
    planning.experts(3, employer=empty.declaration.organisation)
    plan = planning.drawn(activity, per_organisation=3)

    table = client.get(planning.address("seats", plan.pk))
    page = client.get(planning.address("declaration", plan.pk, empty.pk))

    assert {case.pk: len(seats) for case, seats in table.context["page"].rows} == {
        empty.pk: 0,
        other.pk: 3,
    }
    assert "Nobody." in text(table)
    assert (page.status_code, page.context["empty"], page.context["seated"]) == (200, 3, [])
    assert "3 seats are empty." in text(page)


def test_a_declaration_says_why_and_why_not(client, activity):
    (case,) = planning.waiting(activity, 1)
    planning.experts(4)
    tied = build.expert(employer=case.declaration.organisation)
    plan = planning.drawn(activity)

    page = client.get(planning.address("declaration", plan.pk, case.pk))

    found = {one.name: one for one in page.context["others"]}
    assert len(page.context["seated"]) == 3
    assert found[str(tied)].why_not == [
        "The expert is or was tied to the organisation that declares."
    ]
    assert found[str(tied)].possible is False
    free = next(one for one in page.context["others"] if one.possible)
    assert free.why_not == ["It would be as good; the seed decided between the two."]
    assert "In the place of" in free.cost
    assert "This expert would have 1 instead of 0 declarations" in free.cost
    assert "The loads would be" not in free.cost
    assert [term.value for term in free.terms] == ["100.0", "0.0", "100.0", "0.0"]
    assert [term.share for term in free.terms] == ["40.0", "30.0", "10.0", "20.0"]


def test_a_change_by_hand_shows_its_effect_and_becomes_a_plan_of_its_own(client, plan):
    coming, case = planning.spare(plan)
    address = f"{planning.address('by_hand', plan.pk, case.pk)}?coming={coming.pk}"

    page = client.get(address)
    answer = client.post(address, {"name": "By hand"})

    made = AssignmentPlan.objects.get(name="By hand")
    assert page.context["form"].initial["name"] == "First draw, edited 1"
    assert "As edited" in text(page)
    assert answer.url == planning.address("change", made.pk)
    assert (made.status, made.origin, made.base) == ("computed", "by_hand", plan)
    assert made.seats.filter(case=case, expert=coming).exists()
    assert made.seats.count() == plan.seats.count() == 6
    assert not plan.seats.filter(case=case, expert=coming).exists()
    assert planning.publish(made).status == "published"


def test_a_plan_edited_by_hand_says_so_beside_the_seed_of_the_draw(client, plan, officer):
    coming, case = planning.spare(plan)
    taken = set(plan.seats.filter(case=case).values_list("expert", flat=True))
    other = next(one.pk for one in Expert.objects.exclude(pk__in={*taken, coming.pk}))
    first, second = sorted(taken)[:2]
    once = by_hand.derive(plan, [Edit(case.pk, first, coming.pk)], actor=officer, name="Once")
    twice = by_hand.derive(once, [Edit(case.pk, second, other)], actor=officer, name="Twice")
    step = reverse("admin:evaluation_assignmentplan_step", args=[twice.pk, "publish"])

    pages_of = [text(client.get(planning.address("change", one.pk))) for one in (plan, once, twice)]
    before_publishing = text(client.get(step))

    told = [
        f"{plan.seed} – edited by hand since: 1 seat is not as drawn in “First draw”",
        f"{plan.seed} – edited by hand since: 2 seats are not as drawn in “First draw”",
    ]
    assert (once.seed, twice.seed) == (plan.seed, plan.seed)
    assert [plan.seed in one for one in pages_of] == [True, True, True]
    assert [[one in page for one in told] for page in pages_of] == [
        [False, False],
        [True, False],
        [False, True],
    ]
    assert told[1] in before_publishing
    seats = [text(client.get(planning.address("seats", one.pk))) for one in (plan, once, twice)]
    assert [page.count("(given by hand)") for page in seats] == [0, 1, 2]
    why = [
        text(client.get(planning.address("declaration", one.pk, case.pk)))
        for one in (plan, once, twice)
    ]
    assert [page.count("Given by hand, not drawn.") for page in why] == [0, 1, 2]


def test_what_holds_for_officers_too(plan, officer):
    coming, case = planning.spare(plan)
    seated = plan.seats.filter(case=case).order_by("expert")[0].expert_id
    stranger = build.expert()

    for edit, why in (
        (Edit(case.pk, None, coming.pk), "All seats"),
        (Edit(case.pk, coming.pk, seated), "no seat"),
        (Edit(case.pk, seated, stranger.pk), "without this declaration or expert"),
    ):
        with pytest.raises(DomainError, match=why):
            by_hand.effect(plan, [edit])
        with pytest.raises(DomainError, match=why):
            by_hand.derive(plan, [edit], actor=officer, name="By hand")


def test_a_conflict_holds_for_officers_too(activity):
    (case,) = planning.waiting(activity, 1)
    planning.experts(3)
    tied = build.expert(employer=case.declaration.organisation)
    plan = planning.drawn(activity)
    seated = plan.seats.all()[0].expert_id

    with pytest.raises(DomainError, match="may not judge"):
        by_hand.effect(plan, [Edit(case.pk, seated, tied.pk)])


def test_an_edit_does_not_make_a_plan_with_an_empty_seat_one_to_publish(activity, officer):
    (case,) = planning.waiting(activity, 1)
    colleagues = planning.experts(2, employer_name="Institute of Water")
    planning.experts(1)
    plan = planning.drawn(activity, per_organisation=1)
    sits = plan.seats.get(expert__in=colleagues).expert_id
    comes = next(one.pk for one in colleagues if one.pk != sits)

    made = by_hand.derive(plan, [Edit(case.pk, sits, comes)], actor=officer, name="By hand")

    assert (plan.status, made.status) == ("infeasible", "infeasible")
    assert made.seats.filter(expert=comes).exists()
    assert (made.outcome["figures"]["filled"], made.outcome["clashes"]) == (2, [])
    with pytest.raises(TransitionError):
        planning.publish(made)


def test_an_edited_plan_with_all_seats_filled_may_lack_a_specialist(activity, officer):
    planning.waiting(activity, 1)
    planning.experts(4, subcategories=[])
    plan = planning.drawn(activity, specialists=1)
    coming, case = planning.spare(plan)
    leaving = plan.seats.order_by("expert")[0].expert_id

    made = by_hand.derive(plan, [Edit(case.pk, leaving, coming.pk)], actor=officer, name="By hand")

    assert (plan.status, made.status) == ("infeasible", "computed")


def test_two_plans_beside_each_other(client, plan):
    coming, case = planning.spare(plan)
    edits = pages.exchange(plan, case, coming.pk, accounts.officer())
    made = by_hand.derive(plan, edits, actor=accounts.officer(), name="By hand")

    page = client.get(planning.address("compare", plan.pk), {"other": made.pk})

    assert page.context["common"] == 6 - len(edits)
    assert page.context["differing"] == len({one.case for one in edits})
    assert str(coming) in text(page)


def test_drawn_anew_with_a_price_a_plan_changes_as_little_as_can_be(client, plan):
    address = client.get(planning.address("change", plan.pk)).context["again_url"]
    begun = client.get(address).context["adminform"].form.initial
    before = set(plan.seats.values_list("case", "expert"))

    again = planning.drawn(plan.activity, name="Again", base=plan, price=100)

    assert (str(begun["base"]), begun["price"]) == (str(plan.pk), "10")
    assert set(again.seats.values_list("case", "expert")) == before


def test_a_plan_that_failed_says_why_in_the_language_of_the_reader(client, activity):
    planning.waiting(activity, 1)
    experts = planning.experts(3)
    base = planning.drawn(activity)
    plan = planning.asked(activity, name="Again", base=base, price=20)
    for one in experts:
        build.away(one)
    compute.compute(plan.pk)

    page = client.get(planning.address("change", plan.pk))
    chinese = text(client.get(planning.address("change", plan.pk).replace("/en/", "/zh-hans/")))
    again = client.get(page.context["again_url"]).context["adminform"].form.initial
    first = text(client.get(planning.address("change", base.pk)))

    assert "No declaration waits for experts, or nobody can be asked." in text(page)
    assert "No declaration waits for experts, or nobody can be asked." not in chinese
    assert (str(again["base"]), again["price"]) == (str(base.pk), "20")
    assert "1 plan was drawn in this activity." in first


def test_pages_cost_the_same_for_more(client, activity):
    planning.experts(6)
    costs = []
    for number in (2, 5):  # with one there is nobody to exchange with
        cases = planning.waiting(activity, number)
        plan = planning.drawn(activity, name=str(number))
        for address in (
            planning.address("change", plan.pk),
            planning.address("seats", plan.pk),
            planning.address("declaration", plan.pk, cases[0].pk),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            costs.append(len(asked))

    assert costs[:3] == costs[3:]
