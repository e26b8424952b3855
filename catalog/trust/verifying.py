"""Whether a document is genuine: by the portal's keys, and what the list of delisted ones adds.

``static/verify/verify_record.py`` answers the same without any of this code; tests hold the two
against each other.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from catalog.trust import multikey, proofs, reading
from catalog.trust.credentials import DELISTED, RECORD

Document = dict[str, Any]
SLOW = dt.timedelta(minutes=5)  # a clock may be: a list just made says a later moment than it


class Problem(TextChoices):
    """Why a document is not genuine; the label is what is said of it."""

    NOT_JSON = "not-json", _("This is not a JSON file, or it was damaged on the way.")
    OTHER_KIND = "other-kind", _("This is JSON, but not a signed record of a technology pool.")
    NO_PROOF = "no-proof", _("It carries no signature of the kind this portal makes.")
    UNKNOWN_KEY = "unknown-key", _("It was signed with a key that is none of this portal’s.")
    COMPROMISED = (
        "compromised-key",
        _("It was signed with a key that somebody else may have. Fetch the record again."),
    )
    OUT_OF_TIME = "out-of-time", _("It says it was signed while the key was not in use.")
    CHANGED = "changed", _("The signature does not fit: something was changed after the signing.")


class Standing(TextChoices):
    """What the list of what is not listed any more says about a genuine record."""

    NOT_ASKED = "not-asked", _("not looked up")
    LISTED = "listed", _("not among those no longer listed")
    DELISTED = "delisted", _("no longer listed")
    BAD_LIST = "bad-list", _("the list is not genuine")
    STALE_LIST = "stale-list", _("the list is too old to rely on")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the key document: in use between two moments, the second open."""

    public: str
    began_at: dt.datetime
    ended_at: dt.datetime | None
    compromised: bool


# By the public key itself, which is the end of the address a proof names: the rest of the address
# is another one once the portal moved.
Keys = Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a document; without a problem it is genuine."""

    problem: Problem | None = None
    document: Document = field(default_factory=dict)

    @property
    def genuine(self) -> bool:
        return self.problem is None

    @property
    def subject(self) -> Document:
        found: Document = self.document["credentialSubject"]
        return found

    @property
    def record(self) -> Document:
        found: Document = self.subject["record"]
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What a list says: the standing, with the entry, and when the list was made."""

    standing: Standing
    entry: Document = field(default_factory=dict)
    made: str = ""


def keys_of(document: Any) -> Keys:
    """Read a key document; ValueError where it is none."""
    try:
        history = {one["id"]: one for one in document["keyHistory"]}
        return {
            one["publicKeyMultibase"]: _key(one, history[one["id"]])
            for one in document["verificationMethod"]
            if one["type"] == "Multikey"
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a key document") from error


def _key(method: Document, history: Document) -> Key:
    multikey.public_key(method["publicKeyMultibase"])
    return Key(
        public=method["publicKeyMultibase"],
        began_at=_moment(history["from"]),
        ended_at=_moment(history["until"]) if "until" in history else None,
        compromised="revoked" in method or "compromised" in history,
    )


def judge(content: bytes, keys: Keys, kind: str = RECORD) -> Verdict:
    """Say whether the bytes are a genuine document of a kind."""
    try:
        document = reading.read(content)
    except ValueError:
        return Verdict(Problem.NOT_JSON)
    if not _is(document, kind):
        return Verdict(Problem.OTHER_KIND)
    problem = _unproven(document, keys)
    return Verdict(problem) if problem else Verdict(document=document)


def ask(verdict: Verdict, content: bytes, keys: Keys, at: dt.datetime) -> Answer:
    """Say what a list that somebody brings says of a genuine record at a moment."""
    told = judge(content, keys, DELISTED)
    if not told.genuine:
        return Answer(Standing.BAD_LIST)
    made = str(told.document["validFrom"])
    if not _moment(made) - SLOW <= at <= _moment(told.document["validUntil"]):
        return Answer(Standing.STALE_LIST, made=made)
    for entry in told.subject["delisted"]:
        if entry["id"] == verdict.subject["id"]:
            return Answer(Standing.DELISTED, entry, made)
    return Answer(Standing.LISTED, made=made)


def _unproven(document: Document, keys: Keys) -> Problem | None:
    proof: Any = document.get("proof")
    if not _is_ours(proof):
        return Problem.NO_PROOF
    issuer, _hash, public = str(proof.get("verificationMethod")).partition("#")
    key = keys.get(public)
    if key is None or document.get("issuer") != issuer:
        return Problem.UNKNOWN_KEY
    if key.compromised:
        return Problem.COMPROMISED
    if not proofs.fits(document, key.public):
        return Problem.CHANGED
    return None if _in_use(key, proof) else Problem.OUT_OF_TIME


def _is(document: Any, kind: str) -> bool:
    """Say whether it has the form of such a credential, as far as it is looked into here."""
    if not isinstance(document, dict) or not isinstance(document.get("credentialSubject"), dict):
        return False
    name, form = {RECORD: ("record", dict), DELISTED: ("delisted", list)}[kind]
    types, subject = document.get("type"), document["credentialSubject"]
    return isinstance(types, list) and kind in types and isinstance(subject.get(name), form)


def _is_ours(proof: Any) -> bool:
    wanted = {**proofs.SUITE, "proofPurpose": proofs.PURPOSE}
    return isinstance(proof, dict) and wanted.items() <= proof.items()


def _in_use(key: Key, proof: Document) -> bool:
    try:
        created = _moment(proof.get("created"))
    except ValueError:
        return False
    return key.began_at <= created and (key.ended_at is None or created <= key.ended_at)


def _moment(text: Any) -> dt.datetime:
    """Return a moment with its offset; ValueError where the text says none."""
    at = dt.datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError("no offset")
    return at
