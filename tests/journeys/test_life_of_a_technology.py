"""The whole life of a technology, role by role, in a browser, to the lake and back."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable, QueryBuilder
from django.core.management import call_command
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from accounts import services as accounts_services
from accounts.models import User
from catalog.models import Destination, Technology
from catalog.sync.drain import lake_of
from catalog.sync.lake import CURRENT
from tests.builders import accounts, evaluation, submissions
from tests.journeys.people import Person, at_a_browser, open_row, take, wait_for
from tests.journeys.scoring import score

TITLE = "Ceramic membrane filter for mine drainage"
TITLE_ZH = "矿山排水陶瓷膜过滤技术"
EMAIL = "ada@ceramics.example"
PASSWORD = "a quiet river in late autumn"


def test_a_technology_is_declared_judged_listed_delivered_and_withdrawn(  # noqa: PLR0915 -- one life, told in order
    browser: Browser,  # first: without Chromium nothing else is begun
    worker: subprocess.Popen[bytes],
    live_server: Any,
    tmp_path: Path,
    settings: Settings,
) -> None:
    origin = settings.PORTAL_ORIGIN = live_server.url
    activity = submissions.open_activity(experts_wanted=2)
    officer, second, third = (_with_secret(accounts.officer(name=f"Officer {n}")) for n in "ABC")
    experts = [_with_secret(evaluation.expert(name=f"Expert {n}").user) for n in (1, 2)]

    with at_a_browser(browser, origin) as enterprise, at_a_browser(browser, origin) as desk:
        register(enterprise)
        enter_organisation(enterprise)
        number = declare(enterprise, activity.code, tmp_path)

        desk.sign_in(*officer)
        return_for_correction(desk, number)
        correct_and_submit_again(enterprise)
        accept(desk, number)
        assign(desk, number, [person for person, *_rest in experts])

        for expert in experts:
            with at_a_browser(browser, origin) as person:
                person.sign_in(*expert)
                score(person, TITLE)

        decide(desk, number)
        with at_a_browser(browser, origin) as other:
            other.sign_in(*second)
            release(other, number)

        technology = wait_for(lambda: Technology.objects.filter(titles__en=TITLE).first())
        enterprise_reads_the_decision(enterprise)
        with at_a_browser(browser, origin) as visitor:
            find_in_the_catalogue(visitor, technology)
        assert wait_for(lambda: in_the_lake(technology, "listed"))

        propose_to_withdraw(desk, technology)
        with at_a_browser(browser, origin) as other:
            other.sign_in(*third)
            confirm(other, technology)
        with at_a_browser(browser, origin) as visitor:
            find_the_tombstone(visitor, technology)
        assert wait_for(lambda: in_the_lake(technology, "withdrawn"))

    with pytest.raises(SystemExit) as ended:
        call_command("lake_verify", stdout=io.StringIO())
    assert ended.value.code == 0
    call_command("verify_audit", stdout=io.StringIO())


def _with_secret(person: User) -> tuple[str, str, str]:
    return person.email, accounts.PASSWORD, accounts_services.set_up_totp(person)


# The enterprise --------------------------------------------------------------------------


def register(person: Person) -> None:
    person.go("accounts/signup/")
    person.fill({"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD, "name": "Ada Kiln"})
    person.press("Sign up")
    person.go("demo/mails/")
    person.page.get_by_role("link", name=re.compile("confirm", re.IGNORECASE)).first.click()
    person.page.locator("#text a").first.click()
    person.press("Confirm")
    person.sign_in(EMAIL, PASSWORD)
    person.reads("Ada Kiln")


def enter_organisation(person: Person) -> None:
    person.go("account/organisations/new/")
    person.fill(
        {
            "name_en": "Kiln Ceramics AS",
            "country": "NO",
            "kind": "enterprise",
            "website": "https://ceramics.example",
        }
    )
    person.page.locator("main form button[type=submit], main form input[type=submit]").last.click()
    person.reads("Kiln Ceramics AS")


def declare(person: Person, code: str, folder: Path) -> str:
    """Begin at the notice, fill in every section, add a file and a translation, submit."""
    person.go(f"activities/{code}/")
    person.press("Declare a technology")
    person.press("Begin")
    home = person.arrives(r"/declarations/[0-9a-f-]{36}/$")
    document = submissions.content(TITLE)
    for section, values in document.items():
        person.page.goto(f"{home}sections/{section}/")
        fill_section(person, section, values)
        person.press("Save")
        person.reads("Saved")
    report = folder / "report.pdf"
    report.write_bytes(submissions.pdf().read())
    person.page.goto(f"{home}sections/evidence/")
    person.fill({"file-title": "Monitoring report 2026"})
    person.page.locator(".upload-input").set_input_files(report)
    expect(person.page.locator("#files-list")).to_contain_text("Monitoring report 2026")
    translate(person, home)
    return submit(person, home)


def fill_section(person: Person, section: str, values: dict[str, Any]) -> None:
    for member, value in values.items():
        key = f"{section}-{member}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row, cells in enumerate(value):
                if not person.page.locator(f'[name="{key}-{row}-{next(iter(cells))}"]').count():
                    person.page.locator(f'button[value="add:{member}"]').click()
                person.fill({f"{key}-{row}-{name}": cell for name, cell in cells.items()})
        else:
            person.fill({key: value})


def translate(person: Person, home: str) -> None:
    person.page.goto(f"{home}translations/zh-hans/")
    person.fill({"technology.title": TITLE_ZH})
    person.page.get_by_role("button", name=re.compile("onfirm")).first.click()
    person.page.goto(home)
    person.reads("confirmed")


def submit(person: Person, home: str) -> str:
    person.page.goto(f"{home}check/")
    person.reads(TITLE)
    person.press("Submit the declaration")
    person.reads("SHA-256")
    found = re.search(r"TP-\d+-\d{4}", person.page.inner_text("main"))
    assert found, "the receipt names the number"
    return found[0]


def correct_and_submit_again(person: Person) -> None:
    person.go("declarations/")
    person.press(TITLE)
    home = person.arrives(r"/declarations/[0-9a-f-]{36}/$")
    person.reads("Say which metals are removed.")
    person.page.goto(f"{home}sections/technology/")
    person.reads("Say which metals are removed.")
    person.fill({"technology-summary": "Removes iron, zinc and copper from mine drainage."})
    person.press("Save")
    person.reads("Saved")
    submit(person, home)


def enterprise_reads_the_decision(person: Person) -> None:
    person.go("declarations/")
    person.press(TITLE)
    person.reads("included")


# The office ------------------------------------------------------------------------------


def return_for_correction(person: Person, number: str) -> None:
    open_row(person, "submissions/declaration", number)
    take(person, "Begin the formal check")
    take(
        person,
        "Return for correction",
        {
            "reason": "One thing is unclear.",
            "place_1": "technology.summary",
            "code_1": "unclear",
            "what_1": "Say which metals are removed.",
        },
    )
    person.reads("returned for correction")


def accept(person: Person, number: str) -> None:
    open_row(person, "submissions/declaration", number)
    person.reads("Removes iron, zinc and copper from mine drainage.")
    take(person, "Begin the formal check")
    for reason in person.page.locator("tr:has(strong) input[name^=reason_]").all():
        reason.fill("Looked at beside the file.")
    person.press("Save; what is left by eye is met")
    person.reads("all is green")
    person.press("Save and accept")
    person.reads("Accepted for evaluation.")


def assign(person: Person, number: str, emails: list[str]) -> None:
    open_row(person, "evaluation/case", number)
    keys = [str(User.objects.get(email=email).pk) for email in emails]
    take(person, "Assign experts", {"experts": keys})
    person.reads("in review")


def decide(person: Person, number: str) -> None:
    open_row(person, "evaluation/case", number)
    person.reads("scored")
    take(
        person,
        "Decide",
        {"outcome": "included", "statement": "Proven in two mines; listed without conditions."},
    )
    person.reads("decided")


def release(person: Person, number: str) -> None:
    open_row(person, "evaluation/case", number)
    take(person, "Sign the release")


def propose_to_withdraw(person: Person, technology: Technology) -> None:
    person.go(f"admin/catalog/listingmeasure/add/?number={technology.number}&kind=withdraw")
    person.fill(
        {
            "reason": "The holder asked for it.",
            "statement": "Withdrawn as you asked.",
            "evidence": "Letter of the holder.",
        }
    )
    person.page.locator(".submit-row input[name=_save]").click()
    person.reads("waits for a second officer")


def confirm(person: Person, technology: Technology) -> None:
    person.go(f"admin/catalog/listingmeasure/?q={technology.number}")
    person.page.locator("#result_list a", has_text=technology.number).first.click()
    take(person, "Confirm and carry out")


# The public, and the lake ----------------------------------------------------------------


def find_in_the_catalogue(person: Person, technology: Technology) -> None:
    for words in ("ceramic membranes", "陶瓷膜"):
        person.go(f"catalogue/?q={words}")
        person.reads(TITLE)
    person.page.get_by_role("link", name=re.compile(TITLE)).first.click()
    person.reads(technology.number)
    person.reads("Kiln Ceramics AS")
    person.reads("Listing in the pool is not a certification")
    assert person.page.context.cookies() == []


def find_the_tombstone(person: Person, technology: Technology) -> None:
    answer = person.page.goto(f"{person.origin}/en/catalogue/{technology.pk}/")
    assert answer
    assert answer.status == 410
    person.reads("withdrawn")
    person.faults.clear()  # Chromium notes a 410 as an error
    person.go("catalogue/?q=ceramic")
    assert TITLE not in person.page.inner_text("main")


def in_the_lake(technology: Technology, state: str) -> bool:
    """Read the technology back with DuckDB, which knows nothing of the portal."""
    folder = str(lake_of(Destination.objects.get()).folder / CURRENT)
    if not DeltaTable.is_deltatable(folder):
        return False
    query = QueryBuilder().register("t", DeltaTable(folder)).execute("select * from t")
    lake = query.read_all()  # noqa: F841 -- DuckDB finds it by its name
    found = duckdb.sql("select id, state, seq, content_hash from lake").fetchall()
    technology.refresh_from_db()
    return (str(technology.pk), state, technology.seq, technology.content_hash) in found
