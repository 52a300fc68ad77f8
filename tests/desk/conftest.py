"""The desk in a test: its settings in place of the records' ones, a sample office, and clients that are logged in."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client, override_settings

from syndicate.desk.request import OPENING
from syndicate.model.review import Actor
from syndicate.records.connection import close_connections, open_records, use_database
from tests.databases import DATABASE
from tests.desk.office import EDITOR, PUBLISHER, REVIEWER, Office, Prepared, add_people, prepare, write_office_files
from tests.postgres import office_database

LogIn = Callable[[Actor], Client]
Furnish = Callable[[], Path]


@pytest.fixture(scope="session")
def office_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a sample office, written once and copied for every test."""
    folder = tmp_path_factory.mktemp("desk") / "office"
    write_office_files(folder)
    return folder


@pytest.fixture(scope="session")
def desk_settings(office_files: Path) -> ModuleType:
    """The desk's settings, with the key of the sample office."""
    os.environ["SYNDICATE_HOME"] = str(office_files)
    return importlib.import_module("syndicate.desk.settings")


@pytest.fixture(scope="module")
def _desk(desk_settings: ModuleType) -> Iterator[None]:
    names = [name for name in dir(desk_settings) if name.isupper() and name not in ("DATABASES", "HOME", "HTTPS")]
    values = {name: getattr(desk_settings, name) for name in names}
    with override_settings(**{**values, "PASSWORD_HASHERS": ["tests.desk.office.QuickHasher"]}):
        yield


@pytest.fixture(scope="session")
def prepared(office_files: Path) -> Prepared:
    """The sample office's configuration, loaded and compiled once."""
    return prepare(office_files)


@pytest.fixture(scope="session")
def peopled(office_files: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the people in it: hashing passwords is slow on purpose."""
    folder = tmp_path_factory.mktemp("peopled")
    (folder / "var").mkdir()
    shutil.copy(sqlite_template, folder / "var" / "syndicate.sqlite3")
    use_database("")
    open_records(folder)
    with override_settings(PASSWORD_HASHERS=["tests.desk.office.QuickHasher"]):
        add_people()
    close_connections()
    return folder / "var" / "syndicate.sqlite3"


@pytest.fixture(scope="module")
def furnished(
    office_files: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Furnish]:
    """Opens sample offices with files and a database of their own, where a desk in another process finds them."""
    with ExitStack() as kept:

        def furnish() -> Path:
            home = tmp_path_factory.mktemp("furnished") / "office"
            shutil.copytree(office_files, home)
            use_database("")
            if DATABASE == "postgresql":
                kept.enter_context(request.getfixturevalue("cluster").moved_to(home))
                open_records(home)
                with override_settings(PASSWORD_HASHERS=["tests.desk.office.QuickHasher"]):
                    add_people()
            else:
                shutil.copy(request.getfixturevalue("peopled"), home / "var" / "syndicate.sqlite3")
                open_records(home)
            return home

        yield furnish
        close_connections()


def link_files(office_files: Path, home: Path) -> None:
    """The sample office's configuration and secrets; copying a hundred files for every test would be slow."""
    for name in ("channels", "content", "var/secrets"):
        (home / name).symlink_to(office_files / name)


@pytest.fixture
def own_configuration(office: Office) -> Office:
    """The office with files of its own that a test may change."""
    for name in ("channels", "content"):
        linked = (office.home / name).resolve()
        (office.home / name).unlink()
        shutil.copytree(linked, office.home / name)
    return office


@pytest.fixture
def _database(request: pytest.FixtureRequest, home: Path) -> Iterator[None]:
    """The database of the sample office at `home`, with its people."""
    if DATABASE == "postgresql":
        with office_database(request.getfixturevalue("cluster"), home):
            add_people()
            yield
        return
    shutil.copy(request.getfixturevalue("peopled"), home / "var" / "syndicate.sqlite3")
    use_database("")
    open_records(home)
    yield
    close_connections()


@pytest.fixture
def office(
    office_files: Path, prepared: Prepared, home: Path, now: datetime, _desk: None, _database: None
) -> Iterator[Office]:
    """An open sample office."""
    link_files(office_files, home)
    opened = Office(home, now, prepared)
    yield opened
    opened.workspace.close()


@pytest.fixture
def both(records: Path, office_files: Path, prepared: Prepared, now: datetime, _desk: None) -> Iterator[Office]:
    """An open sample office on SQLite and on PostgreSQL."""
    link_files(office_files, records)
    add_people()
    opened = Office(records, now, prepared)
    yield opened
    opened.workspace.close()


def client_of(office: Office, **options: bool) -> Client:
    """A browser that nobody has logged in with."""
    return Client(headers={"host": "127.0.0.1"}, **{OPENING: lambda: office.workspace}, **options)


@pytest.fixture
def stranger(office: Office) -> Client:
    """A browser without a session."""
    return client_of(office)


def logged_in(office: Office, actor: Actor, **options: bool) -> Client:
    """A browser with somebody's session; the log-in page itself has its own tests."""
    from syndicate.records.models.people import User

    client = client_of(office, **options)
    client.force_login(User.objects.get(username=actor.name))
    return client


@pytest.fixture
def log_in(office: Office) -> LogIn:
    """Makes browsers with somebody's session."""
    return lambda actor: logged_in(office, actor)


@pytest.fixture
def editor(log_in: LogIn) -> Client:
    return log_in(EDITOR)


@pytest.fixture
def reviewer(log_in: LogIn) -> Client:
    return log_in(REVIEWER)


@pytest.fixture
def publisher(log_in: LogIn) -> Client:
    return log_in(PUBLISHER)
