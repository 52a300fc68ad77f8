"""What a worker does not load where all it does is write the website: half of its memory otherwise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from syndicate.records.connection import open_records
open_records(Path(sys.argv[1]))
import syndicate.engine.embedded, syndicate.flow.living, syndicate.channels.website
print(*sorted({"httpx", "requests", "rich", "lxml", "nh3", "regex", "ahocorasick_rs", "PIL"} & sys.modules.keys()))
"""


def test_a_worker_loads_no_http_no_html_parser_and_nothing_of_the_monitor_before_it_needs_them(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    program = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    shown = subprocess.run(program, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
