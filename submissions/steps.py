"""What the steps of an activity and of a declaration ask before, and do besides."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from core.moments import written
from core.workflow import Act
from reference.models import Term
from submissions import fingerprints, look_alikes
from submissions.activities import require_in_time
from submissions.checks.remarks import Level
from submissions.choices import Choices
from submissions.document import confirmed_texts, document_of, seen_of
from submissions.findings import by_rules, to_put_right
from submissions.formal_check import overdue
from submissions.models import Activity, Declaration, DeclarationVersion
from submissions.scheme import Scheme
from submissions.scheme.documents import SchemeError
from submissions.scheme.fields import Kind
from submissions.states import Status


def scheme_is_sound(activity: Activity, act: Act) -> None:
    """Refuse to open an activity that nobody could declare in."""
    try:
        scheme = activity.scheme.load()
    except SchemeError as error:
        raise DomainError(_("The scheme is unsound: %(why)s") % {"why": error}) from None
    if unknown := _unknown_vocabularies(scheme):
        names = ", ".join(sorted(unknown))
        raise DomainError(
            _("The scheme names vocabularies without terms: %(names)s.") % {"names": names}
        )
    if not activity.fields.exists():
        raise DomainError(_("Choose the fields of technology."), field="field_codes")
    if activity.closes_at < act.at:
        raise DomainError(_("The closing time has passed already."), field="closes_at")


def _unknown_vocabularies(scheme: Scheme) -> set[str]:
    fields = [
        field
        for section in scheme.sections
        for part in (section.fields, *(table.fields for table in section.rows))
        for field in part
    ]
    named = {field.vocabulary for field in fields if field.kind in (Kind.CHOICE, Kind.CHOICES)}
    present = (
        Term.objects.active().filter(vocabulary__in=named).values_list("vocabulary", flat=True)
    )
    return named - {""} - set(present)


def activity_takes_declarations(declaration: Declaration, act: Act) -> None:
    """Hold the deadline: by the database's clock at arrival, whatever was waited for since.

    A first filing needs an open activity, and a place in the quota. What was returned may come
    back until the day it is due, Asia/Shanghai, whether or not the activity is open still;
    without a day, any time.
    """
    activity = Activity.objects.select_for_update(no_key=True).get(pk=declaration.activity_id)
    if declaration.status == Status.DRAFT:
        if require_in_time(activity, act.arrived_at):
            act.details.update(in_grace=True)
        _within_quota(activity, declaration)
        return
    if due := overdue(declaration, act.arrived_at):
        raise TransitionError(
            _("The corrections were due on %(day)s. An officer may give you more time.")
            % {"day": due.isoformat()}
        )


def _within_quota(activity: Activity, declaration: Declaration) -> None:
    # The activity's lock is held: two that arrive at once are counted one after the other.
    if activity.quota is None:
        return
    filed = Declaration.objects.filter(
        activity=activity, organisation=declaration.organisation_id, version__isnull=False
    ).exclude(status=Status.WITHDRAWN)
    if filed.count() >= activity.quota:
        raise DomainError(
            ngettext(
                "An organisation may submit %(count)d declaration in this activity; "
                "yours has done so. One that is withdrawn makes room.",
                "An organisation may submit %(count)d declarations in this activity; "
                "yours has done so. One that is withdrawn makes room.",
                activity.quota,
            )
            % {"count": activity.quota}
        )


def has_run_out(activity: Activity, act: Act) -> None:
    if act.at <= activity.ends_at:
        raise DomainError(_("The closing time has not passed yet."))


def is_over(activity: Activity, act: Act) -> None:
    """Refuse to close early: applicants rely on the time, and the seal ends with the closing."""
    if act.at <= activity.ends_at:
        raise DomainError(
            _(
                "An activity cannot be closed before its time, which applicants rely on. "
                "It closes by itself after %(moment)s."
            )
            % {"moment": written(activity.ends_at)}
        )


def note_closing(activity: Activity, act: Act) -> tuple[str, ...]:
    # After the lock was had: whatever was submitted under it had arrived before this moment.
    activity.closed_at = act.at
    return ("closed_at",)


def nothing_is_missing(declaration: Declaration, act: Act) -> None:
    """Ask the whole document again; what the forms let through is not trusted."""
    choices = Choices(declaration.activity, declaration)
    found = to_put_right(declaration, act.arrived_at, choices)
    if not found and _likeness_refuses(declaration.activity):
        # Last and only where it counts: it costs the most, and others wait for the activity.
        alike = look_alikes.of_applicant(declaration, confirmed_texts(declaration))
        said = by_rules(declaration, act.arrived_at, choices, alike)
        found = to_put_right(declaration, act.arrived_at, choices, said)
    if not found:
        return
    first, more = found[0].message, len(found) - 1
    if not more:
        raise DomainError(first)
    raise DomainError(
        ngettext(
            "%(first)s (There is %(count)d thing more to put right.)",
            "%(first)s (There are %(count)d things more to put right.)",
            more,
        )
        % {"first": first, "count": more}
    )


def _likeness_refuses(activity: Activity) -> bool:
    """Say whether the set of rules calls it an error to resemble another text."""
    applied = activity.rules.load().applied
    return any(one.rule == "look_alike" and one.level is Level.ERROR for one in applied)


def file_version(declaration: Declaration, act: Act) -> tuple[str, ...]:
    """Write what is filed as the next version, sealed by its hash; the first gives the number."""
    attachments = list(declaration.attachments.filter(removed_at=None))
    document = document_of(declaration, attachments)
    # What the page of the answers showed; programs may leave it out.
    if (seen := act.inputs.get("seen")) and seen != seen_of(document):
        raise DomainError(
            _("The declaration changed since you looked at it. Please look once more, then submit.")
        )
    last = declaration.versions.order_by("-number").first()
    version = DeclarationVersion.objects.create(
        declaration=declaration,
        number=last.number + 1 if last else 1,
        content=document,
        content_hash=content_hash(document),
        submitted_at=act.arrived_at,
        submitted_by=act.actor,
    )
    fingerprints.keep(version)
    declaration.attachments.filter(removed_at=None, filed_with=None).update(filed_with=version)
    declaration.version, declaration.submitted_at = version, act.arrived_at
    declaration.corrections_due_on = None  # they came
    declaration.number = declaration.number or _next_number(declaration.activity)
    act.details.update(version=version.number, hash=version.content_hash)
    return ("version", "submitted_at", "number", "corrections_due_on", "updated_at")


def _next_number(activity: Activity) -> str:
    # The guard holds the activity's lock until the commit, and a number is never taken back:
    # counting gives neither gap nor double.
    given = Declaration.objects.filter(activity=activity, number__isnull=False).count()
    return f"{activity.code}-{given + 1:04d}"
