from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import NotFound, StorageError
from syndicate.records.files import FileStore

DATA = "样例附件".encode()
SHA256 = hashlib.sha256(DATA).hexdigest()


def test_a_file_is_kept_under_its_hash(home: Path) -> None:
    store = FileStore(home)
    assert (store.put(DATA), store.read(SHA256)) == (SHA256, DATA)


def test_the_same_bytes_are_kept_once(home: Path) -> None:
    store = FileStore(home)
    store.put(DATA)
    before = store.path(SHA256).stat()
    store.put(DATA)
    after = store.path(SHA256).stat()
    assert before.st_ino == after.st_ino


def test_nothing_temporary_stays_behind(home: Path) -> None:
    FileStore(home).put(DATA)
    assert [path.name for path in (home / "var" / "files").rglob("*") if path.is_file()] == [SHA256]


def test_an_unknown_hash_is_not_found(home: Path) -> None:
    with pytest.raises(NotFound):
        FileStore(home).read(SHA256)


def test_an_empty_file_can_be_kept(home: Path) -> None:
    store = FileStore(home)
    assert store.read(store.put(b"")) == b""


def test_a_store_that_cannot_be_written_says_so(home: Path) -> None:
    store = FileStore(home)
    store.path(SHA256).parent.parent.mkdir(parents=True)
    store.path(SHA256).parent.write_bytes(b"a file where a folder should be")
    with pytest.raises((StorageError, FileExistsError)):
        store.put(DATA)


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "..",
        "../" * 21 + "a",
        "/etc/passwd",
        "A" * 64,
        "a" * 63,
        "a" * 65,
        "a" * 63 + "/",
        "a" * 63 + "\n",
        "٣" * 64,
    ],
)
def test_what_is_no_hash_is_not_found(home: Path, hostile: str) -> None:
    with pytest.raises(NotFound):
        FileStore(home).path(hostile)


@given(st.text(max_size=80))
def test_no_name_leads_out_of_the_store(name: str) -> None:
    root = Path("/office/var/files")
    try:
        path = FileStore(Path("/office")).path(name)
    except NotFound:
        return
    assert path.parent.parent == root
