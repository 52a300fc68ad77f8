"""`make crash`: many crash runs in a row, on SQLite or (ARGS="--postgresql") on a throwaway PostgreSQL cluster."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from syndicate.records.connection import open_records, use_database

open_records(Path(tempfile.gettempdir()))

from tests.crash.harness import Outcome, crash_run  # noqa: E402 models can be imported only now
from tests.postgres import start_cluster  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="crash runs with another seed each")
    parser.add_argument("--items", type=int, default=40, help="items per run; five deliveries each")
    parser.add_argument("--lives", type=int, default=60, help="worker lives ended by SIGKILL per run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    cluster = start_cluster() if chosen.postgresql else None
    failures = 0
    try:
        for seed in range(chosen.seed, chosen.seed + chosen.rounds):
            outcome = _round(chosen.items, chosen.lives, seed, cluster)
            failures += bool(outcome.lost or outcome.doubled or outcome.unexplained)
            print(f"seed {seed}: {outcome}", flush=True)
    finally:
        if cluster:
            cluster.stop()
    return min(failures, 1)


def _round(items: int, lives: int, seed: int, cluster: object) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "office"
        if cluster is None:
            use_database("")
            return crash_run(home, items, lives, seed)
        with cluster.database() as url:  # type: ignore[attr-defined]
            use_database(url)
            return crash_run(home, items, lives, seed)


sys.exit(main())
