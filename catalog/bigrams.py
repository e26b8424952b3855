"""Chinese in a search index without a dictionary: every run of Han as overlapping pairs.

水处理厂 is kept as 水处, 处理, 理厂, 厂. What is typed is looked for as the same pairs one after
the other, so a find is exactly a substring: no word is missed because a dictionary cut it
elsewhere, and none is found that is not there. The last character stands alone, so that a
chain of pairs never reaches over the end of a run, and one character finds every word it
begins or ends.

Vectors and queries are written out here as PostgreSQL's own literals: its parser, which
depends on the locale of the database, never sees a Chinese text. Nothing but Han enters a
query, so nothing that is typed can break it.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

# Unified and compatibility ideographs with their extensions, and the signs 々 and 〇.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(f"[{HAN}]+")
# A minus that begins a word takes the run after it away, as it does with a Latin word.
ASKED = re.compile(rf"((?<!\S)-)?([{HAN}]+)")
LAST_POSITION = 16383  # of a tsvector; what lies behind it is found, but not as a phrase


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person typed, in two halves: a tsquery of Han, and Latin text for websearch."""

    han: str
    latin: str

    def __bool__(self) -> bool:
        return bool(self.han or self.latin)


def normal(text: str) -> str:
    """Return the text as it is compared: full-width letters and old code points made plain."""
    return unicodedata.normalize("NFKC", text)


def is_normal(text: str) -> bool:
    return unicodedata.is_normalized("NFKC", text)


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of a run of Han, and its last character."""
    return [run[place : place + 2] for place in range(len(run))]


def vector(text: str, weight: str) -> str:
    """Return a tsvector literal of the Han in ``text``; ``weight`` is a letter from A to D."""
    places: dict[str, list[int]] = defaultdict(list)
    position = 0
    for run in RUN.findall(normal(text)):
        for pair in pairs(run):
            position = min(position + 1, LAST_POSITION)
            places[pair].append(position)
    return " ".join(
        f"'{pair}':{','.join(f'{place}{weight}' for place in where)}"
        for pair, where in places.items()
    )


def without_han(text: str) -> str:
    return " ".join(RUN.sub(" ", normal(text)).split())


def phrase(run: str) -> str:
    """Return the tsquery literal that finds ``run`` wherever it stands inside a run."""
    if len(run) == 1:
        return f"'{run}':*"
    return "(" + " <-> ".join(f"'{pair}'" for pair in pairs(run)[:-1]) + ")"


def asked(text: str) -> Asked:
    """Part what was typed; every run of Han must be there, or must not after a minus."""
    plain = normal(text)
    han = [("!" if minus else "") + phrase(run) for minus, run in ASKED.findall(plain)]
    latin = " ".join(ASKED.sub(" ", plain).split())
    return Asked(" & ".join(han), latin if re.search(r"\w", latin) else "")
