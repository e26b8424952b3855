"""What may be asked, and what is wanted by it. What is not understood is refused, at its place."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from catalog.api import cursors
from catalog.api.problems import Problem, Wrong
from catalog.browsing import addresses, ordering
from catalog.browsing.finding import PAGE, Range, Wanted
from catalog.browsing.forms import LONGEST, MOST_RANGES, YEAR
from catalog.browsing.measures import Measures
from catalog.browsing.ordering import NEWEST, RELEVANCE
from catalog.browsing.traits import FACETS
from catalog.vocabulary import Vocabulary

MOST = 100  # rows of a page for anybody
MOST_IN_BULK = 1000  # for a token with the scope "bulk"
RANGE = r"^(least|most)\..+$"
FIGURE = r"^-?[0-9]{1,15}(\.[0-9]{1,10})?$"

Given = Iterable[tuple[str, list[str]]]  # names in the address with all their values


def _digits(value: Any) -> Any:
    """Take a number as digits only: not "+5", " 5" or "5.0", which are other addresses."""
    if isinstance(value, str) and not re.fullmatch(r"0|[1-9][0-9]{0,18}", value, re.ASCII):
        raise ValueError("This must be a whole number, in digits.")
    return value


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("This must be true or false.")
    return value


Text = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]+$")]
Sort = Annotated[str, Field(pattern=rf"^({NEWEST}|{RELEVANCE}|(low|high)\.[^\x00]{{1,200}})$")]
Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{3,80}$")]
Number = Annotated[int, BeforeValidator(_digits)]
Flag = Annotated[
    bool, BeforeValidator(_yes_or_no), WithJsonSchema({"type": "boolean", "default": False})
]
Size = Annotated[Number, Field(ge=1, le=MOST_IN_BULK)]


class ListQuery(Schema):
    """Parameters of the list, besides the bounds on figures, whose names are free."""

    q: Text = ""
    field: list[Code] = []
    subcategory: list[Code] = []
    pollutant: list[Code] = []
    matrix: list[Code] = []
    form: list[Code] = []
    maturity: list[Code] = []
    country: list[Code] = []
    case_country: list[Code] = []
    corridor: list[Code] = []
    cooperation: list[Code] = []
    evidence: list[Code] = []
    year: list[Code] = []
    sort: Sort | None = None
    cursor: Cursor | None = None
    size: Size = PAGE
    counts: Flag = False


class ChangesQuery(Schema):
    """Parameters of the changes."""

    since: Annotated[Number, Field(ge=0, le=2**63 - 1)] = 0
    size: Size = MOST


def refuse_others(given: Given, known: Collection[str], *, ranges: bool = False) -> None:
    """Refuse names that mean nothing here, and a value given twice where there is one."""
    wrong = []
    for name, values in given:
        if ranges and name.partition(".")[0] in addresses.SIDES and "." in name:
            known = {*known, name}
        if name not in known:
            wrong.append(Wrong(name, "There is no such parameter here."))
        elif len(values) > 1 and name not in FACETS:
            wrong.append(Wrong(name, "This can be given once only."))
    if wrong:
        raise Problem("invalid-parameter", errors=wrong)


def check_size(size: int, scopes: Collection[str]) -> None:
    if size > MOST and "bulk" not in scopes:
        raise Problem("scope-missing", f"More than {MOST} rows need a token with the scope “bulk”.")


def wanted(query: ListQuery, given: Given, names: Vocabulary) -> Wanted:
    """Return what the list is asked for; Problem, with every place, when not all is understood."""
    return _Reader(query, names).wanted({name: values[-1] for name, values in given})


class _Reader:
    """Reads one address, and gathers what is wrong with it."""

    def __init__(self, query: ListQuery, names: Vocabulary) -> None:
        self.query, self.names = query, names
        self.measures = Measures(names)
        self.text = query.q.strip()
        self.wrong: list[Wrong] = []

    def wanted(self, given: dict[str, str]) -> Wanted:
        chosen = {facet: codes for facet in FACETS if (codes := self._codes(facet))}
        ranges = tuple(self._ranges(given))
        order = self._order()
        after, before = self._keys(order)
        if self.wrong:
            raise Problem("invalid-parameter", errors=self.wrong)
        return Wanted(self.text, chosen, ranges, order, after, before)

    def _codes(self, facet: str) -> list[str]:
        codes: list[str] = list(dict.fromkeys(getattr(self.query, facet)))
        known = self.names.of(facet)
        for code in codes:
            if not (YEAR.fullmatch(code) if facet == "year" else code in known):
                self.wrong.append(Wrong(facet, f"There is no code “{code}” of this kind."))
        return codes

    def _order(self) -> str:
        sort = self.query.sort
        if sort is None:
            return RELEVANCE if self.text else NEWEST
        if sort == RELEVANCE and not self.text:
            self.wrong.append(Wrong("sort", "A best match needs something to look for: q."))
        by_figure = sort.startswith((ordering.LOW, ordering.HIGH))
        if by_figure and not self.measures.named(sort.partition(".")[2]):
            self.wrong.append(Wrong("sort", "There is no such measure."))
        return sort

    def _keys(self, order: str) -> tuple[ordering.Key | None, ordering.Key | None]:
        if self.query.cursor is None:
            return None, None
        try:
            key, direction = cursors.read(self.query.cursor, order)
        except ValueError:
            self.wrong.append(Wrong("cursor", "This is no cursor of this order."))
            return None, None
        return (key, None) if direction == cursors.AFTER else (None, key)

    def _ranges(self, given: dict[str, str]) -> Iterator[Range]:
        typed: dict[str, dict[str, float]] = {}
        for name, value in given.items():
            side, _dot, measure = name.partition(".")
            if side not in addresses.SIDES:
                continue
            if not self.measures.named(measure):
                self.wrong.append(Wrong(name, "There is no such measure."))
            elif not re.fullmatch(FIGURE, value, re.ASCII):
                self.wrong.append(Wrong(name, "This must be a number, such as 80 or 0.5."))
            else:
                typed.setdefault(measure, {})[side] = float(value)
        if len(typed) > MOST_RANGES:
            self.wrong.append(Wrong("least", f"At most {MOST_RANGES} measures can be bounded."))
        for measure, sides in typed.items():
            least, most = (sides.get(side) for side in addresses.SIDES)
            if least is not None and most is not None and least > most:
                name = f"{addresses.LEAST}.{measure}"
                self.wrong.append(Wrong(name, "The lowest figure is higher than the highest."))
            yield Range(measure, least, most)
