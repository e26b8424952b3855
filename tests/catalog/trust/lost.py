"""A signing key whose file is gone, as after a restore of the database alone."""

from pathlib import Path

from django.conf import settings

from catalog.models import SigningKey


def file_of(key: SigningKey) -> Path:
    return Path(settings.SIGNING_KEYS_DIR) / f"{key.public_key}.pem"


def lose(key: SigningKey) -> None:
    file_of(key).unlink()
