"""Mirroring to one target: order, only what changed, never what is not recorded, and killed at any point."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.channels.calls import NotDone
from syndicate.errors import StorageError
from syndicate.site.holding import folder_of_target
from syndicate.site.lock import site_lock
from syndicate.site.manifest import folder_of
from syndicate.site.plan import FolderKeep
from tests.channels.folder_target import FolderTarget
from tests.channels.mirrored_site import PAGES, PATIENCE, Site, tree


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "var" / "site")
    site.root.parent.mkdir()
    site.publish(PAGES)
    return site


@pytest.fixture
def target(tmp_path: Path) -> FolderTarget:
    folder = tmp_path / "there"
    folder.mkdir()
    return FolderTarget(folder)


def test_the_whole_site_arrives(site: Site, target: FolderTarget) -> None:
    assert site.mirror(target)
    assert tree(target.folder) == tree(site.root) == PAGES


def test_nothing_leads_to_what_is_not_there_yet(site: Site, target: FolderTarget) -> None:
    site.mirror(target)
    order = ["assets/style.css", "news/202611/7.html", "news/p0.html", "news/index.html", "rss.xml", "index.html"]
    assert target.changed == order


def test_pages_of_an_archive_arrive_newest_first_as_older_ones_lead_to_them(site: Site, target: FolderTarget) -> None:
    site.publish({f"news/p{number}.html": "页" for number in (1, 2, 10)})
    site.mirror(target)
    lists = [path for path in target.changed if path.startswith("news/p") or path == "news/index.html"]
    assert lists == ["news/p10.html", "news/p2.html", "news/p1.html", "news/p0.html", "news/index.html"]


def test_an_unchanged_site_costs_the_target_no_call(site: Site, target: FolderTarget) -> None:
    site.mirror(target)
    target.calls.clear()
    assert site.mirror(target)
    assert target.calls == []


def test_unchanged_shards_are_not_opened(site: Site, target: FolderTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    site.mirror(target)
    site.publish({"index.html": "<h1>新</h1>"})
    read: list[str] = []
    reading = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: (read.append(file.name), reading(file))[1])
    site.mirror(target)
    assert {name for name in read if name.endswith(".json")} == {"site.json"}


def test_only_what_changed_is_sent(site: Site, target: FolderTarget) -> None:
    site.mirror(target)
    target.calls.clear()
    site.publish({"news/202611/8.html": "新", "index.html": "<h1>新</h1>"})
    site.mirror(target)
    assert target.changed == ["news/202611/8.html", "index.html"]


def test_files_that_are_gone_are_removed_after_all_pages(site: Site, target: FolderTarget) -> None:
    site.publish({"files/7/a.png": "图"})
    site.mirror(target)
    target.calls.clear()
    site.publish({"news/202611/7.html": "撤下说明"}, keep=FolderKeep("files/7", frozenset()))
    site.mirror(target)
    assert target.changed == ["news/202611/7.html", "files/7/a.png"]
    assert not (target.folder / "files/7/a.png").exists()


def test_other_files_of_the_target_are_left_alone(site: Site, target: FolderTarget) -> None:
    (target.folder / "own.html").write_text("别人的")
    site.mirror(target)
    assert (target.folder / "own.html").read_text() == "别人的"


def test_a_link_in_the_site_never_leaves(site: Site, target: FolderTarget) -> None:
    secret = site.root.parent / "secret"
    secret.write_text("机密")
    (site.root / "index.html").unlink()
    (site.root / "index.html").symlink_to(secret)
    with pytest.raises(StorageError) as caught:
        site.mirror(target)
    assert caught.value.message.key == "targets.local_differs"
    assert "机密" not in "".join(tree(target.folder).values())


def test_a_linked_folder_in_the_site_never_leaves(site: Site, target: FolderTarget, tmp_path: Path) -> None:
    shutil.move(site.root / "news", tmp_path / "elsewhere")
    (site.root / "news").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="与清单不符"):
        site.mirror(target)
    assert "news/202611/7.html" not in tree(target.folder)


def test_a_defaced_page_is_not_sent(site: Site, target: FolderTarget) -> None:
    (site.root / "news/202611/7.html").write_text("被篡改")
    with pytest.raises(StorageError, match="与清单不符"):
        site.mirror(target)
    assert "被篡改" not in "".join(tree(target.folder).values())


def test_a_defaced_page_stops_no_other_page_and_no_withdrawal(site: Site, target: FolderTarget) -> None:
    site.publish({"files/7/a.png": "图"})
    site.mirror(target)
    (site.root / "news/202611/7.html").write_text("被篡改")
    site.publish({"news/202611/8.html": "撤下说明"}, keep=FolderKeep("files/7", frozenset()))
    site.publish({"news/index.html": "新"})
    (folder_of_target(site.root, "main") / "articles-0.json").write_text('{"news/202611/7.html":["",""]}')
    with pytest.raises(StorageError, match=r"news/202611/7\.html"):
        site.mirror(target)
    there = tree(target.folder)
    assert (there["news/202611/8.html"], there["news/index.html"]) == ("撤下说明", "新")
    assert there["news/202611/7.html"] == PAGES["news/202611/7.html"]
    assert "files/7/a.png" not in there


def test_a_lost_page_is_said_by_name(site: Site, target: FolderTarget) -> None:
    (site.root / "rss.xml").unlink()
    with pytest.raises(StorageError, match=r"rss\.xml"):
        site.mirror(target)


def test_a_lost_manifest_removes_nothing(site: Site, target: FolderTarget) -> None:
    site.mirror(target)
    shutil.rmtree(folder_of(site.root))
    with pytest.raises(StorageError, match="site build"):
        site.mirror(target)
    assert tree(target.folder) == PAGES


@pytest.mark.parametrize("damage", [b"", b"{", b"[]"])
def test_a_damaged_shard_removes_nothing(site: Site, target: FolderTarget, damage: bytes) -> None:
    site.mirror(target)
    shard = folder_of(site.root) / "articles-0.json"
    shard.unlink()  # the copy of the target is the same file
    shard.write_bytes(damage)
    with pytest.raises(StorageError):
        site.mirror(target)
    assert tree(target.folder) == PAGES


def test_a_lost_shard_removes_nothing(site: Site, target: FolderTarget) -> None:
    site.mirror(target)
    (folder_of(site.root) / "articles-0.json").unlink()
    with pytest.raises(StorageError, match="没有在目标上删除"):
        site.mirror(target)
    assert tree(target.folder) == PAGES


def test_copies_that_came_back_from_a_backup_are_compared_by_what_they_say(site: Site, target: FolderTarget) -> None:
    site.mirror(target)
    copies = folder_of_target(site.root, "main")
    shutil.copytree(copies, copies.with_name("copied"))
    shutil.rmtree(copies)
    copies.with_name("copied").rename(copies)
    target.calls.clear()
    assert site.mirror(target)
    assert target.calls == []


def test_at_another_place_the_same_name_is_another_target(site: Site, target: FolderTarget, tmp_path: Path) -> None:
    site.mirror(target)
    site.endpoint = "https://elsewhere.example"
    (tmp_path / "elsewhere").mkdir()
    moved = FolderTarget(tmp_path / "elsewhere")
    assert site.mirror(moved)
    assert tree(moved.folder) == PAGES


def test_a_file_that_is_not_as_it_was_sent_is_said(site: Site, target: FolderTarget) -> None:
    def spoil(path: str) -> None:
        if not path:
            (target.folder / "index.html").write_text("别的程序写的")

    target.before = spoil
    with pytest.raises(NotDone, match=r"核对不符，例如 index\.html"):
        site.mirror(target)
    target.before = lambda path: None
    assert site.mirror(target)
    assert tree(target.folder) == PAGES


def test_when_time_is_over_the_next_call_goes_on(site: Site, target: FolderTarget) -> None:
    calls = 0
    while not site.mirror(target, seconds=-1):
        calls += 1
    assert calls == 4  # one rank at a time
    assert len(target.changed) == len(PAGES)


def test_nothing_is_removed_before_everything_is_put(site: Site, target: FolderTarget) -> None:
    site.publish({"files/7/a.png": "图"})
    site.mirror(target)
    target.calls.clear()
    site.publish({"news/202611/7.html": "撤下说明", "index.html": "新"}, keep=FolderKeep("files/7", frozenset()))
    assert not site.mirror(target, seconds=-1)
    assert target.changed == ["news/202611/7.html"]
    assert site.mirror(target)
    assert target.changed == ["news/202611/7.html", "index.html", "files/7/a.png"]


def test_what_is_published_meanwhile_is_sent_as_it_is_by_then(site: Site, target: FolderTarget) -> None:
    def publish(path: str) -> None:
        if path == "news/202611/7.html":
            target.before = lambda path: None
            site.publish({"news/index.html": "<ul>更新</ul>", "index.html": "<h1>更新</h1>"})

    target.before = publish
    assert site.mirror(target)
    assert target.changed.count("index.html") == 1  # what the first publication made of it; nothing overtakes it
    assert site.mirror(target)
    assert tree(target.folder) == tree(site.root)


def test_a_large_piece_of_work_that_is_overtaken_keeps_what_it_has_done(site: Site, target: FolderTarget) -> None:
    site.publish({f"news/202611/{number}.html": "样稿" for number in range(1000, 1700)})

    def publish(path: str) -> None:
        if path == "news/202611/1699.html":
            target.before = lambda path: None
            site.publish({"news/index.html": "<ul>更新</ul>"})

    target.before = publish
    assert not site.mirror(target)
    assert site.mirror(target)
    assert len(target.changed) == 700 + len(PAGES)
    assert tree(target.folder) == tree(site.root)


def test_two_at_once_wait_for_each_other(site: Site, target: FolderTarget) -> None:
    with site_lock(folder_of_target(site.root, "main"), PATIENCE), pytest.raises(StorageError) as caught:
        site.mirror(target, patience=timedelta(milliseconds=30))
    assert caught.value.message.key == "site.busy"


def test_nothing_outgoing_is_left_behind(site: Site, target: FolderTarget) -> None:
    site.mirror(target)
    assert sorted(file.name for file in folder_of_target(site.root, "main").parent.iterdir()) == ["main", "main.lock"]


def killed_at(number: int, work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Do the work in a child that is killed at its n-th change of anything on the disk; False when it ended before."""
    child = os.fork()
    if child == 0:
        reached = 0

        def count(change: Callable[..., object]) -> Callable[..., object]:
            def changing(*arguments: object, **more: object) -> object:
                nonlocal reached
                reached += 1
                if reached == number:
                    os.kill(os.getpid(), signal.SIGKILL)
                return change(*arguments, **more)

            return changing

        for name in ("link", "replace", "unlink", "mkdir", "rename"):
            monkeypatch.setattr(os, name, count(getattr(os, name)))
        monkeypatch.setattr(shutil, "copyfile", count(shutil.copyfile))
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_at_any_point_and_the_work_undone_meanwhile_the_target_ends_as_the_site(
    site: Site, target: FolderTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.publish({"files/7/a.png": "图"})
    site.mirror(target)
    before = tree(site.root)
    number = 0
    while True:
        number += 1
        site.publish({"index.html": "<h1>改</h1>", "news/202611/8.html": "新", "news/202611/7.html": "改"})
        site.publish({}, keep=FolderKeep("files/7", frozenset()))
        killed = killed_at(number, lambda: site.mirror(target), monkeypatch)
        # The change is taken back before the next try: what the target got of it must not stay.
        site.publish({path: before[path] for path in ("index.html", "news/202611/7.html", "files/7/a.png")})
        site.publish({}, keep=FolderKeep("news/202611", frozenset({"news/202611/7.html"})))
        assert site.mirror(target)
        assert tree(target.folder) == tree(site.root) == before
        if not killed:
            break
    assert number > 20


contents = st.dictionaries(
    st.sampled_from(["index.html", "news/index.html", "news/202611/1.html", "files/1/a.png", "files/1/b.png"]),
    st.sampled_from(["甲", "乙"]),
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(histories=st.lists(st.tuples(contents, st.booleans()), min_size=1, max_size=5))
def test_after_any_history_the_target_equals_the_site(
    histories: list[tuple[dict[str, str], bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("history")
    site, target = Site(home / "site"), FolderTarget(home / "there")
    target.folder.mkdir()
    site.publish(PAGES)
    for pages, mirrored in histories:
        kept = frozenset(path for path in pages if path.startswith("files/"))
        site.publish(pages, keep=FolderKeep("files/1", kept))
        if mirrored:
            assert site.mirror(target)
    site.mirror(target)
    assert tree(target.folder) == tree(site.root)
