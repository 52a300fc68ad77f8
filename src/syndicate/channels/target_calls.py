"""What every kind of target must be able to do, and its failures as data (`codes/rsync.tsv`, `codes/s3.tsv`)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from syndicate.channels.calls import KEPT, CallError, NotDone


class TargetHand(Protocol):
    """One target, open. Every method may be repeated, and raises `NotDone` (try later) or `CallError` (a person)."""

    def put(self, staged: Path, paths: Sequence[str], lock: int) -> None:
        """Bring files of the folder `staged` to the target. Programs started for it inherit the descriptor `lock`."""
        ...

    def remove(self, paths: Sequence[str], lock: int) -> None:
        """Take files away; those that are not there are no mistake."""
        ...

    def wrong(self, staged: Path, paths: Sequence[str], gone: Sequence[str]) -> Sequence[str]:
        """Read back: which of `paths` do not stand there as in `staged`, and which of `gone` still stand there."""
        ...

    def names(self) -> frozenset[str]:
        """Every file that stands there, by its path below the site."""
        ...

    def close(self) -> None:
        """Give connections and key files back."""
        ...


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    words: tuple[str, ...]
    later: bool
    values: dict[str, str]


@cache
def _faults(kind: str) -> Sequence[_Fault]:
    text = files("syndicate.channels").joinpath("codes", f"{kind}.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    said = ("zh", "en", "action_zh", "action_en")
    return tuple(
        _Fault(row["code"], tuple(row["words"].split("|")), row["class"] == "retry", {key: row[key] for key in said})
        for row in rows
    )


def target_error(kind: str, target: str, reply: str) -> CallError:
    """The error that a target's words mean: the first row of the table that has one of them; the last row has none."""
    lower = reply.lower()
    for fault in _faults(kind):
        if any(word in lower for word in fault.words):
            break
    error = NotDone if fault.later else CallError
    return error("targets.failed", code=fault.code, reply=_short(reply), target=target, **fault.values)


def not_proved(target: str, paths: Iterable[str]) -> NotDone:
    """What stands at the target after the transfer is not what was sent."""
    wrong = sorted(paths)
    return NotDone("targets.not_proved", code="not_proved", target=target, count=len(wrong), path=wrong[0])


def _short(reply: str) -> str:
    return reply.replace("\0", "").encode("utf-8", "replace")[:KEPT].decode("utf-8", "ignore")
