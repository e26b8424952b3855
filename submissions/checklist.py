"""The checklist of the formal check: what the rules remarked, and what is looked at by eye.

It is made out of the activity's set of rules, for one version that was filed. A line is open until
an officer says that it may stand (with a reason), or that it is met; while one is open, the
declaration is not accepted. What was marked holds for later versions too, as long as the rule
remarks nothing else than it did then, and what was looked at by eye is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from core.workflow import Act
from submissions import findings, looked_at
from submissions.checks.remarks import Level, Remark
from submissions.checks.rulesets import RULES
from submissions.models import CheckMark, Declaration, DeclarationVersion
from submissions.states import Status
from submissions.working_copy import locked, record

Verdict = CheckMark.Verdict
GOOD = frozenset({Verdict.MET, Verdict.NOT_APPLICABLE})
BY_EYE = (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)
# What an item looked at by eye is about, beside the files. Of one that an office added nobody says
# it: that one is about every section.
SEEN_BY_EYE = {
    "stamped_commitment": ("technology.title", "commitment"),
    "files_legible": (),
    "holder_named": ("property",),
    "reports_of_this_technology": (),
    "cases_proved": ("cases",),
    "within_the_notice": ("technology",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One item: a rule that remarked something, or (``level`` none) one looked at by eye."""

    item: str
    label: str | Promise
    help: str
    level: Level | None
    remarks: tuple[Remark, ...]
    covers: tuple[str, ...]  # what a mark would be about
    version: int
    mark: CheckMark | None  # the latest

    @property
    def is_manual(self) -> bool:
        return self.level is None

    @property
    def is_current(self) -> bool:
        """Say whether the mark is about what is there now."""
        if self.mark is None:
            return False
        same = self.is_manual and self.mark.version_id == self.version
        return same or set(self.covers) <= set(self.mark.covers)

    @property
    def holds(self) -> bool:
        """Say whether the mark is about what is there now, and a good one."""
        good = GOOD if self.is_manual else {Verdict.STANDS}
        return self.mark is not None and self.mark.verdict in good and self.is_current

    @property
    def is_open(self) -> bool:
        return self.level is not Level.INFORMATION and not self.holds


def lines(
    version: DeclarationVersion,
    until: int | None = None,
    marks: Mapping[str, CheckMark] | None = None,
) -> list[Line]:
    """List the items of a version: rules that remarked something, then what is seen by eye.

    ``until``: as they were with the marks up to the one with this key. ``marks``: the latest by
    item, where they were read already (``marks_of``).
    """
    if marks is None:
        marks = _latest_marks(version, until)
    rules = version.declaration.activity.rules.load()
    remarked: dict[str, list[Remark]] = {}
    for one in findings.of_version(version):
        remarked.setdefault(one.rule, []).append(one)
    by_rule = [
        Line(
            item=rule,
            label=RULES[rule].name,
            help="",
            level=found[0].level,
            remarks=tuple(found),
            covers=tuple(_covered(one, version) for one in found),
            version=version.pk,
            mark=marks.get(rule),
        )
        for rule, found in remarked.items()
    ]
    by_eye = [
        Line(
            item=one.key,
            label=one.label,
            help=one.help,
            level=None,
            remarks=(),
            covers=_seen_by_eye(one.key, version),
            version=version.pk,
            mark=marks.get(one.key),
        )
        for one in rules.manual
    ]
    return [*by_rule, *by_eye]


def _latest_marks(version: DeclarationVersion, until: int | None) -> dict[str, CheckMark]:
    rows = CheckMark.objects.filter(
        version__declaration=version.declaration_id, version__number__lte=version.number
    )
    return {one.item: one for one in _by_age(rows) if until is None or one.pk <= until}


def marks_of(declarations: Iterable[Declaration]) -> dict[UUID, dict[str, CheckMark]]:
    """Read the latest marks of several declarations, by item; one question."""
    found: dict[UUID, dict[str, CheckMark]] = {}
    for one in _by_age(CheckMark.objects.filter(version__declaration__in=declarations)):
        found.setdefault(one.version.declaration_id, {})[one.item] = one
    return found


def _by_age(marks: QuerySet[CheckMark]) -> QuerySet[CheckMark]:
    """Read marks the oldest first, so that the latest of an item is the one that stays."""
    told = marks.select_related("version", "marked_by").defer("version__content")
    return told.order_by("pk")


def _covered(remark: Remark, version: DeclarationVersion) -> str:
    """Name what a remark is about: the place, and what stands there.

    In place of a rule that could not be run an officer looks, at this text and at no other.
    """
    if remark.failed:
        return _named("failed", version.content["sections"])
    values = version.content["sections"].get(remark.section, {})
    if RULES[remark.rule].reckons:
        return _named(f"{remark.section}.{remark.field}", values)
    member, _dot, rest = remark.field.partition(".")
    value = values.get(member) if isinstance(values, dict) else None
    number = rest.partition(".")[0]
    if isinstance(value, list) and number.isdecimal() and int(number) < len(value):
        value = value[int(number)]
    return _named(f"{remark.section}.{remark.field}", value)


def _seen_by_eye(item: str, version: DeclarationVersion) -> tuple[str, ...]:
    """Name what somebody looks at for an item: the files, and what they are held against."""
    sections = version.content["sections"]
    files = sorted(one["sha256"] for one in version.content.get("attachments", ()))
    found = [_named("files", files)]
    for place in SEEN_BY_EYE.get(item, sorted(sections)):
        section, _dot, member = place.partition(".")
        values = sections.get(section)
        if member:
            values = values.get(member) if isinstance(values, dict) else None
        found.append(_named(place, values))
    return tuple(found)


def _named(place: str, value: Any) -> str:
    return f"{place}:{content_hash({'value': value})[:16]}"


def closing(version: DeclarationVersion, reason: str) -> list[dict[str, str]]:
    """Return the marks that close every open line: each may stand for ``reason``, each is met."""
    return [
        {
            "item": line.item,
            "verdict": Verdict.MET if line.is_manual else Verdict.STANDS,
            "reason": reason,
        }
        for line in lines(version)
        if line.is_open
    ]


@transaction.atomic
def mark(
    declaration_id: UUID, marks: Iterable[Mapping[str, str]], *, actor: Any, seen: str = ""
) -> list[CheckMark]:
    """Write down what an officer found: ``item``, ``verdict`` and ``reason`` of each.

    What says the same as the mark in force is left out. Raises DomainError at the first one that
    cannot be: an item that is not there, a remark that may stand without a reason. ``seen``: what
    the page was drawn with (``looked_at``); MovedOn when that is not so any more.
    """
    declaration = locked(declaration_id, actor, "check")
    if declaration.status != Status.IN_CHECK:
        raise TransitionError(_("Begin the formal check first."))
    looked_at.require(declaration, seen)
    version = declaration.version
    there = {one.item: one for one in lines(version)}  # type: ignore[arg-type]  # filed: there is one
    made = [
        row
        for one in marks
        if (row := _mark(version, there.get(one["item"]), one, actor)) is not None
    ]
    CheckMark.objects.bulk_create(made)
    if made:
        record(declaration, "marked", actor, marks={row.item: row.verdict for row in made})
    return made


def _mark(version: Any, line: Line | None, told: Mapping[str, str], actor: Any) -> CheckMark | None:
    verdict, reason = Verdict(told["verdict"]), told.get("reason", "").strip()
    if line is None or (verdict in BY_EYE) is not line.is_manual:
        raise DomainError(_("The checklist has no item %(key)s.") % {"key": told["item"]})
    if verdict is Verdict.STANDS and not reason:
        raise DomainError(_("Say why it may stand."), field=line.item)
    before = line.mark
    if before and (before.verdict, before.reason) == (verdict, reason) and line.is_current:
        return None
    return CheckMark(
        version=version,
        item=line.item,
        verdict=verdict,
        reason=reason,
        covers=list(line.covers),
        marked_by=actor,
    )


def is_done(declaration: Declaration, _act: Act) -> None:
    """Refuse to accept while something of the checklist is open."""
    version = declaration.version
    left = [str(one.label) for one in lines(version) if one.is_open]  # type: ignore[arg-type]  # filed: there is one
    if left:
        message = ngettext(
            "%(count)d item of the checklist is open: %(items)s.",
            "%(count)d items of the checklist are open: %(items)s.",
            len(left),
        )
        raise DomainError(message % {"count": len(left), "items": _("; ").join(left)})
