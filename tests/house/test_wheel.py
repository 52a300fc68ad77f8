"""The wheel alone, in an empty environment and a foreign folder, makes an office and runs the demo."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.house.reading import PACKAGE, ROOT

LIMIT = 100


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the repository as a release is, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), folder=ROOT)
    (built,) = folder.glob("syndicate-*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `syndicate` script of an environment that holds the wheel; its dependencies are those of the tests.

    A folder named in a .pth file is searched, but its own .pth files are not: the checkout stays unknown.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    (packages,) = folder.glob("lib/python*/site-packages")
    install = ("-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet", str(wheel))
    _run(sys.executable, *install, folder=folder)
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "bin" / "syndicate"


def _run(*command: str, folder: Path) -> str:
    surroundings = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("SYNDICATE_", "DJANGO_", "PYTHON", "PIP_", "COV_"))
    }
    done = subprocess.run(
        command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_the_whole_default_office_and_every_data_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    wanted = {f"syndicate/{name}" for name in _files(PACKAGE, "")}
    wanted |= {f"syndicate/defaults/{name}" for top in ("channels", "content", "cron") for name in _files(ROOT, top)}
    assert sorted(wanted - carried) == []


def _files(root: Path, top: str) -> set[str]:
    """Every file below `top`, relative to `root`, but what Python and editors leave."""
    paths = (path.relative_to(root) for path in (root / top).rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if "__pycache__" not in path.parts and not path.name.startswith(".")}


def test_the_wheel_carries_no_data_and_no_secret_of_this_checkout(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert [name for name in names if "/var/" in name or "secrets/" in name or name.endswith(".sqlite3")] == []


def test_the_wheel_stands_alone(program: Path, tmp_path: Path) -> None:
    python = str(program.with_name("python"))
    where = _run(python, "-c", "import syndicate.cli.main as main; print(main.__file__)", folder=tmp_path)
    assert Path(where.strip()).is_relative_to(program.parents[1])


def test_an_office_made_from_the_wheel_works(program: Path, tmp_path: Path) -> None:
    document = json.loads(_run(str(program), "init", "office", "--json", folder=tmp_path))
    assert "/link/" in document["link"]
    sources = json.loads(_run(str(program), "source", "list", "--json", "--home", "office", folder=tmp_path))
    assert sources


def test_a_file_is_checked_with_the_packaged_rules(program: Path, tmp_path: Path) -> None:
    (tmp_path / "稿件.txt").write_text("会议部署工作。", "utf-8")
    (answer,) = json.loads(_run(str(program), "check", "稿件.txt", "--json", folder=tmp_path))["documents"]
    assert answer == {"name": "稿件.txt", "findings": []}


def test_the_demo_runs_from_the_wheel(program: Path, tmp_path: Path) -> None:
    story = json.loads(_run(str(program), "demo", "--json", "--home", "office", folder=tmp_path))
    assert len(story["titles"]) == 9
    assert {row["state"] for row in story["deliveries"]} == {"delivered"}
    assert story["audit_whole"] is True
