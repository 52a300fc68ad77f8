"""应转载清单: a CSV or XLSX file that tells the office what to reprint and until when → rows. All mistakes at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute, address_key
from syndicate.ingest.tables import table
from syndicate.text.files import FileKind, FileText, read_file

MOST_ROWS = 1_000
_LONGEST_TITLE, _LONGEST_SOURCE = 300, 100
_SHOWN = 8
"""Mistakes that the message names."""
_DEADLINE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]*(\d{1,2})\s*[:：时]\s*(\d{1,2})(?:[:：分].*)?)?"
)
_LAST_MINUTE = time(23, 59)
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_SHEETS = (FileKind.XLSX, FileKind.XLS)
_CELL = re.compile(r"(.*)!([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True)
class Demanded:
    """One row: what to reprint, until when, and where it stands at its source (empty where the list does not say)."""

    title: str
    deadline: datetime
    url: str = ""
    source_title: str = ""

    @property
    def address(self) -> str:
        """The canonical address without scheme, by which an item that has it is known."""
        return address_key(self.url) if self.url else ""


def read_required_list(data: bytes, name: str, zone: tzinfo) -> tuple[Demanded, ...]:
    """The rows below the head, in order; a row that stands there twice counts once.

    The head names the columns: title and deadline, as they like address and source. A deadline without a time of day is
    the end of its day. Raises InputError for what is no such file, and with every wrong row, by its number.
    """
    lines = list(_lines(read_file(data, name), name))
    columns = _columns(lines[0][1], name) if lines else {}
    if len(lines) - 1 > MOST_ROWS:
        raise InputError("reprint.too_many_rows", name=name, limit=MOST_ROWS)
    found: dict[object, Demanded] = {}
    wrong: list[str] = []
    for line, cells in lines[1:]:
        values = {field: cells.get(column, "") for column, field in columns.items()}
        if not any(values.values()):
            continue
        row = _row(values, zone)
        if isinstance(row, str):
            wrong.append(f"第 {line} 行{row}")
        else:
            found[row.address or row.title] = row
    if wrong:
        more = "…" if len(wrong) > _SHOWN else ""
        raise InputError("reprint.wrong_rows", name=name, count=len(wrong), rows="、".join(wrong[:_SHOWN]) + more)
    if not found:
        raise InputError("reprint.no_rows", name=name)
    return tuple(found.values())


def _lines(file: FileText, name: str) -> Iterator[tuple[int, Mapping[int, str]]]:
    """Line numbers with their cells by column, lines without any text left out."""
    if file.kind in _SHEETS:
        yield from _sheet(file)
        return
    if file.kind is not FileKind.TXT:
        raise InputError("reprint.no_table", name=name)
    separator = "\t" if "\t" in file.text.partition("\n")[0] else ","
    reader = csv.reader(file.text.lstrip("\ufeff").splitlines(), delimiter=separator)
    try:
        for cells in reader:
            filled = {column: _clean(cell) for column, cell in enumerate(cells) if _clean(cell)}
            if filled:
                yield reader.line_num, filled
    except csv.Error as error:
        raise InputError("reprint.no_table", name=name) from error


def _sheet(file: FileText) -> Iterator[tuple[int, Mapping[int, str]]]:
    """The first sheet; its cells are known by their places (`表名!B3`)."""
    extract = file.extract
    first = ""
    rows: dict[int, dict[int, str]] = {}
    ends = (*extract.starts[1:], len(extract.text))
    for start, end, place in zip(extract.starts, ends, extract.places, strict=True):
        cell = _CELL.fullmatch(place)
        if cell is None or cell[1] != (first := first or cell[1]):
            continue
        rows.setdefault(int(cell[3]), {})[_number(cell[2])] = _clean(extract.text[start:end])
    yield from sorted(rows.items())


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _clean(cell: str) -> str:
    return " ".join(_CONTROLS.sub(" ", cell).split())


def _columns(head: Mapping[int, str], name: str) -> dict[int, str]:
    known = {row["name"]: row["field"] for row in table("required_columns")}
    columns = {column: known[text.lower()] for column, text in head.items() if text.lower() in known}
    if not {"title", "deadline"} <= set(columns.values()):
        raise InputError("reprint.no_head", name=name)
    return columns


def _row(values: Mapping[str, str], zone: tzinfo) -> Demanded | str:
    """The row, or in a few words what is wrong with it."""
    title, url, source = values["title"], values.get("url", ""), values.get("source", "")
    deadline = _deadline(values["deadline"], zone)
    if not title:
        return "缺标题"
    if len(title) > _LONGEST_TITLE or len(source) > _LONGEST_SOURCE:
        return "文字过长"
    if deadline is None:
        return f"时限“{values['deadline'][:20]}”看不懂" if values["deadline"] else "缺时限"
    if url and not absolute(url, ""):
        return "网址不对"
    return Demanded(title, deadline, url, source)


def _deadline(text: str, zone: tzinfo) -> datetime | None:
    match = _DEADLINE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(match[group]) for group in (1, 2, 3))
    try:
        at = time(int(match[4]), int(match[5])) if match[4] else _LAST_MINUTE
        return datetime.combine(date(year, month, day), at, zone)
    except ValueError:
        return None
