"""今年, 本月, 明天 beside the date they stand for: judged at the date of the item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from syndicate.monitor.calendar import moved
from syndicate.text.late import late

_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2}
_MONTHS = {"本月": 0, "上个月": -1, "上月": -1, "下个月": 1, "下月": 1}
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1, "后天": 2}
_LEEWAY = {"year": 31, "month": 3, "day": 1}
"""Days by which a text may have been written before or after its date: a report of January speaks of the old year."""
_WORD = "|".join([*_YEARS, *_MONTHS, *_DAYS])
_DATE = r"(?:(?P<year{0}>(?:19|20)\d\d)年)?(?:(?P<month{0}>\d{{1,2}})月)?(?:(?P<day{0}>\d{{1,2}})[日号])?"
_FORWARD = late(rf"(?P<word>{_WORD})(?:以来，截至)?\s?(?:[（(]\s?|，?即|，?也就是)?{_DATE.format('')}")
_BACKWARD = late(
    rf"(?:(?P<year>(?:19|20)\d\d)年)?(?:(?P<month>\d{{1,2}})月)?(?:(?P<day>\d{{1,2}})[日号])?"
    rf"(?<=[年月日号])[（(](?:即|也就是)?(?P<word>{_WORD})[）)]"
)


@dataclass(frozen=True)
class Mismatch:
    """A word and a date that do not belong together in an item of that day; `expected` is what the word stands for."""

    start: int
    end: int
    expected: str


def mismatches(text: str, day: date) -> Iterator[Mismatch]:
    """Every such word whose date says something else than the item's date does."""
    for pattern in (_FORWARD, _BACKWARD):
        for match in pattern.finditer(text):
            sort, shift = _meaning(match["word"])
            if match[sort] is None:
                continue  # 今年5月 names no year that could contradict
            written = tuple(int(match[name]) if match[name] else None for name in ("year", "month", "day"))
            if not any(_fits(_named(near, sort, shift), written) for near in _near(day, _LEEWAY[sort])):
                end = closed(text, match.start(), match.end())
                yield Mismatch(match.start(), end, _spoken(_named(day, sort, shift), sort))


def closed(text: str, start: int, end: int) -> int:
    """The end of a span with the bracket that closes the one it opened."""
    is_open = any(mark in text[start:end] for mark in "（(") and not any(mark in text[start:end] for mark in "）)")
    return end + 1 if is_open and text[end : end + 1] in ("）", ")") else end


def _meaning(word: str) -> tuple[str, int]:
    for sort, words in (("year", _YEARS), ("month", _MONTHS)):
        if word in words:
            return sort, words[word]
    return "day", _DAYS[word]


def _near(day: date, leeway: int) -> Iterator[date]:
    return (moved(day, days) for days in range(-leeway, leeway + 1))


def _named(day: date, sort: str, shift: int) -> tuple[int, int | None, int | None]:
    """Year, month and day that the word means at that day; None where it leaves them open."""
    if sort == "year":
        return day.year + shift, None, None
    if sort == "month":
        months = day.year * 12 + day.month - 1 + shift
        return months // 12, months % 12 + 1, None
    there = moved(day, shift)
    return there.year, there.month, there.day


def _fits(meant: tuple[int | None, ...], written: tuple[int | None, ...]) -> bool:
    return all(one is None or other is None or one == other for one, other in zip(meant, written, strict=True))


def _spoken(meant: tuple[int, int | None, int | None], sort: str) -> str:
    year, month, day = meant
    return {"year": f"{year}年", "month": f"{year}年{month}月", "day": f"{year}年{month}月{day}日"}[sort]
