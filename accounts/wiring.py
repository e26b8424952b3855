"""What accounts lays beside the other apps: rights, records, work left for later."""

from django.apps import AppConfig

from accounts import ending, events, merging, personal
from accounts.rights import ADDRESSES, OBJECTS
from core import outbox, rights


def connect(_app: AppConfig) -> None:
    """Tell core of us; once, when all models are loaded."""
    for entry in OBJECTS:
        rights.declare(entry)
    events.listen()
    rights.declare_addresses(ADDRESSES)
    merging.register(*merging.OWN)
    personal.register(*personal.OWN)
    outbox.register(ending.TOPIC, ending.end_sessions)
