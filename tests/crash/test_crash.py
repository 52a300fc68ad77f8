from pathlib import Path

import pytest

from tests.crash.harness import crash_run


@pytest.mark.timeout(300)
def test_killed_workers_lose_nothing_and_send_nothing_twice(records: Path) -> None:
    outcome = crash_run(records, number_of_items=40, lives=40, seed=2026)
    assert outcome.deliveries == 200
    assert outcome.interrupted.total() >= 10
    assert (outcome.lost, outcome.doubled, outcome.unexplained) == ([], [], [])
