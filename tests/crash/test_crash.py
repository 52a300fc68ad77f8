"""Short crash runs; `make crash` makes the long ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.fuse import Fuse
from tests.crash.harness import Outcome, Range
from tests.crash.mutant import look_again, repeat_blindly
from tests.postgres import Cluster


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Range]:
    place = Range(tmp_path)
    yield place
    place.close()


@pytest.mark.timeout(300)
def test_killed_workers_lose_nothing_and_send_nothing_twice(on_sqlite: Range) -> None:
    total = Outcome()
    for seed in range(4):
        total.add(on_sqlite.run(seed, lives=4))
    assert total.interrupted.total() >= 5
    assert (total.lost, total.doubled, total.unexplained) == ([], [], [])


@pytest.mark.timeout(300)
def test_of_two_workers_on_postgresql_one_may_die_for_good(cluster: Cluster, tmp_path: Path) -> None:
    place = Range(tmp_path, cluster)
    total = Outcome()
    for seed in range(10, 13):
        total.add(place.run(seed, lives=3))
    place.close()
    assert (total.lost, total.doubled, total.unexplained) == ([], [], [])


@pytest.mark.timeout(120)
def test_a_death_between_reply_and_commit_posts_once(on_sqlite: Range) -> None:
    outcome = on_sqlite.run(2026, lives=2, fuse=Fuse(1, "statuses/share"))
    assert (outcome.lost, outcome.doubled, outcome.unexplained) == ([], [], [])


@pytest.mark.timeout(120)
def test_a_ledger_that_repeats_blindly_is_found_out(on_sqlite: Range) -> None:
    repeat_blindly()
    try:
        outcome = on_sqlite.run(2027, lives=2, fuse=Fuse(2, "statuses/share"))
    finally:
        look_again()
    assert any("weibo" in name for name in outcome.doubled)
