"""A target by rsync, against a real sshd on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate.channels.calls import CallError, NotDone
from syndicate.channels.target_calls import target_error
from syndicate.channels.target_rsync import RsyncHand
from syndicate.errors import NotFound, StorageError
from syndicate.model.target import RsyncTarget
from syndicate.site.plan import FolderKeep
from tests.channels.mirrored_site import PAGES, Site, tree
from tests.channels.ssh_server import LACKING, SshServer, can_serve, make_key, ssh_server
from tests.conftest import lack


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    if not can_serve():
        lack(LACKING)
    with ssh_server(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@dataclass
class Case:
    """A published site, and a folder that the server lets us write."""

    site: Site
    there: Path
    server: SshServer
    known_hosts: Path
    target: RsyncTarget
    key: str

    @contextmanager
    def open(self) -> Iterator[RsyncHand]:
        with closing(RsyncHand(self.target, self.key, self.known_hosts)) as hand:
            yield hand

    def mirror(self) -> bool:
        with self.open() as hand:
            return self.site.mirror(hand)

    def copy(self) -> None:
        """The site stands there, however it came."""
        shutil.copytree(self.site.root, self.there, dirs_exist_ok=True)

    def failure(self) -> CallError:
        with pytest.raises(CallError) as caught:
            self.mirror()
        return caught.value


@pytest.fixture
def case(server: SshServer, tmp_path: Path) -> Case:
    home, there = tmp_path / "office with blanks", tmp_path / "there"
    for folder in (home, there):
        folder.mkdir()
    site = Site(home / "site")
    site.publish(PAGES)
    known_hosts = home / "known_hosts"
    known_hosts.write_text(server.known_hosts)
    return Case(site, there, server, known_hosts, server.target(there), server.key)


def test_a_site_arrives_changes_and_loses_files(case: Case) -> None:
    case.site.publish({"files/7/a.png": "图"})
    assert case.mirror()
    assert tree(case.there) == tree(case.site.root)
    (case.there / "own.html").write_text("别人的")
    case.site.publish({"index.html": "<h1>新</h1>"})
    case.site.publish({}, keep=FolderKeep("files/7", frozenset()))
    assert case.mirror()
    assert tree(case.there) == {**tree(case.site.root), "own.html": "别人的"}


def test_everybody_may_read_what_arrives(case: Case) -> None:
    (case.site.root / "index.html").chmod(0o600)
    case.mirror()
    assert (case.there / "index.html").stat().st_mode & 0o777 == 0o644
    assert (case.there / "news").stat().st_mode & 0o777 == 0o755


def test_the_target_tells_which_files_stand_there(case: Case) -> None:
    case.copy()
    (case.there / "name with blanks.html").write_text("x")
    with case.open() as hand:
        assert hand.names() == {*PAGES, "name with blanks.html"}


def test_what_was_changed_there_is_seen_by_its_content(case: Case) -> None:
    case.copy()
    page = case.there / "news/index.html"
    before = page.stat()
    page.write_text(PAGES["news/index.html"].replace("七", "八"))
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    (case.there / "rss.xml").unlink()
    with case.open() as hand:
        assert sorted(hand.wrong(case.site.root, list(PAGES), ["gone.html"])) == ["news/index.html", "rss.xml"]


def test_what_should_be_gone_and_stands_is_seen(case: Case) -> None:
    case.copy()
    (case.there / "old" / "deep").mkdir(parents=True)
    (case.there / "old" / "deep" / "x.html").write_text("x")
    with case.open() as hand:
        assert hand.wrong(case.site.root, [], ["old/deep/x.html", "old/deep/y.html"]) == ["old/deep/x.html"]


def test_a_wrong_key_needs_a_person(case: Case, tmp_path: Path) -> None:
    make_key(tmp_path / "other")
    case.key = (tmp_path / "other").read_text()
    error = case.failure()
    assert (error.code, isinstance(error, NotDone)) == ("no_rights", False)
    assert "authorized_keys" in error.message.action_zh
    assert "main" in error.message.zh


def test_a_key_that_is_none_needs_a_person(case: Case) -> None:
    case.key = "no key at all"
    assert case.failure().code in ("key_broken", "no_rights")


def test_another_host_key_stops_everything(tmp_path: Path) -> None:
    if not can_serve():
        lack(LACKING)
    (tmp_path / "sshd").mkdir()
    with ssh_server(tmp_path / "sshd") as server:
        (tmp_path / "known_hosts").write_text(server.known_hosts)
        server.new_host_key()
        target = server.target(tmp_path / "there")
        with closing(RsyncHand(target, server.key, tmp_path / "known_hosts")) as hand, pytest.raises(CallError) as told:
            hand.names()
    assert (told.value.code, isinstance(told.value, NotDone)) == ("host_key_changed", False)
    assert "冒充" in told.value.message.zh
    assert "ssh-keyscan" in told.value.message.action_zh


def test_an_unknown_host_is_not_trusted(case: Case) -> None:
    case.known_hosts.write_text("")
    assert case.failure().code == "host_key_unknown"


def test_known_hosts_that_are_absent_are_named(case: Case) -> None:
    case.known_hosts.unlink()
    with pytest.raises(NotFound, match="known_hosts"):
        case.mirror()


def test_a_server_that_is_not_there_is_tried_later(case: Case) -> None:
    case.target = replace(case.target, port=1)
    error = case.failure()
    assert (error.code, isinstance(error, NotDone)) == ("unreachable", True)


def test_a_transfer_that_takes_too_long_is_ended_with_all_its_programs(case: Case) -> None:
    case.target = replace(case.target, time_limit=timedelta(milliseconds=20))
    assert case.failure().code == "time_limit"
    case.target = replace(case.target, time_limit=timedelta(minutes=1))
    assert case.mirror()


def test_a_full_disk_there_is_said_and_tried_again(case: Case) -> None:
    if os.geteuid() != 0:
        lack("mounting a small file system needs root")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", case.there], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small file system")
    try:
        case.site.publish({"files/7/a.png": "大" * 100_000})
        error = case.failure()
        assert isinstance(error, NotDone)
        assert error.code in ("no_space", "file_io")  # rsync's words are sometimes lost on the way
        assert "清理空间" in error.message.action_zh
    finally:
        subprocess.run(["umount", "-l", case.there], check=True)


def test_a_folder_that_is_not_there_is_said(case: Case) -> None:
    case.target = replace(case.target, to=f"{case.target.to}/not/there")
    error = case.failure()
    assert (error.code, isinstance(error, NotDone)) == ("no_folder", False)


def test_a_line_that_breaks_halfway_is_tried_later_and_then_goes_on(case: Case) -> None:
    with closing(RsyncHand(case.target, case.key, case.known_hosts)) as hand:
        case.site.publish({"files/7/a.png": "大" * 3_000_000})
        breaker = threading.Timer(0.05, _cut_connections, [case.server])
        breaker.start()
        try:
            case.site.mirror(hand)
        except NotDone as error:
            assert error.code == "unreachable"  # noqa: PT017  # a fast machine may be done before the cut
        breaker.join()
        assert case.site.mirror(hand)
    assert tree(case.there) == tree(case.site.root)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_transfer_that_outlives_a_killed_worker_keeps_the_next_one_out(case: Case) -> None:
    child = os.fork()
    if child == 0:
        with case.open() as hand:
            case.site.mirror(_StoppedAtOnce(hand))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    ours = [int(one.name) for one in Path("/proc").glob("[0-9]*") if _command(one).startswith("rsync\0--rsh")]
    (orphan,) = {os.getpgid(one) for one in ours if str(case.there) in _command(Path(f"/proc/{one}"))}
    with case.open() as hand, pytest.raises(StorageError) as caught:
        case.site.mirror(hand, patience=timedelta(milliseconds=100))
    assert caught.value.message.key == "site.busy"
    os.killpg(orphan, signal.SIGKILL)
    assert case.mirror()
    assert tree(case.there) == PAGES


def test_the_key_stands_in_no_argument_and_no_folder(case: Case, tmp_path: Path) -> None:
    seen: list[str] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            for line in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.append(line.read_text("utf-8", "replace"))
                except OSError:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    case.mirror()
    ended.set()
    watcher.join()
    secret = case.key.splitlines()[2]
    assert any("--delay-updates" in arguments for arguments in seen)
    assert not any(secret in arguments for arguments in seen)
    assert not any(secret in text for text in tree(tmp_path).values())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("write failed: No space left on device (28)", "no_space"),
        ("recv_generator: failed to open: Permission denied (13)", "no_write"),
        ("bash: line 1: rsync: command not found", "no_rsync_there"),
        ("no program rsync here", "no_rsync_here"),
        ("ssh: Could not resolve hostname nowhere.example: Name or service not known", "no_name"),
        ("rsync error: timeout in data send/receive (code 30)", "unreachable"),
        ("rsync 11: ", "file_io"),
        ("rsync 255: ", "unreachable"),
        ("something that nobody knows", "unknown"),
    ],
)
def test_words_of_rsync_are_understood(words: str, code: str) -> None:
    assert target_error("rsync", "main", words).code == code


def _cut_connections(server: SshServer) -> None:
    """End the processes that serve the connections; the one that listens stays."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    for child in children:
        subprocess.run(["kill", child], check=False, capture_output=True)


class _StoppedAtOnce:
    """A target whose worker dies by SIGKILL while rsync has been started and does not move."""

    def __init__(self, hand: RsyncHand) -> None:
        self._hand = hand

    def put(self, staged: Path, paths: Sequence[str], lock: int) -> None:
        def die(*_arguments: object, **_more: object) -> tuple[bytes, bytes]:
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        def start(*arguments: Any, **more: Any) -> Any:
            process = real(*arguments, **more)
            os.killpg(process.pid, signal.SIGSTOP)
            process.communicate = die
            return process

        real, subprocess.Popen = subprocess.Popen, start  # type: ignore[assignment,misc]
        self._hand.put(staged, paths, lock)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hand, name)


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text("utf-8", "replace")
    except OSError:
        return ""
