"""The drill platforms in a process of their own: prints their addresses as JSON, then empties them for every seed it reads.

Weibo's own check for repeated posts is off: with it on, a ledger that repeats blindly would get away with it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicate.sandbox import weibo_posts
from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.plan_file import parse_plan
from syndicate.sandbox.settings import LedSettings, Settings, WeChatSettings

PUBLISH_DELAY = timedelta(seconds=1.4)


def _without_repeat_check() -> Mapping[str, int]:
    return {**limits(), "weibo.repeat_seconds": 0}


def main(plan: Path, folder: Path) -> None:
    """Serve until standard input ends; the LED player reads the office's playlist in `folder`."""
    weibo_posts.limits = _without_repeat_check
    faults = parse_plan(plan.read_bytes(), plan.name)
    settings = Settings(wechat=WeChatSettings(publish_delay=PUBLISH_DELAY), led=LedSettings(folder))
    sandbox = Sandbox(FaultPlan(), Clock(lambda: datetime.now(UTC)), settings)
    print(json.dumps(asdict(sandbox.start())), flush=True)
    for line in sys.stdin:
        seed = int(line)
        sandbox.faults.replace([replace(fault, seed=fault.seed + 1000 * seed) for fault in faults])
        sandbox.reset()
        print(seed, flush=True)
    sandbox.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
