"""The documents the portal vouches for: records, the list of what is not listed any more, keys.

Records and the list are W3C Verifiable Credentials 2.0. Their issuer is the address of the key
document, which is a controlled identifier document: whoever resolves the one gets the other.
Addresses in them have no language in front: they are signed, and stay.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from catalog.models import SigningKey, TechnologyVersion
from catalog.states import TechnologyStatus

VC = "https://www.w3.org/ns/credentials/v2"
CID = "https://www.w3.org/ns/cid/v1"
RECORD, DELISTED = "TechnologyRecord", "DelistedTechnologies"

Document = dict[str, Any]


def address(name: str, *arguments: Any) -> str:
    """Return the whole address of a public document."""
    return f"{settings.PORTAL_ORIGIN}{reverse(f'trust:{name}', args=arguments)}"


def method_of(public_key: str) -> str:
    """Return the address of a public key: the place in the key document it has for ever."""
    return f"{address('keys')}#{public_key}"


def record(version: TechnologyVersion) -> Document:
    """Return a version of a technology as a credential, without its proof."""
    content = version.content
    number = content["number"]
    credential = {
        "@context": _context(RECORD, "version", "contentHash", record="@json"),
        "id": address("version", number, version.number),
        "type": ["VerifiableCredential", RECORD],
        "issuer": address("keys"),
        "validFrom": moment(version.published_at),
        "credentialSubject": {
            "id": f"urn:uuid:{version.technology_id}",
            "version": version.number,
            "contentHash": version.content_hash,
            "record": content,
        },
    }
    if content["state"] == TechnologyStatus.LISTED:
        credential["validUntil"] = _end_of(dt.date.fromisoformat(content["valid_until"]))
    return credential


def delisted(rows: Iterable[Document], *, at: dt.datetime, days: int) -> Document:
    """Return the list of what is not listed any more as a credential, without its proof.

    ``rows`` as {id, number, state, since}; the list is fresh for so many ``days``.
    """
    return {
        "@context": _context(DELISTED, delisted="@json"),
        "id": address("delisted"),
        "type": ["VerifiableCredential", DELISTED],
        "issuer": address("keys"),
        "validFrom": moment(at),
        "validUntil": moment(at + dt.timedelta(days=days)),
        "credentialSubject": {"id": address("delisted"), "delisted": list(rows)},
    }


def key_document(keys: Iterable[SigningKey]) -> Document:
    """Return the public halves of all keys there ever were, the newest first.

    A key that was rotated stays a key to verify with: it has no ``expires``, which would make
    readers refuse what it signed while it was in use. When it was in use says ``keyHistory``.
    """
    all_keys = list(keys)
    trusted = [one for one in all_keys if one.compromised_at is None]
    return {
        "@context": [CID, {"keyHistory": _term("keyHistory", "@json")}],
        "id": address("keys"),
        "verificationMethod": [_method(one) for one in all_keys],
        "assertionMethod": [method_of(one.public_key) for one in trusted],
        "keyHistory": [_history(one) for one in all_keys],
    }


def moment(at: dt.datetime) -> str:
    """Return a moment as RFC 3339 in UTC, whole seconds."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _method(key: SigningKey) -> Document:
    method = {
        "id": method_of(key.public_key),
        "type": "Multikey",
        "controller": address("keys"),
        "publicKeyMultibase": key.public_key,
    }
    return method | ({"revoked": moment(key.compromised_at)} if key.compromised_at else {})


def _history(key: SigningKey) -> Document:
    history: Document = {"id": method_of(key.public_key), "from": moment(key.began_at)}
    if key.ended_at:
        history["until"] = moment(key.ended_at)
    if key.compromised_at:
        history["compromised"] = moment(key.compromised_at)
    return history


def _context(*terms: str, **typed: str) -> list[Any]:
    own: Document = {term: _term(term) for term in terms}
    own |= {term: _term(term, kind) for term, kind in typed.items()}
    return [VC, own]


def _term(name: str, kind: str = "") -> Any:
    iri = f"{address('records')}#{name}"
    return {"@id": iri, "@type": kind} if kind else iri


def _end_of(day: dt.date) -> str:
    last = dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=timezone.get_default_timezone())
    return last.isoformat()
