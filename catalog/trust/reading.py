"""Reading a document somebody brings: JSON, but only what can be signed. Pure.

Twice the same name, a number with a fraction or an exponent, and text that is no UTF-8 are
refused: readers disagree about what these mean, and a signature is over one meaning.
"""

import json
from typing import Any, NoReturn

DEEPEST = 60  # levels; a record has seven
LARGEST = 2**53 - 1  # the integers every reader of JSON keeps exactly


def read(content: bytes) -> Any:
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
    except RecursionError as error:
        raise ValueError("too deep") from error
    return value


def _look(value: Any, levels: int) -> None:
    if levels == 0:
        raise ValueError("too deep")
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            _look(part, levels - 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _integer(text: str) -> int:
    if len(text) > len(str(-LARGEST)) or abs(int(text)) > LARGEST or text == "-0":
        raise ValueError("a number is too large")
    return int(text)


def _refused(text: str) -> NoReturn:
    raise ValueError(f"{text} cannot be signed")
