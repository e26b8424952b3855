"""What the portal refuses to start with."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

KEY = "k" * 60


def start(**environment: str) -> str:
    program = "import pool_portal.settings"
    clean = {k: v for k, v in os.environ.items() if k not in {"SECRET_KEY", "PORTAL_EMBEDDED"}}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**clean, **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip().splitlines()[-1] if done.returncode else "started"


@pytest.mark.parametrize("key", ["", "short"])
@pytest.mark.parametrize("embedded", ["0", "1"])
def test_a_missing_or_short_key_is_refused(key, embedded):
    said = start(SECRET_KEY=key, PORTAL_EMBEDDED=embedded, DATABASE_URL="postgres://127.0.0.1/p")

    assert said.endswith("Set SECRET_KEY to at least 50 random characters.")


def test_the_demonstration_cannot_be_switched_on_over_a_real_database():
    said = start(SECRET_KEY=KEY, PORTAL_EMBEDDED="1", DATABASE_URL="postgres://db.example.org/p")

    assert "unset it" in said


def test_a_real_database_and_a_real_key_start():
    assert start(SECRET_KEY=KEY, DATABASE_URL="postgres://db.example.org/p") == "started"
