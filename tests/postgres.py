"""A throwaway PostgreSQL cluster on a local socket, started by the test run itself."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from syndicate.records.connection import close_connections, open_records, prepare_schema, use_database
from syndicate.records.settings import DATABASE_ADDRESS

TEMPLATE = "office_template"


@dataclass
class Cluster:
    """A running server; `database` makes a fresh copy of the migrated template."""

    folder: Path
    binaries: Path
    user: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, name: str) -> str:
        return f"postgresql://{self.user}@/{name}?host={self.folder}"

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """A database of its own; `template0` for an empty one."""
        name = f"office_{next(self._numbers)}"
        self.psql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.psql(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def moved_to(self, home: Path, template: str = TEMPLATE) -> Iterator[str]:
        """A database of its own for the office at `home`, where every process finds it as after `move`; gives its name."""
        with self.database(template) as url:
            secret = home / "var" / "secrets" / DATABASE_ADDRESS
            secret.write_text(url, "utf-8")
            secret.chmod(0o600)
            yield urlsplit(url).path.lstrip("/")

    def psql(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        _run(self.user, self.binaries / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def start_cluster() -> Cluster | None:
    """A new cluster with a migrated template database; None when PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        return None
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="syndicate-pg-", dir="/tmp"))
    folder.chmod(0o755)
    shutil.chown(folder, user)
    _run(user, binaries / "initdb", "-D", folder / "data", "-A", "trust", "-U", user, "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=250"
    _run(user, binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")
    cluster = Cluster(folder, binaries, user)
    cluster.psql(f"CREATE DATABASE {TEMPLATE}")
    _migrate(cluster.url(TEMPLATE), folder)
    return cluster


@contextmanager
def office_database(cluster: Cluster, home: Path) -> Iterator[None]:
    """A fresh, migrated database of the cluster for the office at `home`."""
    with cluster.database() as url:
        use_database(url)
        open_records(home)
        yield
        close_connections()
    use_database("")


def _migrate(url: str, folder: Path) -> None:
    use_database(url)
    open_records(folder)
    prepare_schema()
    close_connections()
    use_database("")


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _unprivileged_user() -> str:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str, *command: object) -> None:
    become = {"user": user, "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd="/tmp", **become)
