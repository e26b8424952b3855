"""The address of a list filters by what the page offers; hidden columns cannot be asked about."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from accounts.models import User
from core import mail
from core.models import StoredMail
from evaluation.objections import mails
from submissions.models import Declaration
from tests.builders import accounts

pytestmark = pytest.mark.django_db
HIDDEN = [
    (StoredMail, "body__contains"),
    (StoredMail, "body__regex"),
    (StoredMail, "secret__exact"),
    (User, "password__startswith"),
    (User, "session_epoch__exact"),
    (Declaration, "content__technology__title__startswith"),
    (Declaration, "status__regex"),
]


@pytest.mark.parametrize(("model", "lookup"), HIDDEN)
def test_a_hidden_column_cannot_be_asked_about(model, lookup):
    request = RequestFactory().get("/")
    request.user = accounts.officer()

    assert not admin.site._registry[model].lookup_allowed(lookup, "x", request)


@pytest.mark.parametrize("lookup", ["status__exact", "activity__id__exact", "status"])
def test_the_filters_beside_the_list_work(lookup):
    request = RequestFactory().get("/")
    request.user = accounts.officer()

    assert admin.site._registry[Declaration].lookup_allowed(lookup, "x", request)


def test_a_reset_link_cannot_be_read_letter_by_letter():
    browser = accounts.signed_in(accounts.system_administrator())

    assert browser.get("/en/admin/core/storedmail/?body__contains=key").status_code == 400


def test_officers_do_not_read_mails():
    browser = accounts.signed_in(accounts.officer())

    assert browser.get("/en/admin/core/storedmail/").status_code == 404


def test_who_got_a_mail_that_tells_what_they_did_is_neither_shown_nor_found():
    keys = [
        StoredMail.objects.create(
            recipient=f"{name}@example.org", language="en", template=template, subject="Sub ject"
        ).pk
        for name, template in (("hush", "objection_sent"), ("open", "case_scored"))
    ]
    browser = accounts.signed_in(accounts.system_administrator())
    pages = [
        browser.get(f"/en/admin/core/storedmail/{rest}").content.decode()
        for rest in ("", "?q=example.org", "?o=2", *(f"{key}/change/" for key in keys))
    ]

    assert not any("hush@example.org" in page or "Sub ject" in page for page in pages)
    assert ["open@example.org" in page for page in pages] == [True, True, True, False, True]
    assert ["objection_sent" in page for page in pages[:2]] == [True, False]


def test_the_mails_to_objectors_are_such():
    assert mail.protected() >= set(mails.TO_OBJECTOR)
