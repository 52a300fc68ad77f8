"""电子屏台账: kept by line, read by span, and the day's report has the share of time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.errors import StorageError
from syndicate.flow.day_facts import day_facts
from syndicate.flow.screens import Acknowledgement, acknowledgements, keep_acknowledgement
from tests.flow.office import NOON, Desk

MINUTE = timedelta(minutes=1)
MIDNIGHT = NOON.replace(hour=0)


def test_what_was_kept_is_read_back_in_its_span(tmp_path: Path) -> None:
    seen = [Acknowledgement(NOON + n * timedelta(hours=9), n, "7") for n in range(4)]
    for one in seen:
        keep_acknowledgement(tmp_path, "led", one)
    assert acknowledgements(tmp_path, "led", NOON, NOON + timedelta(hours=27)) == tuple(seen[:3])


@pytest.mark.parametrize(
    "line", ["", "x", "2026-11-26T12:00:00+08:00\t1", "2026-11-26T12:00:00\t1\t7", "\t\t\t", "é\x00"]
)
def test_a_line_that_was_cut_short_is_left_out(tmp_path: Path, line: str) -> None:
    keep_acknowledgement(tmp_path, "led", Acknowledgement(NOON, 1, ""))
    path = tmp_path / "var" / "screens" / "led" / "2026-11-26.tsv"
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    assert len(acknowledgements(tmp_path, "led", MIDNIGHT, NOON + MINUTE)) == 1


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way", "utf-8")
    with pytest.raises(StorageError):
        keep_acknowledgement(tmp_path, "led", Acknowledgement(NOON, 1, ""))


def _share(desk: Desk) -> float | None:
    facts = day_facts(desk.workspace, NOON.date(), NOON)
    assert facts.channels is not None
    return next(one.running_share for one in facts.channels if one.id == "led")


def test_the_report_knows_how_long_the_screen_ran(desk: Desk) -> None:
    for n in range(360):
        keep_acknowledgement(desk.home, "led", Acknowledgement(MIDNIGHT + n * MINUTE, 1, "7"))
    assert _share(desk) == pytest.approx(50, abs=0.5)


def test_a_screen_that_fell_silent_ran_not_at_all(desk: Desk) -> None:
    keep_acknowledgement(desk.home, "led", Acknowledgement(NOON - timedelta(days=2), 1, "7"))
    assert _share(desk) == 0


def test_a_screen_that_never_spoke_is_not_measured(desk: Desk) -> None:
    assert _share(desk) is None
