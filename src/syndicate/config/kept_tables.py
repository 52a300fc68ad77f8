"""The monitor's tables as they were read, checked and proven last: kept, so that the next check starts at once.

Kept (but for the lists of words, which are read as quickly from their own files) as JSON in the user's own cache folder,
under the hash of every file they were read from and of this program's code. A file that changed, a newer program, a damaged copy or one that somebody else could have written is never used:
then everything is read and proven anew. Nothing depends on the copy; it may be deleted at any time.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from syndicate.config.folder import OfficeFolder
from syndicate.config.monitor_tables import FOLDERS
from syndicate.config.places import Problems
from syndicate.config.vocabulary import read_vocabulary
from syndicate.errors import StorageError
from syndicate.model.finding import Severity
from syndicate.model.hashing import digest
from syndicate.model.reference import Alike, Division, Law, Person, References, Vocabulary
from syndicate.model.rule import LexiconEntry, LexiconMode, RuleSpec
from syndicate.model.tables import MonitorTables

_PREFIX = "monitor-"
_MOST_COPIES = 4
"""Several offices, and the packaged rules, may be in use on one machine."""
_LARGEST = 50_000_000
_RULE = (
    "id", "kind", "severity", "message", "message_en", "basis", "where", "parameters", "good", "bad", "enforced",
    "valid_from", "valid_to",
)  # fmt: skip
_MODES = {mode.value: mode for mode in LexiconMode}
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


class KeptTables:
    """The copy for one office; reading all its files is how their hash is known."""

    def __init__(self, home: Path) -> None:
        self.problems = Problems()
        """Files that cannot be read."""
        self.files = OfficeFolder(home, self.problems)
        for folder, suffix in FOLDERS:
            self.files.folder(folder, suffix)
        folder_of_copies = _folder()
        self._path: Path | None = None
        if folder_of_copies is not None and not self.problems.found:
            key = digest([self.files.hash, _code()])
            self._path = folder_of_copies / f"{_PREFIX}{key}.json"

    @property
    def proven(self) -> bool:
        """Whether exactly these files were proven before, by this very program for this very user."""
        copy = self._copy()
        if copy is not None:
            copy.close()
        return copy is not None

    def read(self) -> MonitorTables | None:
        """The tables, or None where there is no copy of exactly these files that can be trusted."""
        copy = self._copy()
        if copy is None:
            return None
        try:
            with copy:
                return _tables(json.loads(copy.read()), read_vocabulary(self.files.as_read(), Problems()))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _copy(self) -> BinaryIO | None:
        """The copy, opened; None where there is none that can be trusted."""
        if self._path is None:
            return None
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return None
        facts = os.fstat(descriptor)
        if facts.st_uid != os.geteuid() or facts.st_mode & _OTHERS_MAY_WRITE or facts.st_size > _LARGEST:
            os.close(descriptor)
            return None
        with suppress(OSError):
            os.utime(descriptor)  # what is in use is not what has to go
        return os.fdopen(descriptor, "rb")

    def write(self, tables: MonitorTables) -> None:
        """Keeps the tables, which must have been proven. Where that cannot be done the next start is only slower."""
        if self._path is None:
            return
        from syndicate.site.atomic import write_atomic

        data = json.dumps(_plain(tables), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        with suppress(OSError, StorageError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomic(self._path, data, 0o600)
            copies = sorted(self._path.parent.glob(f"{_PREFIX}*.json"), key=lambda path: path.stat().st_mtime)
            for path in copies[:-_MOST_COPIES]:
                path.unlink()


def _folder() -> Path | None:
    """The user's cache folder; None where the user has no home."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if chosen.startswith("/"):
        return Path(chosen) / "syndicate"
    with suppress(RuntimeError):
        return Path.home() / ".cache" / "syndicate"
    return None


def _code() -> str:
    """What tells one state of the code from another: size and time of every file that reads or proves the tables."""
    package = Path(__file__).parent.parent
    files = sorted(path for name in ("config", "model", "monitor", "text") for path in (package / name).rglob("*.py"))
    return "\n".join(f"{path} {(facts := path.stat()).st_size} {facts.st_mtime_ns}" for path in files)


def _plain(tables: MonitorTables) -> dict[str, object]:
    known = tables.references
    return {
        "rules": [[_cell(getattr(rule, name)) for name in _RULE] for rule in tables.rules],
        "lexicon": [list(map(_cell, row)) for row in tables.lexicon],
        "divisions": [list(map(_cell, row)) for row in known.divisions],
        "people": [list(map(_cell, vars(row).values())) for row in known.people],
        "laws": [list(map(_cell, vars(row).values())) for row in known.laws],
        "misspellings": known.vocabulary.misspellings,
        "alike": [dict(known.alike.syllables), dict(known.alike.shapes)],
    }


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _tables(kept: Any, vocabulary: Vocabulary) -> MonitorTables:
    """Raises what reading another form raises; the caller takes it for no copy."""
    rules = tuple(_rule(dict(zip(_RULE, cells, strict=True))) for cells in kept["rules"])
    lexicon = tuple(
        LexiconEntry(
            wrong, right, category, _MODES[mode], basis, where, tuple(after), tuple(before), _day(start), _day(end)
        )
        for wrong, right, category, mode, basis, where, after, before, start, end in kept["lexicon"]
    )
    divisions = tuple(
        Division(province, prefecture, county, _day(start), _day(end))
        for province, prefecture, county, start, end in kept["divisions"]
    )
    people = tuple(
        Person(name, title, rank, where, _day(start), _day(end))
        for name, title, rank, where, start, end in kept["people"]
    )
    laws = tuple(Law(title, where, _day(ended), now, basis) for title, where, ended, now, basis in kept["laws"])
    known = replace(vocabulary, found_before=kept["misspellings"])
    return MonitorTables(rules, lexicon, References(divisions, people, laws, Alike(*kept["alike"]), known))


def _rule(facts: dict[str, Any]) -> RuleSpec:
    facts["severity"] = Severity(facts["severity"])
    facts["good"], facts["bad"] = tuple(facts["good"]), tuple(facts["bad"])
    facts["valid_from"], facts["valid_to"] = _day(facts["valid_from"]), _day(facts["valid_to"])
    return RuleSpec(**facts)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
