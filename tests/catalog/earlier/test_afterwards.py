"""What becomes of a technology of an earlier list: measures, renewal, conflicts, likenesses."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.roles import Level, Role
from accounts.services import add_member, grant_role
from catalog import renewing
from catalog.measure_states import MeasureKind
from catalog.models import Technology
from catalog.rights import gone
from core import rights
from core.errors import DomainError
from evaluation.states import CaseStatus
from submissions import look_alikes
from submissions.document import confirmed_texts
from submissions.models import Declaration
from submissions.states import Status
from tests.builders import accounts, alike, catalog, earlier, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "state"), [(MeasureKind.WITHDRAW, "withdrawn"), (MeasureKind.RESUME, "listed")]
)
def test_two_officers_carry_out_a_measure_on_it(kind: str, state: str):
    technology = earlier.technology()
    if kind == MeasureKind.RESUME:
        technology = catalog.take(technology, "suspend")

    catalog.confirm(catalog.proposed(technology, kind))

    assert Technology.objects.get(pk=technology.pk).status == state


def test_a_revocation_waits_for_the_day_though_nobody_can_answer():
    measure = catalog.proposed(earlier.technology(), MeasureKind.REVOKE)

    with pytest.raises(DomainError, match="The holder can still answer"):
        catalog.confirm(measure)


def test_a_holder_without_people_is_renewed_on_evidence():
    technology = catalog.ending(earlier.technology())

    with pytest.raises(DomainError, match="Nobody acts for this holder") as refused:
        catalog.proposed(technology, MeasureKind.RENEW)
    assert refused.value.field == "evidence"
    measure = catalog.proposed(technology, MeasureKind.RENEW, evidence="Visited in May.")
    catalog.confirm(measure)

    renewed = Technology.objects.get(pk=technology.pk)
    assert renewed.valid_until == measure.valid_until
    assert renewed.content["valid_until"] == measure.valid_until.isoformat()


def test_a_holder_with_people_is_asked_whatever_the_evidence():
    house = accounts.verified(accounts.organisation())
    technology = catalog.ending(earlier.technology(house))
    measure = catalog.proposed(technology, MeasureKind.RENEW, evidence="Visited in May.")

    with pytest.raises(DomainError, match="has not said yet"):
        catalog.confirm(measure)

    renewing.ask(technology.pk, actor=accounts.owner_of(house), still_holds=True)
    catalog.confirm(measure)
    assert Technology.objects.get(pk=technology.pk).valid_until == measure.valid_until


def test_evidence_renews_nothing_that_was_declared_here():
    technology = catalog.ending(catalog.technology())  # nobody acts for its holder
    measure = catalog.proposed(technology, MeasureKind.RENEW, evidence="Visited in May.")

    with pytest.raises(DomainError, match="has not said yet"):
        catalog.confirm(measure)


@pytest.mark.parametrize("how", ["member", "employer"])
def test_an_officer_of_the_holder_acts_on_nothing_of_it(how: str):
    technology = earlier.technology()
    tied = accounts.officer()
    if how == "member":
        add_member(technology.holder_id, tied, Level.VIEW, actor=None)
    else:
        build.expert(user=tied, employer=technology.holder, employer_name="Filter Works 1")
    measure = catalog.proposed(technology)

    assert not rights.can(tied, "propose", technology)
    assert not rights.can(tied, "confirm", measure)
    with pytest.raises(PermissionDenied):
        catalog.confirm(measure, actor=tied)


def test_who_scores_a_case_may_act_on_what_was_never_a_case():
    """A missing case is nobody's: it stands neither for every case nor for the officer's own."""
    measure = catalog.proposed(technology := earlier.technology())
    case = build.case(CaseStatus.IN_REVIEW)
    scorer = build.an_assignment(case).expert.user
    grant_role(scorer, Role.OFFICER, actor=None)

    assert rights.can(scorer, "propose", technology)
    assert rights.can(scorer, "confirm", measure)


def test_one_that_left_takes_no_translation_away_from_others():
    catalog.take(earlier.technology(), "withdraw")
    declared = submissions.declaration(Status.SUBMITTED)
    named = gone(accounts.owner_of(declared.organisation))

    assert named is not None
    assert not Declaration.objects.filter(named).exists()
    assert Declaration.objects.exclude(named).count() == 1


def test_a_draft_like_it_is_told_so_once_by_its_public_text():
    words = alike.english("told")
    technology = earlier.technology(summary_en=words)
    draft = alike.draft(words)

    (found,) = look_alikes.of_applicant(draft, confirmed_texts(draft))

    assert found.sentence.startswith(f"This resembles the listed technology {technology.number} “")
    assert str(technology.pk) in found.url


def test_the_draft_of_its_holder_is_not():
    words = alike.english("told")
    draft = alike.draft(words)
    house = accounts.verified(draft.organisation)
    earlier.technology(house, summary_en=words)

    assert look_alikes.of_applicant(draft, confirmed_texts(draft)) == ()
