"""Dates as they are written in official texts: found, read, and put into their usual form again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from syndicate.text.late import late

_CHINESE = "零一二三四五六七八九"
_ROUND = str.maketrans("〇○", "零零")
# One pattern that begins with a digit, so that the search runs at the speed of finding digits.
_DIGITS = late(
    r"(?P<first>[0-9]{1,4})(?:\s?年\s?(?P<month>[0-9]{1,2})\s?月(?:\s?(?P<day>[0-9]{1,2})\s?[日号])?"
    r"|\s?月\s?(?P<only_day>[0-9]{1,2})\s?[日号]"
    r"|(?P<mark>[-/.])(?P<mark_month>[0-9]{1,2})(?P=mark)(?P<mark_day>[0-9]{1,2}))(?![0-9])"
)
# Begins with 年, which is rarer than what stands before it.
_WORDS = late(
    r"年(?<=[一二][零〇○一二三四五六七八九]{3}年)(?P<month>[一二三四五六七八九十]{1,3})月(?:(?P<day>[零〇一二三四五六七八九十]{1,3})日)?"
)
_PART_OF_MORE = frozenset("0123456789.")
_PART_OF_CODE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-〔")
_YEARS = range(1900, 2200)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class WrittenDate:
    """A date as it stands in a text. `year` and `day` are None where they are not written."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    @property
    def is_possible(self) -> bool:
        """Whether such a day exists; without a year the 29th of February does."""
        if not 1 <= self.month <= 12:
            return False
        if self.day is None:
            return True
        if self.year is not None:
            return self.calendar_date() is not None
        return 1 <= self.day <= _DAYS[self.month - 1]

    def calendar_date(self, year: int | None = None) -> date | None:
        """The day of the calendar, with `year` where none is written; None when there is no such day."""
        written = self.year if self.year is not None else year
        if written is None or self.day is None:
            return None
        try:
            return date(written, self.month, self.day)
        except ValueError:
            return None


def written_dates(text: str) -> Iterator[WrittenDate]:
    """Every date: 2024年5月1日, 5月1日, 2024年5月, 2024-05-01 (also / and .), 二〇二四年五月一日."""
    for match in _DIGITS.finditer(text):
        written = _in_digits(text, match)
        if written is not None:
            yield written
    for match in _WORDS.finditer(text):
        start = match.start() - 4
        digits = text[start : match.start()].translate(_ROUND)
        year = int("".join(str(_CHINESE.index(digit)) for digit in digits))
        day = chinese_number(match["day"]) if match["day"] else None
        yield WrittenDate(start, match.end(), year, chinese_number(match["month"]), day)


def _in_digits(text: str, match: re.Match[str]) -> WrittenDate | None:
    start, end = match.span()
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    first = int(match["first"])
    if match["mark"]:
        if first not in _YEARS or before in _PART_OF_CODE or (after and after in _PART_OF_CODE and after != "."):
            return None
        if after == "." and text[end + 1 : end + 2].isdecimal():
            return None
        return WrittenDate(start, end, first, int(match["mark_month"]), int(match["mark_day"]))
    if before in _PART_OF_MORE:
        return None
    if match["only_day"]:
        return WrittenDate(start, end, None, first, int(match["only_day"])) if len(match["first"]) <= 2 else None
    if first not in _YEARS:
        return None
    return WrittenDate(start, end, first, int(match["month"]), int(match["day"]) if match["day"] else None)


def chinese_number(text: str) -> int:
    """A number up to 99 in Chinese numerals (三十一, 十五, 五); 0 for what is none."""
    text = text.replace("〇", "零")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _CHINESE.index(text) if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_CHINESE.index(tens) if tens else 1) * 10 + (_CHINESE.index(ones) if ones else 0)


def weekday_name(day: date) -> str:
    """一 … 日."""
    return _WEEKDAYS[day.weekday()]


def likely_years(month: int, reference: date) -> tuple[int, ...]:
    """The years that a date without one may mean in an item of `reference`: that year, and over the turn of the year."""
    ahead, behind = moved(reference, 75), moved(reference, -75)
    years = [reference.year]
    if ahead.year > reference.year and month <= ahead.month:
        years.append(ahead.year)
    if behind.year < reference.year and month >= behind.month:
        years.append(behind.year)
    return tuple(years)


def moved(day: date, days: int) -> date:
    """The day so many days on; the calendar's own ends stay where they are."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day
