from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from syndicate.records import pulses


def test_a_verb_that_never_ran_is_absent(records: Path) -> None:
    assert pulses.last() == {}


def test_the_newest_beat_of_each_verb_is_known(records: Path, now: datetime) -> None:
    pulses.beat("work", now)
    pulses.beat("tidy", now)
    pulses.beat("work", now + timedelta(minutes=1))
    assert pulses.last() == {"work": now + timedelta(minutes=1), "tidy": now}
