"""Nothing is decided past what the officer's page showed: a newer version, a colleague's mark."""

import re
from typing import Any

import pytest
from django.urls import reverse

from core.errors import DomainError
from submissions import checklist, looked_at
from submissions.models import CheckMark, Declaration, Rejection
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.test_races import at_once

pytestmark = pytest.mark.django_db

EYE = "stamped_commitment"
STEPS = {
    "return": {
        "reason": "See below.",
        "rows": "1",
        "place_1": "technology.summary",
        "code_1": "unclear",
        "what_1": "Say it.",
    },
    "reject": {"reason": "See below.", "code": "out-of-scope"},
    "accept": {},
}


def desk(declaration: Declaration) -> str:
    return reverse("admin:submissions_declaration_check", args=[declaration.pk])


def step(declaration: Declaration, name: str) -> str:
    return reverse("admin:submissions_declaration_step", args=[declaration.pk, name])


def seen_on(page: Any) -> str:
    (found,) = re.findall(r'name="seen" value="([^"]+)"', text(page))
    return str(found)


def status(declaration: Declaration) -> str:
    return Declaration.objects.get(pk=declaration.pk).status


def finding(declaration: Declaration, item: str = EYE) -> str:
    marks = CheckMark.objects.filter(version__declaration=declaration.pk, item=item)
    return marks.latest("pk").verdict


def another_version(declaration: Declaration, officer: Any) -> None:
    """Return it, file it once more, begin to check that."""
    build.take(declaration, "return", officer)
    build.take(declaration, "submit", accounts.owner_of(declaration.organisation))
    build.take(declaration, "begin_check", officer)


def met(item: str = EYE, verdict: str = "met", reason: str = "") -> dict[str, str]:
    return {"item": item, "verdict": verdict, "reason": reason}


NOT_MET = met(verdict="not_met", reason="No stamp.")


class TestDesk:
    def test_a_page_of_a_former_version_accepts_nothing(self):
        first, second = accounts.officer(), accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=first)
        client = accounts.signed_in(first)
        seen = seen_on(client.get(desk(declaration)))
        another_version(declaration, second)
        sent = {"action": "accept", "seen": seen, f"verdict_{EYE}": "met"}
        sent[f"reason_{EYE}"] = "Typed with care."

        page = client.post(desk(declaration), sent)

        assert "A newer version was filed since this page was opened." in text(page)
        assert 'value="Typed with care."' in text(page)
        assert "What changed since the version before" in text(page)
        assert status(declaration) == Status.IN_CHECK
        assert not CheckMark.objects.exists()

    def test_a_colleagues_finding_is_not_overwritten_by_an_older_page(self):
        officer, colleague = accounts.officer(), accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        checklist.mark(declaration.pk, [met()], actor=officer)
        client = accounts.signed_in(officer)
        seen = seen_on(client.get(desk(declaration)))
        checklist.mark(
            declaration.pk, [met(verdict="not_met", reason="No stamp.")], actor=colleague
        )
        # As the page sends it: one line touched, the other as it was drawn.
        sent = {f"verdict_{EYE}": "met", "verdict_files_legible": "met", "action": "save"}

        page = client.post(desk(declaration), {**sent, "seen": seen})

        assert "Somebody filled in the checklist since this page was opened." in text(page)
        assert finding(declaration) == "not_met"
        assert page.context["form"][f"verdict_{EYE}"].value() == "not_met"
        assert page.context["form"]["verdict_files_legible"].value() == "met"
        assert "No stamp." in text(page)

    def test_pressed_again_with_what_is_there_now_it_is_saved(self):
        officer, colleague = accounts.officer(), accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        client = accounts.signed_in(officer)
        sent = {"verdict_files_legible": "met", "seen": seen_on(client.get(desk(declaration)))}
        checklist.mark(
            declaration.pk, [met(verdict="not_met", reason="No stamp.")], actor=colleague
        )

        page = client.post(desk(declaration), sent)
        assert not CheckMark.objects.filter(item="files_legible").exists()
        again = {name: page.context["form"][name].value() for name in page.context["form"].fields}
        again = {name: value for name, value in again.items() if value}
        client.post(desk(declaration), {**again, "seen": seen_on(page)})

        assert finding(declaration, "files_legible") == "met"
        assert finding(declaration) == "not_met"

    def test_ones_own_marks_stand_in_nobodys_way(self):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        client = accounts.signed_in(officer)
        page = client.get(desk(declaration))
        reasons = {
            f"reason_{one.item}": "Looked at."
            for one in page.context["form"].lines
            if not one.is_manual
        }

        client.post(desk(declaration), {**reasons, "action": "all_met", "seen": seen_on(page)})
        page = client.get(desk(declaration))
        client.post(desk(declaration), {"action": "accept", "seen": seen_on(page)})

        assert status(declaration) == Status.ACCEPTED

    def test_refused_after_saving_the_page_says_both_and_counts_what_is_open_now(self):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        client = accounts.signed_in(officer)
        page = client.get(desk(declaration))
        lines = page.context["form"].lines
        met_all = {f"verdict_{one.item}": "met" for one in lines if one.is_manual}
        reasons = {f"reason_{one.item}": "So it is." for one in lines if not one.is_manual}
        del met_all["verdict_files_legible"]

        page = client.post(desk(declaration), {**met_all, **reasons, "action": "accept"})

        assert page.context["open"] == 1
        assert "The checklist is saved." in text(page)
        assert "1 item of the checklist is open: The files are legible and complete." in text(page)
        assert "(1 open)" in text(page)
        assert looked_at.drawn_with(Declaration.objects.get()) == seen_on(page)


class TestSteps:
    @pytest.mark.parametrize("name", STEPS)
    def test_a_form_of_a_former_version_decides_nothing_until_pressed_again(self, name):
        first, second = accounts.officer(), accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=first)
        client = accounts.signed_in(first)
        seen = seen_on(client.get(step(declaration, name)))
        another_version(declaration, second)
        build.tick(declaration, second)

        page = client.post(step(declaration, name), {**STEPS[name], "seen": seen})

        assert "A newer version was filed since this page was opened." in text(page)
        assert status(declaration) == Status.IN_CHECK
        client.post(step(declaration, name), {**STEPS[name], "seen": seen_on(page)})
        assert status(declaration) != Status.IN_CHECK

    @pytest.mark.parametrize("name", STEPS)
    def test_the_door_itself_asks(self, name):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        seen = looked_at.drawn_with(Declaration.objects.get(pk=declaration.pk))
        build.tick(declaration, accounts.officer())

        with pytest.raises(looked_at.MovedOn, match="Somebody filled in the checklist"):
            perform(name, declaration.pk, actor=officer, reason="x", seen=seen)

        assert status(declaration) == Status.IN_CHECK
        assert not Rejection.objects.exists()

    @pytest.mark.parametrize("seen", ["x", "7", "7.", "²." + "9" * 50, "0.0"])
    def test_what_no_page_was_drawn_with_is_refused(self, seen):
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)

        page = accounts.signed_in(officer).post(
            desk(declaration), {"action": "all_met", "seen": seen}
        )

        assert "since this page was opened" in text(page)
        assert not CheckMark.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_mark_at_once_the_second_is_told():
    officers = [accounts.officer(), accounts.officer()]
    declaration = build.declaration(Status.IN_CHECK, officer=officers[0])
    seen = looked_at.drawn_with(Declaration.objects.get(pk=declaration.pk))

    def marks(officer: Any, verdict: str) -> Any:
        row = met(verdict=verdict, reason="Looked at.")
        return lambda: checklist.mark(declaration.pk, [row], actor=officer, seen=seen)

    found = at_once(marks(officers[0], "met"), marks(officers[1], "not_met"))

    assert sum(isinstance(one, looked_at.MovedOn) for one in found) == 1
    assert not any(isinstance(one, DomainError) for one in found if isinstance(one, list))
    assert CheckMark.objects.count() == 1
