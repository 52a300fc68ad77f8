"""Writes the golden files anew: `.venv/bin/python -m tests.inspection.write_golden`, then look at them in a browser."""

from __future__ import annotations

from pathlib import Path

from syndicate.inspection.html import to_html, to_json
from syndicate.inspection.judge import judge
from syndicate.inspection.measure import measure
from syndicate.inspection.report import compose
from syndicate.model.facts import DayFacts
from syndicate.model.inspection import Indicator, Report
from tests.inspection.conftest import CONTENT, shipped_index
from tests.inspection.sample_day import facts

GOLDEN = Path(__file__).parent / "golden"


def report_of(day: DayFacts, index: tuple[Indicator, ...]) -> Report:
    return compose(day, judge(measure(day, index), index))


if __name__ == "__main__":
    sample = report_of(facts(), shipped_index())
    template = (CONTENT / "templates" / "report" / "daily.html").read_text("utf-8")
    (GOLDEN / "2026-03-05.html").write_text(to_html(sample, template), "utf-8")
    (GOLDEN / "2026-03-05.json").write_text(to_json(sample) + "\n", "utf-8")
