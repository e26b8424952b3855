"""What a step lacks is said by pages that are read as they are in life: outside a transaction."""

import pytest
from django.urls import reverse

from evaluation.states import CaseStatus
from tests.builders import accounts, procedures
from tests.builders import evaluation as build
from tests.builders import letters as make
from tests.reading import text

pytestmark = pytest.mark.django_db(transaction=True)


def page(case, step, officer):
    address = reverse("admin:evaluation_case_step", args=[case.pk, step])
    return text(accounts.signed_in(officer).get(address))


def test_the_pages_of_decision_and_release_hold_nothing():
    case = build.scored_case()
    deciding = page(case, "decide", accounts.officer())
    letter = make.begun(case)
    build.decide(case)
    begun = page(case, "release", accounts.second_officer())
    make.finished(letter)
    finished = page(case, "release", accounts.second_officer())

    said = "<dt>Still missing</dt><dd>The feedback letter is begun and not finished."
    assert ["Still missing" in one for one in (deciding, begun, finished)] == [False, True, False]
    assert said in begun


def test_so_does_the_page_of_who_signs_for_caepi():
    signer = accounts.officer(name="Third Officer")
    case = build.case(CaseStatus.SIGNED, activity=procedures.activity(co_releaser=signer))

    assert "Still missing" not in page(case, "co_release", signer)
