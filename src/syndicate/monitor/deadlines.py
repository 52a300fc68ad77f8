"""Deadlines: the first date behind 报名时间, 截止日期 and the like, or the end of the period that begins with it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from syndicate.monitor.calendar import WrittenDate, likely_years
from syndicate.text.late import late

UNTIL = late(r"\s?(?:至|到|—{1,2}|－|–|～|~|-)\s?")
END = late(r"(?:(?P<year>(?:19|20|21)\d{2})\s?年\s?)?(?:(?P<month>\d{1,2})\s?月\s?)?(?P<day>\d{1,2})\s?[日号](?!\d)")
_REACH = 12
_AROUND = 8
_SENTENCE_END = frozenset("。；！？\n")


@dataclass(frozen=True)
class Deadline:
    """Where it stands, from its label to its date, and the days it may mean."""

    start: int
    end: int
    days: tuple[date, ...]


def deadlines(
    text: str, labels: re.Pattern[str], excused: re.Pattern[str], dates: Sequence[WrittenDate], day: date
) -> Iterator[Deadline]:
    """Every deadline that is none of the past: no word of `excused` (已, 原定) stands in or around it."""
    whole = sorted((one for one in dates if one.day is not None), key=lambda one: one.start)
    starts = [one.start for one in whole]
    for label in labels.finditer(text):
        place = bisect_left(starts, label.end())
        if place == len(whole) or starts[place] - label.end() > _REACH:
            continue
        written = whole[place]
        if not _SENTENCE_END.isdisjoint(text[label.end() : written.start]):
            continue
        until = UNTIL.match(text, written.end)
        last = END.match(text, until.end()) if until else None
        end = last.end() if last else written.end
        sentence = "".join(takewhile(lambda one: one not in _SENTENCE_END, text[end : end + _AROUND]))
        if excused.search(text[max(0, label.start() - _AROUND) : end] + sentence):
            continue
        yield Deadline(label.start(), end, _days(written, last, day))


def _days(written: WrittenDate, last: re.Match[str] | None, day: date) -> tuple[date, ...]:
    """The days that the deadline may mean; none where it does not exist."""
    year, month, number = written.year, written.month, written.day
    if last:
        year = int(last["year"]) if last["year"] else year
        month = int(last["month"]) if last["month"] else month
        number = int(last["day"])
    meant = WrittenDate(written.start, written.end, year, month, number)
    years = (year,) if year is not None else likely_years(month, day)
    return tuple(found for one in years if (found := meant.calendar_date(one)) is not None)
