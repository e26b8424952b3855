#!/usr/bin/env python3
"""Checks a signed record of the Technology Pool, without the portal and without a connection.

    python3 verify_record.py RECORD.json --keys KEYS.json [--revocations LIST.json]

RECORD is the signed record of a technology. KEYS is the portal's key history, fetched once from
https://PORTAL/.well-known/technology-pool-keys.json: fetch it yourself, for whoever gives you
the keys decides what is genuine. LIST is the signed list of what is not listed any more, from
https://PORTAL/.well-known/technology-pool-delisted.json; a fresh one is good for some days.

Exit status: 0 genuine; 1 not genuine; 2 a file cannot be read or used; 3 genuine, but not listed
any more. Python 3.8 or newer, nothing else. What is checked: a W3C Data Integrity proof with the
cryptosuite eddsa-jcs-2022, which is Ed25519 (RFC 8032) over canonical JSON (RFC 8785).

Licence: Apache-2.0, as the portal's.
"""

import argparse
import datetime
import hashlib
import json
import pathlib
import sys

RECORD, DELISTED = "TechnologyRecord", "DelistedTechnologies"
GENUINE, NOT_GENUINE, UNUSABLE, NOT_LISTED = 0, 1, 2, 3
SLOW = datetime.timedelta(minutes=5)  # a clock may be: a list just made says a later moment

PROBLEMS = {
    "not-json": "This is not a JSON file, or it was damaged on the way.",
    "other-kind": "This is JSON, but not a signed record of a technology pool.",
    "no-proof": "It carries no signature of the kind the portal makes.",
    "unknown-key": "It was signed with a key that is none of those in the key file.",
    "compromised-key": "It was signed with a key that somebody else may have. "
    "Fetch the record again.",
    "out-of-time": "It says it was signed while the key was not in use.",
    "changed": "The signature does not fit: something was changed after the signing.",
}


# JSON as it can be signed: read strictly, written canonically --------------------------------

DEEPEST = 60
LARGEST = 2**53 - 1


def read(content):
    """Return what the bytes say; ValueError where they say nothing that can be signed."""
    try:
        value = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_float=_refused,
            parse_constant=_refused,
            parse_int=_integer,
        )
        _look(value, DEEPEST)
    except RecursionError:
        raise ValueError("too deep") from None
    return value


def _look(value, levels):
    if levels == 0:
        raise ValueError("too deep")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            _look(part, levels - 1)


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _integer(text):
    if len(text) > 17 or abs(int(text)) > LARGEST or text == "-0":
        raise ValueError("a number is too large")
    return int(text)


def _refused(text):
    raise ValueError(text + " cannot be signed")


def canonical(value):
    """Return the canonical JSON of RFC 8785 as bytes, of values without fractions.

    Names are in the order of their UTF-16 code units. Python escapes within texts exactly what
    the RFC escapes, and as it does.
    """
    return _written(value).encode("utf-8")


def _written(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(_written(name) + ":" + _written(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(part) for part in value) + "]"
    if isinstance(value, float):
        raise ValueError("numbers with a fraction are not signed")
    return json.dumps(value, ensure_ascii=False)


# Ed25519, RFC 8032: only checking; nothing here is secret, so it may take its time -------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # a square root of -1
NOTHING = (0, 1, 1, 0)  # the neutral point, as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z


def _add(one, other):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    total = NOTHING
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _point(content):
    """Return the point that 32 bytes stand for; ValueError where they stand for none."""
    number = int.from_bytes(content, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= P:
        raise ValueError("not a point")
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and sign):
        raise ValueError("not a point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _bytes_of(point):
    x, y, z, _t = point
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_fits(public, message, signature):
    """Say whether a signature of 64 bytes is that of a public key of 32 bytes over a message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    try:
        key = _point(public)
    except ValueError:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % ORDER
    x, y, z, t = key
    minus_key = (P - x, y, z, P - t)
    return _bytes_of(_add(_times(s, BASE), _times(h, minus_key))) == signature[:32]


# Multibase and Multikey ------------------------------------------------------------------------

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(text):
    """Return the bytes of multibase base58btc; ValueError where it is none."""
    if not isinstance(text, str) or not text.startswith("z") or len(text) > 200:
        raise ValueError("not base58btc")
    number = 0
    for letter in text[1:]:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_key(text):
    """Return the 32 bytes of an Ed25519 Multikey; ValueError where it is none."""
    content = base58(text)
    if content[:2] != b"\xed\x01" or len(content) != 34:
        raise ValueError("not an Ed25519 key")
    return content[2:]


# Whether a document is genuine -----------------------------------------------------------------


def keys_of(document):
    """Return the keys of a key document by their own text; ValueError where it is none."""
    try:
        history = {one["id"]: one for one in document["keyHistory"]}
        return {
            one["publicKeyMultibase"]: {
                "public": public_key(one["publicKeyMultibase"]),
                "from": moment(history[one["id"]]["from"]),
                "until": moment(history[one["id"]].get("until", "9999-12-31T00:00:00Z")),
                "compromised": "revoked" in one or "compromised" in history[one["id"]],
            }
            for one in document["verificationMethod"]
            if one["type"] == "Multikey"
        }
    except (AttributeError, KeyError, TypeError):
        raise ValueError("not a key document") from None


def problem_of(content, keys, kind=RECORD):
    """Return why the bytes are no genuine document of a kind, as (problem, document)."""
    try:
        document = read(content)
    except ValueError:
        return "not-json", None
    if not _is(document, kind):
        return "other-kind", None
    return _unproven(document, keys), document


def _is(document, kind):
    if not isinstance(document, dict) or not isinstance(document.get("credentialSubject"), dict):
        return False
    name, form = {RECORD: ("record", dict), DELISTED: ("delisted", list)}[kind]
    types, subject = document.get("type"), document["credentialSubject"]
    return isinstance(types, list) and kind in types and isinstance(subject.get(name), form)


def _unproven(document, keys):
    proof = document.get("proof")
    wanted = (
        ("type", "DataIntegrityProof"),
        ("cryptosuite", "eddsa-jcs-2022"),
        ("proofPurpose", "assertionMethod"),
    )
    if not isinstance(proof, dict) or any(proof.get(name) != text for name, text in wanted):
        return "no-proof"
    issuer, _hash, public = str(proof.get("verificationMethod")).partition("#")
    key = keys.get(public)
    if key is None or document.get("issuer") != issuer:
        return "unknown-key"
    if key["compromised"]:
        return "compromised-key"
    if not fits(document, key["public"]):
        return "changed"
    try:
        in_use = key["from"] <= moment(proof.get("created")) <= key["until"]
    except ValueError:
        in_use = False
    return None if in_use else "out-of-time"


def fits(document, public):
    """Say whether the proof of a document (eddsa-jcs-2022) is that of a key."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    proof = dict(document["proof"])
    value = proof.pop("proofValue", "")
    if proof.get("@context") != bare.get("@context"):
        return False
    try:
        hashes = [hashlib.sha256(canonical(part)).digest() for part in (proof, bare)]
        return ed25519_fits(public, b"".join(hashes), base58(value))
    except ValueError:
        return False


def standing_of(document, content, keys, now):
    """Return what a list says of a genuine record, as (standing, entry, when it was made)."""
    problem, told = problem_of(content, keys, DELISTED)
    if problem:
        return "bad-list", None, ""
    made = told["validFrom"]
    if not moment(made) - SLOW <= now <= moment(told["validUntil"]):
        return "stale-list", None, made
    for entry in told["credentialSubject"]["delisted"]:
        if entry["id"] == document["credentialSubject"]["id"]:
            return "delisted", entry, made
    return "listed", None, made


def moment(text):
    """Return a moment of RFC 3339; ValueError where the text says none."""
    at = datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if at.tzinfo is None:
        raise ValueError("no offset")
    return at


# The command -----------------------------------------------------------------------------------


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks a signed record of the Technology Pool.")
    parser.add_argument("record", help="the signed record, a JSON file")
    parser.add_argument("--keys", required=True, help="the portal's key history, a JSON file")
    parser.add_argument("--revocations", help="the list of what is not listed any more")
    options = parser.parse_args(arguments)
    try:
        content, keys = _content(options.record), keys_of(read(_content(options.keys)))
        told = _content(options.revocations) if options.revocations else None
    except OSError as error:
        return _say(UNUSABLE, f"{error.filename}: {error.strerror}")
    except ValueError:
        return _say(UNUSABLE, f"{options.keys}: this is not a key history of a portal.")
    problem, document = problem_of(content, keys)
    if problem:
        return _say(NOT_GENUINE, "NOT GENUINE. " + PROBLEMS[problem])
    _describe(document)
    if told is None:
        return _say(GENUINE, "Whether it is still listed was not looked up: give --revocations.")
    now = datetime.datetime.now(datetime.timezone.utc)
    return _conclude(standing_of(document, told, keys, now))


def _content(path):
    return pathlib.Path(path).read_bytes()


def _describe(document):
    subject = document["credentialSubject"]
    record = subject["record"]
    print(f"GENUINE. {record.get('number')}, version {subject.get('version')}")
    for title in record.get("titles", {}).values():
        print(f"  title: {title}")
    print(f"  state when it was signed: {record.get('state')}")
    print(f"  issued by: {document.get('issuer')}")
    print(f"  signed: {document['proof'].get('created')}")
    if "validUntil" in document:
        print(f"  valid until: {document['validUntil']}")


def _conclude(answer):
    standing, entry, made = answer
    if standing == "bad-list":
        return _say(UNUSABLE, "The list of what is not listed any more is not genuine.")
    if standing == "stale-list":
        return _say(UNUSABLE, f"The list of {made} is not fresh: fetch it again.")
    if standing == "delisted":
        state, since = entry["state"], entry["since"]
        return _say(NOT_LISTED, f"NOT LISTED ANY MORE: {state} since {since}.")
    return _say(GENUINE, f"Not among those no longer listed, by the list of {made}.")


def _say(status, text):
    print(text, file=sys.stderr if status in (NOT_GENUINE, UNUSABLE) else sys.stdout)
    return status


def _run():
    """Answer as the exit status says, whatever the terminal can print and whatever goes wrong."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    try:
        return main()
    except Exception as error:  # noqa: BLE001 -- it says nothing of the record
        return _say(UNUSABLE, f"It could not be checked: {error!r}")


if __name__ == "__main__":
    sys.exit(_run())
