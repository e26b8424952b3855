"""A security key in a real browser: added, asked for as a second factor, and signing in alone.

The key is Chromium's own virtual authenticator; everything else is as a person meets it.
"""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.builders import accounts as build
from tests.journeys.conftest import CHROMIUM

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt install chromium"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_cache"),
]


@pytest.fixture
def origin(live_server, settings):
    """Browsers let a key belong to a name, never to a number: the host is "localhost"."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def context(browser: Browser):
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(20_000)
    yield made
    made.close()


def page_with_key(context: BrowserContext) -> Page:
    """Open a page with a key plugged in that knows its owner's finger."""
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def sign_in(page: Page, origin: str, person: User) -> None:
    page.goto(f"{origin}/en/accounts/login/")
    page.fill('[name="login"]', person.email)
    page.fill('[name="password"]', build.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def add_key(page: Page, origin: str, *, alone: bool) -> None:
    page.goto(f"{origin}/en/accounts/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.fill('[name="password"]', build.PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    if alone:
        page.check('[name="passwordless"]')
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/2fa/recovery-codes/")


def test_an_officer_adds_a_key_and_signs_in_with_it(context: BrowserContext, origin: str):
    person = build.officer("officer@example.org")
    page = page_with_key(context)
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    sign_in(page, origin, person)
    add_key(page, origin, alone=True)

    sign_out(page)
    sign_in(page, origin, person)
    page.wait_for_url("**/2fa/authenticate/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/en/work/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    sign_out(page)
    page.goto(f"{origin}/en/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/en/work/")

    assert faults == []  # nothing inline was refused, nothing threw


def test_a_key_that_does_not_check_its_owner_is_a_second_factor_only(
    context: BrowserContext, origin: str
):
    person = build.user("owner@example.org")
    page = page_with_key(context)
    sign_in(page, origin, person)
    add_key(page, origin, alone=False)

    sign_out(page)
    page.goto(f"{origin}/en/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    # No key on this machine knows a person of this portal: said on the page, nobody is let in.
    expect(page.locator("[data-passkey-failed]")).to_be_visible()

    assert page.goto(f"{origin}/en/account/").url.startswith(f"{origin}/en/accounts/login/")
