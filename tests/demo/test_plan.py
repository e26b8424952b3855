"""The plan: what goes how far, and that whatever is unpleasant befalls nobody real."""

from collections import Counter
from dataclasses import replace

import pytest

from demo import filing, judging, records
from demo.plan import DOUBTED, UNPLEASANT, Destiny, Item, Plan, full_plan, spare_the_real
from evaluation.states import CaseStatus
from submissions.states import Status


def an_item(destiny, *, corrected=False):
    return Item("inv-ozone-cells", "DEMO-1", destiny, corrected=corrected)


def test_every_technology_has_one_destiny():
    technologies = [item.technology for item in full_plan().items]
    technologies += records.earlier_list()["technologies"]

    assert sorted(technologies) == sorted([*records.technologies(), *records.invented()])


def test_plan_in_numbers():
    real = [item for item in full_plan().items if item.technology in records.technologies()]

    assert Counter((item.activity, item.destiny) for item in real) == {
        ("DEMO-1", Destiny.LISTED): 35,
        ("DEMO-2", Destiny.SUBMITTED): 1,
        ("DEMO-2", Destiny.IN_CHECK): 1,
        ("DEMO-2", Destiny.AWAITING): 2,
        ("DEMO-2", Destiny.INVITED): 3,
        ("DEMO-2", Destiny.SCORING): 2,
        ("DEMO-2", Destiny.SCORED): 1,
        ("DEMO-2", Destiny.DECIDED): 2,
        ("DEMO-3", Destiny.SUBMITTED): 2,
        ("DEMO-3", Destiny.DRAFT): 5,
    }


@pytest.mark.parametrize("destiny", sorted(UNPLEASANT))
def test_plan_refuses_what_is_unpleasant_for_a_real_organisation(destiny):
    with pytest.raises(ValueError, match="nl-nereda is real"):
        Plan((Item("nl-nereda", "DEMO-1", destiny),))


def test_what_is_objected_to_or_in_doubt_is_not_real():
    real = Item("nl-nereda", "DEMO-4", Destiny.SCORED)

    spare_the_real([real], doubted={"inv-quiet-aerator"})
    with pytest.raises(ValueError, match="nl-nereda is real: it cannot be scored"):
        spare_the_real([real], doubted={"nl-nereda"})
    assert {"inv-quiet-aerator", "inv-polishing-membrane"} == DOUBTED


def test_plan_refuses_to_return_what_is_real():
    with pytest.raises(ValueError, match="nl-nereda is real"):
        Plan((Item("nl-nereda", "DEMO-1", Destiny.LISTED, corrected=True),))


def test_keys_are_the_same_in_every_load_and_differ():
    keys = {item.key for item in full_plan().items}

    assert len(keys) == 63
    assert str(an_item(Destiny.LISTED).key) == str(an_item(Destiny.DRAFT).key)


def declared(item):
    """Walk a declaration as the loader would and return the steps it takes."""
    target = {
        "submit": Status.SUBMITTED,
        "begin_check": Status.IN_CHECK,
        "accept": Status.ACCEPTED,
        "return": Status.RETURNED,
        "reject": Status.REJECTED,
    }
    status, filed, steps = Status.DRAFT, 0, []
    while step := filing.next_step(item, status, filed):
        steps.append(step)
        status, filed = target[step], filed + (step == "submit")
    return steps


FILED, CHECKED = ["submit"], ["submit", "begin_check"]


@pytest.mark.parametrize(
    ("destiny", "steps"),
    [
        (Destiny.DRAFT, []),
        (Destiny.SUBMITTED, FILED),
        (Destiny.IN_CHECK, CHECKED),
        (Destiny.RETURNED, [*CHECKED, "return"]),
        (Destiny.REJECTED, [*CHECKED, "reject"]),
        (Destiny.AWAITING, [*CHECKED, "accept"]),
        (Destiny.LISTED, [*CHECKED, "accept"]),
    ],
)
def test_declaration_goes_as_far_as_its_destiny(destiny, steps):
    assert declared(an_item(destiny)) == steps


def test_declaration_that_is_corrected_is_filed_twice():
    item = an_item(Destiny.LISTED, corrected=True)

    assert declared(item) == [*CHECKED, "return", *CHECKED, "accept"]


@pytest.mark.parametrize(
    ("destiny", "status", "filed"),
    [
        (Destiny.SUBMITTED, Status.IN_CHECK, 1),
        (Destiny.DRAFT, Status.SUBMITTED, 1),
        (Destiny.DRAFT, Status.IN_CHECK, 1),
        (Destiny.RETURNED, Status.SUBMITTED, 2),
        (Destiny.LISTED, Status.RETURNED, 1),
        (Destiny.LISTED, Status.SUBMITTED, 2),
        (Destiny.LISTED, Status.WITHDRAWN, 1),
        (Destiny.DRAFT, Status.ACCEPTED, 1),
    ],
)
def test_declaration_a_visitor_moved_is_not_moved_back(destiny, status, filed):
    assert filing.next_step(an_item(destiny), status, filed) == ""


@pytest.mark.parametrize(
    ("destiny", "last"),
    [
        (Destiny.INVITED, "review"),
        (Destiny.SCORING, "review"),
        (Destiny.SCORED, "review"),
        (Destiny.DECIDED, "decide"),
        (Destiny.NOT_INCLUDED, "release"),
        (Destiny.LISTED, "release"),
    ],
)
def test_case_goes_as_far_as_its_destiny(destiny, last):
    taken = []
    for status in CaseStatus:
        if not (step := judging.next_step(destiny, status)):
            break
        taken.append(step)

    assert taken[-1:] == [last]


def test_case_awaits_its_experts_when_that_is_its_destiny():
    assert judging.next_step(Destiny.AWAITING, CaseStatus.AWAITING) == ""


@pytest.mark.parametrize("status", [CaseStatus.AWAITING, CaseStatus.IN_REVIEW])
@pytest.mark.parametrize("destiny", [Destiny.SUBMITTED, Destiny.IN_CHECK, Destiny.RETURNED])
def test_case_a_visitor_opened_is_hers(destiny, status):
    assert judging.next_step(destiny, status) == ""


def test_publicity_is_ended():
    assert judging.next_step(Destiny.LISTED, CaseStatus.PUBLICITY) == "clear"


def test_cases_that_are_over_go_nowhere():
    for destiny in Destiny:
        assert judging.next_step(destiny, CaseStatus.CLEARED) == ""
        assert judging.next_step(destiny, CaseStatus.NOT_INCLUDED) == ""


def test_items_are_told_apart_by_their_technology():
    item = an_item(Destiny.LISTED)

    assert replace(item, technology="inv-sludge-pellets").key != item.key
