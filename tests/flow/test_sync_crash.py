"""A sync that is killed, or that finds the disk full: every article arrives once, nothing is lost, the rest goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syndicate.model.item import ItemState
from syndicate.model.source import SyncResult
from syndicate.records import audit, findings, items
from syndicate.records.connection import close_connections
from tests.conftest import ROOT
from tests.databases import on_one, on_sqlite
from tests.flow.test_identity import TEXT, put
from tests.flow.web import PNG, Beat, Page, article

SOURCES, ARTICLES = 3, 6
PICTURE = PNG + b"\0" * 3_000_000


def _lives(beat: Beat, seed: int = 0, kills: int = 0, largest_file: int = 0) -> int:
    """Syncs in another process; returns how many were killed."""
    close_connections()
    command = [
        sys.executable,
        "-m",
        "tests.flow.sync_life",
        str(beat.desk.home),
        *map(str, (seed, kills, largest_file)),
    ]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def _sources(beat: Beat) -> set[str]:
    """Several sources, each with articles of its own and one that all of them have; returns the titles."""
    titles = {"样例通知第0号"}
    for number in range(SOURCES):
        name = f"source{number}"
        own = [100 * (number + 1) + n for n in range(ARTICLES)]
        beat.follow(name, "json", first_run=100)
        beat.publish(name, 0, *own)
        titles |= {f"样例通知第{n}号" for n in own}
        for n in own[:3]:
            beat.web.pages[f"/{n}.png"] = Page(PNG + bytes([n % 256]), type="image/png")
            page = article(f"样例通知第{n}号", body=f"<img src='/{n}.png'><img src='/gone.png'>")
            beat.web.pages[f"/{n}.html"] = Page(page)
    return titles


def _arrived() -> Counter[str]:
    rows = items.listed([ItemState.SUBMITTED], limit=200)
    return Counter(one.content.title for one in items.latest_revisions([row.id for row in rows]).values())


def test_killed_at_random_moments_every_article_arrives_exactly_once(beat: Beat) -> None:
    titles = _sources(beat)
    killed = _lives(beat, seed=7, kills=8)
    assert (killed >= 6, _arrived()) == (True, Counter(titles))


@on_one
def test_killed_at_random_moments_nothing_is_left_half_done(beat: Beat) -> None:
    """No draft that nobody submitted, no doubt forgotten, no file cut off, no gap in the audit."""
    _sources(beat)
    _lives(beat, seed=11, kills=8)
    latest = items.latest_revisions([row.id for row in items.listed([ItemState.SUBMITTED], limit=200)]).values()
    doubted = sum("ingest.file_missing" in {f.rule for f in findings.of_revision(one.id)} for one in latest)
    kept = [one.sha256 for revision in latest for one in revision.content.attachments]
    sizes = [len(beat.desk.workspace.files.read(sha256)) for sha256 in kept]
    found = (items.counted([ItemState.DRAFT]), doubted, sizes, audit.verify().broken)
    assert found == (0, SOURCES * 3, [len(PNG) + 1] * (SOURCES * 3), None)


# Killed at one place


@on_one
@pytest.mark.parametrize("function", ["_highest_wins", "add_revision", "submit"])
def test_killed_before_the_text_of_a_higher_authority_is_there_the_next_sync_brings_it(
    beat: Beat, function: str
) -> None:
    """A row of the State Council joins the county's item; the process dies before, in or after the change of text."""
    put(beat, "county", "/d/9.html", authority=4)
    put(beat, "state", "/s/1.html", text="（国务院文本）" + TEXT, authority=1)
    beat.one("county")
    close_connections()
    command = [sys.executable, "-m", "tests.flow.sync_killed", str(beat.desk.home), function, "state"]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60)
    (item,) = [row.id for row in items.listed(list(ItemState), limit=10)]
    before = items.latest_revision(item).number
    beat.one("state")
    latest = items.latest_revision(item)
    told = (latest.number, "国务院文本" in latest.content.body, items.get(item).state)
    reached = 2 if function == "submit" else 1
    assert (done.returncode, before, told) == (-signal.SIGKILL, reached, (2, True, ItemState.SUBMITTED)), done.stderr


# A full disk


def _with_a_picture(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.follow("county", "json")
    beat.publish("city", 1, 2)
    beat.publish("county", 3)
    beat.web.pages["/p.png"] = Page(PICTURE, type="image/png")
    beat.web.pages["/2.html"] = Page(article("样例通知第2号", body="<img src='/p.png'>"))


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """A disk of 64 kB at `folder`; only root can mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "small", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk; the same is tested with a limit on file sizes")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@on_one
def test_a_full_file_store_is_told_with_what_to_do(beat: Beat) -> None:
    _with_a_picture(beat)
    with _small_disk(beat.desk.home / "var" / "files"):
        why = beat.one("city").why
    assert why is not None
    assert ("磁盘" in why.zh or "无法写入" in why.zh, why.key) == (True, "sync.articles_failed")


@on_one
def test_a_full_file_store_stops_only_the_article_with_the_file(beat: Beat) -> None:
    _with_a_picture(beat)
    with _small_disk(beat.desk.home / "var" / "files"):
        beat.sync()
    assert _arrived() == Counter(["样例通知第1号", "样例通知第3号"])


@on_one
def test_an_article_that_found_the_disk_full_arrives_when_there_is_room(beat: Beat) -> None:
    _with_a_picture(beat)
    with _small_disk(beat.desk.home / "var" / "files"):
        beat.sync()
    beat.one("city")
    (item,) = [n for n, one in items.latest_revisions([1, 2, 3]).items() if one.content.title == "样例通知第2号"]
    assert [one.size for one in items.latest_revision(item).content.attachments] == [len(PICTURE)]


@on_one
def test_a_full_file_store_keeps_no_half_file(beat: Beat) -> None:
    _with_a_picture(beat)
    folder = beat.desk.home / "var" / "files"
    with _small_disk(folder):
        beat.sync()
        assert [path for path in folder.rglob("*") if path.is_file()] == []


@on_one
def test_a_file_where_the_stores_folder_should_be_stops_only_its_article(beat: Beat) -> None:
    _with_a_picture(beat)
    (beat.desk.home / "var" / "files").write_text("in the way", "utf-8")
    beat.sync()
    assert _arrived() == Counter(["样例通知第1号", "样例通知第3号"])


@on_one
def test_no_room_for_a_temporary_file_stops_only_its_article(beat: Beat) -> None:
    _with_a_picture(beat)
    _lives(beat, largest_file=2_500_000)
    assert _arrived() == Counter(["样例通知第1号", "样例通知第3号"])


@on_one
def test_a_database_that_cannot_grow_loses_nothing(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, 2)
    _lives(beat, largest_file=1)
    _lives(beat)
    assert _arrived() == Counter(["样例通知第1号", "样例通知第2号"])


@on_sqlite
def test_a_look_that_cannot_be_recorded_is_told_and_stops_no_other(beat: Beat, records: Path) -> None:
    """The database is gone: nothing can be kept, and everybody is told so."""
    for name in ("a", "b"):
        beat.follow(name, "json")
        beat.publish(name, 1)
    names = list(beat.desk.workspace.snapshot.sources)
    close_connections()
    for file in (records / "var").glob("syndicate.sqlite3*"):
        file.unlink()
    (records / "var" / "syndicate.sqlite3").mkdir()
    found = beat.sync(*names)
    assert [(one.result, one.why is not None) for one in found] == [(SyncResult.FAILED, True)] * 2
