"""`content/divisions`, `names`, `references` and `characters` → what the monitor looks things up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from syndicate.config.folder import Folders
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.tables import day, period, rows
from syndicate.config.vocabulary import read_vocabulary
from syndicate.model.reference import Alike, Division, Law, Person, References

_DIVISION = ("province", "prefecture", "county", "valid_from", "valid_to")
_PERSON = ("name", "title", "rank", "valid_from", "valid_to")
_LAW = ("title", "ended", "now", "basis")
_CHARACTERS = ("kind", "key", "characters")
_SOUND, _SHAPE = "sound", "shape"


def read_references(files: Folders, problems: Problems) -> References:
    """All tables; a folder that the office does not have is taken from the package."""
    return References(
        divisions=tuple(_divisions(files.folder("content/divisions", ".tsv"), problems)),
        people=tuple(_people(files.folder("content/names", ".tsv"), problems)),
        laws=tuple(_laws(files.folder("content/references", ".tsv"), problems)),
        alike=_alike(files.folder("content/characters", ".tsv"), problems),
        vocabulary=read_vocabulary(files, problems),
    )


def _divisions(files: Iterable[ConfigFile], problems: Problems) -> Iterator[Division]:
    days: dict[str, date | None] = {"": None}
    for file in files:
        for line, row in rows(file, _DIVISION, ("province",), problems):
            first, last = row["valid_from"], row["valid_to"]
            for cell in (first, last):
                if cell not in days:
                    days[cell] = day(file, line, cell, problems)
            yield Division(row["province"], row["prefecture"], row["county"], days[first], days[last])


def _people(files: Iterable[ConfigFile], problems: Problems) -> Iterator[Person]:
    for file in files:
        for line, row in rows(file, _PERSON, ("name", "title", "rank"), problems):
            start, end = period(file, line, row, problems)
            if not row["rank"].isdecimal() or len(row["rank"]) > 6:
                problems.add(file, line, "not_a_choice", value=row["rank"][:40], choices="1–999999")
                continue
            yield Person(row["name"], row["title"], int(row["rank"]), f"{file.name}:{line}", start, end)


def _laws(files: Iterable[ConfigFile], problems: Problems) -> Iterator[Law]:
    for file in files:
        for line, row in rows(file, _LAW, ("title", "basis"), problems):
            ended = day(file, line, row["ended"], problems)
            yield Law(row["title"], f"{file.name}:{line}", ended, row["now"], row["basis"])


def _alike(files: Iterable[ConfigFile], problems: Problems) -> Alike:
    syllables: dict[str, str] = {}
    shapes: dict[str, str] = {}
    for file in files:
        for line, row in rows(file, _CHARACTERS, ("kind", "characters"), problems):
            if row["kind"] not in (_SOUND, _SHAPE):
                problems.add(file, line, "not_a_choice", value=row["kind"][:40], choices=f"{_SOUND}, {_SHAPE}")
                continue
            of, what = (syllables, f" {row['key']}") if row["kind"] == _SOUND else (shapes, row["characters"])
            for character in row["characters"]:
                of[character] = of.get(character, "") + what
    return Alike(syllables, shapes)
