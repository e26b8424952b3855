"""Files over a bad line, in a browser: cut off at 90 %, gone on with on a page loaded anew."""

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import Settings

from submissions.models import Attachment, Declaration, PartialUpload
from tests.builders import accounts, submissions
from tests.builders.hostile_files import archive, with_remark
from tests.journeys.people import Person, at_a_browser

pytestmark = pytest.mark.django_db(transaction=True)

MEGABYTE = 1024 * 1024
PART = 256 * 1024
LARGE = 10  # megabytes; the tenth does not come through


@pytest.fixture
def draft() -> Declaration:
    return submissions.draft()


def files_in(folder: Path) -> list[Path]:
    """Return three files that are taken; one comes in forty parts."""
    names = ("Messbericht Größe.pdf", "现场监测.pdf", "big.zip")
    filling = random.Random(7).randbytes(LARGE * MEGABYTE - 50_000)
    contents = [
        submissions.pdf(pages=2).read(),
        submissions.pdf(pages=3).read(),
        archive({"a.pdf": with_remark(submissions.pdf().read(), filling)}),
    ]
    made = [folder / name for name in names]
    for path, content in zip(made, contents, strict=True):
        path.write_bytes(content)
    return made


def open_section(person: Person, draft: Declaration) -> Page:
    owner = accounts.owner_of(draft.organisation)
    person.sign_in(owner.email, accounts.PASSWORD)
    person.arrives(r"/work/$")
    person.go(f"declarations/{draft.pk}/sections/performance/")
    return person.page


def cut_at(page: Page, offset: int) -> list[str]:
    """Let no part through that begins there or later; return the offsets that were cut off."""
    cut: list[str] = []

    def decide(route: Route) -> None:
        told = route.request.headers.get("upload-offset", "")
        if told.isdigit() and int(told) >= offset:
            cut.append(told)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/**", decide)
    return cut


def test_three_files_one_cut_at_90_percent_and_gone_on_with_after_a_reload(
    browser: Browser, live_server: Any, tmp_path: Path, settings: Settings, draft: Declaration
) -> None:
    settings.PORTAL_ORIGIN = live_server.url
    paths = files_in(tmp_path)
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    with at_a_browser(browser, live_server.url) as person:
        page = open_section(person, draft)
        cut = cut_at(page, 9 * MEGABYTE)
        page.locator(".upload-input").set_input_files(paths)

        # The small ones come; the large one stops at 90 % and says so.
        expect(page.locator("#files-list")).to_contain_text("现场监测.pdf")
        expect(page.locator("#files-list")).to_contain_text("Messbericht Größe.pdf")
        large = page.locator(".upload-file", has_text="big.zip")
        expect(large).to_contain_text("The connection broke at 90 percent", timeout=60_000)
        assert set(cut) == {str(9 * MEGABYTE)}
        assert PartialUpload.objects.get(attachment=None).offset == 9 * MEGABYTE
        assert Attachment.objects.count() == 2

        page.unroute("**/uploads/**")
        sent = offsets_sent(page)
        page.reload()
        expect(large).to_contain_text("was not sent to its end")
        page.locator(".upload-input").set_input_files(paths[2])

        expect(page.locator("#files-list")).to_contain_text("big.zip", timeout=60_000)
        expect(page.locator(".upload-file")).to_have_count(0)
        # Only the parts that were missing went over the line.
        missing = range(9 * MEGABYTE, paths[2].stat().st_size, PART)
        assert sent == [str(offset) for offset in missing]
        person.faults[:] = [one for one in person.faults if "ERR_CONNECTION_RESET" not in one]

    assert Attachment.objects.count() == 3
    assert set(Attachment.objects.values_list("sha256", flat=True)) == digests
    assert {read(one) for one in Attachment.objects.all()} == digests


def offsets_sent(page: Page) -> list[str]:
    sent: list[str] = []

    def note(request: Any) -> None:
        if request.headers.get("x-http-method-override") == "PATCH":
            sent.append(request.headers["upload-offset"])

    page.on("request", note)
    return sent


def read(attachment: Attachment) -> str:
    with attachment.file.open("rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def test_a_refused_file_says_why_and_a_paused_one_goes_on(
    browser: Browser, live_server: Any, tmp_path: Path, settings: Settings, draft: Declaration
) -> None:
    settings.PORTAL_ORIGIN = live_server.url
    program = tmp_path / "report.pdf"
    program.write_bytes(b"MZ" + b"\0" * 3000)
    page_of_others = tmp_path / "page.html"
    page_of_others.write_text("<script>alert(1)</script>")
    large = files_in(tmp_path)[2]

    with at_a_browser(browser, live_server.url) as person:
        page = open_section(person, draft)
        page.locator(".upload-input").set_input_files([program, page_of_others])

        first = page.locator(".upload-file", has_text="report.pdf")
        expect(first).to_contain_text("The name ends in .pdf, but this is no such file.")
        second = page.locator(".upload-file", has_text="page.html")
        expect(second).to_contain_text("Only PDF, PNG, JPEG, DOCX, XLSX and ZIP files are taken.")
        expect(page.locator(".upload-told")).to_contain_text("was not taken:")
        for refused in (first, second):
            refused.get_by_role("button", name="Take off this list").click()
        page.reload()  # nothing of them is left to go on with
        expect(page.locator(".upload-choose")).to_be_visible()
        expect(page.locator(".upload-file")).to_have_count(0)

        pause_and_resume_by_keyboard(page, large)
        person.faults[:] = [
            one
            for one in person.faults
            if not any(word in one for word in ("ERR_CONNECTION_RESET", "422"))
        ]

    assert Attachment.objects.get().size == large.stat().st_size


def pause_and_resume_by_keyboard(page: Page, large: Path) -> None:
    cut_at(page, 3 * MEGABYTE)
    page.locator(".upload-input").set_input_files(large)
    row = page.locator(".upload-file", has_text="big.zip")
    expect(row).to_contain_text("percent", timeout=60_000)
    expect(row.get_by_role("button", name="Pause")).to_be_visible()
    row.get_by_role("button", name="Pause").press("Enter")
    expect(row).to_contain_text("Paused at")
    page.unroute("**/uploads/**")
    expect(row.get_by_role("button", name="Resume")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#files-list")).to_contain_text("big.zip", timeout=60_000)
