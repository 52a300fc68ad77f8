"""The capture of `syndicate check` in both READMEs is what the tool says today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

TEXT = (
    "会议定于2026年11月28日（星期五）召开，县秸杆综合利用办公室负责会务。\n"
    "今年（2025年）新增绿地12.5公顷，比上年增加0.5公顷，增长6.2%。\n"
)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("clerk")
    (folder / "通知.txt").write_text(TEXT, "utf-8")
    program = "import sys; from syndicate.cli.main import run; sys.argv[0] = 'syndicate'; sys.exit(run())"
    command = [sys.executable, "-c", program, "check", "通知.txt", "--date", "2026-11-26", "--home", str(ROOT)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_capture_is_what_the_tool_says(name: str, said: str) -> None:
    captures = re.findall(r"```text\n(通知\.txt\n.*?)```", Path(ROOT / name).read_text("utf-8"), re.DOTALL)
    assert captures == [said]
