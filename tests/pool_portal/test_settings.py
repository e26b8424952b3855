"""What the portal refuses to start with."""

import json
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


def test_a_bucket_without_its_packages_is_refused():
    said = start(SECRET_KEY=KEY, DATABASE_URL="postgres://db.example.org/p", S3_BUCKET="files")

    assert said.endswith("S3_BUCKET needs: pip install -r requirements-s3.txt")


def test_a_bucket_is_where_uploads_lie(tmp_path):
    (tmp_path / "storages").mkdir()
    (tmp_path / "storages" / "__init__.py").touch()
    program = (
        "import json; from pool_portal.settings import STORAGES as s; "
        "print(json.dumps([s['default']['BACKEND'], s['default']['OPTIONS']]))"
    )
    given = {
        "SECRET_KEY": KEY,
        "DATABASE_URL": "postgres://db.example.org/p",
        "S3_BUCKET": "files",
        "S3_ENDPOINT": "https://objects.example.org",
        "S3_REGION": "cn-north-1",
        "S3_ACCESS_KEY": "a",
        "S3_SECRET_KEY": "b",
        "PYTHONPATH": str(tmp_path),
    }
    clean = {k: v for k, v in os.environ.items() if k not in {"SECRET_KEY", "PORTAL_EMBEDDED"}}

    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**clean, **given},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    backend, options = json.loads(said)
    assert backend == "storages.backends.s3.S3Storage"
    assert options | {"signature_version": None} == {
        "bucket_name": "files",
        "endpoint_url": "https://objects.example.org",
        "region_name": "cn-north-1",
        "access_key": "a",
        "secret_key": "b",
        "signature_version": None,
        "file_overwrite": False,
        "default_acl": None,
    }
