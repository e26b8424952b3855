"""Laying down a set of rules, by an officer or as the portal comes with it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit, rights
from core.canonical import content_hash
from core.errors import DomainError
from core.workflow import Act
from reference.names import validate_names
from submissions.checks.rulesets import RuleSetError, read
from submissions.checks.shipped import document_of, shipped_sets
from submissions.models import Activity, RuleSet

_VERSION_LOCK = 731_034  # any number, held by nothing else


def newest_rule_set() -> RuleSet | None:
    """Return what a new activity is checked by when nobody says otherwise."""
    return RuleSet.objects.order_by("-pk").first()


def pin_rules(activity: Activity, act: Act) -> tuple[str, ...]:
    """Name the set it is checked by as it opens: a later one changes no checklist of before."""
    if activity.rule_set_id is not None:
        return ()
    activity.rule_set = newest_rule_set()
    act.details.update(rule_set=activity.rule_set_id)
    return ("rule_set",)


@transaction.atomic
def create_rule_set(source: dict[str, Any], *, actor: Any) -> RuleSet:
    """Lay down a set; the same again is the same set, a changed one needs a new version."""
    if not rights.may_ever(actor, "add", RuleSet):
        raise PermissionDenied("add set of rules")
    document = document_of(source)
    try:
        read(document)
        validate_names(source["names"])
    except (RuleSetError, ValidationError) as error:
        raise DomainError(_("Not laid down: %(why)s") % {"why": error}) from None
    seal = content_hash(document)
    rule_set, made = RuleSet.objects.get_or_create(
        code=source["code"],
        version=source["version"],
        defaults={"names": source["names"], "document": document, "content_hash": seal},
    )
    if rule_set.content_hash != seal:
        raise DomainError(_("This set was laid down differently; give it a new version."))
    if made:
        audit.record("rule set.added", audit.Subject("rule set", rule_set.pk), actor=actor)
    return rule_set


def newest_version(rule_set: RuleSet) -> RuleSet:
    """Return the newest version of the same set."""
    return RuleSet.objects.filter(code=rule_set.code).order_by("-version")[0]


@transaction.atomic
def next_version(after: RuleSet, document: dict[str, Any], *, actor: Any) -> RuleSet:
    """Lay down the version that follows ``after``, which has to be the newest of its set."""
    # Two at once: the second one waits, and is told of the first. A row of a set is no lock: the
    # portal's own role may not write them.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_VERSION_LOCK])
    newest = newest_version(after)
    if newest != after:
        raise DomainError(
            _(
                "Version %(version)d was laid down since. What is changed here would drop what was "
                "changed there: prepare the next version after that one."
            )
            % {"version": newest.version}
        )
    try:
        unchanged = read(document) == after.load()
    except RuleSetError as error:
        raise DomainError(_("Not laid down: %(why)s") % {"why": error}) from None
    if unchanged:
        raise DomainError(_("Nothing is changed yet."))
    source = {"code": after.code, "version": after.version + 1, "names": after.names, **document}
    return create_rule_set(source, actor=actor)


def restore_shipped(using: str, model: type[RuleSet]) -> None:
    """Lay down what the portal comes with where it is missing; a row that is there stays."""
    for one in shipped_sets():
        model._default_manager.using(using).get_or_create(
            code=one.code,
            version=one.version,
            defaults={
                "names": one.names,
                "document": one.document,
                "content_hash": one.content_hash,
            },
        )
