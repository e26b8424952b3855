"""What the portal as a whole lays beside the apps: its own rights and addresses."""

from django.apps import AppConfig

from core import rights
from pool_portal.rights import ADDRESSES, OBJECTS


def connect(_app: AppConfig) -> None:
    for entry in OBJECTS:
        rights.declare(entry)
    rights.declare_addresses(ADDRESSES)
