"""``load_demo`` refuses where there is no demonstration."""

import pytest
from django.core.management import CommandError, call_command

from submissions.models import Activity


def test_load_needs_the_demonstration(settings, db):
    settings.DEMO = False

    with pytest.raises(CommandError, match="embedded database"):
        call_command("load_demo")

    assert not Activity.objects.exists()
