"""`content/lexicon/*.tsv` → lexicon entries. Tab separated, one heading line; lines that begin with # are remarks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import day_of
from syndicate.model.rule import LexiconEntry, LexiconMode

_COLUMNS = ("wrong", "right", "category", "mode", "not_after", "not_before", "valid_from", "valid_to", "basis")
_REQUIRED = ("wrong", "category", "mode", "basis")
_MODES = {mode.value: mode for mode in LexiconMode}


def read_lexicon(files: Iterable[ConfigFile], problems: Problems) -> tuple[LexiconEntry, ...]:
    """All entries of all files in order; the same row twice is a mistake."""
    entries: list[LexiconEntry] = []
    seen: dict[tuple[str, str, date | None], str] = {}
    for file in files:
        heading: tuple[str, ...] | None = None
        for line, text in enumerate(file.lines, 1):
            if not text.strip() or text.startswith("#"):
                continue
            if heading is None:
                heading = tuple(text.split("\t"))
                if sorted(heading) != sorted(_COLUMNS):
                    problems.add(file, line, "table_heading", wanted=", ".join(_COLUMNS))
                    break
                continue
            entry = _entry(file, line, heading, text, problems)
            if entry is not None:
                first = seen.setdefault((entry.wrong, entry.category, entry.valid_from), entry.where)
                if first != entry.where:
                    problems.add(file, line, "duplicate_id", id=entry.wrong, first=first)
                entries.append(entry)
        if heading is None:
            problems.add(file, 1, "empty_file")
    return tuple(entries)


def _entry(file: ConfigFile, line: int, heading: tuple[str, ...], text: str, problems: Problems) -> LexiconEntry | None:
    noted = len(problems.found)
    cells = text.split("\t")
    if len(cells) != len(heading):
        problems.add(file, line, "table_cells", count=len(cells), wanted=len(heading))
        return None
    row = dict(zip(heading, map(str.strip, cells), strict=True))
    for name in _REQUIRED:
        if not row[name]:
            problems.add(file, line, "missing_key", name=name)
    if row["mode"] and row["mode"] not in _MODES:
        problems.add(file, line, "not_a_choice", value=row["mode"][:40], choices=", ".join(_MODES))
    start, end = _day(file, line, row["valid_from"], problems), _day(file, line, row["valid_to"], problems)
    if start and end and end < start:
        problems.add(file, line, "period_reversed", start=start, end=end)
    if row["wrong"] and row["wrong"] == row["right"]:
        problems.add(file, line, "same_word", word=row["wrong"][:40])
    if len(problems.found) > noted:
        return None
    not_after, not_before = _alternatives(row["not_after"]), _alternatives(row["not_before"])
    mode, where = _MODES[row["mode"]], f"{file.name}:{line}"
    return LexiconEntry(
        row["wrong"], row["right"], row["category"], mode, row["basis"], where, not_after, not_before, start, end
    )


def _alternatives(cell: str) -> tuple[str, ...]:
    return tuple([word for word in cell.split("|") if word]) if cell else ()


def _day(file: ConfigFile, line: int, cell: str, problems: Problems) -> date | None:
    if not cell:
        return None
    day = day_of(cell)
    if day is None:
        problems.add(file, line, "not_day", value=cell[:40])
    return day
