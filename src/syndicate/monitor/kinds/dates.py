"""Kind `dates`: dates that cannot be right.

Parameters: `check` (required): `impossible` (no such day or month), `weekday` (the day of the week belongs to another
date; without a year that of the item counts, over the turn of the year the next or last one too), `period` (ends before
it begins). `not_before` (list: no finding in front of one of these).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from syndicate.model.rule import RuleSpec
from syndicate.monitor.calendar import WrittenDate, likely_years, weekday_name
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View

_CHECKS = ("impossible", "weekday", "period")
_WEEKDAY = re.compile(r"\s?[（(，,]?\s?(?P<word>星期|周|礼拜)(?P<day>[一二三四五六日天])(?![期年岁])")
_UNTIL = re.compile(r"\s?(?:至|到|—{1,2}|－|–|～|~|-)\s?")
_END = re.compile(
    r"(?:(?P<year>(?:19|20|21)\d{2})\s?年\s?)?(?:(?P<month>\d{1,2})\s?月\s?)?(?P<day>\d{1,2})\s?[日号](?!\d)"
)
_SEASON_START, _SEASON_END = 10, 4
"""A period without a second year that begins in October or later and ends in April or earlier runs over New Year."""


@dataclass(frozen=True)
class DateCheck:
    """One of the three checks."""

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
        suggestion = f"{view.text[written.start : said.start('day')]}{right}"
        return Hit(self.rule, written.start, said.end("day"), suggestion, values={"weekday": said["word"] + right})

    def _period(self, view: View, written: WrittenDate) -> Hit | None:
        until = _UNTIL.match(view.text, written.end)
        end = _END.match(view.text, until.end()) if until else None
        if end is None or not _is_reversed(written, end):
            return None
        return Hit(self.rule, written.start, end.end())


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
    return DateCheck(rule, parameters.choice("check", _CHECKS), parameters.texts("not_before"))
