"""What the page of a run shows: lines of its tables and charts, for one reader.

Declarations the reader may not see the figures of are counted, and not shown anywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from evaluation.criteria.documents import Document, document_of
from evaluation.figures import charts, words
from evaluation.models import Case, CriteriaSet, Decision, Expert, StatisticRun
from evaluation.words import VERDICTS
from reference.names import in_language

SIZE = 25  # declarations on one page
MOST_PROPOSALS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One declaration; what is missing says why."""

    case: Case
    raw: str
    spread: str
    sheets: int
    verdict: Any
    profile: list[str]
    adjusted: words.Told
    place: str
    above: str
    totals: list[tuple[str, str]]  # (expert, total) of each sheet
    decided: str  # the total that was decided, where an older run does not weigh by what decided
    version: int | None  # of the criteria it is judged by, where that is not the one in force


class Seen:
    """A computed run as one reader sees it; the queries are those of its properties."""

    def __init__(self, run: StatisticRun, reader: Any) -> None:
        self.run, self.reader = run, reader
        self.cases: dict[str, Case] = {}
        self.declarations: dict[str, Any] = run.result.get("declarations", {})

    @cached_property
    def open_keys(self) -> list[str]:
        """The declarations this reader may see figures of, the highest raw total first."""
        cases = Case.objects.with_right(self.reader, "figures")
        mine = cases.filter(declaration__activity=self.run.activity_id)
        keys = {str(pk) for pk in mine.values_list("pk", flat=True)} & self.declarations.keys()
        return sorted(keys, key=lambda key: (-self._total(key), key))

    @property
    def hidden(self) -> int:
        return len(self.declarations) - len(self.open_keys)

    def _total(self, key: str) -> Decimal:
        return Decimal(self.declarations[key]["raw"]["mean"] or -1)

    def page(self, after: str) -> tuple[list[str], str]:
        """Return the keys that follow ``after``, and the key the next page begins after."""
        begin = self.open_keys.index(after) + 1 if after in self.open_keys else 0
        keys = self.open_keys[begin : begin + SIZE]
        more = begin + SIZE < len(self.open_keys)
        return keys, keys[-1] if more else ""

    def read(self, keys: Iterable[str]) -> None:
        """Read the cases that are to be named: these, and those at the cut line; one query."""
        wanted = {*keys, *(key for one in self._swaps() for key in one[:2])}
        wanted |= {one[0] for one in self._proposals()}
        rows = Case.objects.filter(pk__in=wanted).select_related("declaration")
        rows = rows.annotate(decided_otherwise=Subquery(self._decided_otherwise()))
        self.cases = {str(one.pk): one for one in rows.defer("declaration__content")}

    def _decided_otherwise(self) -> QuerySet[Decision, Any]:
        """Return the total of a case that was decided by other weights than those of the run.

        Older runs weigh every sheet by what was in force; who was decided before keeps their total.
        """
        rows = Decision.objects.standing().filter(case=OuterRef("pk"), total__isnull=False)
        other = rows.filter(result__criteria__has_key="hash").exclude(
            result__criteria__hash=self.run.criteria_hash
        )
        return other.values("total")[:1]

    @cached_property
    def experts(self) -> dict[str, tuple[str, str]]:
        """Number and name of each expert, the strictest first; who has no severity by name."""
        keys = self.run.result.get("experts", {})
        rows = Expert.objects.filter(pk__in=list(keys)).select_related("user")
        names = {str(one.pk): str(one) for one in rows}
        ordered = sorted(keys, key=lambda key: (_severity(keys[key]), names.get(key, key), key))
        return {key: (str(place), names.get(key, key)) for place, key in enumerate(ordered, 1)}

    @property
    def is_ranked(self) -> bool:
        """Say whether experts stand in the order of their severity, and not only of their names."""
        return any(_severity(one) < float("inf") for one in self.run.result["experts"].values())

    @cached_property
    def _sets(self) -> dict[str, CriteriaSet]:
        """The sets the run weighs by, by their hash."""
        wanted = {self.run.criteria_hash, *self.judged_by.values()}
        rows = CriteriaSet.objects.filter(content_hash__in=wanted)
        return {one.content_hash: one for one in rows}

    @property
    def judged_by(self) -> dict[str, str]:
        """By which set declarations were decided that are not judged by the one in force."""
        found: dict[str, str] = self.run.result.get("judged_by", {})
        return found

    @cached_property
    def dimensions(self) -> list[Document]:
        """The dimensions of the criteria of the run, with their indicators."""
        dimensions: list[Document] = document_of(self._sets[self.run.criteria_hash])["dimensions"]
        return dimensions

    def mixed(self) -> dict[str, Any] | None:
        """Say how many declarations are weighed by another version than the one in force."""
        mine = [key for key in self.open_keys if key in self.judged_by]
        if not mine:
            return None
        return {"number": len(mine), "version": self._sets[self.run.criteria_hash].version}

    def lines(self, keys: Sequence[str]) -> list[Line]:
        return [self._line(key, self.cases[key]) for key in keys]

    def _line(self, key: str, case: Any) -> Line:
        one = self.declarations[key]
        cells = self.run.result["cells"].get(key, {})
        given = [(self.experts[expert][1], total) for expert, total in cells.items()]
        own = self._sets[self.judged_by[key]].version if key in self.judged_by else None
        decided = "" if own or case.decided_otherwise is None else str(case.decided_otherwise)
        return Line(
            case,
            one["raw"]["mean"] or words.NOTHING,
            one["raw"]["deviation"] or words.NOTHING,
            one["raw"]["count"],
            VERDICTS[one["verdict"]]["label"],
            [one["dimensions"].get(d["code"]) or words.NOTHING for d in self.dimensions],
            words.told(one["adjusted"][""]),
            place_of(one["place"]),
            words.percent(one["above"]),
            given,
            decided,
            own,
        )

    # Charts -------------------------------------------------------------------------------

    def interval_chart(self, lines: Sequence[Line]) -> charts.Intervals | None:
        rows = []
        for line in lines:
            one = self.declarations[str(line.case.pk)]
            adjusted = one["adjusted"][""]
            if adjusted and adjusted["figure"]:
                raw = one["raw"]["mean"]
                name = line.case.declaration.number or ""
                rows.append(_interval(name, adjusted["figure"], float(raw)))
        points = self.run.cut.get("points")
        return charts.intervals(rows, line=None if points is None else float(points))

    def heat_map(self, lines: Sequence[Line]) -> charts.HeatMap | None:
        cells = self.run.result["cells"]
        rows = [
            (line.case.declaration.number or "", cells.get(str(line.case.pk), {})) for line in lines
        ]
        there = {expert for _name, given in rows for expert in given}
        columns = {key: one for key, one in self.experts.items() if key in there}
        out = [f"{number} ({name})" for key, (number, name) in self.experts.items()
               if key not in there]  # fmt: skip
        return charts.heat_map(rows, columns, out)

    def holds(self) -> dict[str, Any]:
        """Return what can be tried otherwise, as the criteria of the run have it; by its name."""
        gates = self._sets[self.run.criteria_hash].gates
        weights = {one["code"]: str(one["weight"]) for one in self.dimensions}
        return {"weights": weights, "places": self.run.cut.get("places"), **gates}

    # At the cut line ----------------------------------------------------------------------

    def swaps(self) -> list[tuple[Case, Case, str]]:
        """Neighbours across the line; a pair with a declaration that is hidden is left out."""
        cases = self.cases
        return [(cases[a], cases[b], words.percent(chance)) for a, b, chance in self._swaps()]

    def _swaps(self) -> list[Any]:
        shown = set(self.open_keys)
        return [one for one in self.run.result["swaps"] if {one[0], one[1]} <= shown]

    def _proposals(self) -> list[Any]:
        shown = set(self.open_keys)
        found = [one for one in self.run.result["proposals"] if one[0] in shown]
        return found[:MOST_PROPOSALS]

    def proposals(self) -> list[dict[str, Any]]:
        return [
            {
                "case": self.cases[key],
                "opinions": opinions,
                "worth": words.number(worth),
                "wrong": words.percent(wrong),
            }
            for key, opinions, worth, wrong in self._proposals()
        ]

    # Agreement and experts ----------------------------------------------------------------

    def agreement(self) -> list[dict[str, Any]]:
        found = self.run.result["agreement"]
        names = {
            f"{d['code']}.{one['code']}": in_language(one["names"])
            for d in self.dimensions
            for one in d["indicators"]
        }
        rows = [("", "")] + [(key, name) for key, name in names.items() if key in found]
        return [
            {
                "name": name,
                "alpha": words.told(found[key]["alpha"]),
                "correlation": words.told(found[key]["correlation"]),
            }
            for key, name in rows
        ]

    def habits(self) -> list[dict[str, Any]]:
        of_experts = self.run.result["experts"]
        return [
            _habits(number, name, of_experts[key]) for key, (number, name) in self.experts.items()
        ]

    def severity_chart(self) -> charts.Intervals | None:
        of_experts = self.run.result["experts"]
        rows = [
            _interval(f"{number}. {name}", one["figure"])
            for key, (number, name) in self.experts.items()
            if (one := of_experts[key]["severity"]) and one["figure"]
        ]
        return charts.intervals(rows, line=0.0)


def _interval(name: str, figure: list[float], other: float | None = None) -> charts.Interval:
    value, lower, upper = figure
    return charts.Interval(name, value, lower, upper, other)


def _severity(one: Mapping[str, Any]) -> float:
    severity = one["severity"]
    return severity["figure"][0] if severity and severity["figure"] else float("inf")


def place_of(one: list[int] | None) -> str:
    return words.NOTHING if one is None else f"{one[0]} ({one[1]} – {one[2]})"


def _habits(number: str, name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    straight = one["straight"]
    return {
        "number": number,
        "name": name,
        "sheets": one["sheets"],
        "severity": words.told(one["severity"]),
        "spread": words.interval(one["spread"]),
        "halo": words.interval(one["halo"]),
        "straight": words.percent(straight[0] if straight else None),
        "longest_run": words.NOTHING if one["longest_run"] is None else one["longest_run"],
        "drift": words.interval(one["drift"]),
    }
