"""The pages of the demonstration: where to begin, the mails, how far the load is."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from core import mail, progress
from core.models import StoredMail
from demo import accounts, people
from demo.mails import PER_PAGE
from tests.builders.accounts import officer, signed_in, user
from tests.reading import heading, texts

pytestmark = pytest.mark.django_db

HEADINGS = {
    "demo:start": "What can be tried",
    "demo:progress": "Progress of the demonstration",
    "demo:mail-list": "Outgoing mail",
}
PAGES = tuple(HEADINGS)


def a_mail(subject="Confirm your address", *, secret=False, body="Open https://portal.example/x"):
    return mail.store(
        to="somebody@example.org",
        language="en",
        template="test",
        subject=subject,
        body=body,
        secret=secret,
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_pages_are_open_to_everyone_and_set_no_cookie(client, page, language):
    path = reverse(page).replace("/en/", f"/{language}/", 1)

    response = client.get(path)

    with override(language):
        assert heading(response) == gettext(HEADINGS[page])
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_that_this_is_a_demonstration(client, page):
    assert "Nothing here is a listing by FECO" in client.get(reverse(page)).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_read_only(client, page):
    assert client.post(reverse(page)).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_the_same_for_people_who_are_signed_in(client, page):
    accounts.logins()
    a_mail()

    (shown,) = texts(signed_in(user()).get(reverse(page)), "main")

    assert [shown] == texts(client.get(reverse(page)), "main")


def test_mail_is_read_only_and_unknown_ones_are_not_there(client):
    one = a_mail()

    assert client.post(reverse("demo:mail-detail", args=[one.pk])).status_code == 405
    StoredMail.objects.all()._raw_delete("default")
    assert client.get(reverse("demo:mail-detail", args=[one.pk])).status_code == 404


def test_mail_shows_its_links_even_those_that_let_someone_in(client):
    one = a_mail(secret=True, body="Confirm: https://portal.example/confirm/abc\n<b>no tag</b>")

    page = client.get(reverse("demo:mail-detail", args=[one.pk])).content.decode()

    assert '<a href="https://portal.example/confirm/abc"' in page
    assert "&lt;b&gt;no tag&lt;/b&gt;" in page


def listed(client: Client, url: str) -> tuple[list[str], str]:
    """Return the subjects of a page of the list, and the address of the next page."""
    page = client.get(url).content.decode()
    further = re.search(r'rel="next" href="([^"]+)"', page)
    return re.findall(r">(Mail \d+)</a>", page), further.group(1) if further else ""


def test_mails_are_listed_newest_first_a_page_at_a_time(client):
    for number in range(PER_PAGE + 2):
        a_mail(f"Mail {number}")

    first, further = listed(client, reverse("demo:mail-list"))
    rest, end = listed(client, further.replace("&amp;", "&"))

    assert first == [f"Mail {number}" for number in range(PER_PAGE + 1, 1, -1)]
    assert rest == ["Mail 1", "Mail 0"]
    assert end == ""


@pytest.mark.parametrize(
    "before", ["", "yesterday", "2026-01-01T00:00:00+00:00,x", "\x00", "x" * 99]
)
def test_mails_begin_with_the_newest_when_the_place_cannot_be_read(client, before):
    a_mail("Mail 1")

    response = client.get(reverse("demo:mail-list"), {"before": before})

    assert (response.status_code, b"Mail 1" in response.content) == (200, True)


def test_mail_list_asks_as_much_for_fifty_as_for_one(client, django_assert_num_queries):
    a_mail()
    with django_assert_num_queries(1):
        client.get(reverse("demo:mail-list"))
    for _number in range(PER_PAGE + 5):
        a_mail()

    with django_assert_num_queries(1):
        client.get(reverse("demo:mail-list"))


def test_mail_and_progress_ask_one_question_each(client, django_assert_num_queries):
    mails = [a_mail() for _number in range(PER_PAGE)]
    progress.begin("demo", total=80)

    for path in (reverse("demo:mail-detail", args=[mails[0].pk]), reverse("demo:progress")):
        with django_assert_num_queries(1):
            client.get(path)


def test_no_mail_yet(client):
    assert b"No mail yet" in client.get(reverse("demo:mail-list")).content


def test_start_shows_each_login_with_its_code_of_now(client):
    accounts.logins()

    page = client.get(reverse("demo:start")).content.decode()

    assert [one.person.email for one in people.LOGINS if one.person.email not in page] == []
    assert len(re.findall(r"<code>\d{6}</code>", page)) == 8
    assert page.count(people.PASSWORD) == 10


def test_start_without_logins_says_that_they_are_coming(client):
    assert b"The logins are being made" in client.get(reverse("demo:start")).content


def test_start_asks_a_fixed_number_of_queries(client, django_assert_num_queries):
    accounts.logins()

    with django_assert_num_queries(9):
        client.get(reverse("demo:start"))


def test_start_sends_each_role_to_her_work(client):
    accounts.logins()

    page = client.get(reverse("demo:start")).content.decode()

    places = [unquote(one) for one in re.findall(r'\?next=([^"]+)"', page)]
    assert places == [
        reverse("submissions:declaration-list"),
        reverse("submissions:declaration-list"),
        reverse("admin:submissions_declaration_changelist"),
        reverse("admin:evaluation_case_changelist"),
        reverse("admin:evaluation_case_changelist"),
        reverse("evaluation:work-list"),
        reverse("evaluation:panel-list"),
        reverse("evaluation:panel-list"),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:core_auditentry_changelist"),
    ]


def fragment(client: Client) -> str:
    return client.get(reverse("demo:progress"), headers={"HX-Request": "true"}).content.decode()


def test_progress_before_the_load_asks_again(client):
    part = fragment(client)

    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part


def test_progress_in_the_middle(client):
    progress.begin("demo", total=80)
    progress.advance("demo", done=20, note="Nereda aerobic granular sludge")

    part = fragment(client)

    assert '<progress value="20" max="80"' in part
    assert "Nereda aerobic granular sludge" in part
    assert 'hx-trigger="every 2s"' in part


def test_the_box_does_not_lead_to_the_page_it_stands_on(client):
    progress.begin("demo", total=80)
    start, box = reverse("demo:start"), reverse("demo:progress")
    asked = {"headers": {"HX-Request": "true"}}

    elsewhere, here = fragment(client), client.get(f"{box}?here=1", **asked).content.decode()
    page = client.get(start).content.decode()

    assert (f'href="{start}"' in elsewhere, f'href="{start}"' in here) == (True, False)
    assert f'hx-get="{box}?here=1"' in here
    assert page.count(f'hx-get="{box}?here=1"') == 1
    progress.fail("demo", "OSError('disk full')")
    assert "<a" not in client.get(f"{box}?here=1", **asked).content.decode()


def test_progress_at_the_end_asks_no_more(client):
    progress.begin("demo", total=80)
    progress.finish("demo")

    part = fragment(client)

    assert "hx-trigger" not in part
    assert "The demonstration is ready" in part


def test_progress_that_failed_says_so(client):
    progress.begin("demo", total=80)
    progress.fail("demo", "OSError('disk full')")

    part = fragment(client)

    assert "hx-trigger" not in part
    assert "could not be loaded completely" in part
    assert "disk full" not in part


@pytest.mark.parametrize(("finished", "asks"), [(False, True), (True, False)])
def test_progress_page_without_script_asks_again_while_it_runs(client, finished, asks):
    progress.begin("demo", total=80)
    if finished:
        progress.finish("demo")

    page = client.get(reverse("demo:progress")).content.decode()

    assert ('<meta http-equiv="refresh"' in page) is asks


def test_before_the_load_nothing_is_offered_to_try(client):
    assert "Where to begin" not in client.get(reverse("demo:start")).content.decode()


def test_the_officers_desk_leads_to_what_can_be_tried_and_to_the_mails(settings):
    desk = signed_in(officer())

    page = desk.get(reverse("admin:index")).content.decode()
    settings.DEMO = False
    without = desk.get(reverse("admin:index")).content.decode()

    links = [f'href="{reverse(name)}"' for name in ("demo:start", "demo:mail-list")]
    assert [one in page for one in links] == [True, True]
    assert [one in without for one in links] == [False, False]
