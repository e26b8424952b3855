"""One at a time: nobody waits, and nobody is held up by who is gone."""

import pytest

from core.alone import alone
from tests.builders.alone import somebody_else

pytestmark = pytest.mark.django_db


def test_who_comes_second_is_told_so_and_the_next_one_is_first_again():
    with somebody_else("a"), alone("a") as mine, alone("b") as another:
        assert (mine, another) == (False, True)

    with alone("a") as mine:
        assert mine


def test_one_that_fails_holds_nothing_up():
    with pytest.raises(OSError, match="gone"), alone("a") as mine:
        assert mine
        raise OSError("gone")

    with somebody_else("a"), alone("a") as again:
        assert not again
