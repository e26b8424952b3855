"""Joint applicants: each confirms by a link, without an account, the version that was filed.

A confirmation counts for the version it was given for; a corrected version asks each of them
again and shows what changed (docs/adr/0014). The formal check begins without them; *accept*
waits until each has confirmed, or an officer waived it with a reason.
"""

import datetime as dt
import hashlib
import secrets
from contextlib import suppress
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models.people import MAIL_LANGUAGES
from core import audit, mail
from core.errors import DomainError, TransitionError
from core.workflow import Act, Step, Workflow
from submissions.models import Declaration, DeclarationVersion, JointConfirmation
from submissions.notifications import readers
from submissions.states import JOINT, JointStatus, Status

SECTION, TABLE = "applicant", "joint"  # where a scheme asks for them
KNOWN_BY = ("name_en", "name_zh", "registration_number", "country")
WAITS_IN = frozenset({Status.SUBMITTED, Status.IN_CHECK})
OPEN = (JointStatus.ASKED, JointStatus.DECLINED)  # what *accept* waits for
PAUSE = dt.timedelta(hours=24)  # between two mails to one address


def of_version(version: DeclarationVersion | None) -> QuerySet[JointConfirmation]:
    return JointConfirmation.objects.filter(version=version).order_by("place")


def by_token(token: str) -> JointConfirmation | None:
    """Return what the link of a mail leads to; None when it leads nowhere."""
    rows = JointConfirmation.objects.select_related(
        "declaration__activity__scheme", "declaration__organisation", "version"
    )
    found = rows.filter(token_hash=_hash(token)).first()
    gone = found is not None and found.declaration.status == Status.WITHDRAWN
    return None if gone else found


def answered_before(confirmation: JointConfirmation) -> JointConfirmation | None:
    """Return the last answer of the same organisation about an earlier version.

    It is the same by its registration number or a name. One address may stand for several: an
    answer from it counts where whoever gave it is not named in this version as another one.
    """
    answers = (
        JointConfirmation.objects.filter(
            declaration=confirmation.declaration_id,
            version__number__lt=confirmation.version.number,
            status__in=(JointStatus.CONFIRMED, JointStatus.DECLINED),
        )
        .select_related("version")
        .order_by("-version__number", "place")
    )
    named = [_identity(row) for row in _rows(confirmation.version)]
    own, others = _at(named, confirmation.place)
    given = [(one, _at([*map(_identity, _rows(one.version))], one.place)[0]) for one in answers]
    by_name = (one for one, who in given if who & own)
    by_address = (
        one
        for one, who in given
        if one.address == confirmation.address and one.address
        if not any(who & other for other in others)
    )
    return next(by_name, None) or next(by_address, None)


Identity = set[tuple[str, str]]


def _at(named: list[Identity], place: int) -> tuple[Identity, list[Identity]]:
    """Part one of a table's rows from the others."""
    return set().union(*named[place : place + 1]), named[:place] + named[place + 1 :]


def _identity(row: dict[str, Any]) -> Identity:
    """Return what an organisation is known by from version to version, as it is compared."""
    keys = (("number", "registration_number"), ("name", "name_en"), ("name", "name_zh"))
    known = ((kind, "".join(str(row.get(key) or "").casefold().split())) for kind, key in keys)
    return {one for one in known if one[1]}


def is_waiting(confirmation: JointConfirmation) -> bool:
    """Say whether an answer is still asked for: of the version in force, before the decision."""
    declaration = confirmation.declaration
    return (
        confirmation.status == JointStatus.ASKED
        and declaration.version_id == confirmation.version_id
        and declaration.status in WAITS_IN
    )


# What the steps of a declaration ask and do ------------------------------------------------


def ask_joint_applicants(declaration: Declaration, act: Act) -> None:
    """Ask each joint applicant of the version just filed, and nobody about an older one."""
    earlier = JointConfirmation.objects.filter(declaration=declaration, status=JointStatus.ASKED)
    for one in earlier.exclude(version=declaration.version).order_by("pk"):
        with suppress(TransitionError):  # it was answered at this very moment
            CONFIRMATIONS.perform("supersede", one.pk, actor=None)
    if declaration.version is None:
        return
    for place, row in enumerate(_rows(declaration.version)):
        _ask(declaration, declaration.version, place, row, act.at)


def all_have_confirmed(declaration: Declaration, act: Act) -> None:
    open_ones = of_version(declaration.version).filter(status__in=OPEN)
    names = list(open_ones.values_list("name", flat=True))
    if names:
        raise DomainError(
            _(
                "Not every joint applicant has confirmed this version: %(names)s. Wait for the "
                "answer, or waive the confirmation with a reason."
            )
            % {"names": _(", ").join(names)}
        )


def _rows(version: DeclarationVersion) -> list[dict[str, Any]]:
    section = version.content["sections"].get(SECTION)
    rows = section.get(TABLE) if isinstance(section, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _ask(
    declaration: Declaration,
    version: DeclarationVersion,
    place: int,
    row: dict[str, Any],
    at: dt.datetime,
) -> None:
    language = declaration.language if declaration.language in dict(MAIL_LANGUAGES) else "en"
    names = (row.get("name_zh"), row.get("name_en"))
    name = next(filter(None, names if language == "zh-hans" else names[::-1]), "")
    asked = JointConfirmation(
        declaration=declaration,
        version=version,
        place=place,
        name=str(name or row.get("contact_email") or "–")[:200],
        **{key: str(row.get(key) or "") for key in KNOWN_BY},
        contact=str(row.get("contact_name", ""))[:100],
        address=str(row.get("contact_email", "")),
        language=language,
        asked_at=at,
    )
    token = _new_token(asked)
    asked.save(force_insert=True)
    _send(asked, token)
    # Who reads the mail is a person: the chain keeps the organisation alone.
    audit.record(
        "declaration.joint_asked",
        audit.Subject("declaration", declaration.pk),
        actor=None,
        details={"joint_applicant": asked.name, "version": version.number},
    )


def _new_token(asked: JointConfirmation) -> str:
    """Make the link of the next mail; whoever gave no address gets none."""
    if not asked.address:
        return ""
    token = secrets.token_urlsafe(32)
    asked.token_hash = _hash(token)
    return token


def _send(asked: JointConfirmation, token: str) -> None:
    if not token:
        return
    with translation.override(asked.language):
        url = reverse("submissions:joint-confirmation", args=[token])
    mail.write(
        "joint_asked",
        to=asked.address,
        language=asked.language,
        context={
            "confirmation": asked,
            "declaration": asked.declaration,
            "again": answered_before(asked) is not None,
            "url": url,
        },
        secret=True,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Its own life ------------------------------------------------------------------------------


def _still_asked(confirmation: JointConfirmation, act: Act) -> None:
    if not is_waiting(confirmation):
        raise DomainError(_("This version is not open for confirmation any more."))


def _in_force(confirmation: JointConfirmation, act: Act) -> None:
    """What was filed before, or is decided upon, waits for nobody: there is nothing to waive."""
    declaration = confirmation.declaration
    if declaration.version_id != confirmation.version_id or declaration.status not in WAITS_IN:
        raise DomainError(_("This version is not open for confirmation any more."))


def _not_too_often(confirmation: JointConfirmation, act: Act) -> None:
    if not confirmation.address:
        raise DomainError(_("No e-mail address was filed for this joint applicant."))
    if act.at < confirmation.asked_at + PAUSE:
        raise DomainError(_("A mail went out within the last 24 hours; please wait for an answer."))


def _resend(confirmation: JointConfirmation, act: Act) -> tuple[str, ...]:
    """Write once more, with a link of its own: the one before leads nowhere from now on."""
    token = _new_token(confirmation)
    confirmation.asked_at = act.at
    _send(confirmation, token)
    return ("token_hash", "asked_at")


def _answer(confirmation: JointConfirmation, act: Act) -> tuple[str, ...]:
    remark, signatory = (str(act.inputs.get(one, "")).strip() for one in ("remark", "signatory"))
    if not signatory:
        raise DomainError(_("Say who signs for your organisation."), field="signatory")
    if act.step.name == "decline" and not remark:
        raise DomainError(_("Say why your organisation does not confirm."), field="remark")
    confirmation.remark, confirmation.signatory = remark, signatory
    confirmation.answered_at = act.at
    act.details.update(version=confirmation.version.number)
    return ("remark", "signatory", "answered_at")


def _tell_applicants(confirmation: JointConfirmation, act: Act) -> None:
    declaration = confirmation.declaration
    for reader in readers(declaration):
        mail.write(
            "joint_answered",
            to=reader.email,
            language=reader.language,
            context={"confirmation": confirmation, "declaration": declaration, "reader": reader},
        )


CONFIRMATIONS: Workflow[JointConfirmation] = Workflow(
    JOINT,
    JointConfirmation,
    {
        "resend": Step(guards=(_still_asked, _not_too_often), change=_resend),
        "confirm": Step(guards=(_still_asked,), change=_answer, after=(_tell_applicants,)),
        "decline": Step(guards=(_still_asked,), change=_answer, after=(_tell_applicants,)),
        "waive": Step(guards=(_in_force,), after=(_tell_applicants,)),
    },
)
