"""What the check page says: of a number, of the code on a certificate, of a signed record.

It tells of a listing only what is public of it now, whatever the paper or file in hand says.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalog.models import SigningKey, Technology, TechnologyVersion
from catalog.naming import holder_name, title_of
from catalog.states import GONE, TechnologyStatus
from catalog.trust import codes, credentials, verifying
from catalog.trust.codes import Code
from core.clock import database_now
from core.moments import written
from core.rights import Actor

Facts = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: a title with its tone, sentences, and what is public of the listing now."""

    tone: str
    title: str
    text: str
    technology: Technology | None = None
    facts: Facts = field(default_factory=list)


def by_text(text: str, actor: Actor) -> Finding:
    """Answer to a number or to the code on a certificate, as somebody typed it."""
    asked = codes.typed(text)
    technology = _numbered(asked, actor)
    if technology is not None:
        return _listing(technology, _("The number stands for a listing of this pool."), [])
    code = codes.parse(asked)
    technology = _numbered(code.number, actor) if code else None
    if code is None or technology is None:
        return _unknown()
    return _certificate(technology, code)


def by_document(content: bytes, actor: Actor) -> Finding:
    """Answer to a signed record: is it genuine, which version is it, how does it stand now."""
    keys = verifying.keys_of(credentials.key_document(SigningKey.objects.visible_to(actor)))
    verdict = verifying.judge(content, keys)
    if verdict.problem:
        return Finding("danger", _("Not genuine"), str(verdict.problem.label))
    technology = Technology.objects.visible_to(actor).filter(pk=_id_of(verdict)).first()
    if technology is None:  # of a database that was thrown away, with keys that were kept
        return _unknown()
    proof, number = verdict.document["proof"], int(verdict.subject["version"])
    signed = dt.datetime.fromisoformat(proof["created"])
    facts = [
        {"label": _("Signed"), "value": written(signed)},
        {"label": _("Signed with"), "value": proof["verificationMethod"].partition("#")[2]},
    ]
    said = _("The record is genuine: this portal signed it, and nothing in it was changed.")
    return _listing(technology, said, [*_versions(technology, number), *facts])


def is_listed(technology: Technology, now: dt.datetime) -> bool:
    """Say whether it is listed and valid, also where the clock has not let it expire yet."""
    valid = technology.valid_until >= timezone.localdate(now)
    return technology.status == TechnologyStatus.LISTED and valid


def _certificate(technology: Technology, code: Code) -> Finding:
    version = TechnologyVersion.objects.filter(
        technology=technology, number=code.version, content__state=TechnologyStatus.LISTED
    ).first()
    if version is None or codes.code_of(code.number, code.version, version.content_hash) != code:
        return Finding(
            "danger",
            _("Not genuine"),
            _("This portal gave out no certificate with this code. Compare it letter by letter."),
        )
    said = _("The code is that of a certificate of this portal. Compare what it says with this.")
    return _listing(technology, said, _versions(technology, code.version))


def _listing(technology: Technology, said: str, more: Facts) -> Finding:
    listed = is_listed(technology, database_now())
    facts = [*_facts(technology, listed=listed), *more]
    if listed:
        return Finding("success", _("Genuine, and listed"), said, technology, facts)
    no_more = _("The technology is no longer listed. Do not rely on what was said of it before.")
    return Finding("warning", _("No longer listed"), f"{said} {no_more}", technology, facts)


def _facts(technology: Technology, *, listed: bool) -> Facts:
    """Return what is public now: of one that is gone only that it is."""
    facts: Facts = [{"label": _("Number"), "value": technology.number}]
    if technology.status not in GONE:
        language, title = title_of(technology)
        facts.append({"label": _("Title"), "value": title, "lang": language})
    if listed:
        holder = holder_name(technology.content["holder"])
        facts.append({"label": _("Holder"), "value": holder})
    facts.append({"label": _("State"), "value": capfirst(_state(technology, listed=listed))})
    if technology.status != TechnologyStatus.LISTED:
        facts.append({"label": _("Since"), "value": _day(technology.changed_at)})
    facts.append({"label": _("Listed on"), "value": _day(technology.listed_at)})
    if technology.status not in GONE:
        until = date_format(technology.valid_until, "DATE_FORMAT")
        facts.append({"label": _("Valid until"), "value": until})
    return facts


def _state(technology: Technology, *, listed: bool) -> str:
    """Return the state in words; a listing that ran out today is called expired already."""
    ran_out = technology.status == TechnologyStatus.LISTED and not listed
    return str(TechnologyStatus.EXPIRED.label if ran_out else technology.get_status_display())


def _versions(technology: Technology, in_hand: int) -> Facts:
    last = technology.versions.order_by("-number").values_list("number", flat=True)[:1]
    return [
        {"label": _("Version in hand"), "value": str(in_hand)},
        {"label": _("Version now"), "value": str(last[0])},
    ]


def _unknown() -> Finding:
    return Finding(
        "danger",
        _("Not known here"),
        _("This pool has no listing with this number or code. Compare it letter by letter."),
    )


def _numbered(number: str, actor: Actor) -> Technology | None:
    return Technology.objects.visible_to(actor).filter(number=number).first() if number else None


def _id_of(verdict: verifying.Verdict) -> UUID:
    return UUID(str(verdict.subject["id"]).removeprefix("urn:uuid:"))


def _day(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")
