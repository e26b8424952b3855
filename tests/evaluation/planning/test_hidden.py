"""What officers may not see of a plan: whatever belongs to declarations they are kept from."""

import pytest

from accounts.roles import Level
from accounts.services import add_member
from evaluation.models import Assignment, Case
from evaluation.planning import pages
from tests.builders import accounts, planning
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_of_a_declaration_one_may_not_judge_nothing_is_shown(officer, plan):
    case = Case.objects.order_by("pk")[0]
    build.expert(user=officer, employer_name=case.declaration.organisation.name_en.upper())
    client = accounts.signed_in(officer)
    coming, _case = planning.spare(plan)

    assert len(client.get(planning.address("seats", plan.pk)).context["page"].rows) == 1
    assert client.get(planning.address("declaration", plan.pk, case.pk)).status_code == 404
    address = f"{planning.address('by_hand', plan.pk, case.pk)}?coming={coming.pk}"
    assert client.get(address).status_code == 404


def test_an_exchange_with_a_declaration_one_may_not_judge_is_not_offered(officer, activity):
    case, hidden = planning.waiting(activity, 2)
    planning.experts(6, cap=1)
    plan = planning.drawn(activity)
    there = plan.seats.filter(case=hidden).order_by("expert")[0].expert_id
    before = pages.exchange(plan, case, there, officer)
    build.expert(user=officer, employer_name=hidden.declaration.organisation.name_en.upper())
    client = accounts.signed_in(officer)

    assert [(one.case, one.coming) for one in before] == [
        (case.pk, there),
        (hidden.pk, before[0].leaving),
    ]
    assert pages.exchange(plan, case, there, officer) == []
    shown = client.get(planning.address("declaration", plan.pk, case.pk)).context["others"]
    assert {one.possible for one in shown} == {False}
    answer = client.get(
        f"{planning.address('by_hand', plan.pk, case.pk)}?coming={there}", follow=True
    )
    assert "This expert would have more declarations than they take." in text(answer)


def test_who_undoes_a_plan_reads_only_of_what_they_may_see_who_stays(officer, plan):
    planning.publish(plan)
    staying = Assignment.objects.select_related("expert__user", "case__declaration").order_by("pk")
    for one in staying:
        build.accept(one)
    hidden = staying[0].case
    seen = next(one for one in staying if one.case_id != hidden.pk)
    build.expert(user=officer, employer_name=hidden.declaration.organisation.name_en.upper())
    client = accounts.signed_in(officer)

    page = text(client.get(planning.address("step", plan.pk, "undo")))

    assert f"{seen.case.declaration.number} – {seen.expert}" in page
    assert "3 more at declarations that you may not see." in page
    assert str(hidden.declaration.number) not in page
    assert not any(str(one.expert) in page for one in staying if one.case_id == hidden.pk)


def test_nobody_else_opens_these_pages(plan):
    case = Case.objects.order_by("pk")[0]
    involved = accounts.officer()
    add_member(case.declaration.organisation_id, involved, Level.VIEW, actor=None)
    addresses = [
        planning.address("change", plan.pk),
        planning.address("seats", plan.pk),
        planning.address("declaration", plan.pk, case.pk),
        planning.address("by_hand", plan.pk, case.pk),
        planning.address("compare", plan.pk),
    ]

    for person in (accounts.expert_user(), accounts.auditor(), accounts.user(), involved):
        client = accounts.signed_in(person)
        found = {client.get(address).status_code for address in addresses}
        assert found <= {302, 403, 404}, person
