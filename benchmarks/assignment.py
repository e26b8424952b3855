"""Plans: who judges what, at 1,000 × 150 and, in full, 20,000 × 2,000

The instance: affinity is the inner product of 8 uniform topic weights of declaration and expert,
scaled over the whole matrix; one pair in twenty is a conflict. "rules": besides, 60 organisations,
10 sub-fields of which an expert has two (3 specialists of 5, 1 of 3), and two experts in five with
economics. "of the LP ceiling": the smallest sum of affinities of a declaration as a share of what
the best fractional assignment reaches (HiGHS; in full only); the ceiling the plan itself names is
never below that.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from benchmarks.report import Rows
from evaluation.assignment.explain import alternatives
from evaluation.assignment.problem import NO_CAP, Problem, Rules
from evaluation.assignment.seating import Seating
from evaluation.assignment.solve import plan

Row = dict[str, str | int | float]

TIMES = 3
SEEDS = range(7)
LARGE = "from benchmarks.assignment import large; large()"


def run(full: bool) -> Rows:
    """Plan for 1,000 × 150, seven seeds; ``full``: LP ceilings too, and 20,000 × 2,000 × 3."""
    rows: Rows = []
    for need in (3, 5):
        for seed in SEEDS:
            rows += [_measured(need, seed, ruled, full and not ruled) for ruled in (False, True)]
    rows.append(_explained(5))
    if full:
        rows += [_in_a_process_of_its_own(ruled) for ruled in (False, True)]
    return rows


def instance(declarations: int, experts: int, need: int, seed: int, *, ruled: bool) -> Problem:
    """Return the problem; the same numbers for the same seed."""
    chance = np.random.default_rng(seed)
    affinity = chance.random((declarations, 8)) @ chance.random((experts, 8)).T
    affinity -= affinity.min()
    affinity /= affinity.max()
    blocked = (chance.random(affinity.shape) < 0.05).astype(np.uint8)
    more = np.random.default_rng(seed + 100)
    sub_field, known = more.integers(0, 10, declarations), more.integers(0, 10, (experts, 2))
    specialist = (sub_field[:, None] == known[:, 0]) | (sub_field[:, None] == known[:, 1])
    houses = more.integers(0, experts * 2 // 5, experts)
    return Problem(
        declarations=[f"d{place:05}" for place in range(declarations)],
        experts=[f"e{place:05}" for place in range(experts)],
        affinity=affinity.astype(np.float32),
        need=np.full(declarations, need),
        blocked=blocked,
        caps=np.full(experts, NO_CAP),
        organisation=houses if ruled else np.full(experts, -1),
        specialist=specialist,
        economist=more.random(experts) < 0.4,
        rules=Rules(specialists=max(1, need - 2) if ruled else 0, economists=ruled),
    )


def _measured(need: int, seed: int, ruled: bool, with_ceiling: bool) -> Row:
    problem = instance(1000, 150, need, seed, ruled=ruled)
    row = _row(problem, TIMES)
    row = {"what": f"seed {seed}{', rules' if ruled else ''}", **row}
    if with_ceiling:
        row["of the LP ceiling"] = float(row["worst sum"]) / lp_ceiling(problem)
    return row


def _row(problem: Problem, times: int) -> Row:
    took, cpu = [], []
    for _time in range(times):
        began, began_cpu = time.perf_counter(), time.process_time()
        found = plan(problem, "benchmark")
        took.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
    figures = found.figures
    return {
        "need": int(problem.need[0]),
        "CPU s": round(min(cpu), 3),
        "wall s": round(min(took), 3),
        "loads": f"{figures.lowest_load}–{figures.highest_load}",
        "worst sum": round(figures.worst, 6),
        "of its own ceiling": round(figures.worst_mean / figures.ceiling_mean, 4),
        "total": round(figures.total, 1),
        "rules broken": len(found.missing) + figures.over_organisation,
        "parts": figures.components,
    }


def lp_ceiling(problem: Problem) -> float:
    """Return the largest t with sum_j a_ij x_ij >= t for all i, loads within one, 0 <= x <= 1."""
    rows, columns = np.nonzero(problem.allowed)
    affinity = problem.affinity[rows, columns].astype(np.float64)
    length, width = problem.shape
    places, number = np.arange(len(rows)), len(rows) + 1
    ones = np.ones(len(rows))
    low, rest = divmod(int(problem.need.sum()), width)
    seats = csr_array((ones, (rows, places)), shape=(length, number))
    loads = csr_array((ones, (columns, places)), shape=(width, number))
    served = csr_array((-affinity, (rows, places)), shape=(length, number)).tolil()
    served[:, -1] = 1
    aim = np.zeros(number)
    aim[-1] = -1
    most = [np.zeros(length), np.full(width, low + (rest > 0)), np.full(width, -low)]
    found = linprog(
        aim,
        A_ub=vstack([served.tocsr(), loads, -loads]),
        b_ub=np.concatenate(most),
        A_eq=seats,
        b_eq=problem.need,
        bounds=[(0, 1)] * len(rows) + [(0, None)],
        method="highs-ipm",
    )
    return float(-found.fun)


def _explained(need: int) -> Row:
    """Measure all experts of one declaration: why not, and at what cost."""
    problem = instance(1000, 150, need, 0, ruled=True)
    pairs = plan(problem, "benchmark").pairs
    took = []
    for row in range(20):
        began = time.process_time()
        alternatives(Seating(problem, pairs), row)
        took.append(time.process_time() - began)
    return {"what": "why not, 145 experts", "need": need, "CPU s": round(max(took), 4)}


def large() -> None:
    """Print what a plan of 20,000 × 2,000 × 3 takes, from a process that did nothing else."""
    problem = instance(20_000, 2_000, 3, 0, ruled=os.environ["RULED"] == "1")
    row = _row(problem, 1)
    row["GB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
    print(json.dumps(row))


def _in_a_process_of_its_own(ruled: bool) -> Row:
    printed = subprocess.run(
        [sys.executable, "-c", LARGE],
        env={**os.environ, "RULED": str(int(ruled))},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return {"what": f"20,000 × 2,000{', rules' if ruled else ''}", **json.loads(printed)}
