"""What each step of a technology changes in its public record, and whom it tells."""

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import attesting, publishing, record
from catalog.models import Technology
from core.errors import DomainError
from core.workflow import Act

# Name of the step: what is announced.
ANNOUNCED = {
    "suspend": "suspended",
    "resume": "resumed",
    "expire": "expired",
    "renew": "renewed",
    "withdraw": "withdrawn",
    "revoke": "revoked",
}


def has_run_out(technology: Technology, act: Act) -> None:
    """Ask for the last day to have passed, or for a silence too long to list it on."""
    over = technology.valid_until < timezone.localdate(act.at)
    if not over and not attesting.has_lapsed(technology, act.at):
        raise DomainError(_("The listing is still valid."))


def end_is_given(_technology: Technology, act: Act) -> None:
    if act.inputs.get("until") is None:
        raise DomainError(_("Say until which day the listing is renewed."))


def show_state_only(technology: Technology, act: Act) -> tuple[str, ...]:
    """Take the content away; the name and the state stay public."""
    since = timezone.localdate(act.at)
    content = record.state_record(technology.content, technology.status, since)
    publishing.set_content(technology, content)
    return _changed(technology, act, ("content", "content_hash"))


def bury(technology: Technology, act: Act) -> tuple[str, ...]:
    """Leave a tombstone; versions keep what was there."""
    content = record.tombstone(technology.content, technology.status, act.at)
    publishing.set_content(technology, content)
    return _changed(technology, act, ("content", "content_hash"))


def show_again(technology: Technology, act: Act) -> tuple[str, ...]:
    """Build the record anew from what was filed and evaluated."""
    return _changed(technology, act, publishing.fill(technology))


def extend_and_show(technology: Technology, act: Act) -> tuple[str, ...]:
    technology.valid_until, technology.confirmed_at = act.inputs["until"], act.at
    return ("valid_until", "confirmed_at", *show_again(technology, act))


def publish(technology: Technology, act: Act) -> None:
    publishing.publish(technology, ANNOUNCED[act.step.name], act)


def _changed(technology: Technology, act: Act, fields: tuple[str, ...]) -> tuple[str, ...]:
    # Under the row's lock: the order of events is the order of commits.
    technology.seq += 1
    technology.changed_at = act.at
    act.details["content_hash"] = technology.content_hash
    if measure := act.inputs.get("measure"):
        act.details["measure"] = measure
    return ("seq", "changed_at", *fields)
