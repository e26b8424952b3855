"""Work of the office: each line counts what can be done next, and leads to exactly that."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.services import grant_role
from evaluation.criteria.workflow import DRAFTS
from evaluation.models import CriteriaChange, CriteriaDraft
from evaluation.panel import preparing
from tests.builders import accounts, criteria, panel, procedures
from tests.builders import evaluation as build
from tests.builders import verifications as visits
from tests.reading import text

pytestmark = pytest.mark.django_db
CASES = reverse("admin:evaluation_case_changelist")


def line(user, label):
    """Return how many the line says there are, and what its list shows; None without a line."""
    client = accounts.signed_in(user)
    items = client.get("/en/work/").context["desks"][0].items
    found = [(one.url, one.meta) for one in items if one.title == label]
    if not found:
        return None
    ((url, number),) = found
    return number, [one.pk for one in client.get(url).context["cl"].result_list]


@pytest.fixture
def officer():
    return accounts.officer()


def test_a_case_is_to_be_decided_when_no_panel_is_waited_for(officer):
    straight = build.scored_case()
    case = build.scored_case(activity=panel.activity())

    assert line(officer, "Cases to decide") == ("1", [straight.pk])
    assert line(officer, "Cases to put on an agenda") == ("1", [case.pk])

    meeting = panel.spoken(case, *["include"] * 3)

    assert meeting.status == "closed"
    number, listed = line(officer, "Cases to decide")
    assert (number, set(listed)) == ("2", {straight.pk, case.pk})
    assert line(officer, "Cases to put on an agenda") is None


def test_what_is_on_an_agenda_waits_for_its_meeting(officer):
    meeting = panel.meeting("announced")

    assert line(officer, "Cases to put on an agenda") is None
    assert line(officer, "Cases to decide") is None
    assert line(officer, "Panel meetings to hold") == ("1", [meeting.pk])


def on_another_agenda(case, officer):
    again = panel.meeting(cases=0, of=case.declaration.activity)
    preparing.add_items(again.pk, [case.pk], actor=officer)
    preparing.set_lead(again.pk, panel.item_of(again).pk, panel.chair(again).pk, actor=officer)
    return panel.brought(again, "announced", officer)


def test_who_decides_before_another_vote_is_told_and_so_is_the_agenda(officer):
    case = build.scored_case(activity=panel.activity())
    panel.spoken(case, *["include"] * 3)
    again = on_another_agenda(case, officer)
    client = accounts.signed_in(officer)
    agenda = reverse("admin:evaluation_panelmeeting_change", args=[again.pk])
    item = reverse("admin:evaluation_panelmeeting_item", args=[again.pk, panel.item_of(again).pk])
    of_case = reverse("admin:evaluation_case_change", args=[case.pk])
    chair = accounts.signed_in(panel.chair(again).expert.user)
    of_members = [
        reverse("evaluation:panel", args=[again.pk]),
        reverse("evaluation:panel-item", args=[again.pk, panel.item_of(again).pk]),
    ]

    before = [text(client.get(page)) for page in (agenda, item, of_case)]
    step = text(client.get(reverse("admin:evaluation_case_step", args=[case.pk, "decide"])))
    build.decide(case)
    after = [text(client.get(page)) for page in (agenda, item, of_case)]
    seen = [text(chair.get(page)) for page in of_members]

    assert f"“{again}”, " in step
    assert "once it is decided there is no vote on it there." in step
    assert ["not voted on" in page for page in before] == [True, True, True]
    assert ["no vote now" in page for page in after] == [True, True, True]
    assert ["not voted on" in page for page in after] == [False, False, False]
    # A member learns of a decision when it is released.
    assert ["no vote now" in page.lower() for page in seen] == [False, False]


def test_who_signs_for_caepi_has_nothing_to_decide_there(officer):
    signer = accounts.officer()
    case = build.scored_case(activity=procedures.activity(experts_wanted=1, co_releaser=signer))

    assert line(officer, "Cases to decide") == ("1", [case.pk])
    assert line(signer, "Cases to decide") is None


def test_who_sat_on_its_panel_reads_the_case_and_has_nothing_to_decide():
    case, other = (build.scored_case(activity=panel.activity()) for _n in range(2))
    panel.spoken(other, *["include"] * 3)
    meeting = panel.spoken(case, *["include"] * 3)
    sat = panel.chair(meeting).expert.user
    grant_role(sat, Role.OFFICER, actor=None)

    assert line(sat, "Cases to decide") == ("1", [other.pk])


def test_a_visit_asked_of_every_declaration_comes_before_the_decision(officer):
    activity = procedures.activity(experts_wanted=1, site_visit="every")
    case = build.scored_case(activity=activity)
    label = "Defences and visits to arrange"
    assert line(officer, label) == ("1", [case.pk])
    assert line(officer, "Cases to decide") is None

    held = visits.held(case)

    assert line(officer, label) is None
    assert line(officer, "Cases to decide") is None

    visits.reported(held)

    assert line(officer, label) is None
    assert line(officer, "Cases to decide") == ("1", [case.pk])


def test_who_cannot_decide_yet_reads_so_before_anything_is_typed(officer):
    case = panel.item_of(panel.meeting("announced")).case
    step = reverse("admin:evaluation_case_step", args=[case.pk, "decide"])

    page = text(accounts.signed_in(officer).get(step))

    said = "<dt>Still missing</dt><dd>The panel has not spoken about this declaration yet.</dd>"
    assert said in page
    assert "On an agenda still" not in page


def test_who_decides_with_nothing_to_come_reads_of_no_agenda(officer):
    case = build.scored_case(activity=panel.activity())
    panel.spoken(case, *["include"] * 3)

    step = reverse("admin:evaluation_case_step", args=[case.pk, "decide"])

    assert "On an agenda still" not in text(accounts.signed_in(officer).get(step))


def test_criteria_wait_for_who_wrote_nothing_of_them(officer):
    draft = criteria.draft()
    writer = accounts.officer()
    draft.writers.add(writer)
    CriteriaDraft.objects.filter(pk=draft.pk).update(
        document=criteria.changed(version=criteria.newest().version + 1, gates__recommended="85"),
        reason="A higher bar.",
    )
    proposer = accounts.officer()
    assert line(officer, "Criteria to seal") is None

    DRAFTS.perform("propose", draft.pk, actor=proposer)

    own = criteria.draft()
    own.writers.add(officer)
    assert line(officer, "Criteria to seal") == ("1", [draft.pk])
    assert line(writer, "Criteria to seal") is None
    assert line(proposer, "Criteria to seal") is None
    criteria.next_version(gates__recommended="86")  # what the draft began from is overtaken
    assert line(officer, "Criteria to seal") is None


def test_a_change_of_criteria_waits_for_another_than_who_proposed_it(officer):
    change = criteria.change(build.activity())

    label = "Changes of criteria to confirm"
    assert line(officer, label) == ("1", [change.pk])
    own = criteria.change(build.activity())
    CriteriaChange.objects.filter(pk=own.pk).update(proposed_by=officer)
    assert line(officer, label) == ("1", [change.pk])
    assert line(change.proposed_by, label) == ("1", [own.pk])
