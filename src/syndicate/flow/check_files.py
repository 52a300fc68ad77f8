"""核校文件: check files, standard input, addresses and batches with the office's rules. Never loads Django."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from syndicate.config.kept_tables import KeptTables
from syndicate.config.load import read_monitor
from syndicate.errors import ConfigurationError, InputError, Message, NotFound, SyndicateError
from syndicate.model.finding import Finding, Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.files import check_file
from syndicate.monitor.identity import without_numbers
from syndicate.monitor.monitor import Monitor
from syndicate.text.files import LARGEST_FILE, FileText, read_file
from syndicate.text.formats.blocks import MOST_CHARACTERS
from syndicate.text.late import late

if TYPE_CHECKING:
    from syndicate.model.source import Document

STDIN = "-"
_UNCOVERED = "monitor.category"
_NUMERAL = late(r"[0-9Xx]")


@dataclass(frozen=True)
class Checked:
    """One document: what was read and found, or why it could not be read."""

    name: str
    file: FileText | None
    findings: tuple[Finding, ...] = ()
    error: Message | None = None


@dataclass(frozen=True)
class CheckedRecord:
    """One record of a batch; `id` is None where the record has none."""

    id: object
    findings: tuple[Finding, ...] = ()
    error: Message | None = None


@dataclass(frozen=True)
class Sources:
    """Where documents come from besides files: standard input and the network."""

    stdin: BinaryIO
    fetch: Callable[[str], Document]


def open_monitor(home: Path) -> Monitor:
    """The monitor with the rules and the lexicon of the office at `home`. Raises `ConfigurationError`."""
    kept = KeptTables(home)
    known = kept.read()
    if known is not None:
        return compile_monitor(*known, proven=True)
    tables, problems = read_monitor(home)
    try:
        monitor = compile_monitor(*tables)
    except ConfigurationError as error:
        # A rule that could not be read covers no category: that is no mistake of the rows.
        problems.found += [one for one in error.problems if not problems.found or one.message.key != _UNCOVERED]
    problems.raise_if_any()
    kept.write(tables)
    return monitor


def check_documents(
    monitor: Monitor, targets: Sequence[str], sources: Sources, *, day: date | None
) -> Iterator[Checked]:
    """Checks every target: a path, a pattern such as `公文/*.docx`, an address, or `-` for standard input.

    One that cannot be read gives its reason and does not stop the others.
    """
    for name in _expanded(targets):
        try:
            file = _read(name, sources)
        except SyndicateError as error:
            yield Checked(name, None, error=error.message)
            continue
        yield Checked(name, file, check_file(monitor, file, day=day))


def check_records(monitor: Monitor, lines: Iterable[str]) -> Iterator[CheckedRecord]:
    """Checks a batch: every line a JSON object `{"id", "text", "doc_date", "kind": "text" | "html"}`."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            text, kind = record["text"], record.get("kind", "text")
            day = date.fromisoformat(record["doc_date"]) if record.get("doc_date") else None
            valid = isinstance(text, str) and kind in ("text", "html")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            valid = False
        if not valid:
            yield CheckedRecord(None, error=Message("monitor.record", {"line": number}))
            continue
        if len(text) > MOST_CHARACTERS:
            values = {"name": number, "limit": MOST_CHARACTERS}
            yield CheckedRecord(record.get("id"), error=Message("text.too_long", values))
            continue
        yield CheckedRecord(record.get("id"), monitor.check(text, markup=kind == "html", day=day))


def explain(monitor: Monitor, rule: str) -> RuleSpec:
    """The rule with that id. Raises `NotFound`."""
    for spec in monitor.rules:
        if spec.id == rule:
            return spec
    known = ", ".join(sorted(spec.id for spec in monitor.rules))
    raise NotFound("monitor.no_rule", rule=rule, known=known)


def fails(findings: Iterable[Finding], least: Severity) -> bool:
    """Whether a finding of that severity or a graver one is among them."""
    return any(finding.severity.weight >= least.weight for finding in findings)


def shown_text(text: str, findings: Iterable[Finding]) -> str:
    """The text with personal and other long numbers masked, character by character, so that offsets still hold."""
    shown = without_numbers(text)
    parts: list[str] = []
    position = 0
    for start, end in sorted((one.start, one.end) for one in findings if "*" in one.text):
        start = max(start, position)
        if start < end:
            parts += (shown[position:start], _NUMERAL.sub("*", shown[start:end]))
            position = end
    return "".join([*parts, shown[position:]])


def changed_files(targets: Sequence[str], seen: dict[str, int]) -> list[str]:
    """The files that are new or changed since the last call with the same `seen`; those that are gone are forgotten.

    A pattern is expanded anew each time. Addresses and standard input are not watched.
    """
    found: dict[str, int] = {}
    for name in _expanded(targets):
        try:
            found[name] = Path(name).stat().st_mtime_ns
        except (OSError, ValueError):
            continue
    changed = [name for name, time in found.items() if seen.get(name) != time]
    seen.clear()
    seen.update(found)
    return changed


def _expanded(targets: Sequence[str]) -> Iterator[str]:
    for target in targets:
        is_pattern = any(mark in target for mark in "*?[") and not _is_address(target)
        if not is_pattern or Path(target).exists():
            yield target
            continue
        path = Path(target)
        root = Path(path.anchor)
        found = sorted(str(match) for match in root.glob(str(path.relative_to(root))) if match.is_file())
        yield from found or [target]


def _is_address(target: str) -> bool:
    return target.startswith(("http://", "https://"))


def _read(name: str, sources: Sources) -> FileText:
    if name == STDIN:
        return read_file(sources.stdin.read(LARGEST_FILE + 1), name)
    if _is_address(name):
        document = sources.fetch(name)
        headers = {key.lower(): value for key, value in document.headers.items()}
        return read_file(document.body, name, headers.get("content-type", ""))
    path = Path(name)
    try:
        with path.open("rb") as stream:
            return read_file(stream.read(LARGEST_FILE + 1), name)
    except FileNotFoundError as error:
        raise InputError("monitor.no_file", name=name) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError("monitor.unreadable", name=name, why=why) from error
