"""An office for the command line: website, app backend and a notice board that people keep; four people with tokens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.cli.opening import clock
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox, SandboxAddresses
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.folder_server import FolderServer
from tests.cli.terminal import Office
from tests.flow.office import write_files

PEOPLE = {"样例编辑": "editor", "样例初审": "reviewer", "样例终审": "publisher", "样例管理": "admin"}
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_office_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What other tests left in the environment says nothing here, and the current folder is empty."""
    monkeypatch.delenv("SYNDICATE_HOME", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Office:
    """Written once; every test works on its own copy."""
    home = tmp_path_factory.mktemp("cli") / "office"
    write_files(home, SandboxAddresses(NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE))
    for name in ("weibo", "wechat", "led"):
        (home / "channels" / f"{name}.yaml").unlink()
    for folder in ("divisions", "characters"):  # large, and no verb of this office needs them
        for path in (home / "content" / folder).iterdir():
            path.unlink()
    shutil.copy(sqlite_template, home / "var" / "syndicate.sqlite3")
    office = Office(home)
    for name, role in PEOPLE.items():
        office.hire(name, role)
    return office


@pytest.fixture
def office(made: Office, tmp_path: Path) -> Office:
    home = tmp_path / "office"
    shutil.copytree(made.home, home)
    return Office(home, dict(made.tokens))


@pytest.fixture
def online(office: Office) -> Iterator[Office]:
    """The office beside its app backend, with its website served."""
    with Sandbox(FaultPlan(), Clock(clock)) as addresses:
        path = office.home / "channels" / "app.yaml"
        path.write_text(path.read_text("utf-8").replace(NOWHERE, addresses.app), "utf-8")
        site = FolderServer(office.home / "var" / "site")
        path = office.home / "content" / "office.yaml"
        path.write_text(
            path.read_text("utf-8").replace("site_url: http://127.0.0.1", f"site_url: {site.start()}"), "utf-8"
        )
        path = office.home / "channels" / "website.yaml"
        text = path.read_text("utf-8").replace("var/site}", f"var/site, probe_base_url: {site.address}}}")
        path.write_text(text, "utf-8")
        try:
            yield office
        finally:
            site.stop()
