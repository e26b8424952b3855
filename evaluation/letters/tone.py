"""What a letter to an enterprise must not say, and what is to be read once more. No Django rows.

Texts and names in, remarks out. A name of who was asked to judge, or of their employer, is
refused; points, ranks, counts of experts and a silence on what failed are let stand by an
officer who read the remark. The patterns are the data below.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

NAME, EMPLOYER = "name", "employer"
POINTS, RANK, COUNT, SILENT = "points", "rank", "count", "silent"
REFUSED = frozenset({NAME, EMPLOYER})
OVERALL = ""  # the place of the passage on the whole

_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_FEW = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})"
_HAN_NUMBER = r"[\d〇零一二三四五六七八九十百两]+"
_HAN_ONE = "[〇零一二三四五六七八九]"
_HAN_TENS = rf"[一二三四五六七八九]十{_HAN_ONE}?(?:点{_HAN_ONE}+)?"
_TH = r"(?:first|second|third|fourth|fifth|\d{1,3}(?:st|nd|rd|th))"
_EXPERTS = r"(?:experts?|reviewers?|panellists?)\b"
PATTERNS: tuple[tuple[str, str], ...] = (
    (POINTS, rf"{_NUMBER}\s*(?:points?|pts)\b"),
    (POINTS, rf"\b(?:scores?|scored|points|marks?)\s*(?:of|is|was|:|=)?\s*{_NUMBER}\b"),
    # Not where a unit follows: "a mean of 12 mg/l" is a figure of the technology.
    (
        POINTS,
        rf"\b(?:mean|average|total)\s*(?:of|is|was|:|=)?\s*{_NUMBER}(?![\d.,]*\s*[a-z%°µμ\u3400-\u9fff])",
    ),
    (POINTS, rf"\b{_NUMBER}\s*(?:/|out\s+of)\s*(?:5|10|20|100)\b"),
    (POINTS, rf"{_NUMBER}\s*分(?![钟之析离解别布类质散段级子期])"),
    # In words only from ten on: "十分" is "very", "一分" is any part.
    (
        POINTS,
        rf"(?:{_HAN_TENS}|[一二三四五六七八九]百?点{_HAN_ONE}+|一百)\s*分(?![钟之析离解别布类质散段级子期贝])",
    ),
    (POINTS, rf"(?:得分|评分|总分|平均分|均分|分数)\s*(?:为|是|:)?\s*{_NUMBER}"),
    (RANK, r"\brank(?:ed|ing|s)?\s*(?:as|at|is|was|no\.?|number|#|:)?\s*(?:the\s+)?\d{1,4}\b"),
    (RANK, rf"\brank(?:ed|ing|s)?\s*(?:as|at|is|was)?\s*(?:the\s+)?{_TH}\b"),
    (RANK, rf"\btop\s*(?:\d{{1,4}}|{_FEW})\b"),
    (RANK, rf"\b{_TH}\s+(?:place|position|rank|of\s+(?:all|\d))"),
    (RANK, rf"第\s*{_HAN_NUMBER}\s*名|前\s*{_HAN_NUMBER}\s*(?:名|位)|排名\s*第?\s*{_HAN_NUMBER}"),
    (COUNT, rf"\b{_FEW}\s+(?:of\s+(?:the\s+)?(?:{_FEW}\s+)?)?{_EXPERTS}"),
    (COUNT, rf"{_HAN_NUMBER}\s*(?:位|名|个)\s*(?:专家|评审|评委)"),
)
_COMPILED = [(code, re.compile(pattern)) for code, pattern in PATTERNS]
# Beside a surname they make a name.
TITLES = ("professor", "prof", "dr", "doctor", "mr", "mrs", "ms", "academician")
HAN_TITLES = ("教授", "博士", "老师", "先生", "女士", "院士", "工程师", "总工", "主任")
_HAN = re.compile(r"[\u3400-\u9fff]")
# Surnames of two signs, one behind the other.
_OF_TWO = (
    "欧阳司马上官诸葛司徒东方皇甫尉迟公孙慕容令狐长孙宇文轩辕夏侯端木百里南宫东郭西门独孤呼延闻人申屠"
    "太史澹台濮阳淳于单于公羊公冶钟离鲜于闾丘司空拓跋歐陽司馬諸葛東方尉遲公孫長孫軒轅南宮西門獨孤聞人鍾離鮮于"
)
COMPOUND = frozenset(_OF_TWO[at : at + 2] for at in range(0, len(_OF_TWO), 2))
# Letters that are no other one with an accent.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"})
_ACCENTS = re.compile(r"[\u0300-\u036f]")
SHORTEST_EMPLOYER = 4  # characters of Latin script; a shorter one is any word
SHORTEST_HAN = 2


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing seen in a passage: where, what kind, and the words it is about."""

    place: str
    code: str
    found: str = ""

    @property
    def key(self) -> str:
        """By it an officer lets a remark stand; another text makes another remark."""
        return f"{self.place}:{self.code}:{self.found}"

    @property
    def refuses(self) -> bool:
        return self.code in REFUSED


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked to judge: the name, and what the employer is called."""

    name: str
    employers: tuple[str, ...] = ()


def remarks(
    passages: Mapping[str, str], asked: Iterable[Asked], *, must_speak: Iterable[str] = ()
) -> list[Remark]:
    """Return what is to be said about a letter, place by place, each thing once.

    ``must_speak``: the dimensions on which it must not be silent.
    """
    people, spoken = list(asked), {place: plain(text) for place, text in passages.items()}
    wanted = set(must_speak)
    found: list[Remark] = []
    for place, text in spoken.items():
        found += (Remark(place, code, words) for code, words in _named(text, people))
        found += (Remark(place, code, words) for code, words in _matched(text))
        if place in wanted and not text.strip():
            found.append(Remark(place, SILENT))
    return list(dict.fromkeys(found))


def plain(text: str) -> str:
    """Return a text in one shape: full-width digits as digits, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _matched(text: str) -> Iterator[tuple[str, str]]:
    for code, pattern in _COMPILED:
        for match in pattern.finditer(text):
            yield code, match.group().strip()


def _named(text: str, people: Iterable[Asked]) -> Iterator[tuple[str, str]]:
    words, bare = f" {_words(text)} ", _joined(text)
    for one in people:
        if any(_says(words, bare, shape) for shape in _shapes(one.name)):
            yield NAME, one.name
        for employer in one.employers:
            if _long_enough(employer) and _says(words, bare, employer):
                yield EMPLOYER, employer


def _says(words: str, bare: str, name: str) -> bool:
    if _HAN.search(name):
        return _joined(name) in bare
    return f" {_words(name)} " in words


def _shapes(name: str) -> Iterator[str]:
    """Yield the ways in which a person is named: in full, turned round, by surname and title."""
    parts = _words(name).split()
    if not parts:
        return
    if _HAN.search(name):
        bare = _joined(name)
        if len(bare) >= SHORTEST_HAN:
            yield bare
            surname = bare[:2] if bare[:2] in COMPOUND and len(bare) > 2 else bare[0]
            yield from (f"{surname}{title}" for title in HAN_TITLES)
        return
    if len(parts) > 1:  # one word alone may be any word
        yield " ".join(parts)
        yield " ".join([*parts[1:], parts[0]])
        yield " ".join([parts[-1], *parts[:-1]])
    for surname in {parts[0], parts[-1]}:
        yield from (f"{title} {surname}" for title in TITLES)


def _folded(text: str) -> str:
    """Return a text without accents: a name is one name with them and without."""
    apart = unicodedata.normalize("NFKD", plain(text))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).translate(_PLAIN_LETTERS)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", _folded(text)).split())


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", _folded(text))


def _long_enough(employer: str) -> bool:
    return len(_joined(employer)) >= (
        SHORTEST_HAN + 1 if _HAN.search(employer) else SHORTEST_EMPLOYER
    )
