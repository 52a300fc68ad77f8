"""How long a person waits for a command that does nothing yet: the help, and one short text checked.

Every run is a process of its own, the interpreter's start included. There is no peer: the goals are what a person does
not feel as waiting. A busy machine makes the figures meaningless; the conditions name its load.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 11
SCRIPT = str(Path(sys.executable).with_name("syndicate"))
CLAIMS = (
    ("help is shown", ("--help",), 0.6),
    ("a short text is checked, with all packaged rules", ("check", "text.txt"), 0.35),
    ("a rule is explained", ("check", "--explain", "word.typo"), 0.35),
)


def seconds(words: tuple[str, ...], folder: str) -> float:
    """The wall time of one run, the interpreter's own start included."""
    surroundings = {
        key: value for key, value in os.environ.items() if not key.startswith(("SYNDICATE_", "DJANGO_", "PYTHON"))
    }
    started = time.perf_counter()
    subprocess.run([SCRIPT, *words], cwd=folder, env=surroundings, capture_output=True, check=True)
    return time.perf_counter() - started


def main() -> None:
    conditions = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    print(json.dumps({"conditions": conditions, "runs": RUNS, "load": round(os.getloadavg()[0], 1)}), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "text.txt").write_text("会议部署工作。\n", "utf-8")
        for text, words, limit in CLAIMS:
            seconds(words, folder)  # the first one reads the disk
            ours = statistics.median(seconds(words, folder) for _ in range(RUNS))
            row = {"claim": text, "ours": round(ours, 3), "peer": None, "unit": "s", "goal": f"<= {limit} s"}
            print(json.dumps({**row, "holds": ours <= limit, "n": RUNS}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
