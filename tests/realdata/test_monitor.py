"""The shipped rules on real and planted texts: recall of the classes that rules can enumerate, precision, false alarms."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from syndicate.flow.check_files import open_monitor
from syndicate.model.finding import Finding, Severity

ROOT = Path(__file__).parents[2]
LONGER = 60
"""How much longer than an error a finding may be (planted/README.md)."""
ENUMERABLE = (
    "arith_change", "arith_sum", "arith_words", "date_invalid", "date_order", "date_weekday", "doc_number", "level_marker", "outdated_name", "pii_card", "pii_id",
    "pii_mobile", "punct_double", "punct_pair", "punct_width", "repeat", "variant", "wording",
)  # fmt: skip
WORDS_AND_FACTS = ("word.", "text.", "number.", "date.", "personal.", "document.", "character.", "marker.sequence")
"""The rules beside punctuation: many of the stored laws carry half-width marks from their conversion."""
MONITOR = open_monitor(ROOT)


def records(data: Path) -> Iterator[dict[str, Any]]:
    with (data / "planted" / "dev.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def grave(record: dict[str, Any]) -> list[Finding]:
    day = date.fromisoformat(record["doc_date"]) if record["doc_date"] else None
    findings = MONITOR.check(record["text"], markup=record["kind"] == "html", day=day)
    return [finding for finding in findings if finding.severity is not Severity.HINT]


def covers(finding: Finding, error: dict[str, Any]) -> bool:
    length = error["end"] - error["start"] + LONGER
    return finding.start < error["end"] and finding.end > error["start"] and finding.end - finding.start <= length


def test_planted_errors_are_found_and_little_else(data: Path) -> None:
    planted: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    false_alarms = 0
    for record in records(data):
        findings = grave(record)
        for error in record["errors"]:
            planted[error["class"]] += 1
            seen[error["class"]] += any(covers(finding, error) for finding in findings)
        false_alarms += sum(not any(covers(finding, error) for error in record["errors"]) for finding in findings)
    weak = {name: seen[name] / planted[name] for name in ENUMERABLE if seen[name] < 0.95 * planted[name]}
    assert weak == {}
    assert seen.total() / (seen.total() + false_alarms) >= 0.97


def test_clean_laws_give_hardly_an_alarm_beyond_punctuation(data: Path) -> None:
    characters = alarms = 0
    with gzip.open(data / "clean" / "laws_national.jsonl.gz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(150), lines, strict=False):
            record = json.loads(line)
            day = date.fromisoformat(record["date"]) if record["date"] else None
            characters += len(record["text"])
            findings = MONITOR.check(record["text"], markup=False, day=day)
            alarms += sum(
                one.rule.startswith(WORDS_AND_FACTS) and one.severity is not Severity.HINT for one in findings
            )
    assert alarms / characters <= 0.1 / 1_000
