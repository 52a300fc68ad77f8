"""The report's words, limits and measure descriptions from the TSV files beside this module, and how values are written."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.model.inspection import Row, Standing, Table
from syndicate.model.period import Period, Span

WEEKDAYS = "一二三四五六日"
# Controls, lone surrogates, private use, and the invisible marks that turn text around or hide in it.
_UNPRINTABLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufeff]"
)


@dataclass(frozen=True)
class Measure:
    """What a measurement is called, its unit, and how it is taken (for the report's last section)."""

    title: str
    unit: str
    method: str


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of one of this package's TSV files."""
    text = files("syndicate").joinpath("inspection", name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def words() -> Mapping[str, str]:
    """Every fixed Chinese wording of the report by key, with `{name}` slots (`words.tsv`)."""
    return MappingProxyType({row["key"]: row["zh"] for row in rows("words.tsv")})


@cache
def measures() -> Mapping[str, Measure]:
    """Every measurement that exists (`measures.tsv`), by name."""
    found = rows("measures.tsv")
    return MappingProxyType({row["measure"]: Measure(row["title"], row["unit"], row["method"]) for row in found})


@cache
def limits() -> Mapping[str, float]:
    """The figures of `limits.tsv` that measuring and layout need; their units and basis stand there."""
    return MappingProxyType({row["name"]: float(row["value"]) for row in rows("limits.tsv")})


@cache
def page_limits() -> Mapping[str, float]:
    """The figures of `page_limits.tsv` that pages are judged by; their units and basis stand there."""
    return MappingProxyType({row["name"]: float(row["value"]) for row in rows("page_limits.tsv")})


def say(key: str, **values: object) -> str:
    """A sentence of `words.tsv` with its slots filled; text in slots is cleaned by `plain`."""
    cleaned = {name: plain(value) if isinstance(value, str) else value for name, value in values.items()}
    return words()[key].format_map(cleaned)


def plain(text: str) -> str:
    """Foreign text on one line: blanks collapsed, unprintable characters shown as �, cut at the cell limit."""
    line = _UNPRINTABLE.sub("�", " ".join(unicodedata.normalize("NFC", text).split()))
    limit = int(limits()["characters_per_cell"])
    return line if len(line) <= limit else line[: limit - 1] + "…"


def safe_link(address: str) -> str:
    """The address when it is plain http or https, else nothing: reports are opened from files, where schemes bite."""
    if _UNPRINTABLE.search(address) or " " in address:
        return ""
    return address if address.lower().startswith(("http://", "https://")) else ""


def row(*cells: str, standing: Standing | None = None, link: str = "") -> Row:
    """A table row with cleaned cells and a safe link."""
    return Row(tuple(plain(cell) for cell in cells), standing, safe_link(link))


def table(title: str, head: str, lines: Iterable[Row], **slots: object) -> Table:
    """A table with title and head from `words.tsv` (`|` separates heads); beyond the row limit it says what it left out.

    `slots` fill both.
    """
    every = tuple(lines)
    limit = int(limits()["rows_per_table"])
    name = say(title, **slots)
    if len(every) > limit:
        name = say("table_cut", title=name, total=len(every), shown=limit)
    return Table(name, tuple(say(head, **slots).split("|")), every[:limit])


def number(value: float) -> str:
    """A figure with at most two decimals, cut and not rounded: 4.999 % must not be read as the 5 % it is not."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "—"
    return f"{math.floor(round(value * 100, 6)) / 100:.2f}".rstrip("0").rstrip(".")


def quantity(value: float, unit: str) -> str:
    """A figure with its unit: `3 条`, `5%`."""
    return f"{number(value)}%" if unit == "%" else f"{number(value)} {unit}".rstrip()


def moment(value: datetime | None, beside: datetime) -> str:
    """`2026-03-05 14:30` in the zone of `beside`; a dash for None."""
    return "—" if value is None else value.astimezone(beside.tzinfo).strftime("%Y-%m-%d %H:%M")


def span_word(span: Span) -> str:
    """当日, 本周 … : the time that counts of a report are about."""
    return say(f"span_{span}")


def period_text(period: Period) -> str:
    """A period as people write it: `2026年3月5日（星期四）`, `2026年第10周（3月2日至3月8日）`, `2026年3月`, `2026年第1季度`, `2026年`."""
    first, last = period.first, period.last
    match period.span:
        case Span.DAY:
            return long_day(first)
        case Span.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}年第{week}周（{first.month}月{first.day}日至{last.month}月{last.day}日）"
        case Span.MONTH:
            return f"{first.year}年{first.month}月"
        case Span.QUARTER:
            return f"{first.year}年第{first.month // 3 + 1}季度"
        case Span.YEAR:
            return f"{first.year}年"


def long_day(value: date) -> str:
    """`2026年3月5日（星期四）`."""
    return f"{value.year}年{value.month}月{value.day}日（星期{WEEKDAYS[value.weekday()]}）"


def days_between(earlier: datetime, later: datetime) -> float:
    """Days from one moment to another, with fractions."""
    return (later - earlier) / timedelta(days=1)


def hours_between(earlier: datetime, later: datetime) -> float:
    """Hours from one moment to another, with fractions."""
    return (later - earlier) / timedelta(hours=1)
