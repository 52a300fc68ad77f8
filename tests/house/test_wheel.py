"""The wheel alone, in an empty environment and a foreign folder, makes an office, runs the demo and a whole working day."""

from __future__ import annotations

import json
import os
import shutil
import signal
import site
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.terminal import until
from tests.flow.web import Page, Web, article, dumped
from tests.house.reading import PACKAGE, ROOT

LIMIT = 100
NOBODY: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the repository as a release is, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), folder=ROOT)
    (built,) = folder.glob("syndicate-*.whl")
    return built


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every user of the machine may enter; those of the tests are their owner's alone."""
    folder = Path(tempfile.mkdtemp(prefix="syndicate-installed-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _python(user: dict[str, Any]) -> str:
    """An interpreter of the tests' own version that this user may run; empty where there is none."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for one in (str(Path(sys.executable).resolve()), f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            subprocess.run([one, "-c", "import ssl, sqlite3, venv"], check=True, capture_output=True, cwd="/", **user)
        except (OSError, subprocess.SubprocessError):
            continue
        return one
    return ""


@pytest.fixture(scope="module")
def ordinary() -> dict[str, Any]:
    """How a command is run by an ordinary user: root becomes one wherever it has an interpreter for him."""
    return NOBODY if os.geteuid() == 0 and _python(NOBODY) else {}


@pytest.fixture(scope="module")
def program(wheel: Path, place: Path, ordinary: dict[str, Any]) -> Path:
    """The `syndicate` script of an environment that holds the wheel; its dependencies are those of the tests.

    A folder named in a .pth file is searched, but its own .pth files are not: the checkout stays unknown.
    """
    folder = place / "environment"
    _run(_python(ordinary), "-m", "venv", "--without-pip", "--symlinks", str(folder), folder=place)
    python = folder / "bin" / "python"
    (packages,) = folder.glob("lib/python*/site-packages")
    install = ("-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet", str(wheel))
    _run(sys.executable, *install, folder=folder)
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "bin" / "syndicate"


def _surroundings() -> dict[str, str]:
    foreign = ("SYNDICATE_", "DJANGO_", "PYTHON", "PIP_", "COV_", "XDG_", "DATABASE_")
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}


def _run(*command: str, folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, env=_surroundings(), capture_output=True, text=True, timeout=LIMIT, check=False
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


class Clerk:
    """Somebody without any rights on the machine who uses the installed program in an office of his own."""

    def __init__(self, program: Path, home: Path, user: dict[str, Any]) -> None:
        self._program, self._home, self._user = program, home, user
        self.office = home / "office"
        self.tokens: dict[str, str] = {}

    def __call__(self, *words: str, by: str = "", stdin: str = "") -> Any:
        """What a command prints as JSON; it must be done without anything left to attend to."""
        signed = ("--as", by) if by else ()
        command = [str(self._program), *words, *signed, "--json"]
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=LIMIT, check=False, **self._with(by))
        assert done.returncode == 0, (words, done.stderr)
        return json.loads(done.stdout)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A process that runs until it is stopped."""
        command = [str(self._program), *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **self._with(""))

    def _with(self, by: str) -> dict[str, Any]:
        own = {"HOME": str(self._home), "SYNDICATE_HOME": str(self.office), "SYNDICATE_TOKEN": self.tokens.get(by, "")}
        return {"cwd": self._home, "env": {**_surroundings(), **own}, "text": True, **self._user}

    def hire(self, name: str, role: str) -> None:
        self("user", "add", name, role)
        self.tokens[name] = self("user", "token", name)["token"]

    def follow(self, web: Web) -> None:
        """The website alone, and one source in place of the samples."""
        for name in ("weibo", "wechat", "app", "led"):
            (self.office / "channels" / f"{name}.yaml").unlink()
        for path in (self.office / "content" / "sources").iterdir():
            path.unlink()
        source = {
            "title": "样例信源",
            "kind": "json",
            "url": f"{web.base}/list",
            "column": "news",
            "organ": "样例市政府办",
            "allow": [web.host],
            "article": {"body": "#text"},
            "list": {"rows": "", "url": "url", "title": "title", "published": "date"},
        }
        path = self.office / "content" / "sources" / "city.yaml"
        path.write_text(json.dumps(source, ensure_ascii=False), "utf-8")
        row = {"url": f"{web.base}/1.html", "title": "样例通知第1号", "date": "2026-11-26 10:30"}
        web.pages["/list"] = Page(dumped([row]), type="application/json")
        web.pages["/1.html"] = Page(article("样例通知第1号"))


@pytest.fixture
def clerk(program: Path, place: Path, ordinary: dict[str, Any]) -> Clerk:
    home = place / "clerk"
    home.mkdir(mode=0o700)
    if ordinary:
        shutil.chown(home, ordinary["user"], ordinary["group"])
    return Clerk(program, home, ordinary)


@pytest.mark.timeout(400)
def test_an_ordinary_user_installs_works_a_day_and_stops_every_process_cleanly(clerk: Clerk) -> None:
    clerk("init", str(clerk.office))
    web = Web()
    try:
        clerk.follow(web)
        clerk.hire("样例编辑", "editor")
        clerk.hire("样例签发", "publisher")
        (item,) = [one for source in clerk("sync") for one in source["items"]]
        clerk("review", str(item), "--approve", "--level", "1", by="样例签发")
        assert clerk("work", "--drain")["needs_person"] == 0
        assert list((clerk.office / "var" / "site").rglob(f"{item}.html"))
        assert Path(clerk("report")["path"]).name
        _serve_and_stop(clerk)
    finally:
        web.close()
    assert clerk("audit", "verify")["broken"] is None
    assert {row["state"] for row in clerk("deliveries")} == {"delivered"}


def _serve_and_stop(clerk: Clerk) -> None:
    """Desk, public and worker side by side; an item goes out, and SIGTERM ends each of them in good order."""
    with ExitStack() as stack:
        worker = stack.enter_context(clerk.start("work", "--forever"))
        desk = stack.enter_context(clerk.start("desk", "--port", "0"))
        public = stack.enter_context(clerk.start("public", "--port", "0"))
        processes = (worker, desk, public)
        stack.callback(lambda: [one.kill() for one in processes])
        until((clerk.office / "var" / "wake.sock").exists)
        assert httpx.get(f"{_address(desk)}/healthz", trust_env=False).json()["well"] is True
        assert httpx.get(f"{_address(public)}/search?q=样例", trust_env=False).status_code == 200
        words = ("item", "new", "样例稿件", "--column", "news", "--submit")
        item = clerk(*words, by="样例编辑", stdin="<p>城区三条道路今日恢复通行。</p>")["item"]
        clerk("review", str(item), "--approve", "--level", "1", by="样例签发")
        until(lambda: {row["state"] for row in clerk("deliveries")} == {"delivered"}, LIMIT)
        for one in processes:
            one.send_signal(signal.SIGTERM)
        assert [one.wait(LIMIT) for one in processes] == [0, 0, 0]


def _address(process: subprocess.Popen[str]) -> str:
    """Where a server says that it listens."""
    assert process.stdout is not None
    for line in process.stdout:
        if "http://" in line:
            return "http://" + line.split("http://")[1].split("/")[0]
    raise AssertionError(process.stderr.read() if process.stderr else "")
