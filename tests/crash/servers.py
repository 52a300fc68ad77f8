"""A drill platform in its own process: prints its addresses as JSON, ends with its standard input."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.plan_file import parse_plan
from syndicate.sandbox.settings import LedSettings, Settings, WeChatSettings


def main(plan: Path, folder: Path) -> None:
    """Serve until standard input ends; the LED player reads the office's playlist in `folder`."""
    faults = FaultPlan(parse_plan(plan.read_bytes(), plan.name))
    settings = Settings(wechat=WeChatSettings(publish_delay=timedelta(seconds=2.8)), led=LedSettings(folder))
    sandbox = Sandbox(faults, Clock(lambda: datetime.now(UTC)), settings)
    print(json.dumps(asdict(sandbox.start())), flush=True)
    sys.stdin.read()
    sandbox.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
