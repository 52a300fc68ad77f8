"""The fault plan: which call of which platform goes wrong, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from threading import Lock


class FaultKind(StrEnum):
    """What goes wrong. Only the kinds `*_after_commit`, `slow`, `duplicate` and `string_numbers` let the effect happen by themselves."""

    HTTP_500 = "http_500"
    """A server error (`status` 500 by default), with Retry-After when `retry_after` is given."""
    HTML_200 = "html_200"
    """A captive portal's page with status 200."""
    EMPTY_JSON = "empty_json"
    """`{}` with status 200."""
    CODE = "code"
    """One of the platform's own error codes (`code`)."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 — the name of a fault
    """The platform's error for a token that is no longer valid."""
    TIMEOUT_AFTER_COMMIT = "timeout_after_commit"
    """The effect happens, the reply never comes; the connection is closed after `delay` seconds."""
    RESET_AFTER_COMMIT = "reset_after_commit"
    """The effect happens, then the connection is reset."""
    RESET_BEFORE = "reset_before"
    """The connection is reset, nothing happens."""
    SLOW = "slow"
    """The reply comes `delay` seconds late."""
    DUPLICATE = "duplicate"
    """The request reaches the platform twice, as when something on the way repeats it; the second reply comes back."""
    STRING_NUMBERS = "string_numbers"
    """Fields change their type: numbers become strings and the other way round."""
    PUBLISH_STATUS = "publish_status"
    """WeChat only: the publish job that this submit starts ends with `status` (0 to 6)."""


@dataclass(frozen=True)
class Fault:
    """One entry of the plan. Of `nth`, `every` and `probability` at most one is given; none means always.

    Calls are counted per entry from 1, after the first `after` matching ones. `delay` is in real seconds.
    """

    platform: str
    kind: FaultKind
    endpoint: str = "*"
    nth: tuple[int, ...] = ()
    every: int = 0
    probability: float = 0.0
    seed: int = 0
    after: int = 0
    delay: float = 1.0
    code: int = 0
    status: int = 0
    retry_after: int = 0
    commit: bool = False
    """For http_500, html_200, empty_json and code: the effect happens all the same."""

    def matches(self, platform: str, endpoint: str) -> bool:
        """Whether a call is one of those that this entry counts."""
        return self.platform in ("*", platform) and fnmatchcase(endpoint, self.endpoint)


@dataclass
class _Count:
    calls: int = 0
    random: Random = field(default_factory=Random)


class FaultPlan:
    """The entries and how often each was met; thread-safe. The first entry that strikes wins, the others still count."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self._lock = Lock()
        self.replace(faults)

    def replace(self, faults: Sequence[Fault]) -> None:
        """Take another plan; counting starts anew."""
        with self._lock:
            self._faults = tuple(faults)
            self._hits: Counter[tuple[str, str]] = Counter()
            self._restart()

    def restart(self) -> None:
        """Count from the beginning again."""
        with self._lock:
            self._hits.clear()
            self._restart()

    def _restart(self) -> None:
        self._counts = [_Count(random=Random(fault.seed)) for fault in self._faults]  # noqa: S311 — repeatable drills

    def pick(self, platform: str, endpoint: str) -> Fault | None:
        """Count one call and return the fault that strikes it, if any."""
        with self._lock:
            struck: Fault | None = None
            for fault, count in zip(self._faults, self._counts, strict=True):
                if fault.matches(platform, endpoint) and _strikes(fault, count) and struck is None:
                    struck = fault
            if struck is not None:
                self._hits[platform, struck.kind.value] += 1
            return struck

    def hits(self, platform: str) -> Mapping[str, int]:
        """How often each kind struck on a platform."""
        with self._lock:
            return {kind: number for (name, kind), number in sorted(self._hits.items()) if name == platform}


def _strikes(fault: Fault, count: _Count) -> bool:
    count.calls += 1
    number = count.calls - fault.after
    if number < 1:
        return False
    if fault.nth:
        return number in fault.nth
    if fault.every:
        return number % fault.every == 0
    if fault.probability:
        return count.random.random() < fault.probability
    return True
