"""A month with outages, silent sources, a dead link, defacement, late reprints and a lost Weibo post, and what it must yield.

`month.golden.tsv` is the whole result in words; `python -m tests.flow.write_month` writes it anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.flow.day_targets import targets
from syndicate.flow.report import make_report
from syndicate.model.inspection import Report
from syndicate.records import audit, incidents, models
from syndicate.records.connection import close_connections, open_records, use_database
from tests.flow.office import PUBLISHER, open_desk
from tests.flow.simulated_month import DAY, DAYS, FIRST, SCRIPT, Month, at, incident_lines, verdict_lines

GOLDEN = Path(__file__).with_name("month.golden.tsv")


@pytest.fixture(scope="module")
def month(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    home = tmp_path_factory.mktemp("month") / "office"
    (home / "var").mkdir(parents=True)
    shutil.copy(sqlite_template, home / "var" / "syndicate.sqlite3")
    use_database("")
    open_records(home)
    with open_desk(home) as desk:
        played = Month(desk)
        played.run(SCRIPT)
        yield played
    close_connections()


def test_the_month_yields_exactly_these_incidents_and_verdicts(month: Month) -> None:
    lines = [*incident_lines(), *verdict_lines(month)]
    assert lines == GOLDEN.read_text("utf-8").splitlines()


def test_each_end_of_each_incident_was_told_once(month: Month) -> None:
    told = models.Notice.objects.filter(incident__startswith="incident:", user__username=PUBLISHER.name)
    assert len({one.incident for one in told}) == told.count()
    events = [row.action for row in audit.between(FIRST, month.now + DAY) if row.action.startswith("incident.")]
    found = incidents.between(FIRST, month.now + DAY)
    assert events.count("incident.opened") == len(found)
    assert events.count("incident.closed") == sum(one.closed_at is not None for one in found)


def compared(report: Report) -> dict[str, object]:
    """A report without the moment at which it was made."""
    said = asdict(report)
    del said["made_at"]
    said["sections"] = [
        {**one, "sentences": [text for text in one["sentences"] if "生成" not in text]} for one in said["sections"]
    ]
    return said


@pytest.mark.parametrize("day", [3, 8, 10, 17, 20, 22, 30])
def test_every_day_can_be_told_again_at_the_end_of_the_month(month: Month, day: int) -> None:
    date = at(day).date()
    again = make_report(month.desk.workspace, date, at(day + 1))
    assert compared(again) == compared(month.said[date])


def test_the_targets_hold_for_the_whole_month(month: Month) -> None:
    found = {one.indicator.id: one for one in targets(month.desk.workspace, FIRST, FIRST + DAYS * DAY)}
    assert found["T1"].measurement.value == pytest.approx(100 - 100 * 16 / 714, abs=0.2)
    late = [line for line in incident_lines() if line.endswith("逾期")]
    settled = [one for one in incidents.between(FIRST, FIRST + DAYS * DAY) if one.closed_at]
    assert found["T3"].measurement.value == pytest.approx(100 * (len(settled) - len(late)) / len(settled))
    assert found["T4"].measurement.value is None


def test_a_week_of_it_has_its_own_figures(month: Month) -> None:
    found = {one.indicator.id: one for one in targets(month.desk.workspace, at(12), at(19))}
    assert found["T1"].measurement.value == 100


def test_the_month_took_no_real_time(month: Month) -> None:
    assert month.now == FIRST + timedelta(days=DAYS, minutes=1)
