"""Data Integrity proofs with the cryptosuite ``eddsa-jcs-2022``: what is signed, and how.

W3C Verifiable Credential Data Integrity 1.0 and Data Integrity EdDSA Cryptosuites 1.0, section
3.3. What is signed are two SHA-256 hashes one after the other: of the canonical JSON (RFC 8785) of
the proof without its value, and of the document without its proof. Pure but for the signing.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from catalog.trust import multikey
from core.canonical import canonical_json

SUITE = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}
PURPOSE = "assertionMethod"

Document = dict[str, Any]


def signed(
    document: Mapping[str, Any], private: Ed25519PrivateKey, *, method: str, created: str
) -> Document:
    """Return the document with its proof; ``method`` is the address of the public key."""
    proof: Document = {
        **SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    if "@context" in document:
        proof["@context"] = document["@context"]
    value = multikey.encode(private.sign(_signed_bytes(dict(document), proof)))
    return {**document, "proof": {**proof, "proofValue": value}}


def fits(document: Document, public_key: str) -> bool:
    """Say whether the proof of a document is that of a key, over this very document."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    proof = dict(document["proof"])
    # Stricter than the specification, which lets the document add contexts after signing.
    if proof.get("@context") != bare.get("@context"):
        return False
    try:
        signature = multikey.decode(str(proof.pop("proofValue", "")))
        key = Ed25519PublicKey.from_public_bytes(multikey.public_key(public_key))
        key.verify(signature, _signed_bytes(bare, proof))
    except (InvalidSignature, ValueError):  # of rfc8785 too: what cannot be written canonically
        return False
    return True


def _signed_bytes(document: Document, proof: Document) -> bytes:
    parts = (canonical_json(part) for part in (proof, document))
    return b"".join(hashlib.sha256(part).digest() for part in parts)
