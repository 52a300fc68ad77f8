"""指标: figures for Prometheus, in its text format. Names, labels and meanings stand in `metrics.tsv`; all are gauges."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from syndicate.flow.health import health
from syndicate.flow.queues import IN_WORK
from syndicate.flow.room import free_megabytes, upkeep_limits
from syndicate.flow.sync import WELL
from syndicate.flow.workspace import Workspace
from syndicate.records import audit, deliveries, gauges, items, sources, upkeep

PREFIX = "syndicate_"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_DAY = timedelta(days=1)
_CHECKS = 500
_QUANTILES = (0.5, 0.95, 1.0)

Value = int | float
Sample = tuple[tuple[str, ...], Value]
"""The values of a metric's labels, and its own."""


@cache
def described() -> Mapping[str, tuple[tuple[str, ...], str]]:
    """The labels and the meaning of every metric, by its name without the prefix."""
    text = files("syndicate.flow").joinpath("metrics.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: (tuple(filter(None, row["labels"].split(","))), row["help"]) for row in rows}


def exposition(workspace: Workspace) -> str:
    """Every metric as Prometheus reads it. Raises StorageError when the database cannot be asked."""
    found = {**_work(workspace), **_surroundings(workspace)}
    return "".join(line + "\n" for name, samples in found.items() for line in _lines(name, samples))


def _lines(name: str, samples: Sequence[Sample]) -> Iterator[str]:
    labels, meaning = described()[name]
    yield f"# HELP {PREFIX}{name} {meaning}"
    yield f"# TYPE {PREFIX}{name} gauge"
    for values, value in samples:
        pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in zip(labels, values, strict=True))
        yield f"{PREFIX}{name}{{{pairs}}} {value}" if pairs else f"{PREFIX}{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _work(workspace: Workspace) -> dict[str, list[Sample]]:
    """What people and workers have before them, and what became of it."""
    now = workspace.now()
    waiting = gauges.waiting(IN_WORK)
    late = upkeep.overdue(now - timedelta(minutes=upkeep_limits()["overdue"]))
    counts = deliveries.counts()
    outcomes = gauges.outcomes(now - _DAY)
    return {
        "items": [((state,), waiting[state].count if state in waiting else 0) for state in IN_WORK],
        "items_oldest_seconds": [((state,), _age(one.since, now)) for state, one in waiting.items()],
        "deliveries": [((channel, state), count) for (channel, state), count in sorted(counts.items())],
        "deliveries_overdue": [((), late.count)],
        "deliveries_overdue_oldest_seconds": [((), _age(late.since, now) if late.since else 0)],
        "attempts_last_day": [((channel, outcome or "open"), n) for (channel, outcome), n in sorted(outcomes.items())],
        "check_milliseconds": [((str(part),), value) for part, value in _quantiles(items.check_times(_CHECKS))],
        "letters_waiting": [((), gauges.letters_waiting())],
        "audit_events": [((), audit.length())],
    }


def _surroundings(workspace: Workspace) -> dict[str, list[Sample]]:
    """Sources, regular verbs, our own pages, the machine."""
    now = workspace.now()
    known = sorted(sources.all_health().items())
    looked = [(name, one) for name, one in known if name in workspace.snapshot.sources and one.result is not None]
    read = [(name, one.last_success_at) for name, one in looked if one.last_success_at]
    probes = gauges.probes(now - _DAY)
    parts = asdict(health(workspace.home, now))
    return {
        "source_well": [((name,), int(one.result in WELL)) for name, one in looked],
        "source_failures": [((name,), one.failures) for name, one in looked],
        "source_last_success_seconds": [((name,), _age(at, now)) for name, at in read],
        "last_run_seconds": [((verb,), _age(at, now)) for verb, at in upkeep.last_runs().items() if at],
        "probes_last_day": [((name,), probes.get(ok, 0)) for name, ok in (("ok", True), ("failed", False))],
        "disk_free_bytes": [((), free_megabytes(workspace.home) * 1_000_000)],
        "well": [((part,), int(works)) for part, works in parts.items()],
    }


def _age(since: datetime, now: datetime) -> int:
    """Whole seconds; a clock that was set back makes nothing negative."""
    return max(0, int((now - since).total_seconds()))


def _quantiles(times: Sequence[int]) -> Iterator[tuple[float, int]]:
    ordered = sorted(times)
    for part in _QUANTILES if ordered else ():
        yield part, ordered[min(len(ordered) - 1, int(part * len(ordered)))]
