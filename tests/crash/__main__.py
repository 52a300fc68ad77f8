"""`make crash`: many crash runs in a row, half on SQLite, half on a throwaway PostgreSQL cluster with two workers.

One run is one seed: an office with one or three items on five channels, workers killed several times, then counted on
the platforms' side.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import queue
import sys
import tempfile
from pathlib import Path

from syndicate.records.connection import open_records

open_records(Path(tempfile.gettempdir()))

from tests.crash.harness import Outcome, Range  # noqa: E402 models can be imported only now
from tests.crash.mutant import repeat_blindly  # noqa: E402
from tests.postgres import Cluster, start_cluster  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="crash runs, each with another seed")
    parser.add_argument("--lives", type=int, default=4, help="times that the workers of a run are killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side-by-side", type=int, default=8, help="runs at once; most of a run is waiting")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database alone")
    parser.add_argument("--mutant", action="store_true", help="a ledger that repeats broken calls without looking")
    chosen = parser.parse_args()
    logging.disable(logging.ERROR)
    if chosen.mutant:
        repeat_blindly()
    seeds = range(chosen.seed, chosen.seed + chosen.runs)
    databases = [chosen.only] if chosen.only else ["sqlite", "postgresql"]
    cluster = start_cluster() if "postgresql" in databases else None
    try:
        results = [
            _all(name, list(seeds)[number :: len(databases)], chosen, cluster) for number, name in enumerate(databases)
        ]
    finally:
        if cluster:
            cluster.stop()
    return 0 if all(results) else 1


def _all(database: str, seeds: list[int], chosen: argparse.Namespace, cluster: Cluster | None) -> bool:
    """The runs of one database, several side by side; prints how far it is."""
    outcomes: multiprocessing.Queue[Outcome] = multiprocessing.Queue()
    count = min(chosen.side_by_side, len(seeds))
    used = cluster if database == "postgresql" else None
    ranges = [
        multiprocessing.Process(target=_some, args=(seeds[number::count], chosen.lives, used, outcomes))
        for number in range(count)
    ]
    for one in ranges:
        one.start()
    total = Outcome()
    while total.runs < len(seeds) and (any(one.is_alive() for one in ranges) or not outcomes.empty()):
        try:
            total.add(outcomes.get(timeout=1))
        except queue.Empty:
            continue
        if total.runs % 50 == 0:
            print(f"{database}: {total}", flush=True)
    for one in ranges:
        one.join()
    print(f"{database}: {total}", flush=True)
    return total.holds and total.runs == len(seeds)


def _some(seeds: list[int], lives: int, cluster: Cluster | None, outcomes: multiprocessing.Queue[Outcome]) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        place = Range(Path(folder), cluster)
        for seed in seeds:
            outcomes.put(place.run(seed, lives))
        place.close()


if __name__ == "__main__":
    sys.exit(main())
