"""An earlier review where experts are chosen: plans, replacements, panels, and the pages."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import rights
from core.errors import DomainError
from evaluation.conflicts.pairs import Barred
from evaluation.models import Assignment, ConflictRule, Replacement
from evaluation.panel import barred, preparing
from evaluation.planning import by_hand, differences, facts, reminding, replacing
from evaluation.planning.by_hand import Edit
from evaluation.planning.documents import seal
from evaluation.workflow import perform_assignment
from tests.builders import accounts, planning, reviews, submissions
from tests.builders import connections as make
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders.reviews import NO_BAR, sentence
from tests.reading import text
from tests.replaying import replayed

pytestmark = pytest.mark.django_db

BARRED = "The expert judged an earlier declaration of the same organisation."


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


@pytest.fixture
def activity():
    return submissions.open_activity()


@pytest.fixture
def round_two(activity):
    """The earlier case, who judged it, and the case that waits in the next round."""
    first, expert = reviews.before()
    return first, expert, reviews.next_of(first, activity=activity)


# Plans ----------------------------------------------------------------------------------------


def test_a_plan_leaves_out_whom_the_rule_bars_and_nobody_else(activity, round_two):
    _first, expert, later = round_two

    free = facts.read(activity).barred
    make.rule("judged", years=5)

    assert free == {}
    assert facts.read(activity).barred == {(later.pk, expert.pk): Barred.JUDGED}


def test_a_plan_says_why(client, activity, round_two):
    first, expert, later = round_two
    planning.experts(2)
    address = "admin:evaluation_assignmentplan_declaration"
    seats = []
    for name, bars in (("One", False), ("Two", True)):
        make.rule("judged", bars=bars, years=5)
        plan = planning.drawn(activity, name=name, need=3)
        page = client.get(reverse(address, args=[plan.pk, later.pk]))
        seats.append({one.name: one.why for one in page.context["seated"]})
        others = {one.name: one for one in page.context["others"]}
        planning.experts(1)  # for the seat

    assert seats[0][str(expert)][-2:] == [sentence(first), NO_BAR]
    assert str(expert) not in seats[1]
    assert others[str(expert)].why_not == [BARRED, sentence(first)]
    assert others[str(expert)].possible is False


def test_a_rule_changed_since_the_draw_stops_the_publication(activity, officer, round_two):
    _first, _expert, later = round_two
    planning.experts(2)
    plan = planning.drawn(activity)
    make.rule("judged", years=5)

    found = differences.since(plan, plan.inputs.document, facts.read(activity), officer)

    assert [one.blocks for one in found] == [True]
    with pytest.raises(DomainError):
        planning.publish(plan)
    assert not later.assignments.exists()


def test_no_seat_is_given_by_hand(activity, round_two):
    _first, expert, later = round_two
    make.rule("judged", years=5)
    planning.experts(3)
    plan = planning.drawn(activity)
    seated = plan.seats.all()[0].expert_id

    with pytest.raises(DomainError, match="may not judge"):
        by_hand.effect(plan, [Edit(later.pk, seated, expert.pk)])


@pytest.mark.parametrize(("bars", "drawn"), [(False, True), (True, False)])
def test_a_replacement_passes_over_whom_the_rule_bars(activity, round_two, bars, drawn):
    _first, expert, later = round_two
    make.rule("judged", years=5)
    planning.experts(3)
    plan = planning.published(activity)
    asked = Assignment.objects.filter(planned__plan=plan).order_by("pk")[0]
    make.rule("judged", bars=bars, years=5)
    person = asked.expert.user
    perform_assignment("decline", asked.pk, actor=person, reason="No time.")

    replacing.draw({"declined": str(asked.pk)})

    owed = Replacement.objects.select_related("assignment").get(pk=asked.pk)
    assert (owed.assignment is not None) is drawn
    assert later.assignments.filter(expert=expert).exists() is drawn


def test_what_a_plan_was_drawn_from_holds_whatever_the_rule_says_later(activity, round_two):
    planning.experts(3)
    plan = planning.published(activity)
    before = seal(plan.inputs.document)
    make.rule("judged", years=5)

    plan.inputs.refresh_from_db()

    assert before == plan.inputs.content_hash == seal(plan.inputs.document)


def test_the_replay_holds_under_either_rule():
    first, expert = reviews.before()
    later = reviews.next_of(first, experts_wanted=1)
    reviews.judged(later, expert)
    build.decide(later)
    build.release(later)
    before = replayed("--all")
    make.rule("judged", years=5)

    assert before[1] is None
    assert replayed("--all")[1] is None


def test_who_is_barred_is_not_reminded(activity, round_two):
    _first, expert, later = round_two
    build.assign(later, expert)

    open_before = reminding._open().filter(case=later).count()
    make.rule("judged", years=5)

    assert (open_before, reminding._open().filter(case=later).count()) == (1, 0)


# Panels ---------------------------------------------------------------------------------------


def test_a_panel_obeys_the_rule_and_rights_agree(officer):
    first, expert = reviews.before()
    activity = panels.activity()
    later = reviews.next_of(first, activity=activity, status="scored")
    meeting = panels.meeting(cases=0, members=2, of=activity)
    preparing.add_items(meeting.pk, [later.pk], actor=officer)
    panels.sit(meeting, expert, actor=officer)
    item = panels.item_of(meeting)
    preparing.set_lead(meeting.pk, item.pk, panels.chair(meeting).pk, actor=officer)
    meeting = panels.brought(meeting, "announced", officer)
    people = panels.people(meeting)

    def seeing():
        return [rights.can(one.expert.user, "see", item) for one in people]

    free = seeing()
    none = barred.reasons(item, people)
    make.rule("judged", years=5)

    assert (free, none) == ([True, True, True], {})
    assert seeing() == [True, True, False]
    assert barred.reasons(item, people) == {expert.pk: [BARRED]}


# Pages ----------------------------------------------------------------------------------------


def test_the_assign_form_shows_it_and_bars_only_by_the_rule(client, round_two):
    first, expert, later = round_two
    address = reverse("admin:evaluation_case_step", args=[later.pk, "assign"])
    labels, disabled = [], []
    for bars in (False, True):
        make.rule("judged", bars=bars, years=5)
        form = client.get(address).context["form"]
        field = form.fields["experts"]
        labels.append(dict(field.choices)[str(expert.pk)])
        disabled.append(str(expert.pk) in field.widget.disabled)

    assert labels[0].endswith(f" · {sentence(first)} {NO_BAR}")
    assert labels[1].endswith(f" · {BARRED} · {sentence(first)}")
    assert disabled == [False, True]


def test_the_page_of_the_case_shows_it_of_who_was_asked(client, round_two):
    first, expert, later = round_two
    build.assign(later, expert, build.expert())
    address = reverse("admin:evaluation_case_change", args=[later.pk])

    informed = text(client.get(address))
    make.rule("judged", years=5)
    warned = text(client.get(address))

    assert informed.count("Judged ") == 1
    assert f"{sentence(first)} {NO_BAR}" in informed
    assert f"{BARRED} {sentence(first)}" in warned
    assert NO_BAR not in warned


def test_neither_the_expert_nor_the_enterprise_reads_it_in_their_pages(round_two):
    first, expert, later = round_two
    (asked,) = build.assign(later, expert)
    owner = accounts.owner_of(later.declaration.organisation)

    invitation = text(
        accounts.signed_in(expert.user).get(reverse("evaluation:invitation", args=[asked.pk]))
    )
    declared = text(
        accounts.signed_in(owner).get(
            reverse("submissions:declaration-detail", args=[later.declaration_id])
        )
    )

    assert later.declaration.title in invitation
    assert later.declaration.number in declared
    for page in (invitation, declared):
        assert "Judged" not in page
        assert first.declaration.number not in page


def test_the_page_of_the_rule_says_what_it_is(client):
    address = reverse("admin:evaluation_conflictrule_change", args=["judged"])
    other = reverse("admin:evaluation_conflictrule_change", args=["kin"])

    page = text(client.get(address))

    assert "Where it does not bar, it is shown to who assigns." in page
    assert "What is older is not shown." in page
    assert "it is shown to who assigns" not in text(client.get(other))
    given = {"bars": "on", "years": "3", "reason": "This round asks for it."}
    assert client.post(address, given).status_code == 302
    rule = ConflictRule.objects.get(pk="judged")
    assert (rule.bars, rule.years) == (True, 3)


def test_it_is_no_kind_of_connection_to_record(officer):
    with pytest.raises((DomainError, ValidationError)):
        make.connection(accounts.user(), accounts.organisation(), kind="judged")
