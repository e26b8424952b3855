"""What a copy of the tables must not give away."""

import pytest
from allauth.mfa.models import Authenticator

from accounts import services
from core import mail, outbox
from core.models import StoredMail
from tests.builders import accounts

pytestmark = pytest.mark.django_db


def test_the_secret_of_a_second_factor_is_stored_encrypted():
    person = accounts.user()

    secret = services.set_up_totp(person)

    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert (
        Authenticator.objects.get(user=person, type="totp").wrap().validate_code("000000") is False
    )


def test_a_former_key_still_opens_a_second_factor(settings):
    person = accounts.user()
    services.set_up_totp(person)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6

    factor = Authenticator.objects.get(user=person, type="totp").wrap()
    assert factor.validate_code("000000") is False  # it could be opened, the code is wrong


@pytest.mark.parametrize(("demonstration", "kept"), [(True, "The link: /key/"), (False, "")])
def test_a_link_that_lets_someone_in_is_not_kept_once_sent(settings, demonstration, kept):
    settings.DEMO = demonstration
    stored = mail.store(
        to="a@example.org",
        language="en",
        template="t",
        subject="s",
        body="The link: /key/",
        secret=True,
    )

    outbox.deliver_due()

    assert StoredMail.objects.get(pk=stored.pk).body == kept
