from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from syndicate.model.channel import Token
from syndicate.records.connection import close_connections
from syndicate.records.tokens import TokenStore

KEY = b"sample office key, 32 bytes long"
VALUE = "sample-token-that-must-not-be-readable"


@pytest.fixture
def store(records: Path) -> TokenStore:
    return TokenStore(records, KEY)


def test_a_token_comes_back_with_its_end(store: TokenStore, now: datetime) -> None:
    store.put("wechat", Token(VALUE, now))
    assert store.get("wechat") == Token(VALUE, now)


def test_a_channel_without_a_token_has_none(store: TokenStore) -> None:
    assert store.get("wechat") is None


def test_a_new_token_replaces_the_old_one(store: TokenStore, now: datetime) -> None:
    store.put("wechat", Token("old", now))
    store.put("wechat", Token(VALUE, now + timedelta(hours=2)))
    assert store.get("wechat") == Token(VALUE, now + timedelta(hours=2))


def test_an_empty_value_never_replaces_a_token(store: TokenStore, now: datetime) -> None:
    store.put("wechat", Token(VALUE, now))
    store.put("wechat", Token("", now + timedelta(hours=2)))
    assert store.get("wechat") == Token(VALUE, now)


def test_channels_do_not_share_tokens(store: TokenStore, now: datetime) -> None:
    store.put("wechat", Token(VALUE, now))
    assert store.get("weibo") is None


def test_a_token_cannot_be_read_with_another_office_key(store: TokenStore, records: Path, now: datetime) -> None:
    store.put("wechat", Token(VALUE, now))
    assert TokenStore(records, b"another office key").get("wechat") is None


def test_the_plain_token_is_nowhere_in_the_database(store: TokenStore, records: Path, now: datetime) -> None:
    store.put("wechat", Token(VALUE, now))
    if connection.vendor == "sqlite":
        files = sorted((records / "var").glob("syndicate.sqlite3*"))
        found = b"".join(file.read_bytes() for file in files)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT encrypted FROM records_channeltoken")
            found = bytes(cursor.fetchone()[0])
    assert found
    assert VALUE.encode() not in found


def test_the_same_token_is_never_encrypted_to_the_same_bytes(store: TokenStore, now: datetime) -> None:
    stored = []
    for _ in range(2):
        store.put("wechat", Token(VALUE, now))
        with connection.cursor() as cursor:
            cursor.execute("SELECT encrypted FROM records_channeltoken")
            stored.append(bytes(cursor.fetchone()[0]))
    assert stored[0] != stored[1]


def _most_at_once(*stores: TokenStore) -> int:
    """How many threads were inside the lock together at most; each reads, gives way, and writes."""
    inside, most, guard = 0, 0, threading.Lock()
    pause = threading.Event()

    def hold(store: TokenStore) -> None:
        nonlocal inside, most
        for _ in range(5):
            with store.lock("wechat"):
                with guard:
                    inside += 1
                    most = max(most, inside)
                pause.wait(0.002)
                with guard:
                    inside -= 1
        close_connections()

    threads = [threading.Thread(target=hold, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return most


def test_only_one_thread_at_a_time_renews_a_token(store: TokenStore) -> None:
    assert _most_at_once(store, store, store) == 1


def test_two_stores_of_one_office_exclude_each_other(store: TokenStore, records: Path) -> None:
    assert _most_at_once(store, TokenStore(records, KEY)) == 1


def test_another_channel_is_not_kept_waiting(store: TokenStore) -> None:
    entered = threading.Event()

    def enter() -> None:
        with store.lock("weibo"):
            entered.set()
        close_connections()

    with store.lock("wechat"):
        thread = threading.Thread(target=enter)
        thread.start()
        assert entered.wait(10)
    thread.join()


def test_the_lock_is_given_back_after_an_error(store: TokenStore, records: Path) -> None:
    with pytest.raises(ValueError, match="platform"), store.lock("wechat"):
        raise ValueError("platform")
    with TokenStore(records, KEY).lock("wechat"):
        assert True


OTHER_PROCESS = """
import sys
from pathlib import Path
from syndicate.records.connection import close_connections, open_records
open_records(Path(sys.argv[1]))
from syndicate.records.tokens import TokenStore
with TokenStore(Path(sys.argv[1]), b"key").lock("wechat"):
    print("inside", flush=True)
    sys.stdin.read()
close_connections()
"""


def test_another_process_holds_the_lock_against_us(store: TokenStore, records: Path) -> None:
    command = [sys.executable, "-c", OTHER_PROCESS, str(records)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "inside\n"
        got_in = threading.Event()

        def enter() -> None:
            with store.lock("wechat"):
                got_in.set()
            close_connections()

        thread = threading.Thread(target=enter)
        thread.start()
        waited = not got_in.wait(0.3)
        other.stdin.close()
        thread.join(30)
    assert (waited, got_in.is_set()) == (True, True)


def test_a_hostile_channel_name_leads_to_no_other_folder(home: Path, store: TokenStore, records: Path) -> None:
    with store.lock("../../escaped"):
        pass
    assert not (records.parent / "escaped").exists()


def test_the_locked_file_is_locked_for_real(store: TokenStore, records: Path) -> None:
    if connection.vendor == "postgresql":
        with store.lock("wechat"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            assert cursor.fetchone() == (1,)
        return
    with store.lock("wechat"):
        (path,) = (records / "var" / "locks").iterdir()
        with path.open("w") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
