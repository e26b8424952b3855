from pathlib import Path

import pytest

from launcher.demo import empty, reset
from launcher.interrupts import Interrupts
from launcher.postgres import connection
from launcher.redis_wire import ask
from launcher.refusal import Refusal
from launcher.services import running


def test_emptying_forgets_all_the_portal_kept(state: Path, outer: dict[str, str]) -> None:
    with running(state, outer) as services:
        with connection(services.owner_url) as cursor:
            cursor.execute("CREATE TABLE old (id int)")
        assert ask(services.redis_url, "SET", "old", "1") == "+OK"
        (state / "lake" / "_delta_log").mkdir()
        (state / "uploads" / "old.pdf").touch()

        empty(services)

        with connection(services.owner_url) as cursor:
            cursor.execute("SELECT to_regclass('old')")
            assert cursor.fetchone() == (None,)
        assert ask(services.redis_url, "DBSIZE") == ":0"
        assert list((state / "lake").iterdir()) == []
        assert list((state / "uploads").iterdir()) == []


def test_demo_of_an_operator_s_database_is_never_reset(state: Path, outer: dict[str, str]) -> None:
    with running(state, outer) as embedded:
        with connection(embedded.owner_url) as cursor:
            cursor.execute("CREATE TABLE kept (id int)")
        theirs = outer | {"DATABASE_URL": embedded.owner_url, "PORTAL_EMBEDDED": "1"}

        with pytest.raises(Refusal, match="on the embedded database only; unset DATABASE_URL"):
            reset(["--reset"], state, theirs, Interrupts())

        with connection(embedded.owner_url) as cursor:
            cursor.execute("SELECT count(*) FROM kept")
            assert cursor.fetchone() == (0,)
