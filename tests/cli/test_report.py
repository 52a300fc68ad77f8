"""syndicate report: which period is meant, what is written, what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.terminal import Office
from tests.cli.test_mistakes import told

NAMES = {
    "day": r"\d{4}-\d{2}-\d{2}",
    "week": r"\d{4}-W\d{2}",
    "month": r"\d{4}-\d{2}",
    "quarter": r"\d{4}-Q[1-4]",
    "year": r"\d{4}",
}


@pytest.mark.parametrize("span", NAMES)
def test_without_a_day_the_last_period_that_is_over_is_meant(office: Office, span: str) -> None:
    document = office("report", "--period", span, "--json").document
    assert re.fullmatch(NAMES[span] + r"-\d{8}T\d{6}-[0-9a-f]{8}\.html", Path(document["path"]).name)


def test_a_day_names_the_period_around_it(office: Office) -> None:
    found = json.loads(office("report", "2026-01-14", "--period", "week", "--format", "json").out)
    assert (found["day"], found["span"]) == ("2026-01-12", "week")


def test_a_period_that_is_none_is_wrong_use(office: Office) -> None:
    told(office("report", "--period", "fortnight"), 2)


def test_a_moment_before_the_period_is_refused(office: Office) -> None:
    told(office("report", "2026-02-10", "--period", "month", "--as-of", "2026-01-31T12:00"), 2, "2026-02-10", "--as-of")


def test_a_moment_within_the_period_tells_it_as_it_stood(office: Office) -> None:
    found = json.loads(
        office("report", "2026-02-10", "--period", "month", "--as-of", "2026-02-20T12:00", "--format", "json").out
    )
    assert found["as_of"].startswith("2026-02-20T12:00")
