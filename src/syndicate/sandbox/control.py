"""`/_sandbox/`: look at a platform's effects from outside, replace the faults, move the clock, start over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Lock

from syndicate.errors import ConfigurationError
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.exchange import Platform, Reply, Request, json_reply, read_object
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.plan_file import parse_plan


class Control:
    """Answers `/_sandbox/state`, `faults`, `clock` and `reset` for one platform; clock and faults are shared by all."""

    def __init__(self, platform: Platform, plan: FaultPlan, clock: Clock, reset_all: Callable[[], None]) -> None:
        self._platform = platform
        self._plan = plan
        self._clock = clock
        self._reset_all = reset_all
        self._calls: Counter[str] = Counter()
        self._lock = Lock()

    def count(self, endpoint: str) -> None:
        """Note one call of the platform, whatever becomes of it."""
        with self._lock:
            self._calls[endpoint] += 1

    def reset(self) -> None:
        """Forget the calls."""
        with self._lock:
            self._calls.clear()

    def handle(self, request: Request) -> Reply:
        """Answer one control request."""
        if request.method == "GET" and request.path == "/_sandbox/state":
            return json_reply(self._state())
        if request.method != "POST":
            return json_reply({"error": "method not allowed"}, 405)
        match request.path:
            case "/_sandbox/faults":
                return self._faults(request)
            case "/_sandbox/clock":
                return self._advance(request)
            case "/_sandbox/reset":
                self._reset_all()
                return json_reply({"now": self._clock.now().isoformat()})
        return json_reply({"error": "not found"}, 404)

    def _state(self) -> dict[str, object]:
        head = {"platform": self._platform.name, "now": self._clock.now().isoformat()}
        with self._lock:
            calls = dict(self._calls)
        return head | self._platform.state() | {"calls": calls, "faults": dict(self._plan.hits(self._platform.name))}

    def _faults(self, request: Request) -> Reply:
        try:
            faults = parse_plan(request.body, "request")
        except ConfigurationError as mistakes:
            return json_reply({"error": "bad plan", "problems": [str(problem) for problem in mistakes.problems]}, 400)
        self._plan.replace(faults)
        return json_reply({"faults": len(faults)})

    def _advance(self, request: Request) -> Reply:
        document = read_object(request.body) or {}
        seconds = document.get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return json_reply({"error": "seconds"}, 400)
        try:
            now = self._clock.advance(float(seconds))
        except (ValueError, OverflowError):
            return json_reply({"error": "seconds"}, 400)
        return json_reply({"now": now.isoformat()})
