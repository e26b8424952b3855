import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Role
from evaluation.models import CriteriaSet
from submissions.models import DeclarationScheme
from tests.builders import accounts

pytestmark = pytest.mark.django_db


def test_a_new_portal_begins_with_an_administrator_a_scheme_and_criteria(capsys):
    person = accounts.user("first@example.org")

    call_command("begin", "first@example.org")
    call_command("begin", "first@example.org")

    assert set(person.grants.values_list("role", flat=True)) == {Role.SYSTEM}
    assert DeclarationScheme.objects.filter(code="default").count() == 1
    assert CriteriaSet.objects.count() == 1


def test_it_begins_with_nobody_who_has_not_registered():
    with pytest.raises(CommandError, match="register first"):
        call_command("begin", "nobody@example.org")
