"""What is measured: how good the first ten answers are, and whether Chinese is found whole."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from catalog import bigrams
from pool_portal.search_quality.corpus import SEED, Entry
from pool_portal.search_quality.judging import Query
from pool_portal.search_quality.measure import ndcg, recall

LEAST_NDCG = 0.9
LEAST_RECALL = 1.0
SUBSTRINGS = 200
LONGEST = 8  # characters of a substring

Ask = Callable[[str], list[int]]  # a text: places in the corpus, best first


@dataclass(frozen=True)
class Score:
    query: Query
    ndcg: float


@dataclass(frozen=True)
class Report:
    scores: tuple[Score, ...]
    recalls: dict[str, float]  # by substring

    @property
    def ndcg(self) -> float:
        return fmean(one.ndcg for one in self.scores)

    @property
    def recall(self) -> float:
        return fmean(self.recalls.values())

    @property
    def good(self) -> bool:
        return self.ndcg >= LEAST_NDCG and self.recall >= LEAST_RECALL

    def lines(self) -> Iterator[str]:
        """Return the table: each kind of question with its mean and its worst, then all."""
        yield f"{'kind':<10}{'queries':>8}{'nDCG@10':>9}  worst"
        for kind in dict.fromkeys(one.query.kind for one in self.scores):
            scores = [one for one in self.scores if one.query.kind == kind]
            worst = min(scores, key=lambda one: one.ndcg)
            mean = fmean(one.ndcg for one in scores)
            yield f"{kind:<10}{len(scores):>8}{mean:>9.3f}  {worst.ndcg:.3f} {worst.query.text}"
        yield f"{'all':<10}{len(self.scores):>8}{self.ndcg:>9.3f}"
        yield f"Recall of {len(self.recalls)} Han substrings: {self.recall:.3f}"
        missed = [text for text, value in self.recalls.items() if value < 1]
        if missed:
            yield "Not found everywhere: " + ", ".join(missed)


def report(corpus: Sequence[Entry], queries: Sequence[Query], ask: Ask, find: Ask) -> Report:
    """Measure a search. ``ask`` takes what is offered instead of nothing; ``find`` does not."""
    scores = []
    for query in queries:
        grades = [query.grade(one) for one in corpus]
        found = [grades[place] for place in ask(query.text)]
        scores.append(Score(query, ndcg(found, grades)))
    written = [_han_of(one) for one in corpus]
    recalls = {}
    for text in substrings(written):
        wanted = [place for place, runs in enumerate(written) if any(text in run for run in runs)]
        recalls[text] = recall(find(text), wanted)
    return Report(tuple(scores), recalls)


def substrings(written: Sequence[Sequence[str]], number: int = SUBSTRINGS) -> list[str]:
    """Return some of all substrings of these runs of Han, the same ones each time."""
    runs = {run for entry in written for run in entry}
    cuts = {
        run[start : start + length]
        for run in runs
        for length in range(1, LONGEST + 1)
        for start in range(len(run) - length + 1)
    }
    chance = random.Random(SEED)  # noqa: S311 -- a choice of texts, no secret
    return chance.sample(sorted(cuts), k=min(number, len(cuts)))


def _han_of(entry: Entry) -> list[str]:
    """Return the runs of Han in the titles and summaries of an entry."""
    texts = entry.record["texts"].values()
    written = (text.get(key, "") for text in texts for key in ("title", "summary"))
    return [run for text in written for run in bigrams.RUN.findall(bigrams.normal(text))]
