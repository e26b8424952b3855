"""How a unit is printed: by its symbol, or by its name where the symbol is an English word."""

from reference.names import FALLBACK, in_language, language_told

WORDS = frozenset({"month", "mu", "person", "set", "set/a"})


def printed(code: str, symbol: str, names: dict[str, str]) -> str:
    """Return ``m³/d`` for every reader, and ``months`` for those who have no word of their own."""
    own = code in WORDS and language_told(names) != FALLBACK
    return in_language(names) if own else symbol
