"""What evaluation adds to an activity: by what it is judged, told to all and kept by a clone."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from evaluation import procedures
from evaluation.criteria.sealing import set_activity_criteria
from evaluation.models import ActivityCriteria, Case, CriteriaChange, CriteriaSet, Procedure
from evaluation.states import UNDER_EVALUATION, CaseStatus, ChangeStatus
from submissions.models import Activity
from submissions.states import ActivityStatus
from submissions.templatetags.submissions import breakable


def criteria_of(activity: Activity) -> list[dict[str, Any]]:
    """Return the criteria set and its hash, sealed before the first declaration came."""
    chosen = ActivityCriteria.objects.select_related("criteria_set").filter(activity=activity)
    facts = [fact for one in chosen for fact in _sealed(activity, one.criteria_set)]
    changes = CriteriaChange.objects.filter(activity=activity, status=ChangeStatus.CONFIRMED)
    for change in changes.select_related("previous").order_by("confirmed_at"):
        said = _("%(set)s until %(day)s. Changed because: %(reason)s") % {
            "set": change.previous,
            "day": date_format(timezone.localtime(change.confirmed_at), "DATE_FORMAT"),
            "reason": change.reason,
        }
        facts.append({"label": _("Judged before by"), "value": said})
    return facts


def _sealed(activity: Activity, criteria_set: CriteriaSet) -> list[dict[str, Any]]:
    named: dict[str, Any] = {"label": _("Criteria set"), "value": str(criteria_set)}
    if activity.status != ActivityStatus.PREPARED:  # published with the activity
        named["url"] = reverse(
            "evaluation:criteria-detail", args=[criteria_set.code, criteria_set.version]
        )
    seal = breakable(criteria_set.content_hash)
    return [named, {"label": _("SHA-256 of the criteria"), "value": seal}]


def under_evaluation() -> QuerySet[Any]:
    """Return the cases of an activity in which nothing is released yet."""
    return _cases(*UNDER_EVALUATION, CaseStatus.RELEASED)


def in_publicity() -> QuerySet[Any]:
    return _cases(CaseStatus.PUBLICITY)


def _cases(*states: CaseStatus) -> QuerySet[Any]:
    return Case.objects.filter(declaration__activity=OuterRef("pk"), status__in=states)


def same_criteria(source: Activity, made: Activity, actor: Any) -> None:
    chosen = ActivityCriteria.objects.select_related("criteria_set").filter(activity=source)
    for one in chosen:
        set_activity_criteria(
            made, one.criteria_set, experts_wanted=one.experts_wanted, actor=actor
        )


def criteria_come_along(source: Activity) -> list[str]:
    chosen = ActivityCriteria.objects.select_related("criteria_set").filter(activity=source)
    return [_("The criteria set comes along: %s.") % one.criteria_set for one in chosen]


def procedure_of(activity: Activity) -> list[dict[str, Any]]:
    """Return the way from a declaration to the listing, in the order of its steps."""
    return [{"label": _("How it is decided"), "value": " → ".join(_steps(activity))}]


def _steps(activity: Activity) -> list[str]:
    how = procedures.of(activity)
    return [
        _("formal check"),
        _("score sheets of experts"),
        *_before_deciding(how),
        _("decision of two officers"),
        *([_("signature of CAEPI")] if how.co_release else []),
        _publicity(activity, working=how.working_days),
        _("listing in the pool"),
    ]


def _before_deciding(how: Procedure | procedures.Steps) -> list[str]:
    arranged = Procedure.Verified.ARRANGED
    held = (
        (how.defence, (_("defence"), _("defence where arranged"))),
        (how.site_visit, (_("on-site verification"), _("on-site verification where arranged"))),
    )
    return [
        *(words[kind == arranged] for kind, words in held if kind != Procedure.Verified.NONE),
        *([_("panel meeting")] if how.panel else []),
    ]


def _publicity(activity: Activity, *, working: bool) -> str:
    days = activity.publicity_days
    if working:
        told = ngettext(
            "publicity of %(days)d working day", "publicity of %(days)d working days", days
        )
    else:
        told = ngettext("publicity of %(days)d day", "publicity of %(days)d days", days)
    return told % {"days": days}


@dataclass(frozen=True, slots=True)
class _Copied:
    """What of a procedure goes to the next activity: steps beside the short road, who signs."""

    steps: procedures.Steps
    signer: User | None
    lost: User | None = None  # who signed and is no officer any more

    @property
    def anything(self) -> bool:
        return self.steps != procedures.Steps()  # the short road is written at the opening


def _copied(how: Procedure) -> _Copied:
    """Keep the steps, and who signs for CAEPI; the dates are those of the earlier activity alone.

    Where the signer is no officer any more, nobody is copied and nothing is released together:
    an officer names another signer while the new activity is prepared.
    """
    steps = procedures.Steps(**{name: getattr(how, name) for name in procedures.Steps.__slots__})
    signer = how.co_releaser
    if signer is None or procedures.may_sign(signer):
        return _Copied(steps, signer)
    return _Copied(replace(steps, co_release=False), None, lost=signer)


def same_procedure(source: Activity, made: Activity, actor: Any) -> None:
    copied = _copied(procedures.of(source))
    if copied.anything:
        timetable = procedures.Timetable(co_releaser=copied.signer)
        procedures.set_procedure(made, copied.steps, timetable, actor=actor)


def procedure_comes_along(source: Activity) -> list[str]:
    """Say which steps are copied, that dates are not, and who signs for CAEPI no more."""
    how = procedures.of(source)
    copied = _copied(how)
    said = []
    if copied.anything:
        steps = _(", ").join(_beside_the_short_road(copied))
        said.append(_("The steps of the procedure come along: %s.") % steps)
    if copied.lost is not None:
        said.append(
            _(
                "%s is no officer any more: the signature of CAEPI does not come along. Name who "
                "signs on the page of the procedure."
            )
            % copied.lost.name
        )
    if how.review_until or how.release_at:
        said.append(
            _("The announced dates do not come along: set them on the page of the procedure.")
        )
    return said


def _beside_the_short_road(copied: _Copied) -> list[str]:
    signed = [_("signature of CAEPI (%s)") % copied.signer.name] if copied.signer else []
    working = [_("publicity in working days")] if copied.steps.working_days else []
    return [*_before_deciding(copied.steps), *signed, *working]
