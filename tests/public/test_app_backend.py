"""The reference app backend as an office runs it: one SQLite file, any number of restarts."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread

import httpx
import pytest

from syndicate.channels.drivers import open_driver
from syndicate.errors import StorageError
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import Action, Delivered, Step
from syndicate.public.app_backend import LARGEST_BODY, app_backend
from syndicate.public.app_store import KEPT, SqliteArticles
from syndicate.public.serving import make_server
from syndicate.sandbox.app_store import Stored
from syndicate.sandbox.exchange import Reply
from syndicate.sandbox.settings import AppSettings
from tests.channels.office import NOON, Desk, renditions

PUT, DELETE = Step("put", False), Step("delete", False)


class Running:
    """A backend on a port, over one file, that can be stopped and started again."""

    def __init__(self, path: Path, desk: Desk) -> None:
        self.path, self.desk = path, desk
        self.start()

    def start(self) -> None:
        self.store = SqliteArticles(self.path)
        application = app_backend(
            self.store, AppSettings().webhook_secrets, "样例县", "https://app.example", lambda: self.desk.now
        )
        self.server = make_server(application, "127.0.0.1", 0, LARGEST_BODY)
        self.address = f"http://127.0.0.1:{self.server.effective_port}"

        def serve() -> None:
            with suppress(OSError):
                self.server.run()

        self.thread = Thread(target=serve)
        self.thread.start()

    def stop(self) -> None:
        self.server.close()
        self.thread.join()
        self.store.close()

    def send(self, step: Step = PUT, item: int = 7, **changes: object) -> object:
        """What the driver makes of it."""
        channel = self.desk.channel(ChannelKind.APP, self.address)
        changes = {"key": f"{item}-{changes.get('revision', 1)}-{step.name}", **changes}
        job = self.desk.job(channel, renditions("app"), item=item, **changes)
        return open_driver(channel, self.desk.hands).perform(step, job).outcome

    def get(self, path: str, **headers: str) -> httpx.Response:
        with httpx.Client(trust_env=False) as client:
            return client.get(f"{self.address}{path}", headers=headers)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "var" / "app.sqlite3", Desk(tmp_path))
    yield running
    running.stop()


def test_what_was_stored_outlives_a_restart(backend: Running) -> None:
    assert isinstance(backend.send(), Delivered)
    backend.stop()
    backend.start()
    document = backend.get("/articles/7").json()
    assert (document["revision"], document["title"]) == (1, renditions("app").fields["title"])


def test_a_call_repeated_after_a_restart_gets_its_first_answer(backend: Running) -> None:
    backend.send()
    backend.stop()
    backend.start()
    assert isinstance(backend.send(), Delivered)
    assert backend.get("/articles").json()["total"] == 1


def test_what_was_taken_down_stays_down(backend: Running) -> None:
    backend.send()
    assert isinstance(backend.send(DELETE, action=Action.RETRACT), Delivered)
    backend.stop()
    backend.start()
    assert backend.get("/articles/7").status_code == 410
    assert backend.get("/feed.json").json()["items"] == []


def test_lists_come_newest_first_in_pages_and_by_column(backend: Running) -> None:
    for item in range(1, 23):
        backend.send(item=item)
    first = backend.get("/articles").json()
    assert ([one["id"] for one in first["items"][:2]], first["total"]) == (["22", "21"], 22)
    assert first["next"] == "https://app.example/articles?page=2"
    assert len(backend.get("/articles?page=2&column=dongtai").json()["items"]) == 2
    assert backend.get("/articles?column=elsewhere").json()["items"] == []


def test_an_older_revision_never_replaces_a_newer_one(backend: Running) -> None:
    backend.send(revision=3)
    backend.send(revision=2)
    assert backend.get("/articles/7").json()["revision"] == 3


def test_nobody_without_the_key_changes_anything(backend: Running) -> None:
    with httpx.Client(trust_env=False) as client:
        answers = [
            client.request(method, f"{backend.address}/articles/7", content=b"{}") for method in ("PUT", "DELETE")
        ]
    assert [answer.status_code for answer in answers] == [401, 401]


def test_the_drill_s_controls_and_its_push_service_are_not_there(backend: Running) -> None:
    assert {backend.get(path).status_code for path in ("/_sandbox/state", "/v3/push/cid", "/")} == {404}


def test_a_body_without_end_is_refused(backend: Running) -> None:
    with httpx.Client(trust_env=False) as client:
        answer = client.put(f"{backend.address}/articles/7", content=b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413


def test_the_length_of_a_body_is_believed_only_as_a_number(tmp_path: Path) -> None:
    store = SqliteArticles(tmp_path / "x.sqlite3")
    application = app_backend(store, AppSettings().webhook_secrets, "x", "http://x", lambda: NOON)
    told: list[str] = []
    environment = {
        "REQUEST_METHOD": "PUT",
        "PATH_INFO": "/articles/1",
        "CONTENT_LENGTH": "many",
        "wsgi.input": io.BytesIO(),
    }
    application(environment, lambda status, *_: told.append(status))  # type: ignore[arg-type, misc, return-value]
    store.close()
    assert told == ["413 Request Entity Too Large"]


def test_a_file_that_cannot_be_written_says_503_and_come_back(tmp_path: Path) -> None:
    store = SqliteArticles(tmp_path / "x.sqlite3")
    application = app_backend(store, AppSettings().webhook_secrets, "x", "http://x", lambda: NOON)
    store.close()
    told: list[object] = []
    environment = {"REQUEST_METHOD": "GET", "PATH_INFO": "/articles", "wsgi.input": io.BytesIO()}
    application(environment, lambda status, headers: told.extend([status, dict(headers)]))  # type: ignore[arg-type, misc, return-value]
    assert told[0] == "503 Service Unavailable"
    assert told[1]["Retry-After"] == "60"  # type: ignore[index]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(StorageError):
        SqliteArticles(tmp_path / "x.sqlite3")


def test_half_a_change_is_no_change(tmp_path: Path) -> None:
    store = SqliteArticles(tmp_path / "x.sqlite3")

    def broken_off() -> None:
        with store.changing():
            store.put("1", Stored(1, {"title": "样例"}, NOON, NOON))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert store.get("1") is None
    store.close()


def test_replies_are_forgotten_when_nobody_repeats_them_any_more(tmp_path: Path) -> None:
    store = SqliteArticles(tmp_path / "x.sqlite3")
    store.keep_reply("old", "f", Reply(), NOON)
    store.keep_reply("new", "f", Reply(201, b"{}"), NOON + KEPT + timedelta(seconds=1))
    assert (store.reply_to("old"), store.reply_to("new")) == (None, ("f", Reply(201, b"{}")))
    store.clear()
    assert store.reply_to("new") is None
    store.close()


def test_a_correction_keeps_its_place_in_the_list(tmp_path: Path) -> None:
    store = SqliteArticles(tmp_path / "x.sqlite3")
    for identity in ("1", "2"):
        store.put(identity, Stored(1, {"title": identity}, NOON, NOON))
    store.put("1", Stored(2, {"title": "更正"}, NOON, NOON))
    assert [identity for identity, _ in store.newest(0, 9)] == ["2", "1"]
    store.close()


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom datetime import datetime, UTC\n"
        "from syndicate.public.app_store import SqliteArticles\nfrom syndicate.sandbox.app_store import Stored\n"
        "store = SqliteArticles(Path(sys.argv[1]))\nnow = datetime.now(UTC)\n"
        "for n in range(100000):\n"
        "    with store.changing():\n        store.put(str(n), Stored(1, {'title': str(n)}, now, now))\n"
        "    print(n, flush=True)\n"
    )
    path = tmp_path / "x.sqlite3"
    process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for _ in range(20):
        answered = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    store = SqliteArticles(path)
    assert store.get(str(answered)) is not None
    store.close()
