"""The page about the import is true: its mapping file is read, and its commands are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

from syndicate.config.columns import read_columns
from syndicate.config.old_columns import read_old_columns
from syndicate.config.places import ConfigFile, Problems
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "howto" / "import-a-site.md").read_text("utf-8")


def test_the_mapping_file_is_read(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "mapping.yaml").write_text(block, "utf-8")
    columns, _ = read_columns(ConfigFile("c", (ROOT / "content" / "columns.yaml").read_text("utf-8")), Problems())
    assert [one.column for one in read_old_columns(tmp_path / "mapping.yaml", ROOT, columns)] == ["notices", "news"]


def test_its_commands_name_columns_that_a_new_office_has() -> None:
    columns, _ = read_columns(ConfigFile("c", (ROOT / "content" / "columns.yaml").read_text("utf-8")), Problems())
    named = {pair.strip("'").rpartition("=")[2] for pair in re.findall(r"--column (\S+)", PAGE) if "=" in pair}
    assert named
    assert named <= set(columns)
