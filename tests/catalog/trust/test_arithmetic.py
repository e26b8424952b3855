"""The arithmetic of the verifier that is handed out: by published vectors, and by a library."""

import json

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.trust import multikey, proofs
from tests.catalog.trust.documents import OFFLINE

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
        "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
        "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
# W3C Data Integrity EdDSA Cryptosuites 1.0, section B.3: a credential and its proof.
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_SECRET = "c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6"
W3C = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
W3C_METHOD = f"did:key:{W3C_KEY}#{W3C_KEY}"
W3C_PROOF = (
    "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place // 8 % len(content)] ^= 1 << place % 8
    return bytes(changed)


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_ed25519_by_the_vectors_of_the_rfc(public, message, signature):
    key, said, sealed = (bytes.fromhex(part) for part in (public, message, signature))

    assert OFFLINE.ed25519_fits(key, said, sealed)
    assert not OFFLINE.ed25519_fits(key, said + b"x", sealed)


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(), place=st.integers(0, 511))
@settings(deadline=None)  # big integers, on a busy machine
def test_ed25519_as_the_library_has_it(seed, message, place):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)

    assert OFFLINE.ed25519_fits(public, message, signature)
    assert not OFFLINE.ed25519_fits(public, message, flipped(signature, place))
    assert not OFFLINE.ed25519_fits(flipped(public, place), message, signature)


def test_a_signature_written_another_way_is_none():
    # The order of the group added to its second half: the same point, other bytes.
    public, message, signature = (bytes.fromhex(part) for part in VECTORS[1])
    s = int.from_bytes(signature[32:], "little") + OFFLINE.ORDER
    other = signature[:32] + s.to_bytes(32, "little")

    assert not OFFLINE.ed25519_fits(public, message, other)
    assert not OFFLINE.ed25519_fits(public, message, signature[:63])
    assert not OFFLINE.ed25519_fits(public[:31], message, signature)
    assert not OFFLINE.ed25519_fits(b"\xff" * 32, message, signature)


def test_canonical_json_by_the_samples_of_the_rfc():
    # RFC 8785, sections 3.2.2 and 3.2.3.
    strings = json.loads('{"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"}')
    names = dict.fromkeys(["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"], 0)

    assert OFFLINE.canonical([None, True, False]) == b"[null,true,false]"
    assert OFFLINE.canonical(strings).decode() == ('{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}')
    assert list(json.loads(OFFLINE.canonical(names))) == [
        *("\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33")
    ]


@given(values)
def test_canonical_json_as_the_library_has_it(value):
    assert OFFLINE.canonical(value) == rfc8785.dumps(value)


def test_what_cannot_be_written_one_way_is_not_written():
    for value in (1.5, {"a": [0.0]}, "\ud800", {"\ud800": 1}):
        with pytest.raises(ValueError):
            OFFLINE.canonical(value)


@given(st.binary(max_size=80))
def test_base58_there_and_back(content):
    assert multikey.decode(multikey.encode(content)) == content
    assert OFFLINE.base58(multikey.encode(content)) == content


@pytest.mark.parametrize("text", ["", "z0", "zI", "m" + "1" * 5, "z" + "2" * 200])
def test_what_is_no_base58_is_refused(text):
    for decode in (multikey.decode, OFFLINE.base58):
        with pytest.raises(ValueError):
            decode(text)


def test_the_vector_of_the_specification_comes_out_and_fits():
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(W3C_SECRET))

    made = proofs.signed(W3C, private, method=W3C_METHOD, created="2023-02-24T23:36:38Z")

    assert multikey.of_public_key(private.public_key().public_bytes_raw()) == W3C_KEY
    assert made["proof"]["@context"] == CONTEXT
    assert made["proof"]["proofValue"] == W3C_PROOF
    assert proofs.fits(made, W3C_KEY)
    assert OFFLINE.fits(made, OFFLINE.public_key(W3C_KEY))
