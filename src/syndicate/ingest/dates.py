"""Dates as people and servers write them → aware times. A date that cannot be read is unknown, never wrong."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_LONGEST = 2_000
"""Characters of a text in which a date is sought."""
_EARLIEST = 1949
"""No earlier year is believed: it would be a default or a misread number."""
_FUTURE = timedelta(days=2)
"""Further ahead than this a publication time is refused (measurements §9.2)."""
_EPOCH_FROM, _EPOCH_TO = 631_152_000, 4_102_444_800
"""Epoch seconds of 1990 and 2100: other numbers are no times."""

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt"), 0),
    **dict.fromkeys(("hkt", "sgt", "bjt"), 8),
    "est": -5,
    "edt": -4,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "bst": 1,
    "cet": 1,
    "cest": 2,
    "jst": 9,
    "kst": 9,
}
"""Hours ahead of UTC. CST is missing on purpose: on Chinese servers it is China Standard Time, as is no zone at all."""

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_WRITTEN = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_WEEKDAY = r"(?:\s*[(]?\s*(?:星期|周)[一二三四五六日天]\s*[)]?)?"
_CLOCK = (
    r"(?P<half>上午|下午|中午|晚上?|凌晨)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?(?:\s*[:分]\s*(?P<second>\d{1,2})?)?"
    r"(?:[.,]\d{1,9})?\s*秒?\s*(?P<noon>[ap]\.?m\b\.?)?"
    r"(?:\s*(?P<zone>(?:gmt|utc)?[+-]\d{1,2}:?(?:\d{2})?(?!\d)|[a-z]{1,5}\b))?"
)
_NUMBERED = re.compile(
    rf"(?<![\d.])(?P<year>(?:19|20)\d\d)(?:\s*年\s*|\s?[-/.‐‑–—]{{1,2}}\s?)(?P<month>\d{{1,2}})(?:\s*月\s*|\s?[-/.‐‑–—]{{1,2}}\s?)"
    rf"(?P<day>\d{{1,2}})(?!\d)\s*[日号]?{_WEEKDAY}(?:[\st,_-]{{0,9}}{_CLOCK})?",
    re.I | re.A,
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:t?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>z|[+-]\d\d:?\d\d)?)?(?!\d)",
    re.I | re.A,
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_NAMED = tuple(
    re.compile(form, re.I | re.A)
    for form in (
        rf"(?<!\d)(?P<day>\d{{1,2}})[\s-]{{1,3}}{_MONTH}[\s,-]{{1,3}}(?P<year>\d{{4}})(?!\d)(?:[\s,]{{1,3}}{_CLOCK})?",
        rf"\b{_MONTH}\s{{1,3}}(?P<day>\d{{1,2}})\s{{1,3}}{_CLOCK}\s{{1,3}}(?P<year>\d{{4}})(?!\d)",
        rf"\b{_MONTH}\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<year>\d{{4}})(?!\d)(?:[\s,]{{1,3}}{_CLOCK})?",
    )
)
_IN_ADDRESS = re.compile(r"/t((?:19|20)\d{6})_\d+\.s?html?$|/art/((?:19|20)\d\d/\d{1,2}/\d{1,2})/art_", re.A)
"""TRS `t20261123_123.html` and jcms `/art/2026/11/23/art_…` (domain reference §8.3)."""


def read_date(text: str, now: datetime) -> datetime | None:
    """The first date in `text`, in Shanghai time; None where there is none, it is impossible, or it is too far ahead.

    Without a zone, and with `CST`, a time is China's. A date without a time of day is midnight.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return _sane(_from_epoch(text), now)
    text = _WRITTEN.sub(_from_numerals, text)
    for form in (_NUMBERED, *_NAMED, _COMPACT):
        match = form.search(text)
        if match:
            return _sane(_from_match(match), now)
    return None


def date_in_address(url: str, now: datetime) -> datetime | None:
    """The day that some publishing systems write into an article's address."""
    match = _IN_ADDRESS.search(url)
    return read_date(match.group(1) or match.group(2), now) if match else None


def _sane(value: datetime | None, now: datetime) -> datetime | None:
    if value is None or value.year < _EARLIEST or value > now + _FUTURE:
        return None
    return value


def _from_epoch(digits: str) -> datetime | None:
    seconds = int(digits[:10])
    if not _EPOCH_FROM <= seconds <= _EPOCH_TO:
        return None
    return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI)


def _from_numerals(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{year.translate(_NUMERALS)}年{_small_number(month)}月{_small_number(day)}日"


def _small_number(numeral: str) -> int:
    """十一 → 11, 二十三 → 23, 三十 → 30; nonsense becomes 0, which is no day and no month."""
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    digits = (tens or ("一" if ten else "")) + (ones or "零")
    value = digits.translate(_NUMERALS)
    return int(value) if value.isdigit() else 0


def _from_match(match: re.Match[str]) -> datetime | None:
    parts = match.groupdict()
    zone = _zone(parts.get("zone") or "")
    month = parts["month"].lower()
    hour = _hour(int(parts["hour"] or 0), (parts.get("half") or "") + (parts.get("noon") or "").lower())
    if zone is None or hour is None:
        return None
    try:
        value = datetime(
            int(parts["year"]),
            _MONTHS.get(month[:3]) or int(month),
            int(parts["day"]),
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            tzinfo=zone,
        )
        return value.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None


def _hour(hour: int, half: str) -> int | None:
    """The hour of the day; None where half of the day and hour contradict each other."""
    if not half:
        return hour
    if hour > 12:
        return hour if half[0] in "下晚p" else None
    if half[0] in "下晚p":
        return hour % 12 + 12
    if half[0] == "中":
        return hour if hour in (11, 12) else hour + 12
    return hour % 12


def _zone(name: str) -> tzinfo | None:
    """The zone of a name or an offset; None where it is unknown, because a guess may be a day wrong."""
    name = name.lower()
    if name in ("", "cst"):
        return SHANGHAI
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    offset = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})?", name, re.A)
    if offset is None:
        return None
    distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    if distance > timedelta(hours=14):
        return None
    return timezone(-distance if offset[1] == "-" else distance)


def to_the_minute(published: datetime | None, timezone: tzinfo) -> datetime | None:
    """A publication time that says more than the day; None for midnight in the office's zone, and for none at all."""
    if published is None or published.astimezone(timezone).time() == time.min:
        return None
    return published
