"""What the demonstration lays beside the other apps: its addresses."""

from django.apps import AppConfig

from core import rights
from demo.rights import ADDRESSES


def connect(_app: AppConfig) -> None:
    rights.declare_addresses(ADDRESSES)
