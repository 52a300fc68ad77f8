"""`content/feedback.yaml` and `content/holidays/*.yaml`: limits with their defaults, mistakes with their lines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from syndicate.config.defaults import defaults
from syndicate.config.feedback import read_feedback, read_holidays
from syndicate.config.places import ConfigFile, Problems
from syndicate.model.calendar import WorkingCalendar
from syndicate.model.feedback import FeedbackRules

Mistakes = list[tuple[int, str]]


def rules(text: str) -> tuple[FeedbackRules, Mistakes]:
    problems = Problems()
    found = read_feedback(ConfigFile("content/feedback.yaml", text), problems)
    return found, [(one.line, one.message.key) for one in problems.found]


def holidays(*texts: str) -> tuple[WorkingCalendar, Mistakes]:
    problems = Problems()
    files = [ConfigFile(f"content/holidays/{number}.yaml", text) for number, text in enumerate(texts)]
    found = read_holidays(files, problems)
    return found, [(one.line, one.message.key) for one in problems.found]


def year(off: str = "{title: 国庆节, first: 2026-10-01, last: 2026-10-07}", worked: str = "[]") -> str:
    return f"year: 2026\nsource: 样例\nissued_on: 2025-11-04\nconfidence: C\nworked: {worked}\noff:\n  - {off}\n"


def test_the_packaged_rules_are_three_days_and_one_and_ninety() -> None:
    found, mistakes = rules((defaults() / "content" / "feedback.yaml").read_text("utf-8"))
    assert mistakes == []
    assert (found.answer_within, found.pass_on_within, found.contact_kept) == (3, 1, timedelta(days=90))


def test_what_the_file_leaves_out_has_its_default() -> None:
    assert rules("daily_most: 5\n") == (FeedbackRules(daily_most=5), [])


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("answer_within: 0\n", (1, "config.out_of_range")),
        ("contact_kept: 400d\n", (1, "config.out_of_range")),
        ("answer_within: 2\npass_on_within: 3\n", (2, "config.passed_on_too_late")),
        ("answer_witin: 2\n", (1, "config.unknown_key_close")),
        ("- 1\n", (1, "config.mapping_expected")),
    ],
)
def test_a_mistake_in_the_rules_is_told_with_its_line(text: str, mistake: tuple[int, str]) -> None:
    assert rules(text)[1] == [mistake]


def test_every_day_of_a_span_is_off() -> None:
    found, mistakes = holidays(year())
    assert mistakes == []
    assert len(found.years[2026].off) == 7
    assert date(2026, 10, 4) in found.years[2026].off


def test_the_end_of_the_year_before_may_be_off() -> None:
    assert holidays(year("{title: 元旦, first: 2025-12-31, last: 2026-01-02}"))[1] == []


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (year("{title: 国庆节, first: 2026-10-07, last: 2026-10-01}"), (6, "config.holiday_span")),
        (year("{title: 国庆节, first: 2026-10-01, last: 2026-12-31}"), (6, "config.holiday_span")),
        (year("{title: 国庆节, first: 2025-10-01, last: 2025-10-07}"), (6, "config.other_year")),
        (year(worked="[2026-10-08]"), (5, "config.no_weekend_worked")),
        (year(worked="[2026-10-04]"), (5, "config.no_weekend_worked")),
        (year(worked="[2026-02-30]"), (5, "config.not_day")),
        (year().replace("confidence: C", "confidence: A"), (4, "config.form_confidence")),
    ],
)
def test_a_mistyped_date_is_told_with_its_line(text: str, mistake: tuple[int, str]) -> None:
    assert mistake in holidays(text)[1]


def test_a_year_is_given_once() -> None:
    assert [key for _, key in holidays(year(), year())[1]] == ["config.year_twice"]
