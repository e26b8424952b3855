"""Laying down a scheme, and making and changing a collection activity."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core import audit, rights
from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from reference.models import Field
from reference.names import validate_names
from submissions.models import Activity, DeclarationScheme, RuleSet
from submissions.prolonging import ask_whether_it_moves, move_closing
from submissions.rule_sets import newest_rule_set
from submissions.scheme import load
from submissions.states import ActivityStatus

SCHEMES = Path(__file__).parent / "schemes"
# Once people declare under an activity, what they were promised stays.
CHANGEABLE_WHILE_OPEN = frozenset({"titles", "notices", "closes_at", "contact", "grace_minutes"})
CLOSING = frozenset({"closes_at", "grace_minutes"})
OVER = frozenset({ActivityStatus.CLOSED, ActivityStatus.CONCLUDED})
# What the audit does not keep: who is to be asked may be a person.
WITHHELD = frozenset({"contact"})


@transaction.atomic
def create_scheme(document: dict[str, Any], *, actor: Any) -> DeclarationScheme:
    """Lay down a scheme; the same document again is the same scheme, a changed one is refused."""
    _may(actor, "add", DeclarationScheme)
    load(document["sections"])
    seal = content_hash(document["sections"])
    scheme, made = DeclarationScheme.objects.get_or_create(
        code=document["code"],
        version=document["version"],
        defaults={
            "names": document["names"],
            "sections": document["sections"],
            "content_hash": seal,
        },
    )
    if scheme.content_hash != seal:
        raise DomainError(_("This scheme was laid down differently; give it a new version."))
    if made:
        audit.record("scheme.added", audit.Subject("scheme", scheme.pk), actor=actor)
    return scheme


@transaction.atomic
def create_activity(  # noqa: PLR0913 -- the columns of one row, by name
    *,
    actor: Any,
    code: str,
    titles: dict[str, str],
    notices: dict[str, str],
    field_codes: Iterable[str],
    scheme: DeclarationScheme,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    publicity_days: int,
    contact: str = "",
    grace_minutes: int = 0,
    quota: int | None = None,
    sealed: bool = False,
    recommended: bool = False,
    rule_set: RuleSet | None = None,
) -> Activity:
    """Prepare an activity; it takes declarations once an officer opens it.

    Without a set of rules it is checked by the newest there is.
    """
    _may(actor, "add", Activity)
    activity = Activity(
        code=code,
        titles=titles,
        notices=notices,
        scheme=scheme,
        rule_set=rule_set or newest_rule_set(),
        opens_at=opens_at,
        closes_at=closes_at,
        publicity_days=publicity_days,
        contact=contact,
        grace_minutes=grace_minutes,
        quota=quota,
        sealed=sealed,
        recommended=recommended,
    )
    _check(activity)
    activity.save(force_insert=True)
    activity.fields.set(_fields(field_codes))
    audit.record("activity.added", audit.Subject("activity", activity.pk), actor=actor)
    return activity


@transaction.atomic
def edit_activity(activity_id: Any, *, actor: Any, **changes: Any) -> Activity:
    """Change an activity; ``field_codes`` replaces its fields of technology.

    While it is open only words, the contact and the closing time may change; the closing time
    and the grace only to later ones. A new closing time, or grace, needs its reason, and everyone
    who has a declaration there is told of it.
    """
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity_id)
    if not rights.can(actor, "edit", activity):
        raise PermissionDenied(f"edit on activity {activity_id}")
    before, grace = activity.closes_at, activity.grace_minutes
    reason = str(changes.pop("closing_reason", "")).strip()
    field_codes = changes.pop("field_codes", None)
    changed = {name: new for name, new in changes.items() if getattr(activity, name) != new}
    old_codes = set(activity.fields.values_list("pk", flat=True))
    if field_codes is not None and set(field_codes) != old_codes:
        changed["field_codes"] = field_codes
    if activity.status == ActivityStatus.OPEN:
        _only_changeable(changed, before, grace)
        if not CLOSING.isdisjoint(changed) and not reason:
            raise DomainError(_("Say why the closing time changes."), field="closing_reason")
    moved = set(changed)
    _apply(activity, changed, actor)
    if "closes_at" in moved:
        ask_whether_it_moves(activity)
    if activity.status == ActivityStatus.OPEN and not CLOSING.isdisjoint(moved):
        move_closing(activity, (before, grace), reason=reason, actor=actor)
    return activity


def _apply(activity: Activity, changed: dict[str, Any], actor: Any) -> None:
    columns = ["fields" if name == "field_codes" else name for name in changed]
    before = audit.values(activity, columns)
    codes = changed.pop("field_codes", None)
    for name, new in changed.items():
        setattr(activity, name, new)
    _check(activity)
    if changed:
        activity.save(update_fields=list(changed))
    if codes is not None:
        activity.fields.set(_fields(codes))
    if columns:
        audit.record(
            "activity.changed",
            audit.Subject("activity", activity.pk),
            actor=actor,
            details=audit.differences(before, audit.values(activity, columns), WITHHELD),
        )


def _only_changeable(changed: dict[str, Any], closes_at: dt.datetime, grace: int) -> None:
    for name in sorted(set(changed) - CHANGEABLE_WHILE_OPEN):
        raise DomainError(_("This cannot change while the activity is open."), field=name)
    if changed.get("closes_at", closes_at) < closes_at:
        raise DomainError(_("An open activity can be prolonged, not shortened."), field="closes_at")
    if changed.get("grace_minutes", grace) < grace:
        message = _("An open activity can be prolonged, not shortened.")
        raise DomainError(message, field="grace_minutes")


def require_open(activity: Activity, at: dt.datetime) -> None:
    """Raise unless a declaration can be begun at this moment of the database's clock."""
    if activity.status in OVER or at > activity.closes_at:
        raise TransitionError(_("This activity is closed; it takes no more declarations."))
    if activity.status != ActivityStatus.OPEN or at < activity.opens_at:
        raise TransitionError(_("This activity does not take declarations yet."))


def require_in_time(activity: Activity, arrived_at: dt.datetime) -> bool:
    """Raise unless a draft that arrived at this moment is taken; return whether it is by grace.

    The closing time itself is in time. A draft is one that was begun before it, for none begins
    afterwards. If the activity was closed while the draft waited for its turn, it counts that it
    had arrived before.
    """
    if activity.status == ActivityStatus.PREPARED or arrived_at < activity.opens_at:
        raise TransitionError(_("This activity does not take declarations yet."))
    closed_at = activity.closed_at or activity.closes_at
    closed = activity.status in OVER and arrived_at >= closed_at
    if closed or arrived_at > activity.ends_at:
        raise TransitionError(_("This activity is closed; it takes no more declarations."))
    return arrived_at > activity.closes_at


def _check(activity: Activity) -> None:
    for field in ("titles", "notices"):
        try:
            validate_names(getattr(activity, field))
        except ValidationError as error:
            raise DomainError(error.messages[0], field=field) from None
    if activity.closes_at <= activity.opens_at:
        raise DomainError(_("The end must be after the beginning."), field="closes_at")
    try:
        activity.clean_fields(exclude={"titles", "notices"})
        activity.validate_unique()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from None


def _fields(codes: Iterable[str]) -> list[Field]:
    wanted = set(codes)
    found = list(Field.objects.filter(pk__in=wanted))
    if not wanted or len(found) != len(wanted):
        raise DomainError(_("Choose the fields of technology."), field="field_codes")
    return found


def _may(actor: Any, right: str, model: type[Model]) -> None:
    if not rights.may_ever(actor, right, model):
        raise PermissionDenied(f"{right} {model._meta.label}")
