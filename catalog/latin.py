"""Words in Latin letters as they are compared: one spelling for what is written in several.

Applied to what is indexed and to what is typed, never to what is shown, so that it need not be
right but only the same on both sides: *noize* harms nobody. Stems and small letters are left to
PostgreSQL. Pure.
"""

import re

# British endings and stems, and their American counterparts. Doubled consonants by list: "filled"
# and "filed" are two words.
_SPELLINGS = (
    (r"sulph", "sulf"),
    (r"(\w{3})is(e|ed|er|ers|es|ing|ation|ations)\b", r"\1iz\2"),
    (r"lys(e|ed|er|ers|es|ing)\b", r"lyz\1"),
    (r"(behavi|col|fav|flav|harb|lab|neighb|od|vap)our", r"\1or"),
    (r"(cent|fib|lit|met)re(s?)\b", r"\1er\2"),
    (r"(channel|fuel|label|level|model|travel|tunnel)l(ed|er|ers|ing)\b", r"\1\2"),
    (r"aluminium", "aluminum"),
    (r"faec", "fec"),
    (r"oestr", "estr"),
    (r"\bprogramme", "program"),
    (r"\bgrey", "gray"),
)
_WRITINGS = (
    # 20,000 and 20000; 110MW and 110 MW; PM 2.5 and PM2.5.
    (r"(?<=\d),(?=\d{3}(?!\d))", ""),
    (r"(?<![\w.,/-])(\d+(?:\.\d+)?)(?=[^\W\d_])", r"\1 "),
    (r"\bPM\s+(?=(?:10|2\.5|1)(?![\d.]))", "PM"),
    # in-situ and in situ. A word of one letter stays where it is: NH3-N. So does "or", which
    # means something to a search.
    (r"(?<=[^\W\d_]{2})[-\u2010\u2011](?=[^\W\d_]{2})(?!or\b)", " "),
)
# What of a word differs between spellings, and a pattern of each.
_ANY_SPELLING = (
    (r"sul(?:f|ph)", "sul(?:f|ph)"),
    (r"(?<=[iy])[sz]", "[sz]"),
    (r"(behavi|col|fav|flav|harb|lab|neighb|od|vap)ou?r", r"\1ou?r"),
    (r"\\-", "[-\u2010\u2011\\\\s]?"),
)
_RULES = [(re.compile(one, re.IGNORECASE), by) for one, by in (*_WRITINGS, *_SPELLINGS)]


def compared(text: str) -> str:
    """Return a text with every word in the one spelling by which words are compared."""
    for rule, by in _RULES:
        text = rule.sub(by, text)
    return text


def any_spelling(escaped: str) -> str:
    """Return a pattern that finds a word, given as ``re.escape`` leaves it, however spelt."""
    for part, pattern in _ANY_SPELLING:
        escaped = re.sub(part, pattern, escaped, flags=re.IGNORECASE)
    return escaped


def closed_up(text: str) -> str:
    """Return a text with its hyphenated words in one: zigzag for zig-zag."""
    return re.sub(r"(?<=[^\W\d_]{2})[-\u2010\u2011](?=[^\W\d_]{2})", "", text)
