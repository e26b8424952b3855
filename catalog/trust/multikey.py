"""Keys and signatures as text: base58btc with its multibase letter, Ed25519 keys as Multikey.

W3C Controlled Identifiers 1.0, sections 2.2.2 and 2.4. Pure.
"""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE58BTC = "z"
ED25519_PUBLIC = b"\xed\x01"
KEY_BYTES, SIGNATURE_BYTES = 32, 64
LONGEST = 200  # characters; a signature has 89


def encode(content: bytes) -> str:
    """Return bytes as multibase base58btc."""
    number, text = int.from_bytes(content), ""
    while number:
        number, place = divmod(number, 58)
        text = ALPHABET[place] + text
    zeros = len(content) - len(content.lstrip(b"\0"))
    return BASE58BTC + "1" * zeros + text


def decode(text: str) -> bytes:
    """Return the bytes of multibase base58btc; ValueError where it is none."""
    if not text.startswith(BASE58BTC) or len(text) > LONGEST:
        raise ValueError("not base58btc")
    digits, number = text[1:], 0
    for letter in digits:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def of_public_key(raw: bytes) -> str:
    """Return the 32 bytes of an Ed25519 public key as Multikey: ``z6Mk…``."""
    return encode(ED25519_PUBLIC + raw)


def public_key(text: str) -> bytes:
    """Return the 32 bytes of a Multikey; ValueError where it is no Ed25519 key."""
    content = decode(text)
    if not content.startswith(ED25519_PUBLIC) or len(content) != 2 + KEY_BYTES:
        raise ValueError("not an Ed25519 key")
    return content[2:]
