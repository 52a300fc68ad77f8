"""Writes the golden file of the simulated month: look at every line before you commit it.

.venv/bin/python -m tests.flow.write_month
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from syndicate.records.connection import close_connections, open_records, prepare_schema, use_database


def main() -> None:
    """Play the month and write what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "office"
        (home / "var").mkdir(parents=True)
        use_database("")
        open_records(home)
        prepare_schema()
        from tests.flow.office import open_desk
        from tests.flow.simulated_month import SCRIPT, Month, incident_lines, verdict_lines

        with open_desk(home) as desk:
            month = Month(desk)
            month.run(SCRIPT)
            lines = [*incident_lines(), *verdict_lines(month)]
        close_connections()
    Path(__file__).with_name("month.golden.tsv").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
