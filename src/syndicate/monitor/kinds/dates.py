"""Kind `dates`: dates that cannot be right.

Parameters: `check` (required): `impossible` (no such day or month), `weekday` (the day of the week belongs to another
date; without a year that of the item counts, over the turn of the year the next or last one too), `period` (ends before
it begins), `relative` (今年, 本月, 明天 beside a date that the item's date contradicts), `deadline` (what one of `labels`
announces was over at the item's date). `not_before` (list: no finding in front of one of these), `labels` and `excused`
(lists, for `deadline`: what announces one, and what says in or around it that it is past).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from syndicate.model.rule import RuleSpec
from syndicate.monitor.calendar import WrittenDate, likely_years, weekday_name
from syndicate.monitor.deadlines import END, UNTIL, deadlines
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.relative_days import closed, mismatches
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_CHECKS = ("impossible", "weekday", "period", "relative", "deadline")
_WEEKDAY = late(r"\s?[（(，,]?\s?(?P<word>星期|周|礼拜)(?P<day>[一二三四五六日天])(?![期年岁])")
_SEASON_START, _SEASON_END = 10, 4
"""A period without a second year that begins in October or later and ends in April or earlier runs over New Year."""


@dataclass(frozen=True)
class DateCheck:
    """One of the checks of written dates."""

    rule: RuleSpec
    check: str
    not_before: tuple[str, ...]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every date that fails the check."""
        judge = {"impossible": self._impossible, "weekday": self._weekday, "period": self._period}[self.check]
        for written in view.dates:
            hit = judge(view, written)
            if hit and not view.text.startswith(self.not_before, hit.end) and not _is_in_address(view, hit):
                yield hit

    def _impossible(self, view: View, written: WrittenDate) -> Hit | None:
        return None if written.is_possible else Hit(self.rule, written.start, written.end)

    def _weekday(self, view: View, written: WrittenDate) -> Hit | None:
        said = _WEEKDAY.match(view.text, written.end)
        if said is None:
            return None
        days = _possible_days(written, view.day)
        if not days or any(weekday_name(day) == said["day"].replace("天", "日") for day in days):
            return None
        right = weekday_name(days[0])
        end = closed(view.text, written.start, said.end("day"))
        suggestion = view.text[written.start : said.start("day")] + right + view.text[said.end("day") : end]
        return Hit(self.rule, written.start, end, suggestion, values={"weekday": said["word"] + right})

    def _period(self, view: View, written: WrittenDate) -> Hit | None:
        until = UNTIL.match(view.text, written.end)
        end = END.match(view.text, until.end()) if until else None
        if end is None or not _is_reversed(written, end):
            return None
        return Hit(self.rule, written.start, end.end())


@dataclass(frozen=True)
class Relative:
    """Words for days, months and years beside a date."""

    rule: RuleSpec

    def hits(self, view: View) -> Iterator[Hit]:
        """Every contradiction to the item's date outside quotations, which keep the words of their own day."""
        for one in mismatches(view.text, view.day) if view.day else ():
            if not view.spans("quotation").around(one.start, one.end):
                yield Hit(self.rule, one.start, one.end, values={"expected": one.expected})


@dataclass(frozen=True)
class Deadlines:
    """Deadlines that were over before the item."""

    rule: RuleSpec
    labels: re.Pattern[str]
    excused: re.Pattern[str]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every deadline all of whose possible days lie before the item's."""
        if view.day is None or not self.labels.search(view.text):
            return
        for one in deadlines(view.text, self.labels, self.excused, view.dates, view.day):
            if one.days and max(one.days) < view.day:
                yield Hit(self.rule, one.start, one.end)


def _is_in_address(view: View, hit: Hit) -> bool:
    return view.addresses.around(hit.start, hit.end) is not None


def _possible_days(written: WrittenDate, reference: date | None) -> list[date]:
    """The days that the date may mean, the likeliest first; none when no year is known or the day does not exist."""
    if written.year is not None:
        years: tuple[int, ...] = (written.year,)
    elif reference is not None:
        years = likely_years(written.month, reference)
    else:
        return []
    return [day for year in years if (day := written.calendar_date(year)) is not None]


def _is_reversed(begin: WrittenDate, end: re.Match[str]) -> bool:
    """Whether the period ends before it begins. What the end does not say, it takes from the beginning."""
    month = int(end["month"]) if end["month"] else begin.month
    day = int(end["day"])
    if begin.day is None:
        return False
    if end["year"] and begin.year is not None:
        return (int(end["year"]), month, day) < (begin.year, begin.month, begin.day)
    if end["year"] or (month, day) >= (begin.month, begin.day):
        return False
    if begin.year is None:
        return month == begin.month
    return not (begin.month >= _SEASON_START and month <= _SEASON_END)


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    check = parameters.choice("check", _CHECKS)
    if check == "relative":
        return Relative(rule)
    if check == "deadline":
        labels, excused = parameters.texts("labels", required=True), parameters.texts("excused")
        return Deadlines(rule, _any_of(labels), _any_of(excused))
    return DateCheck(rule, check, parameters.texts("not_before"))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that matches any of the words; of none, nothing."""
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")
