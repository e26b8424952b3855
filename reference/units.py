"""How a unit is printed: by its symbol, or by its name where the symbol is an English word.

The name stands after a figure then, and is written so: 个月, not 月, which would be a date.
"""

from reference.names import FALLBACK, in_language, language_told

WORDS = frozenset({"month", "mu", "person", "set", "set/a"})


def printed(code: str, symbol: str, names: dict[str, str]) -> str:
    """Return ``m³/d`` for every reader, and ``months`` for those who have no word of their own."""
    own = code in WORDS and language_told(names) != FALLBACK
    return in_language(names) if own else symbol


def readings(code: str, symbol: str, names: dict[str, str]) -> set[str]:
    """Return all that means this unit in a file: code, symbol, and what is printed in a language.

    A file may be filled in by somebody who reads another language than who sends it.
    """
    return {code, symbol, *(names.values() if code in WORDS else ())}
