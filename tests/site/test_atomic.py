from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from syndicate.errors import StorageError
from syndicate.site.atomic import AtomicWrites, write_atomic
from tests.disk import full_disk


def test_the_bytes_are_at_the_path(tmp_path: Path) -> None:
    write_atomic(tmp_path / "page.html", "首页".encode())
    assert "首页".encode() == (tmp_path / "page.html").read_bytes()


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"old and longer")
    write_atomic(tmp_path / "page.html", b"new")
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_no_temporary_file_stays(tmp_path: Path) -> None:
    write_atomic(tmp_path / "page.html", b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]


def test_the_world_may_read_by_default(tmp_path: Path) -> None:
    write_atomic(tmp_path / "page.html", b"new")
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o644


def test_the_mode_can_be_private(tmp_path: Path) -> None:
    write_atomic(tmp_path / "key", b"new", 0o600)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / "page.html").symlink_to(tmp_path / "target")
    write_atomic(tmp_path / "page.html", b"new")
    assert (tmp_path / "target").read_bytes() == b"mine"


def test_a_missing_folder_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        write_atomic(tmp_path / "absent" / "page.html", b"new")
    assert caught.value.message.key == "site.disk"


def test_a_folder_in_the_way_is_a_storage_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(StorageError):
        write_atomic(tmp_path / "page.html", b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]


def test_a_full_disk_is_a_storage_error_and_the_old_file_is_untouched(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"old")
    with pytest.raises(StorageError) as caught, full_disk(1_000):
        write_atomic(tmp_path / "page.html", b"x" * 5_000)
    assert str(tmp_path / "page.html") in caught.value.message.zh
    assert (tmp_path / "page.html").read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]


def test_a_relative_path_is_beside_its_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomic(Path("page.html"), b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]


def test_what_a_killed_process_of_the_same_number_left_is_not_in_the_way(tmp_path: Path) -> None:
    with AtomicWrites() as writes:
        writes.put(f"{tmp_path}/first.html", b"1")
        number = int(next(tmp_path.iterdir()).stem.partition("-")[2])
        left = tmp_path / f".{os.getpid()}-{number + 1}.tmp"
        left.write_bytes(b"left")
        writes.put(f"{tmp_path}/second.html", b"2")
        writes.replace()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        "first.html": b"1",
        "second.html": b"2",
        left.name: b"left",
    }


def test_nothing_is_in_its_place_before_all_are_replaced(tmp_path: Path) -> None:
    with AtomicWrites() as writes:
        writes.put(f"{tmp_path}/page.html", b"new")
        assert not (tmp_path / "page.html").exists()


def test_what_was_not_replaced_is_gone(tmp_path: Path) -> None:
    with AtomicWrites() as writes:
        writes.put(f"{tmp_path}/page.html", b"new")
    assert list(tmp_path.iterdir()) == []


def test_of_a_path_that_is_put_twice_the_last_stands(tmp_path: Path) -> None:
    with AtomicWrites() as writes:
        writes.put(f"{tmp_path}/page.html", b"first")
        writes.put(f"{tmp_path}/page.html", b"second")
        writes.replace()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"page.html": b"second"}
