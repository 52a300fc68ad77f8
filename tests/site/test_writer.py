from __future__ import annotations

import os
import shutil
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pytest

from syndicate.errors import NotFound, StorageError
from syndicate.site.manifest import folder_of
from syndicate.site.plan import FileWrite, FolderKeep, PageWrite, Plan, plan_all, plan_article, plan_lists
from syndicate.site.whole import WholeSite
from syndicate.site.writer import rebuild, verify, write, write_part
from tests.site.conftest import Store, Town
from tests.site.killing import broken_links, killed_at


def _without_temporary(contents: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in contents.items() if not path.endswith(".tmp")}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_killed_at_any_write_no_page_links_to_nothing_and_the_same_work_repairs_it(
    town: Town, tmp_path: Path, withdrawn: bool
) -> None:
    town.fill(range(1, 60))
    item = 5 if withdrawn else 60
    rendition = town.notice(item) if withdrawn else town.rendition(item)
    plan, _ = town.plan(item, rendition, withdrawn=withdrawn)
    whole = tmp_path / "whole"
    shutil.copytree(town.root, whole)
    shutil.copytree(folder_of(town.root), folder_of(whole))
    write(whole, [plan], town.files)
    deaths = 0
    while True:
        root = tmp_path / f"killed{deaths}"
        shutil.copytree(town.root, root)
        shutil.copytree(folder_of(town.root), folder_of(root))
        if not killed_at(deaths + 1, lambda root=root: write(root, [plan], town.files)):
            break
        deaths += 1
        assert broken_links(root) == []
        write(root, [plan], town.files)
        assert _without_temporary(town.contents(root)) == town.contents(whole)
        assert all(path.endswith(".tmp") for path in verify(root).foreign)
        assert verify(root).changed == verify(root).missing == ()
        shutil.rmtree(root)
    assert deaths >= 7


def test_killed_while_a_document_is_published_beside_its_interpretation_the_same_work_repairs_it(
    town: Town, tmp_path: Path
) -> None:
    official = {"field:索引号": "0/1", "field:发文字号": "样政发〔2026〕1号", "field:主题分类": "综合政务"}
    town.publish(1, town.rendition(1, **{"field:解读文件": "样政发〔2026〕1号"}))
    plan, _ = town.plan(2, town.rendition(2, "policy", **official))
    whole = tmp_path / "whole"
    shutil.copytree(town.root, whole)
    shutil.copytree(folder_of(town.root), folder_of(whole))
    write(whole, [plan], town.files)
    deaths = 0
    while True:
        root = tmp_path / f"killed{deaths}"
        shutil.copytree(town.root, root)
        shutil.copytree(folder_of(town.root), folder_of(root))
        if not killed_at(deaths + 1, lambda root=root: write(root, [plan], town.files)):
            break
        deaths += 1
        assert broken_links(root) == []
        write(root, [plan], town.files)
        assert _without_temporary(town.contents(root)) == town.contents(whole)
        shutil.rmtree(root)
    assert deaths >= 12


def test_what_stands_already_is_not_written_again(town: Town) -> None:
    town.publish(1)
    before = (town.root / "news/202611/1.html").stat().st_ino
    town.publish(1)
    assert (town.root / "news/202611/1.html").stat().st_ino == before


def test_verify_finds_what_is_missing_changed_and_foreign(town: Town) -> None:
    town.publish(1)
    (town.root / "index.html").write_text("被篡改")
    (town.root / "map.html").unlink()
    (town.root / "news" / "shell.php").write_text("x")
    (town.root / "link.html").symlink_to("/etc/hostname")
    (town.root / "folder").symlink_to("/etc")
    result = verify(town.root)
    assert result.changed == ("index.html",)
    assert result.missing == ("map.html",)
    assert result.foreign == ("folder", "link.html", "news/shell.php")
    assert not result.whole


def test_a_page_replaced_by_a_link_is_changed_and_repaired(town: Town) -> None:
    town.publish(1)
    page = town.root / "index.html"
    data = page.read_bytes()
    elsewhere = town.root.parent / "elsewhere.html"
    elsewhere.write_bytes(data)
    page.unlink()
    page.symlink_to(elsewhere)
    assert verify(town.root).changed == ("index.html",)
    town.publish(1)
    assert not page.is_symlink()


def test_a_site_that_was_never_written_is_whole(tmp_path: Path) -> None:
    assert verify(tmp_path / "site").whole


def test_a_damaged_manifest_shows_its_files_as_foreign_and_the_next_write_repairs_it(town: Town) -> None:
    town.publish(1)
    (folder_of(town.root) / "site.json").write_text("{")
    assert "index.html" in verify(town.root).foreign
    town.publish(1)
    assert "index.html" not in verify(town.root).foreign


def test_a_manifest_that_is_no_mapping_counts_as_damaged(town: Town) -> None:
    town.publish(1)
    (folder_of(town.root) / "site.json").write_text("[1]")
    assert "index.html" in verify(town.root).foreign


@pytest.mark.parametrize("path", ["../out.html", "/tmp/out.html", "a/../../out.html", ".hidden", "a\\b.html"])
def test_a_plan_cannot_write_outside_of_the_root(tmp_path: Path, path: str) -> None:
    with pytest.raises(StorageError):
        write(tmp_path / "site", [Plan((PageWrite(path, b"x"),))], Store())
    assert not (tmp_path / "out.html").exists()


def test_a_plan_cannot_clear_a_folder_outside_of_the_root(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "kept.txt").write_text("x")
    with pytest.raises(StorageError):
        write(tmp_path / "site", [Plan((), (), FolderKeep("../out", frozenset()))], Store())
    assert (tmp_path / "out" / "kept.txt").exists()


def test_a_file_that_the_office_lost_stops_the_write_before_any_page(tmp_path: Path) -> None:
    plan = Plan((PageWrite("index.html", b"x"),), (FileWrite("files/1/a.pdf", "0" * 64),))
    with pytest.raises(NotFound):
        write(tmp_path / "site", [plan], Store())
    assert not (tmp_path / "site" / "index.html").exists()


def test_a_file_in_place_of_a_folder_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "news").write_text("x")
    with pytest.raises(StorageError):
        write(tmp_path / "site", [Plan((PageWrite("news/202611/1.html", b"x"),))], Store())


def test_a_file_in_place_of_the_manifests_folder_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "site.manifest").write_text("x")
    with pytest.raises(StorageError):
        write(tmp_path / "site", [Plan((PageWrite("index.html", b"x"),))], Store())


def test_a_folder_in_place_of_a_file_to_be_removed_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "site" / "files" / "1" / "folder").mkdir(parents=True)
    with pytest.raises(StorageError):
        write(tmp_path / "site", [Plan((), (), FolderKeep("files/1", frozenset()))], Store())


def test_pages_may_be_read_by_the_web_server(town: Town) -> None:
    town.publish(1)
    assert (town.root / "news/202611/1.html").stat().st_mode & 0o044 == 0o044
    assert (town.root / "news").stat().st_mode & 0o055 == 0o055


def test_a_rebuild_removes_what_the_manifest_knows_beyond_the_plan_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(root, [Plan((PageWrite("old.html", b"1"), PageWrite("index.html", b"1")))], Store())
    (root / "foreign.html").write_text("x")
    (root / ".abc.tmp").write_text("x")
    store = Store()
    file = FileWrite("files/1/a.pdf", store.add(b"file"))
    rebuild(root, [Plan((PageWrite("index.html", b"2"),), (file,))], store)
    assert sorted(file.name for file in root.rglob("*") if file.is_file()) == ["a.pdf", "foreign.html", "index.html"]
    assert verify(root).foreign == ("foreign.html",)


def test_a_rebuild_ignores_unsafe_names_in_a_forged_manifest(tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(root, [Plan((PageWrite("index.html", b"1"),))], Store())
    (tmp_path / "kept.txt").write_text("x")
    (folder_of(root) / "site.json").write_text('{"../kept.txt": "0"}')
    rebuild(root, [Plan((PageWrite("index.html", b"1"),))], Store())
    assert (tmp_path / "kept.txt").exists()
    assert verify(root).whole


def test_a_site_in_parts_equals_one_in_one_piece(town: Town, tmp_path: Path) -> None:
    town.fill(range(1, 30))
    town.retract(3)
    entries = town.ledger.entries("website")
    root = tmp_path / "parts"
    published = WholeSite(entries)
    parts = (
        write_part(root, [plan_article(town.pages, published, one, town.standing[one.item])], town.files)
        for one in entries
    )
    lists = (Plan(make()) for make in plan_lists(town.pages, published))
    rebuild(root, plan_all(town.pages, published, chain(parts, lists)), town.files)
    town.build(town.root)
    assert town.contents(root) == town.contents()
    assert verify(root).whole


def test_a_part_notes_what_it_removed_and_the_maps_that_stand(tmp_path: Path) -> None:
    root = tmp_path / "site"
    (root / "files" / "1").mkdir(parents=True)
    (root / "files" / "1" / "old.pdf").write_bytes(b"x")
    page, gone = PageWrite("index.html", b"x"), PageWrite("gone-1.map", b"/1 1;")
    keep = FolderKeep("files/1", frozenset())
    part = write_part(root, [Plan((page,), keep=keep, maps=(gone, PageWrite("gone-2.map", b"")))], Store())
    assert part.files == {"index.html": sha256(b"x").hexdigest(), "files/1/old.pdf": ""}
    assert part.maps == {"gone-1.map"}


def test_a_pipe_in_place_of_a_page_stops_nobody(tmp_path: Path) -> None:
    root = tmp_path / "site"
    root.mkdir()
    os.mkfifo(root / "index.html")
    write(root, [Plan((PageWrite("index.html", b"x"),))], Store())
    assert (root / "index.html").read_bytes() == b"x"
