import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def asked_often(settings: Settings) -> None:
    """Tests ask more often than anybody may; how often that is has tests of its own."""
    settings.API_ANONYMOUS_PER_MINUTE = 1_000_000
