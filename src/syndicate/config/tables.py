"""Tab separated tables with one heading line: read row by row, every mistake noted with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import day_of

Row = Mapping[str, str]


def rows(
    file: ConfigFile, columns: tuple[str, ...], required: Iterable[str], problems: Problems
) -> Iterator[tuple[int, Row]]:
    """Line number and cells by column of every row that has all its cells; lines that begin with # are remarks."""
    heading: tuple[str, ...] | None = None
    needed = tuple(required)
    for line, text in enumerate(file.lines, 1):
        if not text.strip() or text.startswith("#"):
            continue
        cells = tuple(text.split("\t"))
        if heading is None:
            heading = cells
            if sorted(heading) != sorted(columns):
                problems.add(file, line, "table_heading", wanted=", ".join(columns))
                return
            continue
        if len(cells) != len(heading):
            problems.add(file, line, "table_cells", count=len(cells), wanted=len(heading))
            continue
        row = dict(zip(heading, map(str.strip, cells), strict=True))
        if all(map(row.__getitem__, needed)):
            yield line, row
            continue
        for name in needed:
            if not row[name]:
                problems.add(file, line, "missing_key", name=name)
    if heading is None:
        problems.add(file, 1, "empty_file")


def day(file: ConfigFile, line: int, cell: str, problems: Problems) -> date | None:
    """A day, or None for an empty cell; anything else is a mistake."""
    found = day_of(cell) if cell else None
    if cell and found is None:
        problems.add(file, line, "not_day", value=cell[:40])
    return found


def period(file: ConfigFile, line: int, row: Row, problems: Problems) -> tuple[date | None, date | None]:
    """`valid_from` and `valid_to` of a row; reversed they are a mistake."""
    start, end = (day(file, line, row[name], problems) for name in ("valid_from", "valid_to"))
    if start and end and end < start:
        problems.add(file, line, "period_reversed", start=start, end=end)
    return start, end
