"""Whether a record is genuine: what both verifiers say of one that was touched, or is old."""

import copy
import datetime as dt
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.trust import credentials, reading, verifying
from core.canonical import canonical_json
from tests.catalog.trust.documents import (
    NOON,
    OFFLINE,
    delisted,
    judged,
    key,
    public_of,
    signed,
    version,
)

GENUINE = canonical_json(signed())
OTHER = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
DAY = dt.timedelta(days=1)


def without(document, *path):
    """Return a copy without what lies at the path."""
    made = copy.deepcopy(document)
    place = made
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return canonical_json(made)


def changed(value, *path):
    made = copy.deepcopy(signed())
    place = made
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return canonical_json(made)


def test_a_record_the_portal_signed_is_genuine():
    assert judged(GENUINE) == ""


def test_another_layout_is_the_same_record():
    document = json.loads(GENUINE)
    for text in (json.dumps(document, indent=2), "\ufeff" + GENUINE.decode() + "\n"):
        assert judged(text.encode()) == ""


@given(place=st.integers(0, len(GENUINE) - 1), value=st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_one_byte_of_it_changed_is_not_genuine(place, value):
    touched = bytearray(GENUINE)
    touched[place] = value if value != touched[place] else value ^ 1

    assert judged(bytes(touched)) in verifying.Problem.values


@given(place=st.integers(0, len(GENUINE) - 1))
@settings(deadline=None)
def test_one_byte_of_it_missing_or_twice_is_not_genuine(place):
    assert judged(GENUINE[:place] + GENUINE[place + 1 :]) != ""
    assert judged(GENUINE[:place] + GENUINE[place : place + 1] + GENUINE[place:]) != ""


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_have_an_answer(content):
    assert judged(content) == "not-json" or judged(content) == "other-kind"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nothing",
        "NaN",
        "[1.0]",
        "[1e2]",
        "[-0]",
        "[9007199254740992]",
        "[" + "1" * 10_000 + "]",
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        "[" * 100 + "]" * 100,
    ],
)
def test_what_readers_could_take_in_two_ways_is_not_read(text):
    assert judged(text.encode()) == "not-json"
    with pytest.raises(ValueError):
        reading.read(text.encode())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'"record"', "other-kind"),
        (canonical_json({"credentialSubject": {"record": {}}}), "other-kind"),
        (changed(["VerifiableCredential"], "type"), "other-kind"),
        (changed([], "credentialSubject", "record"), "other-kind"),
        (without(signed(), "proof"), "no-proof"),
        (changed("ecdsa-jcs-2019", "proof", "cryptosuite"), "no-proof"),
        (changed("authentication", "proof", "proofPurpose"), "no-proof"),
        (changed([signed()["proof"]], "proof"), "no-proof"),
        (changed("https://example.org/#z6Mk", "proof", "verificationMethod"), "unknown-key"),
        (changed("https://example.org/", "issuer"), "unknown-key"),
        (without(signed(), "proof", "proofValue"), "changed"),
        (changed("z111", "proof", "proofValue"), "changed"),
        (changed("2026-11-23T12:00:01Z", "proof", "created"), "changed"),
        (changed("GBR-2026-0002", "credentialSubject", "record", "number"), "changed"),
    ],
)
def test_each_thing_that_can_be_wrong_has_its_sentence(content, problem):
    assert judged(content) == problem
    assert str(verifying.Problem(problem).label).endswith(".")
    assert OFFLINE.PROBLEMS[problem].endswith(".")


def test_a_context_added_after_the_signing_is_a_change():
    document = signed()
    document["@context"] = [*document["@context"], "https://example.org/more"]

    assert judged(canonical_json(document)) == "changed"


def test_a_text_no_reader_can_write_is_a_change():
    document = signed()
    document["credentialSubject"]["more"] = "\ud800"

    assert judged(json.dumps(document).encode()) == "changed"


# Keys ---------------------------------------------------------------------------------------


def test_a_record_is_genuine_after_its_key_was_rotated():
    old = key(ended_at=NOON + DAY)
    new = key(OTHER, began_at=NOON + DAY)

    assert judged(GENUINE, new, old) == ""


def test_a_record_of_a_portal_that_moved_is_genuine(settings):
    document = canonical_json(signed())
    settings.PORTAL_ORIGIN = "https://pool.example.org"

    assert judged(document) == ""


def test_a_key_that_is_none_of_ours_vouches_for_nothing():
    assert judged(GENUINE, key(OTHER)) == "unknown-key"
    assert judged(canonical_json(signed(private=OTHER))) == "unknown-key"


def test_a_key_vouches_only_for_the_time_it_was_in_use():
    assert judged(GENUINE, key(ended_at=NOON - DAY / 2)) == "out-of-time"
    assert judged(GENUINE, key(began_at=NOON + DAY)) == "out-of-time"
    assert judged(GENUINE, key(began_at=NOON, ended_at=NOON)) == ""


def test_a_compromised_key_vouches_for_nothing_whenever_it_signed():
    lost = key(ended_at=NOON + DAY, compromised_at=NOON + DAY, compromised_because="Stolen.")

    assert judged(GENUINE, lost) == "compromised-key"


@pytest.mark.parametrize("document", [None, [], {}, {"keyHistory": []}, {"keyHistory": [1]}])
def test_what_is_no_key_document_is_refused(document):
    for keys_of in (verifying.keys_of, OFFLINE.keys_of):
        with pytest.raises(ValueError):
            keys_of(document)


# The list -----------------------------------------------------------------------------------


def asked(content, at):
    """Return what a list says of the record, once both verifiers say the same."""
    document = json.loads(canonical_json(credentials.key_document([key()])))
    keys = verifying.keys_of(document)
    verdict = verifying.judge(GENUINE, keys)
    ours = verifying.ask(verdict, content, keys, at)
    theirs = OFFLINE.standing_of(verdict.document, content, OFFLINE.keys_of(document), at)
    assert (ours.standing.value, ours.entry or None, ours.made) == theirs
    return ours.standing.value


@pytest.mark.parametrize("state", ["suspended", "expired", "withdrawn", "revoked"])
def test_a_fresh_list_says_that_it_is_listed_no_more(state):
    assert asked(delisted(state), NOON + DAY) == "delisted"


def test_a_fresh_list_without_it_says_that_it_is_listed():
    assert asked(delisted(), NOON + DAY) == "listed"


def test_an_old_list_says_nothing():
    assert asked(delisted(), NOON + 7 * DAY) == "listed"
    assert asked(delisted(), NOON + 8 * DAY) == "stale-list"
    assert asked(delisted(), NOON - DAY) == "stale-list"


def test_a_list_somebody_touched_says_nothing():
    touched = delisted("revoked").replace(b"GBR-2026-0001", b"GBR-2026-0002")

    assert asked(touched, NOON) == "bad-list"
    assert asked(delisted(private=OTHER), NOON) == "bad-list"
    assert asked(GENUINE, NOON) == "bad-list"


def test_a_list_is_no_record():
    assert judged(delisted("revoked")) == "other-kind"


# What is signed -----------------------------------------------------------------------------


def test_the_credential_of_a_version(settings):
    settings.PORTAL_ORIGIN = "https://pool.example.org"

    document = signed()

    keys = "https://pool.example.org/.well-known/technology-pool-keys.json"
    assert document["id"] == ("https://pool.example.org/records/GBR-2026-0001/versions/3.json")
    assert document["type"] == ["VerifiableCredential", "TechnologyRecord"]
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["issuer"] == keys
    assert document["validFrom"] == "2026-11-23T12:00:00Z"
    assert document["validUntil"] == "2031-11-23T23:59:59+08:00"
    assert document["credentialSubject"] == {
        "id": "urn:uuid:00000000-0000-0000-0000-000000000007",
        "version": 3,
        "contentHash": version().content_hash,
        "record": version().content,
    }
    assert document["proof"]["verificationMethod"] == f"{keys}#{public_of()}"


def test_a_version_that_says_it_is_not_listed_has_no_end():
    document = credentials.record(version(state="revoked"))

    assert "validUntil" not in document


def test_the_key_document_is_a_controlled_identifier_document(settings):
    settings.PORTAL_ORIGIN = "https://pool.example.org"
    address = "https://pool.example.org/.well-known/technology-pool-keys.json"
    lost = key(OTHER, ended_at=NOON, compromised_at=NOON, compromised_because="Stolen.")

    document = credentials.key_document([key(), lost])

    ours, theirs = f"{address}#{public_of()}", f"{address}#{public_of(OTHER)}"
    assert document["id"] == address
    assert document["assertionMethod"] == [ours]
    assert document["verificationMethod"] == [
        {
            "id": ours,
            "type": "Multikey",
            "controller": address,
            "publicKeyMultibase": public_of(),
        },
        {
            "id": theirs,
            "type": "Multikey",
            "controller": address,
            "publicKeyMultibase": public_of(OTHER),
            "revoked": "2026-11-23T12:00:00Z",
        },
    ]
    assert document["keyHistory"] == [
        {"id": ours, "from": "2026-11-22T12:00:00Z"},
        {
            "id": theirs,
            "from": "2026-11-22T12:00:00Z",
            "until": "2026-11-23T12:00:00Z",
            "compromised": "2026-11-23T12:00:00Z",
        },
    ]
    assert "Stolen" not in str(document)
