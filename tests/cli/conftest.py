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
from tests.databases import DATABASE
from tests.flow.office import write_files
from tests.postgres import Cluster

PEOPLE = {"样例编辑": "editor", "样例初审": "reviewer", "样例终审": "publisher", "样例管理": "admin"}
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_office_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What other tests left in the environment says nothing here, and the current folder is empty."""
    monkeypatch.delenv("SYNDICATE_HOME", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def _without_database(tmp_path_factory: pytest.TempPathFactory) -> Office:
    home = tmp_path_factory.mktemp("cli") / "office"
    write_files(home, SandboxAddresses(NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE))
    for name in ("weibo", "wechat", "led"):
        (home / "channels" / f"{name}.yaml").unlink()
    for folder in ("divisions", "characters"):  # large, and no verb of this office needs them
        for path in (home / "content" / folder).iterdir():
            path.unlink()
    return Office(home)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Office:
    """An office on SQLite with its people, written once; every test works on its own copy."""
    office = _without_database(tmp_path_factory)
    shutil.copy(sqlite_template, office.home / "var" / "syndicate.sqlite3")
    return _peopled(office)


@pytest.fixture(scope="session")
def made_on_postgresql(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Iterator[tuple[Office, str]]:
    """The same on PostgreSQL, and the name of its database."""
    office = _without_database(tmp_path_factory)
    with cluster.moved_to(office.home) as name:
        yield _peopled(office), name


def _peopled(office: Office) -> Office:
    for name, role in PEOPLE.items():
        office.hire(name, role)
    return office


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """On the database that the run is for, or on the one that a test names."""
    home = tmp_path / "office"
    if getattr(request, "param", DATABASE) == "sqlite":
        made = request.getfixturevalue("made")
        shutil.copytree(made.home, home)
        yield Office(home, dict(made.tokens))
        return
    made, name = request.getfixturevalue("made_on_postgresql")
    shutil.copytree(made.home, home)
    with request.getfixturevalue("cluster").moved_to(home, name):
        yield Office(home, dict(made.tokens))


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
